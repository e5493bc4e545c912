"""Calls a DMS server: orders, stock and master data.

    import dms_client
    from dms_client import order

    with dms_client.connect("http://127.0.0.1:8421", api_key=key) as dms:
        draft = order.OrderDraft(dealer_id="HH-01", lines=[order.OrderLineDraft(sku="TEA-1", quantity=12)])
        placed = dms.orders.place_order(order.PlaceOrderRequest(order=draft)).order

Messages and enums are in :mod:`dms_client.order`, :mod:`dms_client.inventory`, :mod:`dms_client.admin` and
:mod:`dms_client.common`; every field, limit and error is described where the schemas declare it.
"""

from dms_client import admin, common, inventory, order
from dms_client.address import ConfigurationError
from dms_client.client import Admin, DMSClient, Inventory, Orders, connect, connect_from_environment
from dms_client.errors import DMSError, FieldViolation, PreconditionViolation, QuotaViolation, Resource
from dms_client.event_sources import BufferedEvents, EventSource, ListedEvents, UploadError
from dms_client.money import from_micros, to_micros
from dms_client.paging import Paged
from dms_client.request_ids import DMS_NAMESPACE, derived_request_id, new_request_id
from dms_client.retries import RetrySettings
from dms_client.uploading import (
    Acknowledged,
    Interrupted,
    Opened,
    Rejected,
    UploadOptions,
    UploadSummary,
    UploadUpdate,
)
from dms_client.version import __version__
from dms_client.watching import NOW, OLDEST, Watch, WatchEvent

__all__ = [
    "Acknowledged",
    "Admin",
    "BufferedEvents",
    "ConfigurationError",
    "DMSClient",
    "DMSError",
    "DMS_NAMESPACE",
    "EventSource",
    "FieldViolation",
    "Interrupted",
    "Inventory",
    "ListedEvents",
    "NOW",
    "OLDEST",
    "Opened",
    "Orders",
    "Paged",
    "PreconditionViolation",
    "QuotaViolation",
    "Rejected",
    "Resource",
    "RetrySettings",
    "UploadError",
    "UploadOptions",
    "UploadSummary",
    "UploadUpdate",
    "Watch",
    "WatchEvent",
    "__version__",
    "admin",
    "common",
    "connect",
    "connect_from_environment",
    "derived_request_id",
    "from_micros",
    "inventory",
    "new_request_id",
    "order",
    "to_micros",
]
