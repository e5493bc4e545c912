"""Messages and enums of master data, principals and keys (dms.admin.v1)."""

from dms_client._generated.dms.admin.v1.admin_service_pb2 import *  # noqa: F403
