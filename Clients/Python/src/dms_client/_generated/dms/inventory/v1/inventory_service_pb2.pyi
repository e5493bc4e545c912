import datetime

from dms_client._generated.dms.type.v1 import common_pb2 as _common_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StockOwnerKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STOCK_OWNER_KIND_UNSPECIFIED: _ClassVar[StockOwnerKind]
    STOCK_OWNER_KIND_BRAND: _ClassVar[StockOwnerKind]
    STOCK_OWNER_KIND_DEALER: _ClassVar[StockOwnerKind]

class MovementKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MOVEMENT_KIND_UNSPECIFIED: _ClassVar[MovementKind]
    MOVEMENT_KIND_RECEIPT: _ClassVar[MovementKind]
    MOVEMENT_KIND_SALE: _ClassVar[MovementKind]
    MOVEMENT_KIND_CUSTOMER_RETURN: _ClassVar[MovementKind]
    MOVEMENT_KIND_ISSUE: _ClassVar[MovementKind]
    MOVEMENT_KIND_TRANSFER_OUT: _ClassVar[MovementKind]
    MOVEMENT_KIND_TRANSFER_IN: _ClassVar[MovementKind]
    MOVEMENT_KIND_ADJUST: _ClassVar[MovementKind]
    MOVEMENT_KIND_DAMAGE: _ClassVar[MovementKind]
    MOVEMENT_KIND_HOLD: _ClassVar[MovementKind]
    MOVEMENT_KIND_UNHOLD: _ClassVar[MovementKind]
    MOVEMENT_KIND_COUNT: _ClassVar[MovementKind]
STOCK_OWNER_KIND_UNSPECIFIED: StockOwnerKind
STOCK_OWNER_KIND_BRAND: StockOwnerKind
STOCK_OWNER_KIND_DEALER: StockOwnerKind
MOVEMENT_KIND_UNSPECIFIED: MovementKind
MOVEMENT_KIND_RECEIPT: MovementKind
MOVEMENT_KIND_SALE: MovementKind
MOVEMENT_KIND_CUSTOMER_RETURN: MovementKind
MOVEMENT_KIND_ISSUE: MovementKind
MOVEMENT_KIND_TRANSFER_OUT: MovementKind
MOVEMENT_KIND_TRANSFER_IN: MovementKind
MOVEMENT_KIND_ADJUST: MovementKind
MOVEMENT_KIND_DAMAGE: MovementKind
MOVEMENT_KIND_HOLD: MovementKind
MOVEMENT_KIND_UNHOLD: MovementKind
MOVEMENT_KIND_COUNT: MovementKind

class StockLocation(_message.Message):
    __slots__ = ("dealer_id", "location_id")
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    dealer_id: str
    location_id: str
    def __init__(self, dealer_id: _Optional[str] = ..., location_id: _Optional[str] = ...) -> None: ...

class StockLevel(_message.Message):
    __slots__ = ("location", "sku", "on_hand_quantity", "reserved_quantity", "available_quantity", "authority", "as_of_time", "stale", "negative", "revision")
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    ON_HAND_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RESERVED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    location: StockLocation
    sku: str
    on_hand_quantity: int
    reserved_quantity: int
    available_quantity: int
    authority: _common_pb2.StockAuthority
    as_of_time: _timestamp_pb2.Timestamp
    stale: bool
    negative: bool
    revision: int
    def __init__(self, location: _Optional[_Union[StockLocation, _Mapping]] = ..., sku: _Optional[str] = ..., on_hand_quantity: _Optional[int] = ..., reserved_quantity: _Optional[int] = ..., available_quantity: _Optional[int] = ..., authority: _Optional[_Union[_common_pb2.StockAuthority, str]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stale: _Optional[bool] = ..., negative: _Optional[bool] = ..., revision: _Optional[int] = ...) -> None: ...

class StockMovement(_message.Message):
    __slots__ = ("movement_id", "location", "sku", "kind", "quantity", "balance_quantity", "cause", "cause_id", "business_date", "event_time", "record_time", "actor", "note", "revision")
    MOVEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    BALANCE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_ID_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    RECORD_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    movement_id: int
    location: StockLocation
    sku: str
    kind: MovementKind
    quantity: int
    balance_quantity: int
    cause: str
    cause_id: str
    business_date: str
    event_time: _timestamp_pb2.Timestamp
    record_time: _timestamp_pb2.Timestamp
    actor: str
    note: str
    revision: int
    def __init__(self, movement_id: _Optional[int] = ..., location: _Optional[_Union[StockLocation, _Mapping]] = ..., sku: _Optional[str] = ..., kind: _Optional[_Union[MovementKind, str]] = ..., quantity: _Optional[int] = ..., balance_quantity: _Optional[int] = ..., cause: _Optional[str] = ..., cause_id: _Optional[str] = ..., business_date: _Optional[str] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., record_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., note: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class AdjustStockRequest(_message.Message):
    __slots__ = ("request_id", "location", "kind", "lines", "business_date", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    location: StockLocation
    kind: MovementKind
    lines: _containers.RepeatedCompositeFieldContainer[StockAdjustment]
    business_date: str
    note: str
    def __init__(self, request_id: _Optional[str] = ..., location: _Optional[_Union[StockLocation, _Mapping]] = ..., kind: _Optional[_Union[MovementKind, str]] = ..., lines: _Optional[_Iterable[_Union[StockAdjustment, _Mapping]]] = ..., business_date: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class StockAdjustment(_message.Message):
    __slots__ = ("sku", "quantity")
    SKU_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    sku: str
    quantity: int
    def __init__(self, sku: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class AdjustStockResponse(_message.Message):
    __slots__ = ("levels", "revision", "withdrawn_order_ids")
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_ORDER_IDS_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedCompositeFieldContainer[StockLevel]
    revision: int
    withdrawn_order_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, levels: _Optional[_Iterable[_Union[StockLevel, _Mapping]]] = ..., revision: _Optional[int] = ..., withdrawn_order_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SetStockRequest(_message.Message):
    __slots__ = ("request_id", "location", "lines", "business_date", "note")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    location: StockLocation
    lines: _containers.RepeatedCompositeFieldContainer[StockSetting]
    business_date: str
    note: str
    def __init__(self, request_id: _Optional[str] = ..., location: _Optional[_Union[StockLocation, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[StockSetting, _Mapping]]] = ..., business_date: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class StockSetting(_message.Message):
    __slots__ = ("sku", "quantity", "expected_quantity")
    SKU_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    sku: str
    quantity: int
    expected_quantity: int
    def __init__(self, sku: _Optional[str] = ..., quantity: _Optional[int] = ..., expected_quantity: _Optional[int] = ...) -> None: ...

class SetStockResponse(_message.Message):
    __slots__ = ("levels", "revision", "withdrawn_order_ids")
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_ORDER_IDS_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedCompositeFieldContainer[StockLevel]
    revision: int
    withdrawn_order_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, levels: _Optional[_Iterable[_Union[StockLevel, _Mapping]]] = ..., revision: _Optional[int] = ..., withdrawn_order_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class GetAvailabilityRequest(_message.Message):
    __slots__ = ("dealer_id", "skus")
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    SKUS_FIELD_NUMBER: _ClassVar[int]
    dealer_id: str
    skus: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dealer_id: _Optional[str] = ..., skus: _Optional[_Iterable[str]] = ...) -> None: ...

class GetAvailabilityResponse(_message.Message):
    __slots__ = ("products", "unknown_skus", "revision")
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_SKUS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    products: _containers.RepeatedCompositeFieldContainer[ProductAvailability]
    unknown_skus: _containers.RepeatedScalarFieldContainer[str]
    revision: int
    def __init__(self, products: _Optional[_Iterable[_Union[ProductAvailability, _Mapping]]] = ..., unknown_skus: _Optional[_Iterable[str]] = ..., revision: _Optional[int] = ...) -> None: ...

class ProductAvailability(_message.Message):
    __slots__ = ("sku", "available_quantity", "warehouses")
    SKU_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSES_FIELD_NUMBER: _ClassVar[int]
    sku: str
    available_quantity: int
    warehouses: _containers.RepeatedCompositeFieldContainer[WarehouseAvailability]
    def __init__(self, sku: _Optional[str] = ..., available_quantity: _Optional[int] = ..., warehouses: _Optional[_Iterable[_Union[WarehouseAvailability, _Mapping]]] = ...) -> None: ...

class WarehouseAvailability(_message.Message):
    __slots__ = ("warehouse_id", "on_hand_quantity", "reserved_quantity", "available_quantity")
    WAREHOUSE_ID_FIELD_NUMBER: _ClassVar[int]
    ON_HAND_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RESERVED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    warehouse_id: str
    on_hand_quantity: int
    reserved_quantity: int
    available_quantity: int
    def __init__(self, warehouse_id: _Optional[str] = ..., on_hand_quantity: _Optional[int] = ..., reserved_quantity: _Optional[int] = ..., available_quantity: _Optional[int] = ...) -> None: ...

class ListNetworkStockRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "owner", "dealer_id", "region", "tier", "location_id", "sku", "category_prefix")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_PREFIX_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    owner: StockOwnerKind
    dealer_id: str
    region: str
    tier: str
    location_id: str
    sku: str
    category_prefix: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., owner: _Optional[_Union[StockOwnerKind, str]] = ..., dealer_id: _Optional[str] = ..., region: _Optional[str] = ..., tier: _Optional[str] = ..., location_id: _Optional[str] = ..., sku: _Optional[str] = ..., category_prefix: _Optional[str] = ...) -> None: ...

class ListNetworkStockResponse(_message.Message):
    __slots__ = ("levels", "next_page_token", "revision")
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedCompositeFieldContainer[StockLevel]
    next_page_token: str
    revision: int
    def __init__(self, levels: _Optional[_Iterable[_Union[StockLevel, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class ListMovementsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "owner", "dealer_id", "location_id", "sku")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    owner: StockOwnerKind
    dealer_id: str
    location_id: str
    sku: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., owner: _Optional[_Union[StockOwnerKind, str]] = ..., dealer_id: _Optional[str] = ..., location_id: _Optional[str] = ..., sku: _Optional[str] = ...) -> None: ...

class ListMovementsResponse(_message.Message):
    __slots__ = ("movements", "next_page_token", "revision")
    MOVEMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    movements: _containers.RepeatedCompositeFieldContainer[StockMovement]
    next_page_token: str
    revision: int
    def __init__(self, movements: _Optional[_Iterable[_Union[StockMovement, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class StreamInventoryRequest(_message.Message):
    __slots__ = ("open", "batch")
    OPEN_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    open: StreamOpen
    batch: EventBatch
    def __init__(self, open: _Optional[_Union[StreamOpen, _Mapping]] = ..., batch: _Optional[_Union[EventBatch, _Mapping]] = ...) -> None: ...

class StreamOpen(_message.Message):
    __slots__ = ("dealer_id", "source", "epoch")
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    dealer_id: str
    source: str
    epoch: int
    def __init__(self, dealer_id: _Optional[str] = ..., source: _Optional[str] = ..., epoch: _Optional[int] = ...) -> None: ...

class EventBatch(_message.Message):
    __slots__ = ("events",)
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[InventoryEvent]
    def __init__(self, events: _Optional[_Iterable[_Union[InventoryEvent, _Mapping]]] = ...) -> None: ...

class InventoryEvent(_message.Message):
    __slots__ = ("sequence", "event_time", "location_id", "sku", "movement", "set", "business_date", "document_id")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    MOVEMENT_FIELD_NUMBER: _ClassVar[int]
    SET_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    event_time: _timestamp_pb2.Timestamp
    location_id: str
    sku: str
    movement: MovementEvent
    set: SetEvent
    business_date: str
    document_id: str
    def __init__(self, sequence: _Optional[int] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., location_id: _Optional[str] = ..., sku: _Optional[str] = ..., movement: _Optional[_Union[MovementEvent, _Mapping]] = ..., set: _Optional[_Union[SetEvent, _Mapping]] = ..., business_date: _Optional[str] = ..., document_id: _Optional[str] = ...) -> None: ...

class MovementEvent(_message.Message):
    __slots__ = ("kind", "quantity")
    KIND_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    kind: MovementKind
    quantity: int
    def __init__(self, kind: _Optional[_Union[MovementKind, str]] = ..., quantity: _Optional[int] = ...) -> None: ...

class SetEvent(_message.Message):
    __slots__ = ("quantity", "expected_quantity")
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    quantity: int
    expected_quantity: int
    def __init__(self, quantity: _Optional[int] = ..., expected_quantity: _Optional[int] = ...) -> None: ...

class StreamInventoryResponse(_message.Message):
    __slots__ = ("opened", "ack", "resync_required")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    ACK_FIELD_NUMBER: _ClassVar[int]
    RESYNC_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    opened: StreamOpened
    ack: EventAck
    resync_required: ResyncRequired
    def __init__(self, opened: _Optional[_Union[StreamOpened, _Mapping]] = ..., ack: _Optional[_Union[EventAck, _Mapping]] = ..., resync_required: _Optional[_Union[ResyncRequired, _Mapping]] = ...) -> None: ...

class StreamOpened(_message.Message):
    __slots__ = ("last_sequence", "revision")
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    last_sequence: int
    revision: int
    def __init__(self, last_sequence: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class EventAck(_message.Message):
    __slots__ = ("last_sequence", "applied_count", "duplicate_count", "rejected", "revision")
    LAST_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    APPLIED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    last_sequence: int
    applied_count: int
    duplicate_count: int
    rejected: _containers.RepeatedCompositeFieldContainer[RejectedEvent]
    revision: int
    def __init__(self, last_sequence: _Optional[int] = ..., applied_count: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., rejected: _Optional[_Iterable[_Union[RejectedEvent, _Mapping]]] = ..., revision: _Optional[int] = ...) -> None: ...

class RejectedEvent(_message.Message):
    __slots__ = ("sequence", "reason", "message", "source", "epoch", "sku", "record_time")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    RECORD_TIME_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    reason: str
    message: str
    source: str
    epoch: int
    sku: str
    record_time: _timestamp_pb2.Timestamp
    def __init__(self, sequence: _Optional[int] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ..., source: _Optional[str] = ..., epoch: _Optional[int] = ..., sku: _Optional[str] = ..., record_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ResyncRequired(_message.Message):
    __slots__ = ("expected_sequence",)
    EXPECTED_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    expected_sequence: int
    def __init__(self, expected_sequence: _Optional[int] = ...) -> None: ...

class ListRejectedEventsRequest(_message.Message):
    __slots__ = ("dealer_id", "page_size", "page_token")
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dealer_id: str
    page_size: int
    page_token: str
    def __init__(self, dealer_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRejectedEventsResponse(_message.Message):
    __slots__ = ("events", "next_page_token")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[RejectedEvent]
    next_page_token: str
    def __init__(self, events: _Optional[_Iterable[_Union[RejectedEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchInventoryRequest(_message.Message):
    __slots__ = ("after_revision", "owner", "dealer_id", "location_id", "skus")
    AFTER_REVISION_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    LOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    SKUS_FIELD_NUMBER: _ClassVar[int]
    after_revision: int
    owner: StockOwnerKind
    dealer_id: str
    location_id: str
    skus: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, after_revision: _Optional[int] = ..., owner: _Optional[_Union[StockOwnerKind, str]] = ..., dealer_id: _Optional[str] = ..., location_id: _Optional[str] = ..., skus: _Optional[_Iterable[str]] = ...) -> None: ...

class WatchInventoryResponse(_message.Message):
    __slots__ = ("revision", "level", "progress")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    revision: int
    level: StockLevel
    progress: _common_pb2.Progress
    def __init__(self, revision: _Optional[int] = ..., level: _Optional[_Union[StockLevel, _Mapping]] = ..., progress: _Optional[_Union[_common_pb2.Progress, _Mapping]] = ...) -> None: ...

class VerifyLedgersRequest(_message.Message):
    __slots__ = ("max_differences",)
    MAX_DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    max_differences: int
    def __init__(self, max_differences: _Optional[int] = ...) -> None: ...

class VerifyLedgersResponse(_message.Message):
    __slots__ = ("revision", "stock_balance_count", "movement_count", "reservation_balance_count", "credit_account_count", "credit_entry_count", "order_line_count", "differences", "difference_count")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STOCK_BALANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    MOVEMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_BALANCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREDIT_ACCOUNT_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREDIT_ENTRY_COUNT_FIELD_NUMBER: _ClassVar[int]
    ORDER_LINE_COUNT_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    revision: int
    stock_balance_count: int
    movement_count: int
    reservation_balance_count: int
    credit_account_count: int
    credit_entry_count: int
    order_line_count: int
    differences: _containers.RepeatedCompositeFieldContainer[LedgerDifference]
    difference_count: int
    def __init__(self, revision: _Optional[int] = ..., stock_balance_count: _Optional[int] = ..., movement_count: _Optional[int] = ..., reservation_balance_count: _Optional[int] = ..., credit_account_count: _Optional[int] = ..., credit_entry_count: _Optional[int] = ..., order_line_count: _Optional[int] = ..., differences: _Optional[_Iterable[_Union[LedgerDifference, _Mapping]]] = ..., difference_count: _Optional[int] = ...) -> None: ...

class LedgerDifference(_message.Message):
    __slots__ = ("ledger", "key", "expected", "actual")
    LEDGER_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    ledger: str
    key: str
    expected: int
    actual: int
    def __init__(self, ledger: _Optional[str] = ..., key: _Optional[str] = ..., expected: _Optional[int] = ..., actual: _Optional[int] = ...) -> None: ...
