"""Messages and enums of stock (dms.inventory.v1)."""

from dms_client._generated.dms.inventory.v1.inventory_service_pb2 import *  # noqa: F403
