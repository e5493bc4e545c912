import datetime

from dms_client._generated.dms.type.v1 import common_pb2 as _common_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DealerStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEALER_STATUS_UNSPECIFIED: _ClassVar[DealerStatus]
    DEALER_STATUS_ACTIVE: _ClassVar[DealerStatus]
    DEALER_STATUS_SUSPENDED: _ClassVar[DealerStatus]
    DEALER_STATUS_CLOSED: _ClassVar[DealerStatus]

class ProductStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRODUCT_STATUS_UNSPECIFIED: _ClassVar[ProductStatus]
    PRODUCT_STATUS_SELLABLE: _ClassVar[ProductStatus]
    PRODUCT_STATUS_BLOCKED: _ClassVar[ProductStatus]
    PRODUCT_STATUS_DISCONTINUED: _ClassVar[ProductStatus]

class WarehouseStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WAREHOUSE_STATUS_UNSPECIFIED: _ClassVar[WarehouseStatus]
    WAREHOUSE_STATUS_ACTIVE: _ClassVar[WarehouseStatus]
    WAREHOUSE_STATUS_CLOSED: _ClassVar[WarehouseStatus]

class CreditMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREDIT_MODE_UNSPECIFIED: _ClassVar[CreditMode]
    CREDIT_MODE_PREPAYMENT: _ClassVar[CreditMode]
    CREDIT_MODE_LIMIT: _ClassVar[CreditMode]
    CREDIT_MODE_UNLIMITED: _ClassVar[CreditMode]

class CreditStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREDIT_STATUS_UNSPECIFIED: _ClassVar[CreditStatus]
    CREDIT_STATUS_OK: _ClassVar[CreditStatus]
    CREDIT_STATUS_WATCH: _ClassVar[CreditStatus]
    CREDIT_STATUS_HOLD: _ClassVar[CreditStatus]
    CREDIT_STATUS_STOP: _ClassVar[CreditStatus]

class DraftMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DRAFT_MODE_UNSPECIFIED: _ClassVar[DraftMode]
    DRAFT_MODE_MERGE: _ClassVar[DraftMode]
    DRAFT_MODE_REPLACE: _ClassVar[DraftMode]

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_ADMIN: _ClassVar[Role]
    ROLE_ORDER_REVIEWER: _ClassVar[Role]
    ROLE_CREDIT_CONTROLLER: _ClassVar[Role]
    ROLE_INVENTORY_PLANNER: _ClassVar[Role]
    ROLE_CHANNEL_MANAGER: _ClassVar[Role]
    ROLE_DEALER_OWNER: _ClassVar[Role]
    ROLE_DEALER_CLERK: _ClassVar[Role]
    ROLE_INTEGRATION: _ClassVar[Role]
    ROLE_AUDITOR: _ClassVar[Role]
DEALER_STATUS_UNSPECIFIED: DealerStatus
DEALER_STATUS_ACTIVE: DealerStatus
DEALER_STATUS_SUSPENDED: DealerStatus
DEALER_STATUS_CLOSED: DealerStatus
PRODUCT_STATUS_UNSPECIFIED: ProductStatus
PRODUCT_STATUS_SELLABLE: ProductStatus
PRODUCT_STATUS_BLOCKED: ProductStatus
PRODUCT_STATUS_DISCONTINUED: ProductStatus
WAREHOUSE_STATUS_UNSPECIFIED: WarehouseStatus
WAREHOUSE_STATUS_ACTIVE: WarehouseStatus
WAREHOUSE_STATUS_CLOSED: WarehouseStatus
CREDIT_MODE_UNSPECIFIED: CreditMode
CREDIT_MODE_PREPAYMENT: CreditMode
CREDIT_MODE_LIMIT: CreditMode
CREDIT_MODE_UNLIMITED: CreditMode
CREDIT_STATUS_UNSPECIFIED: CreditStatus
CREDIT_STATUS_OK: CreditStatus
CREDIT_STATUS_WATCH: CreditStatus
CREDIT_STATUS_HOLD: CreditStatus
CREDIT_STATUS_STOP: CreditStatus
DRAFT_MODE_UNSPECIFIED: DraftMode
DRAFT_MODE_MERGE: DraftMode
DRAFT_MODE_REPLACE: DraftMode
ROLE_UNSPECIFIED: Role
ROLE_ADMIN: Role
ROLE_ORDER_REVIEWER: Role
ROLE_CREDIT_CONTROLLER: Role
ROLE_INVENTORY_PLANNER: Role
ROLE_CHANNEL_MANAGER: Role
ROLE_DEALER_OWNER: Role
ROLE_DEALER_CLERK: Role
ROLE_INTEGRATION: Role
ROLE_AUDITOR: Role

class Dealer(_message.Message):
    __slots__ = ("dealer_id", "name", "tier", "region", "parent_dealer_id", "status", "currency_code", "payment_terms", "credit_account_id", "price_list_id", "territory", "serving_warehouse_ids", "stock_authority", "feed_max_age", "address", "etag", "create_time", "update_time", "split_shipments_allowed")
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    PARENT_DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_TERMS_FIELD_NUMBER: _ClassVar[int]
    CREDIT_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    TERRITORY_FIELD_NUMBER: _ClassVar[int]
    SERVING_WAREHOUSE_IDS_FIELD_NUMBER: _ClassVar[int]
    STOCK_AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    FEED_MAX_AGE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SPLIT_SHIPMENTS_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    dealer_id: str
    name: str
    tier: str
    region: str
    parent_dealer_id: str
    status: DealerStatus
    currency_code: str
    payment_terms: str
    credit_account_id: str
    price_list_id: str
    territory: str
    serving_warehouse_ids: _containers.RepeatedScalarFieldContainer[str]
    stock_authority: _common_pb2.StockAuthority
    feed_max_age: _duration_pb2.Duration
    address: _common_pb2.Address
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    split_shipments_allowed: bool
    def __init__(self, dealer_id: _Optional[str] = ..., name: _Optional[str] = ..., tier: _Optional[str] = ..., region: _Optional[str] = ..., parent_dealer_id: _Optional[str] = ..., status: _Optional[_Union[DealerStatus, str]] = ..., currency_code: _Optional[str] = ..., payment_terms: _Optional[str] = ..., credit_account_id: _Optional[str] = ..., price_list_id: _Optional[str] = ..., territory: _Optional[str] = ..., serving_warehouse_ids: _Optional[_Iterable[str]] = ..., stock_authority: _Optional[_Union[_common_pb2.StockAuthority, str]] = ..., feed_max_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., address: _Optional[_Union[_common_pb2.Address, _Mapping]] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., split_shipments_allowed: _Optional[bool] = ...) -> None: ...

class Product(_message.Message):
    __slots__ = ("sku", "names", "category_path", "base_unit", "units", "pack_quantity", "minimum_quantity", "multiple_quantity", "maximum_quantity", "status", "currency_code", "unit_cost_micros", "floor_unit_price_micros", "lot_tracked", "authorised", "etag", "create_time", "update_time", "tax_code", "tax_rate_bps")
    class NamesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SKU_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_PATH_FIELD_NUMBER: _ClassVar[int]
    BASE_UNIT_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    PACK_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    MULTIPLE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_COST_MICROS_FIELD_NUMBER: _ClassVar[int]
    FLOOR_UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    LOT_TRACKED_FIELD_NUMBER: _ClassVar[int]
    AUTHORISED_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    TAX_CODE_FIELD_NUMBER: _ClassVar[int]
    TAX_RATE_BPS_FIELD_NUMBER: _ClassVar[int]
    sku: str
    names: _containers.ScalarMap[str, str]
    category_path: str
    base_unit: str
    units: _containers.RepeatedCompositeFieldContainer[_common_pb2.UnitOfMeasure]
    pack_quantity: int
    minimum_quantity: int
    multiple_quantity: int
    maximum_quantity: int
    status: ProductStatus
    currency_code: str
    unit_cost_micros: int
    floor_unit_price_micros: int
    lot_tracked: bool
    authorised: _containers.RepeatedCompositeFieldContainer[_common_pb2.Audience]
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    tax_code: str
    tax_rate_bps: int
    def __init__(self, sku: _Optional[str] = ..., names: _Optional[_Mapping[str, str]] = ..., category_path: _Optional[str] = ..., base_unit: _Optional[str] = ..., units: _Optional[_Iterable[_Union[_common_pb2.UnitOfMeasure, _Mapping]]] = ..., pack_quantity: _Optional[int] = ..., minimum_quantity: _Optional[int] = ..., multiple_quantity: _Optional[int] = ..., maximum_quantity: _Optional[int] = ..., status: _Optional[_Union[ProductStatus, str]] = ..., currency_code: _Optional[str] = ..., unit_cost_micros: _Optional[int] = ..., floor_unit_price_micros: _Optional[int] = ..., lot_tracked: _Optional[bool] = ..., authorised: _Optional[_Iterable[_Union[_common_pb2.Audience, _Mapping]]] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., tax_code: _Optional[str] = ..., tax_rate_bps: _Optional[int] = ...) -> None: ...

class Warehouse(_message.Message):
    __slots__ = ("warehouse_id", "name", "region", "status", "address", "etag", "create_time", "update_time")
    WAREHOUSE_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    warehouse_id: str
    name: str
    region: str
    status: WarehouseStatus
    address: _common_pb2.Address
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, warehouse_id: _Optional[str] = ..., name: _Optional[str] = ..., region: _Optional[str] = ..., status: _Optional[_Union[WarehouseStatus, str]] = ..., address: _Optional[_Union[_common_pb2.Address, _Mapping]] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreditAccount(_message.Message):
    __slots__ = ("credit_account_id", "currency_code", "mode", "limit_micros", "temporary_limit_micros", "temporary_limit_expire_time", "status", "expiry_date", "document_limit_micros", "overdue_days_max", "overdue_micros_max", "unshipped_micros", "unbilled_micros", "receivable_micros", "exposure_micros", "available_micros", "etag", "create_time", "update_time")
    CREDIT_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    TEMPORARY_LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    TEMPORARY_LIMIT_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    EXPIRY_DATE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_DAYS_MAX_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_MICROS_MAX_FIELD_NUMBER: _ClassVar[int]
    UNSHIPPED_MICROS_FIELD_NUMBER: _ClassVar[int]
    UNBILLED_MICROS_FIELD_NUMBER: _ClassVar[int]
    RECEIVABLE_MICROS_FIELD_NUMBER: _ClassVar[int]
    EXPOSURE_MICROS_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_MICROS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    credit_account_id: str
    currency_code: str
    mode: CreditMode
    limit_micros: int
    temporary_limit_micros: int
    temporary_limit_expire_time: _timestamp_pb2.Timestamp
    status: CreditStatus
    expiry_date: str
    document_limit_micros: int
    overdue_days_max: int
    overdue_micros_max: int
    unshipped_micros: int
    unbilled_micros: int
    receivable_micros: int
    exposure_micros: int
    available_micros: int
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, credit_account_id: _Optional[str] = ..., currency_code: _Optional[str] = ..., mode: _Optional[_Union[CreditMode, str]] = ..., limit_micros: _Optional[int] = ..., temporary_limit_micros: _Optional[int] = ..., temporary_limit_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., status: _Optional[_Union[CreditStatus, str]] = ..., expiry_date: _Optional[str] = ..., document_limit_micros: _Optional[int] = ..., overdue_days_max: _Optional[int] = ..., overdue_micros_max: _Optional[int] = ..., unshipped_micros: _Optional[int] = ..., unbilled_micros: _Optional[int] = ..., receivable_micros: _Optional[int] = ..., exposure_micros: _Optional[int] = ..., available_micros: _Optional[int] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PriceList(_message.Message):
    __slots__ = ("price_list_id", "name", "currency_code", "tax_inclusive", "published_version", "published_entry_count", "has_draft", "draft_entry_count", "etag", "publish_time")
    PRICE_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    TAX_INCLUSIVE_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_VERSION_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_ENTRY_COUNT_FIELD_NUMBER: _ClassVar[int]
    HAS_DRAFT_FIELD_NUMBER: _ClassVar[int]
    DRAFT_ENTRY_COUNT_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    price_list_id: str
    name: str
    currency_code: str
    tax_inclusive: bool
    published_version: int
    published_entry_count: int
    has_draft: bool
    draft_entry_count: int
    etag: str
    publish_time: _timestamp_pb2.Timestamp
    def __init__(self, price_list_id: _Optional[str] = ..., name: _Optional[str] = ..., currency_code: _Optional[str] = ..., tax_inclusive: _Optional[bool] = ..., published_version: _Optional[int] = ..., published_entry_count: _Optional[int] = ..., has_draft: _Optional[bool] = ..., draft_entry_count: _Optional[int] = ..., etag: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PriceEntry(_message.Message):
    __slots__ = ("sku", "from_quantity", "unit_price_micros", "audience", "priority", "valid_from_date", "valid_until_date")
    SKU_FIELD_NUMBER: _ClassVar[int]
    FROM_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_DATE_FIELD_NUMBER: _ClassVar[int]
    sku: str
    from_quantity: int
    unit_price_micros: int
    audience: _common_pb2.Audience
    priority: int
    valid_from_date: str
    valid_until_date: str
    def __init__(self, sku: _Optional[str] = ..., from_quantity: _Optional[int] = ..., unit_price_micros: _Optional[int] = ..., audience: _Optional[_Union[_common_pb2.Audience, _Mapping]] = ..., priority: _Optional[int] = ..., valid_from_date: _Optional[str] = ..., valid_until_date: _Optional[str] = ...) -> None: ...

class Principal(_message.Message):
    __slots__ = ("principal_id", "display_name", "grants", "dealer_id", "order_limit_micros", "agreed_prices_allowed", "disabled", "etag", "create_time", "update_time")
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    AGREED_PRICES_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    principal_id: str
    display_name: str
    grants: _containers.RepeatedCompositeFieldContainer[RoleGrant]
    dealer_id: str
    order_limit_micros: int
    agreed_prices_allowed: bool
    disabled: bool
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, principal_id: _Optional[str] = ..., display_name: _Optional[str] = ..., grants: _Optional[_Iterable[_Union[RoleGrant, _Mapping]]] = ..., dealer_id: _Optional[str] = ..., order_limit_micros: _Optional[int] = ..., agreed_prices_allowed: _Optional[bool] = ..., disabled: _Optional[bool] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RoleGrant(_message.Message):
    __slots__ = ("role", "level", "scope")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    role: Role
    level: int
    scope: RoleScope
    def __init__(self, role: _Optional[_Union[Role, str]] = ..., level: _Optional[int] = ..., scope: _Optional[_Union[RoleScope, _Mapping]] = ...) -> None: ...

class RoleScope(_message.Message):
    __slots__ = ("region", "dealer_id")
    REGION_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    region: str
    dealer_id: str
    def __init__(self, region: _Optional[str] = ..., dealer_id: _Optional[str] = ...) -> None: ...

class ApiKey(_message.Message):
    __slots__ = ("key_id", "principal_id", "description", "create_time", "expire_time", "last_use_time", "revoke_time")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_USE_TIME_FIELD_NUMBER: _ClassVar[int]
    REVOKE_TIME_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    principal_id: str
    description: str
    create_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    last_use_time: _timestamp_pb2.Timestamp
    revoke_time: _timestamp_pb2.Timestamp
    def __init__(self, key_id: _Optional[str] = ..., principal_id: _Optional[str] = ..., description: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_use_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revoke_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WhoAmIRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WhoAmIResponse(_message.Message):
    __slots__ = ("principal", "server_version", "revision", "time_zone", "business_date")
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    principal: Principal
    server_version: str
    revision: int
    time_zone: str
    business_date: str
    def __init__(self, principal: _Optional[_Union[Principal, _Mapping]] = ..., server_version: _Optional[str] = ..., revision: _Optional[int] = ..., time_zone: _Optional[str] = ..., business_date: _Optional[str] = ...) -> None: ...

class UpsertDealersRequest(_message.Message):
    __slots__ = ("request_id", "dealers", "validate_only")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DEALERS_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    dealers: _containers.RepeatedCompositeFieldContainer[Dealer]
    validate_only: bool
    def __init__(self, request_id: _Optional[str] = ..., dealers: _Optional[_Iterable[_Union[Dealer, _Mapping]]] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UpsertDealersResponse(_message.Message):
    __slots__ = ("created_count", "updated_count", "unchanged_count", "errors")
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    created_count: int
    updated_count: int
    unchanged_count: int
    errors: _containers.RepeatedCompositeFieldContainer[_common_pb2.ItemError]
    def __init__(self, created_count: _Optional[int] = ..., updated_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., errors: _Optional[_Iterable[_Union[_common_pb2.ItemError, _Mapping]]] = ...) -> None: ...

class GetDealerRequest(_message.Message):
    __slots__ = ("dealer_id",)
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    dealer_id: str
    def __init__(self, dealer_id: _Optional[str] = ...) -> None: ...

class GetDealerResponse(_message.Message):
    __slots__ = ("dealer",)
    DEALER_FIELD_NUMBER: _ClassVar[int]
    dealer: Dealer
    def __init__(self, dealer: _Optional[_Union[Dealer, _Mapping]] = ...) -> None: ...

class ListDealersRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "region", "tier", "status")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    region: str
    tier: str
    status: DealerStatus
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., region: _Optional[str] = ..., tier: _Optional[str] = ..., status: _Optional[_Union[DealerStatus, str]] = ...) -> None: ...

class ListDealersResponse(_message.Message):
    __slots__ = ("dealers", "next_page_token", "revision")
    DEALERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    dealers: _containers.RepeatedCompositeFieldContainer[Dealer]
    next_page_token: str
    revision: int
    def __init__(self, dealers: _Optional[_Iterable[_Union[Dealer, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class UpsertProductsRequest(_message.Message):
    __slots__ = ("request_id", "products", "validate_only")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    products: _containers.RepeatedCompositeFieldContainer[Product]
    validate_only: bool
    def __init__(self, request_id: _Optional[str] = ..., products: _Optional[_Iterable[_Union[Product, _Mapping]]] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UpsertProductsResponse(_message.Message):
    __slots__ = ("created_count", "updated_count", "unchanged_count", "errors")
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    created_count: int
    updated_count: int
    unchanged_count: int
    errors: _containers.RepeatedCompositeFieldContainer[_common_pb2.ItemError]
    def __init__(self, created_count: _Optional[int] = ..., updated_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., errors: _Optional[_Iterable[_Union[_common_pb2.ItemError, _Mapping]]] = ...) -> None: ...

class GetProductRequest(_message.Message):
    __slots__ = ("sku",)
    SKU_FIELD_NUMBER: _ClassVar[int]
    sku: str
    def __init__(self, sku: _Optional[str] = ...) -> None: ...

class GetProductResponse(_message.Message):
    __slots__ = ("product",)
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    product: Product
    def __init__(self, product: _Optional[_Union[Product, _Mapping]] = ...) -> None: ...

class ListProductsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "category_prefix", "status")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_PREFIX_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    category_prefix: str
    status: ProductStatus
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., category_prefix: _Optional[str] = ..., status: _Optional[_Union[ProductStatus, str]] = ...) -> None: ...

class ListProductsResponse(_message.Message):
    __slots__ = ("products", "next_page_token", "revision")
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    products: _containers.RepeatedCompositeFieldContainer[Product]
    next_page_token: str
    revision: int
    def __init__(self, products: _Optional[_Iterable[_Union[Product, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class UpsertWarehousesRequest(_message.Message):
    __slots__ = ("request_id", "warehouses", "validate_only")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    WAREHOUSES_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    warehouses: _containers.RepeatedCompositeFieldContainer[Warehouse]
    validate_only: bool
    def __init__(self, request_id: _Optional[str] = ..., warehouses: _Optional[_Iterable[_Union[Warehouse, _Mapping]]] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UpsertWarehousesResponse(_message.Message):
    __slots__ = ("created_count", "updated_count", "unchanged_count", "errors")
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    created_count: int
    updated_count: int
    unchanged_count: int
    errors: _containers.RepeatedCompositeFieldContainer[_common_pb2.ItemError]
    def __init__(self, created_count: _Optional[int] = ..., updated_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., errors: _Optional[_Iterable[_Union[_common_pb2.ItemError, _Mapping]]] = ...) -> None: ...

class GetWarehouseRequest(_message.Message):
    __slots__ = ("warehouse_id",)
    WAREHOUSE_ID_FIELD_NUMBER: _ClassVar[int]
    warehouse_id: str
    def __init__(self, warehouse_id: _Optional[str] = ...) -> None: ...

class GetWarehouseResponse(_message.Message):
    __slots__ = ("warehouse",)
    WAREHOUSE_FIELD_NUMBER: _ClassVar[int]
    warehouse: Warehouse
    def __init__(self, warehouse: _Optional[_Union[Warehouse, _Mapping]] = ...) -> None: ...

class ListWarehousesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListWarehousesResponse(_message.Message):
    __slots__ = ("warehouses", "next_page_token", "revision")
    WAREHOUSES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    warehouses: _containers.RepeatedCompositeFieldContainer[Warehouse]
    next_page_token: str
    revision: int
    def __init__(self, warehouses: _Optional[_Iterable[_Union[Warehouse, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class UpsertCreditAccountsRequest(_message.Message):
    __slots__ = ("request_id", "credit_accounts", "validate_only")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CREDIT_ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    credit_accounts: _containers.RepeatedCompositeFieldContainer[CreditAccount]
    validate_only: bool
    def __init__(self, request_id: _Optional[str] = ..., credit_accounts: _Optional[_Iterable[_Union[CreditAccount, _Mapping]]] = ..., validate_only: _Optional[bool] = ...) -> None: ...

class UpsertCreditAccountsResponse(_message.Message):
    __slots__ = ("created_count", "updated_count", "unchanged_count", "errors")
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    created_count: int
    updated_count: int
    unchanged_count: int
    errors: _containers.RepeatedCompositeFieldContainer[_common_pb2.ItemError]
    def __init__(self, created_count: _Optional[int] = ..., updated_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., errors: _Optional[_Iterable[_Union[_common_pb2.ItemError, _Mapping]]] = ...) -> None: ...

class GetCreditAccountRequest(_message.Message):
    __slots__ = ("credit_account_id",)
    CREDIT_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    credit_account_id: str
    def __init__(self, credit_account_id: _Optional[str] = ...) -> None: ...

class GetCreditAccountResponse(_message.Message):
    __slots__ = ("credit_account",)
    CREDIT_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    credit_account: CreditAccount
    def __init__(self, credit_account: _Optional[_Union[CreditAccount, _Mapping]] = ...) -> None: ...

class ListCreditAccountsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCreditAccountsResponse(_message.Message):
    __slots__ = ("credit_accounts", "next_page_token", "revision")
    CREDIT_ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    credit_accounts: _containers.RepeatedCompositeFieldContainer[CreditAccount]
    next_page_token: str
    revision: int
    def __init__(self, credit_accounts: _Optional[_Iterable[_Union[CreditAccount, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class SavePriceListDraftRequest(_message.Message):
    __slots__ = ("request_id", "price_list", "mode", "entries")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_LIST_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    price_list: PriceList
    mode: DraftMode
    entries: _containers.RepeatedCompositeFieldContainer[PriceEntry]
    def __init__(self, request_id: _Optional[str] = ..., price_list: _Optional[_Union[PriceList, _Mapping]] = ..., mode: _Optional[_Union[DraftMode, str]] = ..., entries: _Optional[_Iterable[_Union[PriceEntry, _Mapping]]] = ...) -> None: ...

class SavePriceListDraftResponse(_message.Message):
    __slots__ = ("price_list",)
    PRICE_LIST_FIELD_NUMBER: _ClassVar[int]
    price_list: PriceList
    def __init__(self, price_list: _Optional[_Union[PriceList, _Mapping]] = ...) -> None: ...

class PublishPriceListRequest(_message.Message):
    __slots__ = ("request_id", "price_list_id", "etag")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    price_list_id: str
    etag: str
    def __init__(self, request_id: _Optional[str] = ..., price_list_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class PublishPriceListResponse(_message.Message):
    __slots__ = ("price_list",)
    PRICE_LIST_FIELD_NUMBER: _ClassVar[int]
    price_list: PriceList
    def __init__(self, price_list: _Optional[_Union[PriceList, _Mapping]] = ...) -> None: ...

class GetPriceListRequest(_message.Message):
    __slots__ = ("price_list_id",)
    PRICE_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    price_list_id: str
    def __init__(self, price_list_id: _Optional[str] = ...) -> None: ...

class GetPriceListResponse(_message.Message):
    __slots__ = ("price_list",)
    PRICE_LIST_FIELD_NUMBER: _ClassVar[int]
    price_list: PriceList
    def __init__(self, price_list: _Optional[_Union[PriceList, _Mapping]] = ...) -> None: ...

class ListPriceListsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPriceListsResponse(_message.Message):
    __slots__ = ("price_lists", "next_page_token")
    PRICE_LISTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    price_lists: _containers.RepeatedCompositeFieldContainer[PriceList]
    next_page_token: str
    def __init__(self, price_lists: _Optional[_Iterable[_Union[PriceList, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListPriceEntriesRequest(_message.Message):
    __slots__ = ("price_list_id", "version", "sku", "page_size", "page_token")
    PRICE_LIST_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    price_list_id: str
    version: int
    sku: str
    page_size: int
    page_token: str
    def __init__(self, price_list_id: _Optional[str] = ..., version: _Optional[int] = ..., sku: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPriceEntriesResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[PriceEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[PriceEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpsertPrincipalRequest(_message.Message):
    __slots__ = ("request_id", "principal")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    principal: Principal
    def __init__(self, request_id: _Optional[str] = ..., principal: _Optional[_Union[Principal, _Mapping]] = ...) -> None: ...

class UpsertPrincipalResponse(_message.Message):
    __slots__ = ("principal",)
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    principal: Principal
    def __init__(self, principal: _Optional[_Union[Principal, _Mapping]] = ...) -> None: ...

class GetPrincipalRequest(_message.Message):
    __slots__ = ("principal_id",)
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    principal_id: str
    def __init__(self, principal_id: _Optional[str] = ...) -> None: ...

class GetPrincipalResponse(_message.Message):
    __slots__ = ("principal",)
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    principal: Principal
    def __init__(self, principal: _Optional[_Union[Principal, _Mapping]] = ...) -> None: ...

class ListPrincipalsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPrincipalsResponse(_message.Message):
    __slots__ = ("principals", "next_page_token")
    PRINCIPALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    principals: _containers.RepeatedCompositeFieldContainer[Principal]
    next_page_token: str
    def __init__(self, principals: _Optional[_Iterable[_Union[Principal, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateApiKeyRequest(_message.Message):
    __slots__ = ("request_id", "principal_id", "description", "expire_time")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    principal_id: str
    description: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, request_id: _Optional[str] = ..., principal_id: _Optional[str] = ..., description: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CreateApiKeyResponse(_message.Message):
    __slots__ = ("api_key", "secret")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    api_key: ApiKey
    secret: str
    def __init__(self, api_key: _Optional[_Union[ApiKey, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...

class ListApiKeysRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "principal_id")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    principal_id: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., principal_id: _Optional[str] = ...) -> None: ...

class ListApiKeysResponse(_message.Message):
    __slots__ = ("api_keys", "next_page_token")
    API_KEYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    api_keys: _containers.RepeatedCompositeFieldContainer[ApiKey]
    next_page_token: str
    def __init__(self, api_keys: _Optional[_Iterable[_Union[ApiKey, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RevokeApiKeyRequest(_message.Message):
    __slots__ = ("request_id", "key_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    key_id: str
    def __init__(self, request_id: _Optional[str] = ..., key_id: _Optional[str] = ...) -> None: ...

class RevokeApiKeyResponse(_message.Message):
    __slots__ = ("api_key",)
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    api_key: ApiKey
    def __init__(self, api_key: _Optional[_Union[ApiKey, _Mapping]] = ...) -> None: ...
