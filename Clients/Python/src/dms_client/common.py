"""Messages and enums that the services share (dms.type.v1)."""

from dms_client._generated.dms.type.v1.common_pb2 import *  # noqa: F403
