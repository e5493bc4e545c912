import datetime

from dms_client._generated.dms.type.v1 import common_pb2 as _common_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from dms_client._generated.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OrderState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ORDER_STATE_UNSPECIFIED: _ClassVar[OrderState]
    ORDER_STATE_DRAFT: _ClassVar[OrderState]
    ORDER_STATE_IN_REVIEW: _ClassVar[OrderState]
    ORDER_STATE_APPROVED: _ClassVar[OrderState]
    ORDER_STATE_PARTIALLY_SHIPPED: _ClassVar[OrderState]
    ORDER_STATE_SHIPPED: _ClassVar[OrderState]
    ORDER_STATE_DELIVERED: _ClassVar[OrderState]
    ORDER_STATE_COMPLETED: _ClassVar[OrderState]
    ORDER_STATE_REJECTED: _ClassVar[OrderState]
    ORDER_STATE_CANCELLED: _ClassVar[OrderState]

class ShipPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SHIP_POLICY_UNSPECIFIED: _ClassVar[ShipPolicy]
    SHIP_POLICY_REJECT: _ClassVar[ShipPolicy]
    SHIP_POLICY_COMPLETE: _ClassVar[ShipPolicy]
    SHIP_POLICY_PARTIAL: _ClassVar[ShipPolicy]

class VerdictOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_OUTCOME_UNSPECIFIED: _ClassVar[VerdictOutcome]
    VERDICT_OUTCOME_PASS: _ClassVar[VerdictOutcome]
    VERDICT_OUTCOME_WARN: _ClassVar[VerdictOutcome]
    VERDICT_OUTCOME_REVIEW: _ClassVar[VerdictOutcome]
    VERDICT_OUTCOME_BLOCK: _ClassVar[VerdictOutcome]

class ReviewDecision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REVIEW_DECISION_UNSPECIFIED: _ClassVar[ReviewDecision]
    REVIEW_DECISION_APPROVE: _ClassVar[ReviewDecision]
    REVIEW_DECISION_REJECT: _ClassVar[ReviewDecision]
    REVIEW_DECISION_RETURN: _ClassVar[ReviewDecision]

class PriceSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRICE_SOURCE_UNSPECIFIED: _ClassVar[PriceSource]
    PRICE_SOURCE_LIST: _ClassVar[PriceSource]
    PRICE_SOURCE_AGREED: _ClassVar[PriceSource]

class HoldKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HOLD_KIND_UNSPECIFIED: _ClassVar[HoldKind]
    HOLD_KIND_CREDIT: _ClassVar[HoldKind]
    HOLD_KIND_STOCK: _ClassVar[HoldKind]
    HOLD_KIND_PRICE: _ClassVar[HoldKind]
    HOLD_KIND_MANUAL: _ClassVar[HoldKind]

class TimelineKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TIMELINE_KIND_UNSPECIFIED: _ClassVar[TimelineKind]
    TIMELINE_KIND_CREATED: _ClassVar[TimelineKind]
    TIMELINE_KIND_UPDATED: _ClassVar[TimelineKind]
    TIMELINE_KIND_SUBMITTED: _ClassVar[TimelineKind]
    TIMELINE_KIND_BLOCKED: _ClassVar[TimelineKind]
    TIMELINE_KIND_APPROVED: _ClassVar[TimelineKind]
    TIMELINE_KIND_REJECTED: _ClassVar[TimelineKind]
    TIMELINE_KIND_RETURNED: _ClassVar[TimelineKind]
    TIMELINE_KIND_CANCELLED: _ClassVar[TimelineKind]
    TIMELINE_KIND_RESERVATION_WITHDRAWN: _ClassVar[TimelineKind]
    TIMELINE_KIND_BACK_ORDER_FILLED: _ClassVar[TimelineKind]
    TIMELINE_KIND_RESERVATION_EXPIRED: _ClassVar[TimelineKind]
ORDER_STATE_UNSPECIFIED: OrderState
ORDER_STATE_DRAFT: OrderState
ORDER_STATE_IN_REVIEW: OrderState
ORDER_STATE_APPROVED: OrderState
ORDER_STATE_PARTIALLY_SHIPPED: OrderState
ORDER_STATE_SHIPPED: OrderState
ORDER_STATE_DELIVERED: OrderState
ORDER_STATE_COMPLETED: OrderState
ORDER_STATE_REJECTED: OrderState
ORDER_STATE_CANCELLED: OrderState
SHIP_POLICY_UNSPECIFIED: ShipPolicy
SHIP_POLICY_REJECT: ShipPolicy
SHIP_POLICY_COMPLETE: ShipPolicy
SHIP_POLICY_PARTIAL: ShipPolicy
VERDICT_OUTCOME_UNSPECIFIED: VerdictOutcome
VERDICT_OUTCOME_PASS: VerdictOutcome
VERDICT_OUTCOME_WARN: VerdictOutcome
VERDICT_OUTCOME_REVIEW: VerdictOutcome
VERDICT_OUTCOME_BLOCK: VerdictOutcome
REVIEW_DECISION_UNSPECIFIED: ReviewDecision
REVIEW_DECISION_APPROVE: ReviewDecision
REVIEW_DECISION_REJECT: ReviewDecision
REVIEW_DECISION_RETURN: ReviewDecision
PRICE_SOURCE_UNSPECIFIED: PriceSource
PRICE_SOURCE_LIST: PriceSource
PRICE_SOURCE_AGREED: PriceSource
HOLD_KIND_UNSPECIFIED: HoldKind
HOLD_KIND_CREDIT: HoldKind
HOLD_KIND_STOCK: HoldKind
HOLD_KIND_PRICE: HoldKind
HOLD_KIND_MANUAL: HoldKind
TIMELINE_KIND_UNSPECIFIED: TimelineKind
TIMELINE_KIND_CREATED: TimelineKind
TIMELINE_KIND_UPDATED: TimelineKind
TIMELINE_KIND_SUBMITTED: TimelineKind
TIMELINE_KIND_BLOCKED: TimelineKind
TIMELINE_KIND_APPROVED: TimelineKind
TIMELINE_KIND_REJECTED: TimelineKind
TIMELINE_KIND_RETURNED: TimelineKind
TIMELINE_KIND_CANCELLED: TimelineKind
TIMELINE_KIND_RESERVATION_WITHDRAWN: TimelineKind
TIMELINE_KIND_BACK_ORDER_FILLED: TimelineKind
TIMELINE_KIND_RESERVATION_EXPIRED: TimelineKind

class OrderDraft(_message.Message):
    __slots__ = ("order_id", "dealer_id", "currency_code", "business_date", "requested_delivery_date", "ship_to", "payment_terms", "customer_reference", "ship_policy", "freight_micros", "lines", "note")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_DELIVERY_DATE_FIELD_NUMBER: _ClassVar[int]
    SHIP_TO_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_TERMS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SHIP_POLICY_FIELD_NUMBER: _ClassVar[int]
    FREIGHT_MICROS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    dealer_id: str
    currency_code: str
    business_date: str
    requested_delivery_date: str
    ship_to: _common_pb2.Address
    payment_terms: str
    customer_reference: str
    ship_policy: ShipPolicy
    freight_micros: int
    lines: _containers.RepeatedCompositeFieldContainer[OrderLineDraft]
    note: str
    def __init__(self, order_id: _Optional[str] = ..., dealer_id: _Optional[str] = ..., currency_code: _Optional[str] = ..., business_date: _Optional[str] = ..., requested_delivery_date: _Optional[str] = ..., ship_to: _Optional[_Union[_common_pb2.Address, _Mapping]] = ..., payment_terms: _Optional[str] = ..., customer_reference: _Optional[str] = ..., ship_policy: _Optional[_Union[ShipPolicy, str]] = ..., freight_micros: _Optional[int] = ..., lines: _Optional[_Iterable[_Union[OrderLineDraft, _Mapping]]] = ..., note: _Optional[str] = ...) -> None: ...

class OrderLineDraft(_message.Message):
    __slots__ = ("sku", "quantity", "unit", "expected_unit_price_micros", "agreed_unit_price_micros", "agreed_price_reason", "customer_line_reference")
    SKU_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    AGREED_UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    AGREED_PRICE_REASON_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_LINE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    sku: str
    quantity: int
    unit: str
    expected_unit_price_micros: int
    agreed_unit_price_micros: int
    agreed_price_reason: str
    customer_line_reference: str
    def __init__(self, sku: _Optional[str] = ..., quantity: _Optional[int] = ..., unit: _Optional[str] = ..., expected_unit_price_micros: _Optional[int] = ..., agreed_unit_price_micros: _Optional[int] = ..., agreed_price_reason: _Optional[str] = ..., customer_line_reference: _Optional[str] = ...) -> None: ...

class Order(_message.Message):
    __slots__ = ("order_id", "etag", "state", "dealer_id", "currency_code", "business_date", "requested_delivery_date", "ship_to", "payment_terms", "customer_reference", "ship_policy", "lines", "net_micros", "freight_micros", "tax_micros", "total_micros", "holds", "verdicts", "rule_set_version", "content_hash", "approved_ceiling_micros", "created_by", "submitted_by", "create_time", "update_time", "submit_time", "revision", "note", "review_expire_time")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_DELIVERY_DATE_FIELD_NUMBER: _ClassVar[int]
    SHIP_TO_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_TERMS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SHIP_POLICY_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    NET_MICROS_FIELD_NUMBER: _ClassVar[int]
    FREIGHT_MICROS_FIELD_NUMBER: _ClassVar[int]
    TAX_MICROS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_MICROS_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    RULE_SET_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTENT_HASH_FIELD_NUMBER: _ClassVar[int]
    APPROVED_CEILING_MICROS_FIELD_NUMBER: _ClassVar[int]
    CREATED_BY_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_BY_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    SUBMIT_TIME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REVIEW_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    etag: str
    state: OrderState
    dealer_id: str
    currency_code: str
    business_date: str
    requested_delivery_date: str
    ship_to: _common_pb2.Address
    payment_terms: str
    customer_reference: str
    ship_policy: ShipPolicy
    lines: _containers.RepeatedCompositeFieldContainer[OrderLine]
    net_micros: int
    freight_micros: int
    tax_micros: int
    total_micros: int
    holds: _containers.RepeatedCompositeFieldContainer[OrderHold]
    verdicts: _containers.RepeatedCompositeFieldContainer[RuleVerdict]
    rule_set_version: int
    content_hash: bytes
    approved_ceiling_micros: int
    created_by: str
    submitted_by: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    submit_time: _timestamp_pb2.Timestamp
    revision: int
    note: str
    review_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, order_id: _Optional[str] = ..., etag: _Optional[str] = ..., state: _Optional[_Union[OrderState, str]] = ..., dealer_id: _Optional[str] = ..., currency_code: _Optional[str] = ..., business_date: _Optional[str] = ..., requested_delivery_date: _Optional[str] = ..., ship_to: _Optional[_Union[_common_pb2.Address, _Mapping]] = ..., payment_terms: _Optional[str] = ..., customer_reference: _Optional[str] = ..., ship_policy: _Optional[_Union[ShipPolicy, str]] = ..., lines: _Optional[_Iterable[_Union[OrderLine, _Mapping]]] = ..., net_micros: _Optional[int] = ..., freight_micros: _Optional[int] = ..., tax_micros: _Optional[int] = ..., total_micros: _Optional[int] = ..., holds: _Optional[_Iterable[_Union[OrderHold, _Mapping]]] = ..., verdicts: _Optional[_Iterable[_Union[RuleVerdict, _Mapping]]] = ..., rule_set_version: _Optional[int] = ..., content_hash: _Optional[bytes] = ..., approved_ceiling_micros: _Optional[int] = ..., created_by: _Optional[str] = ..., submitted_by: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., submit_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revision: _Optional[int] = ..., note: _Optional[str] = ..., review_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OrderLine(_message.Message):
    __slots__ = ("line_number", "sku", "entered_quantity", "unit", "ordered_quantity", "over_shipped_quantity", "cancelled_quantity", "closed_short_quantity", "open_quantity", "shipped_quantity", "received_quantity", "short_quantity", "damaged_quantity", "refused_quantity", "returned_quantity", "reserved_quantity", "back_ordered_quantity", "reservations", "list_unit_price_micros", "unit_price_micros", "price_source", "price_list_version", "agreed_price_reason", "discounts", "gross_micros", "net_micros", "tax_code", "tax_rate_bps", "tax_micros", "customer_line_reference", "expected_unit_price_micros")
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    ENTERED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    ORDERED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    OVER_SHIPPED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    CLOSED_SHORT_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    OPEN_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SHIPPED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SHORT_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    DAMAGED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REFUSED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RETURNED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RESERVED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    BACK_ORDERED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RESERVATIONS_FIELD_NUMBER: _ClassVar[int]
    LIST_UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    PRICE_SOURCE_FIELD_NUMBER: _ClassVar[int]
    PRICE_LIST_VERSION_FIELD_NUMBER: _ClassVar[int]
    AGREED_PRICE_REASON_FIELD_NUMBER: _ClassVar[int]
    DISCOUNTS_FIELD_NUMBER: _ClassVar[int]
    GROSS_MICROS_FIELD_NUMBER: _ClassVar[int]
    NET_MICROS_FIELD_NUMBER: _ClassVar[int]
    TAX_CODE_FIELD_NUMBER: _ClassVar[int]
    TAX_RATE_BPS_FIELD_NUMBER: _ClassVar[int]
    TAX_MICROS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_LINE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    line_number: int
    sku: str
    entered_quantity: int
    unit: str
    ordered_quantity: int
    over_shipped_quantity: int
    cancelled_quantity: int
    closed_short_quantity: int
    open_quantity: int
    shipped_quantity: int
    received_quantity: int
    short_quantity: int
    damaged_quantity: int
    refused_quantity: int
    returned_quantity: int
    reserved_quantity: int
    back_ordered_quantity: int
    reservations: _containers.RepeatedCompositeFieldContainer[LineReservation]
    list_unit_price_micros: int
    unit_price_micros: int
    price_source: PriceSource
    price_list_version: str
    agreed_price_reason: str
    discounts: _containers.RepeatedCompositeFieldContainer[LineDiscount]
    gross_micros: int
    net_micros: int
    tax_code: str
    tax_rate_bps: int
    tax_micros: int
    customer_line_reference: str
    expected_unit_price_micros: int
    def __init__(self, line_number: _Optional[int] = ..., sku: _Optional[str] = ..., entered_quantity: _Optional[int] = ..., unit: _Optional[str] = ..., ordered_quantity: _Optional[int] = ..., over_shipped_quantity: _Optional[int] = ..., cancelled_quantity: _Optional[int] = ..., closed_short_quantity: _Optional[int] = ..., open_quantity: _Optional[int] = ..., shipped_quantity: _Optional[int] = ..., received_quantity: _Optional[int] = ..., short_quantity: _Optional[int] = ..., damaged_quantity: _Optional[int] = ..., refused_quantity: _Optional[int] = ..., returned_quantity: _Optional[int] = ..., reserved_quantity: _Optional[int] = ..., back_ordered_quantity: _Optional[int] = ..., reservations: _Optional[_Iterable[_Union[LineReservation, _Mapping]]] = ..., list_unit_price_micros: _Optional[int] = ..., unit_price_micros: _Optional[int] = ..., price_source: _Optional[_Union[PriceSource, str]] = ..., price_list_version: _Optional[str] = ..., agreed_price_reason: _Optional[str] = ..., discounts: _Optional[_Iterable[_Union[LineDiscount, _Mapping]]] = ..., gross_micros: _Optional[int] = ..., net_micros: _Optional[int] = ..., tax_code: _Optional[str] = ..., tax_rate_bps: _Optional[int] = ..., tax_micros: _Optional[int] = ..., customer_line_reference: _Optional[str] = ..., expected_unit_price_micros: _Optional[int] = ...) -> None: ...

class LineReservation(_message.Message):
    __slots__ = ("warehouse_id", "quantity")
    WAREHOUSE_ID_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    warehouse_id: str
    quantity: int
    def __init__(self, warehouse_id: _Optional[str] = ..., quantity: _Optional[int] = ...) -> None: ...

class LineDiscount(_message.Message):
    __slots__ = ("name", "amount_micros")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MICROS_FIELD_NUMBER: _ClassVar[int]
    name: str
    amount_micros: int
    def __init__(self, name: _Optional[str] = ..., amount_micros: _Optional[int] = ...) -> None: ...

class OrderHold(_message.Message):
    __slots__ = ("kind", "reason", "set_by", "set_time")
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SET_BY_FIELD_NUMBER: _ClassVar[int]
    SET_TIME_FIELD_NUMBER: _ClassVar[int]
    kind: HoldKind
    reason: str
    set_by: str
    set_time: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[_Union[HoldKind, str]] = ..., reason: _Optional[str] = ..., set_by: _Optional[str] = ..., set_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RuleVerdict(_message.Message):
    __slots__ = ("reason", "outcome", "review_role", "review_level", "line_number", "sku", "figures", "message", "names")
    class FiguresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class NamesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    REASON_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ROLE_FIELD_NUMBER: _ClassVar[int]
    REVIEW_LEVEL_FIELD_NUMBER: _ClassVar[int]
    LINE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SKU_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    reason: str
    outcome: VerdictOutcome
    review_role: str
    review_level: int
    line_number: int
    sku: str
    figures: _containers.ScalarMap[str, int]
    message: str
    names: _containers.ScalarMap[str, str]
    def __init__(self, reason: _Optional[str] = ..., outcome: _Optional[_Union[VerdictOutcome, str]] = ..., review_role: _Optional[str] = ..., review_level: _Optional[int] = ..., line_number: _Optional[int] = ..., sku: _Optional[str] = ..., figures: _Optional[_Mapping[str, int]] = ..., message: _Optional[str] = ..., names: _Optional[_Mapping[str, str]] = ...) -> None: ...

class TimelineEntry(_message.Message):
    __slots__ = ("sequence", "time", "revision", "actor", "kind", "from_state", "to_state", "comment", "decision")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FROM_STATE_FIELD_NUMBER: _ClassVar[int]
    TO_STATE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    time: _timestamp_pb2.Timestamp
    revision: int
    actor: str
    kind: TimelineKind
    from_state: OrderState
    to_state: OrderState
    comment: str
    decision: Decision
    def __init__(self, sequence: _Optional[int] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revision: _Optional[int] = ..., actor: _Optional[str] = ..., kind: _Optional[_Union[TimelineKind, str]] = ..., from_state: _Optional[_Union[OrderState, str]] = ..., to_state: _Optional[_Union[OrderState, str]] = ..., comment: _Optional[str] = ..., decision: _Optional[_Union[Decision, _Mapping]] = ...) -> None: ...

class Decision(_message.Message):
    __slots__ = ("rule_set_version", "verdicts", "inputs")
    RULE_SET_VERSION_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    rule_set_version: int
    verdicts: _containers.RepeatedCompositeFieldContainer[RuleVerdict]
    inputs: DecisionInputs
    def __init__(self, rule_set_version: _Optional[int] = ..., verdicts: _Optional[_Iterable[_Union[RuleVerdict, _Mapping]]] = ..., inputs: _Optional[_Union[DecisionInputs, _Mapping]] = ...) -> None: ...

class DecisionInputs(_message.Message):
    __slots__ = ("decide_time", "principal_id", "order_limit_micros", "dealer_id", "tier", "region", "dealer_status", "business_date", "currency_code", "ship_policy", "total_micros", "credit_limit_micros", "credit_status", "unshipped_micros", "unbilled_micros", "receivable_micros", "products")
    DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    TIER_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    DEALER_STATUS_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_DATE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    SHIP_POLICY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_MICROS_FIELD_NUMBER: _ClassVar[int]
    CREDIT_LIMIT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CREDIT_STATUS_FIELD_NUMBER: _ClassVar[int]
    UNSHIPPED_MICROS_FIELD_NUMBER: _ClassVar[int]
    UNBILLED_MICROS_FIELD_NUMBER: _ClassVar[int]
    RECEIVABLE_MICROS_FIELD_NUMBER: _ClassVar[int]
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    decide_time: _timestamp_pb2.Timestamp
    principal_id: str
    order_limit_micros: int
    dealer_id: str
    tier: str
    region: str
    dealer_status: str
    business_date: str
    currency_code: str
    ship_policy: ShipPolicy
    total_micros: int
    credit_limit_micros: int
    credit_status: str
    unshipped_micros: int
    unbilled_micros: int
    receivable_micros: int
    products: _containers.RepeatedCompositeFieldContainer[DecisionProduct]
    def __init__(self, decide_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., principal_id: _Optional[str] = ..., order_limit_micros: _Optional[int] = ..., dealer_id: _Optional[str] = ..., tier: _Optional[str] = ..., region: _Optional[str] = ..., dealer_status: _Optional[str] = ..., business_date: _Optional[str] = ..., currency_code: _Optional[str] = ..., ship_policy: _Optional[_Union[ShipPolicy, str]] = ..., total_micros: _Optional[int] = ..., credit_limit_micros: _Optional[int] = ..., credit_status: _Optional[str] = ..., unshipped_micros: _Optional[int] = ..., unbilled_micros: _Optional[int] = ..., receivable_micros: _Optional[int] = ..., products: _Optional[_Iterable[_Union[DecisionProduct, _Mapping]]] = ...) -> None: ...

class DecisionProduct(_message.Message):
    __slots__ = ("sku", "asked_quantity", "promisable_quantity", "known", "status", "authorised", "minimum_quantity", "multiple_quantity", "maximum_quantity", "price_list_version", "list_unit_price_micros", "floor_unit_price_micros")
    SKU_FIELD_NUMBER: _ClassVar[int]
    ASKED_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PROMISABLE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    AUTHORISED_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    MULTIPLE_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_QUANTITY_FIELD_NUMBER: _ClassVar[int]
    PRICE_LIST_VERSION_FIELD_NUMBER: _ClassVar[int]
    LIST_UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    FLOOR_UNIT_PRICE_MICROS_FIELD_NUMBER: _ClassVar[int]
    sku: str
    asked_quantity: int
    promisable_quantity: int
    known: bool
    status: str
    authorised: bool
    minimum_quantity: int
    multiple_quantity: int
    maximum_quantity: int
    price_list_version: str
    list_unit_price_micros: int
    floor_unit_price_micros: int
    def __init__(self, sku: _Optional[str] = ..., asked_quantity: _Optional[int] = ..., promisable_quantity: _Optional[int] = ..., known: _Optional[bool] = ..., status: _Optional[str] = ..., authorised: _Optional[bool] = ..., minimum_quantity: _Optional[int] = ..., multiple_quantity: _Optional[int] = ..., maximum_quantity: _Optional[int] = ..., price_list_version: _Optional[str] = ..., list_unit_price_micros: _Optional[int] = ..., floor_unit_price_micros: _Optional[int] = ...) -> None: ...

class RuleSet(_message.Message):
    __slots__ = ("version", "description", "overrides", "duplicate_window_days", "review_expiry_hours", "publish_time", "published_by")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    OVERRIDES_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_WINDOW_DAYS_FIELD_NUMBER: _ClassVar[int]
    REVIEW_EXPIRY_HOURS_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_BY_FIELD_NUMBER: _ClassVar[int]
    version: int
    description: str
    overrides: _containers.RepeatedCompositeFieldContainer[RuleOverride]
    duplicate_window_days: int
    review_expiry_hours: int
    publish_time: _timestamp_pb2.Timestamp
    published_by: str
    def __init__(self, version: _Optional[int] = ..., description: _Optional[str] = ..., overrides: _Optional[_Iterable[_Union[RuleOverride, _Mapping]]] = ..., duplicate_window_days: _Optional[int] = ..., review_expiry_hours: _Optional[int] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., published_by: _Optional[str] = ...) -> None: ...

class RuleOverride(_message.Message):
    __slots__ = ("reason", "outcome", "review_role", "review_level", "audience")
    REASON_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ROLE_FIELD_NUMBER: _ClassVar[int]
    REVIEW_LEVEL_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    reason: str
    outcome: VerdictOutcome
    review_role: str
    review_level: int
    audience: _common_pb2.Audience
    def __init__(self, reason: _Optional[str] = ..., outcome: _Optional[_Union[VerdictOutcome, str]] = ..., review_role: _Optional[str] = ..., review_level: _Optional[int] = ..., audience: _Optional[_Union[_common_pb2.Audience, _Mapping]] = ...) -> None: ...

class CreateOrderRequest(_message.Message):
    __slots__ = ("request_id", "order")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: OrderDraft
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[OrderDraft, _Mapping]] = ...) -> None: ...

class CreateOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: Order
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class UpdateOrderRequest(_message.Message):
    __slots__ = ("request_id", "order", "update_mask", "etag")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: OrderDraft
    update_mask: _field_mask_pb2.FieldMask
    etag: str
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[OrderDraft, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class UpdateOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: Order
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class ValidateOrderRequest(_message.Message):
    __slots__ = ("order", "order_id")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    order: OrderDraft
    order_id: str
    def __init__(self, order: _Optional[_Union[OrderDraft, _Mapping]] = ..., order_id: _Optional[str] = ...) -> None: ...

class ValidateOrderResponse(_message.Message):
    __slots__ = ("outcome", "verdicts", "order")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    outcome: VerdictOutcome
    verdicts: _containers.RepeatedCompositeFieldContainer[RuleVerdict]
    order: Order
    def __init__(self, outcome: _Optional[_Union[VerdictOutcome, str]] = ..., verdicts: _Optional[_Iterable[_Union[RuleVerdict, _Mapping]]] = ..., order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class SubmitOrderRequest(_message.Message):
    __slots__ = ("request_id", "order_id", "etag")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order_id: str
    etag: str
    def __init__(self, request_id: _Optional[str] = ..., order_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class SubmitOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: Order
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class PlaceOrderRequest(_message.Message):
    __slots__ = ("request_id", "order")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: OrderDraft
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[OrderDraft, _Mapping]] = ...) -> None: ...

class PlaceOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: Order
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class BatchPlaceOrdersRequest(_message.Message):
    __slots__ = ("request_id", "order")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: OrderDraft
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[OrderDraft, _Mapping]] = ...) -> None: ...

class BatchPlaceOrdersResponse(_message.Message):
    __slots__ = ("request_id", "order", "error")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: Order
    error: _status_pb2.Status
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[Order, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ReviewOrderRequest(_message.Message):
    __slots__ = ("request_id", "order_id", "etag", "decision", "comment")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order_id: str
    etag: str
    decision: ReviewDecision
    comment: str
    def __init__(self, request_id: _Optional[str] = ..., order_id: _Optional[str] = ..., etag: _Optional[str] = ..., decision: _Optional[_Union[ReviewDecision, str]] = ..., comment: _Optional[str] = ...) -> None: ...

class ReviewOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: Order
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class CancelOrderRequest(_message.Message):
    __slots__ = ("request_id", "order_id", "etag", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order_id: str
    etag: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., order_id: _Optional[str] = ..., etag: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: Order
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class GetOrderRequest(_message.Message):
    __slots__ = ("order_id",)
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    def __init__(self, order_id: _Optional[str] = ...) -> None: ...

class GetOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: Order
    def __init__(self, order: _Optional[_Union[Order, _Mapping]] = ...) -> None: ...

class ListOrdersRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "omit_lines")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    OMIT_LINES_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    omit_lines: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., omit_lines: _Optional[bool] = ...) -> None: ...

class ListOrdersResponse(_message.Message):
    __slots__ = ("orders", "next_page_token", "revision")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    orders: _containers.RepeatedCompositeFieldContainer[Order]
    next_page_token: str
    revision: int
    def __init__(self, orders: _Optional[_Iterable[_Union[Order, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class GetOrderTimelineRequest(_message.Message):
    __slots__ = ("order_id", "page_size", "page_token")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    page_size: int
    page_token: str
    def __init__(self, order_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class GetOrderTimelineResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[TimelineEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[TimelineEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchOrdersRequest(_message.Message):
    __slots__ = ("after_revision", "dealer_id", "order_id")
    AFTER_REVISION_FIELD_NUMBER: _ClassVar[int]
    DEALER_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    after_revision: int
    dealer_id: str
    order_id: str
    def __init__(self, after_revision: _Optional[int] = ..., dealer_id: _Optional[str] = ..., order_id: _Optional[str] = ...) -> None: ...

class WatchOrdersResponse(_message.Message):
    __slots__ = ("revision", "order", "progress")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    revision: int
    order: Order
    progress: _common_pb2.Progress
    def __init__(self, revision: _Optional[int] = ..., order: _Optional[_Union[Order, _Mapping]] = ..., progress: _Optional[_Union[_common_pb2.Progress, _Mapping]] = ...) -> None: ...

class PublishRuleSetRequest(_message.Message):
    __slots__ = ("request_id", "rule_set", "expected_version")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    rule_set: RuleSet
    expected_version: int
    def __init__(self, request_id: _Optional[str] = ..., rule_set: _Optional[_Union[RuleSet, _Mapping]] = ..., expected_version: _Optional[int] = ...) -> None: ...

class PublishRuleSetResponse(_message.Message):
    __slots__ = ("rule_set",)
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ...) -> None: ...

class GetRuleSetRequest(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    def __init__(self, version: _Optional[int] = ...) -> None: ...

class GetRuleSetResponse(_message.Message):
    __slots__ = ("rule_set",)
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    rule_set: RuleSet
    def __init__(self, rule_set: _Optional[_Union[RuleSet, _Mapping]] = ...) -> None: ...
