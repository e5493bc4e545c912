"""Messages and enums of orders and rules (dms.order.v1)."""

from dms_client._generated.dms.order.v1.order_service_pb2 import *  # noqa: F403
