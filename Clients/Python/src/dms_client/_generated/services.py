"""Generated from the schemas by dev/generate-python; never edited."""

from __future__ import annotations

from dms_client._generated.dms.admin.v1 import admin_service_pb2 as admin_v1
from dms_client._generated.dms.inventory.v1 import inventory_service_pb2 as inventory_v1
from dms_client._generated.dms.order.v1 import order_service_pb2 as order_v1
from dms_client.calls import Calls, Method
from dms_client.paging import Paged

_ADJUST_STOCK = Method("/dms.inventory.v1.InventoryService/AdjustStock", inventory_v1.AdjustStockRequest, inventory_v1.AdjustStockResponse)
_CANCEL_ORDER = Method("/dms.order.v1.OrderService/CancelOrder", order_v1.CancelOrderRequest, order_v1.CancelOrderResponse)
_CREATE_API_KEY = Method("/dms.admin.v1.AdminService/CreateApiKey", admin_v1.CreateApiKeyRequest, admin_v1.CreateApiKeyResponse)
_CREATE_ORDER = Method("/dms.order.v1.OrderService/CreateOrder", order_v1.CreateOrderRequest, order_v1.CreateOrderResponse)
_GET_AVAILABILITY = Method("/dms.inventory.v1.InventoryService/GetAvailability", inventory_v1.GetAvailabilityRequest, inventory_v1.GetAvailabilityResponse)
_GET_CREDIT_ACCOUNT = Method("/dms.admin.v1.AdminService/GetCreditAccount", admin_v1.GetCreditAccountRequest, admin_v1.GetCreditAccountResponse)
_GET_DEALER = Method("/dms.admin.v1.AdminService/GetDealer", admin_v1.GetDealerRequest, admin_v1.GetDealerResponse)
_GET_ORDER = Method("/dms.order.v1.OrderService/GetOrder", order_v1.GetOrderRequest, order_v1.GetOrderResponse)
_GET_ORDER_TIMELINE = Method("/dms.order.v1.OrderService/GetOrderTimeline", order_v1.GetOrderTimelineRequest, order_v1.GetOrderTimelineResponse)
_GET_PRICE_LIST = Method("/dms.admin.v1.AdminService/GetPriceList", admin_v1.GetPriceListRequest, admin_v1.GetPriceListResponse)
_GET_PRINCIPAL = Method("/dms.admin.v1.AdminService/GetPrincipal", admin_v1.GetPrincipalRequest, admin_v1.GetPrincipalResponse)
_GET_PRODUCT = Method("/dms.admin.v1.AdminService/GetProduct", admin_v1.GetProductRequest, admin_v1.GetProductResponse)
_GET_RULE_SET = Method("/dms.order.v1.OrderService/GetRuleSet", order_v1.GetRuleSetRequest, order_v1.GetRuleSetResponse)
_GET_WAREHOUSE = Method("/dms.admin.v1.AdminService/GetWarehouse", admin_v1.GetWarehouseRequest, admin_v1.GetWarehouseResponse)
_LIST_API_KEYS = Method("/dms.admin.v1.AdminService/ListApiKeys", admin_v1.ListApiKeysRequest, admin_v1.ListApiKeysResponse)
_LIST_CREDIT_ACCOUNTS = Method("/dms.admin.v1.AdminService/ListCreditAccounts", admin_v1.ListCreditAccountsRequest, admin_v1.ListCreditAccountsResponse)
_LIST_DEALERS = Method("/dms.admin.v1.AdminService/ListDealers", admin_v1.ListDealersRequest, admin_v1.ListDealersResponse)
_LIST_MOVEMENTS = Method("/dms.inventory.v1.InventoryService/ListMovements", inventory_v1.ListMovementsRequest, inventory_v1.ListMovementsResponse)
_LIST_NETWORK_STOCK = Method("/dms.inventory.v1.InventoryService/ListNetworkStock", inventory_v1.ListNetworkStockRequest, inventory_v1.ListNetworkStockResponse)
_LIST_ORDERS = Method("/dms.order.v1.OrderService/ListOrders", order_v1.ListOrdersRequest, order_v1.ListOrdersResponse)
_LIST_PRICE_ENTRIES = Method("/dms.admin.v1.AdminService/ListPriceEntries", admin_v1.ListPriceEntriesRequest, admin_v1.ListPriceEntriesResponse)
_LIST_PRICE_LISTS = Method("/dms.admin.v1.AdminService/ListPriceLists", admin_v1.ListPriceListsRequest, admin_v1.ListPriceListsResponse)
_LIST_PRINCIPALS = Method("/dms.admin.v1.AdminService/ListPrincipals", admin_v1.ListPrincipalsRequest, admin_v1.ListPrincipalsResponse)
_LIST_PRODUCTS = Method("/dms.admin.v1.AdminService/ListProducts", admin_v1.ListProductsRequest, admin_v1.ListProductsResponse)
_LIST_REJECTED_EVENTS = Method("/dms.inventory.v1.InventoryService/ListRejectedEvents", inventory_v1.ListRejectedEventsRequest, inventory_v1.ListRejectedEventsResponse)
_LIST_WAREHOUSES = Method("/dms.admin.v1.AdminService/ListWarehouses", admin_v1.ListWarehousesRequest, admin_v1.ListWarehousesResponse)
_PLACE_ORDER = Method("/dms.order.v1.OrderService/PlaceOrder", order_v1.PlaceOrderRequest, order_v1.PlaceOrderResponse)
_PUBLISH_PRICE_LIST = Method("/dms.admin.v1.AdminService/PublishPriceList", admin_v1.PublishPriceListRequest, admin_v1.PublishPriceListResponse)
_PUBLISH_RULE_SET = Method("/dms.order.v1.OrderService/PublishRuleSet", order_v1.PublishRuleSetRequest, order_v1.PublishRuleSetResponse)
_REVIEW_ORDER = Method("/dms.order.v1.OrderService/ReviewOrder", order_v1.ReviewOrderRequest, order_v1.ReviewOrderResponse)
_REVOKE_API_KEY = Method("/dms.admin.v1.AdminService/RevokeApiKey", admin_v1.RevokeApiKeyRequest, admin_v1.RevokeApiKeyResponse)
_SAVE_PRICE_LIST_DRAFT = Method("/dms.admin.v1.AdminService/SavePriceListDraft", admin_v1.SavePriceListDraftRequest, admin_v1.SavePriceListDraftResponse)
_SET_STOCK = Method("/dms.inventory.v1.InventoryService/SetStock", inventory_v1.SetStockRequest, inventory_v1.SetStockResponse)
_SUBMIT_ORDER = Method("/dms.order.v1.OrderService/SubmitOrder", order_v1.SubmitOrderRequest, order_v1.SubmitOrderResponse)
_UPDATE_ORDER = Method("/dms.order.v1.OrderService/UpdateOrder", order_v1.UpdateOrderRequest, order_v1.UpdateOrderResponse)
_UPSERT_CREDIT_ACCOUNTS = Method("/dms.admin.v1.AdminService/UpsertCreditAccounts", admin_v1.UpsertCreditAccountsRequest, admin_v1.UpsertCreditAccountsResponse)
_UPSERT_DEALERS = Method("/dms.admin.v1.AdminService/UpsertDealers", admin_v1.UpsertDealersRequest, admin_v1.UpsertDealersResponse)
_UPSERT_PRINCIPAL = Method("/dms.admin.v1.AdminService/UpsertPrincipal", admin_v1.UpsertPrincipalRequest, admin_v1.UpsertPrincipalResponse)
_UPSERT_PRODUCTS = Method("/dms.admin.v1.AdminService/UpsertProducts", admin_v1.UpsertProductsRequest, admin_v1.UpsertProductsResponse)
_UPSERT_WAREHOUSES = Method("/dms.admin.v1.AdminService/UpsertWarehouses", admin_v1.UpsertWarehousesRequest, admin_v1.UpsertWarehousesResponse)
_VALIDATE_ORDER = Method("/dms.order.v1.OrderService/ValidateOrder", order_v1.ValidateOrderRequest, order_v1.ValidateOrderResponse)
_VERIFY_LEDGERS = Method("/dms.inventory.v1.InventoryService/VerifyLedgers", inventory_v1.VerifyLedgersRequest, inventory_v1.VerifyLedgersResponse)
_WHO_AM_I = Method("/dms.admin.v1.AdminService/WhoAmI", admin_v1.WhoAmIRequest, admin_v1.WhoAmIResponse)


class AdminCalls(Calls):
    """Keeps master data, credit accounts, principals and keys.

    Any method may answer UNAUTHENTICATED, PERMISSION_DENIED `ROLE_MISSING`, INVALID_ARGUMENT
    `INVALID_FIELD`, RESOURCE_EXHAUSTED `OVERLOADED`, DEADLINE_EXCEEDED, and UNAVAILABLE
    `SHUTTING_DOWN` or `OUTCOME_UNKNOWN`; the methods' comments list what is particular to them.
    """

    def who_am_i(self, request: admin_v1.WhoAmIRequest, *, timeout: float | None = None) -> admin_v1.WhoAmIResponse:
        """Says who the caller is and what it may do.

        Errors: none of its own.
        """
        return self._core.read(_WHO_AM_I, request, timeout)

    def upsert_dealers(self, request: admin_v1.UpsertDealersRequest, *, timeout: float | None = None) -> admin_v1.UpsertDealersResponse:
        """Makes or replaces dealers, each on its own: a bad one is reported and the others are stored.

        Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `MISSING_REFERENCE`,
        `ETAG_MISMATCH`.
        """
        return self._core.write(_UPSERT_DEALERS, request, timeout)

    def get_dealer(self, request: admin_v1.GetDealerRequest, *, timeout: float | None = None) -> admin_v1.GetDealerResponse:
        """Returns one dealer.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_DEALER, request, timeout)

    def list_dealers(self, request: admin_v1.ListDealersRequest, *, timeout: float | None = None) -> admin_v1.ListDealersResponse:
        """Lists dealers by id.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_DEALERS, request, timeout)

    def iter_dealers(
        self, request: admin_v1.ListDealersRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.Dealer, admin_v1.ListDealersResponse]:
        """The whole list of list_dealers, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_DEALERS, page, timeout), request or admin_v1.ListDealersRequest(),
            lambda page: page.dealers)

    def upsert_products(self, request: admin_v1.UpsertProductsRequest, *, timeout: float | None = None) -> admin_v1.UpsertProductsResponse:
        """Makes or replaces products, each on its own: a bad one is reported and the others are stored.

        Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `ETAG_MISMATCH`.
        """
        return self._core.write(_UPSERT_PRODUCTS, request, timeout)

    def get_product(self, request: admin_v1.GetProductRequest, *, timeout: float | None = None) -> admin_v1.GetProductResponse:
        """Returns one product.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_PRODUCT, request, timeout)

    def list_products(self, request: admin_v1.ListProductsRequest, *, timeout: float | None = None) -> admin_v1.ListProductsResponse:
        """Lists products by sku.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_PRODUCTS, request, timeout)

    def iter_products(
        self, request: admin_v1.ListProductsRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.Product, admin_v1.ListProductsResponse]:
        """The whole list of list_products, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_PRODUCTS, page, timeout), request or admin_v1.ListProductsRequest(),
            lambda page: page.products)

    def upsert_warehouses(self, request: admin_v1.UpsertWarehousesRequest, *, timeout: float | None = None) -> admin_v1.UpsertWarehousesResponse:
        """Makes or replaces warehouses, each on its own: a bad one is reported and the others are stored.

        Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `ETAG_MISMATCH`.
        """
        return self._core.write(_UPSERT_WAREHOUSES, request, timeout)

    def get_warehouse(self, request: admin_v1.GetWarehouseRequest, *, timeout: float | None = None) -> admin_v1.GetWarehouseResponse:
        """Returns one warehouse.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_WAREHOUSE, request, timeout)

    def list_warehouses(self, request: admin_v1.ListWarehousesRequest, *, timeout: float | None = None) -> admin_v1.ListWarehousesResponse:
        """Lists warehouses by id.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_WAREHOUSES, request, timeout)

    def iter_warehouses(
        self, request: admin_v1.ListWarehousesRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.Warehouse, admin_v1.ListWarehousesResponse]:
        """The whole list of list_warehouses, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_WAREHOUSES, page, timeout), request or admin_v1.ListWarehousesRequest(),
            lambda page: page.warehouses)

    def upsert_credit_accounts(self, request: admin_v1.UpsertCreditAccountsRequest, *, timeout: float | None = None) -> admin_v1.UpsertCreditAccountsResponse:
        """Makes or replaces credit accounts, each on its own: a bad one is reported and the others are
        stored.

        Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `ETAG_MISMATCH`,
        `WRONG_STATE` (another currency than its entries).
        """
        return self._core.write(_UPSERT_CREDIT_ACCOUNTS, request, timeout)

    def get_credit_account(self, request: admin_v1.GetCreditAccountRequest, *, timeout: float | None = None) -> admin_v1.GetCreditAccountResponse:
        """Returns one credit account with its exposure.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_CREDIT_ACCOUNT, request, timeout)

    def list_credit_accounts(self, request: admin_v1.ListCreditAccountsRequest, *, timeout: float | None = None) -> admin_v1.ListCreditAccountsResponse:
        """Lists credit accounts by id.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_CREDIT_ACCOUNTS, request, timeout)

    def iter_credit_accounts(
        self, request: admin_v1.ListCreditAccountsRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.CreditAccount, admin_v1.ListCreditAccountsResponse]:
        """The whole list of list_credit_accounts, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_CREDIT_ACCOUNTS, page, timeout), request or admin_v1.ListCreditAccountsRequest(),
            lambda page: page.credit_accounts)

    def save_price_list_draft(self, request: admin_v1.SavePriceListDraftRequest, *, timeout: float | None = None) -> admin_v1.SavePriceListDraftResponse:
        """Adds entries to the draft of a price list, or begins a draft. What is published stays as it
        is until PublishPriceList.

        Errors: FAILED_PRECONDITION `MISSING_REFERENCE` (product); ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_SAVE_PRICE_LIST_DRAFT, request, timeout)

    def publish_price_list(self, request: admin_v1.PublishPriceListRequest, *, timeout: float | None = None) -> admin_v1.PublishPriceListResponse:
        """Publishes the draft of a price list; prices change with the next order.

        Errors: NOT_FOUND (no draft); FAILED_PRECONDITION `PRICE_CONFLICT` (a violation for each pair
        of entries that could both win); ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_PUBLISH_PRICE_LIST, request, timeout)

    def get_price_list(self, request: admin_v1.GetPriceListRequest, *, timeout: float | None = None) -> admin_v1.GetPriceListResponse:
        """Returns a price list without its entries.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_PRICE_LIST, request, timeout)

    def list_price_lists(self, request: admin_v1.ListPriceListsRequest, *, timeout: float | None = None) -> admin_v1.ListPriceListsResponse:
        """Lists price lists by id.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_PRICE_LISTS, request, timeout)

    def iter_price_lists(
        self, request: admin_v1.ListPriceListsRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.PriceList, admin_v1.ListPriceListsResponse]:
        """The whole list of list_price_lists, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_PRICE_LISTS, page, timeout), request or admin_v1.ListPriceListsRequest(),
            lambda page: page.price_lists)

    def list_price_entries(self, request: admin_v1.ListPriceEntriesRequest, *, timeout: float | None = None) -> admin_v1.ListPriceEntriesResponse:
        """Lists the entries of a price list's version or draft by sku.

        Errors: NOT_FOUND; INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_PRICE_ENTRIES, request, timeout)

    def iter_price_entries(
        self, request: admin_v1.ListPriceEntriesRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.PriceEntry, admin_v1.ListPriceEntriesResponse]:
        """The whole list of list_price_entries, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_PRICE_ENTRIES, page, timeout), request or admin_v1.ListPriceEntriesRequest(),
            lambda page: page.entries)

    def upsert_principal(self, request: admin_v1.UpsertPrincipalRequest, *, timeout: float | None = None) -> admin_v1.UpsertPrincipalResponse:
        """Makes or replaces a principal: a person or a machine that calls.

        Errors: FAILED_PRECONDITION `MISSING_REFERENCE` (dealer); ABORTED `ETAG_MISMATCH`;
        ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_UPSERT_PRINCIPAL, request, timeout)

    def get_principal(self, request: admin_v1.GetPrincipalRequest, *, timeout: float | None = None) -> admin_v1.GetPrincipalResponse:
        """Returns one principal.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_PRINCIPAL, request, timeout)

    def list_principals(self, request: admin_v1.ListPrincipalsRequest, *, timeout: float | None = None) -> admin_v1.ListPrincipalsResponse:
        """Lists principals by id.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_PRINCIPALS, request, timeout)

    def iter_principals(
        self, request: admin_v1.ListPrincipalsRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.Principal, admin_v1.ListPrincipalsResponse]:
        """The whole list of list_principals, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_PRINCIPALS, page, timeout), request or admin_v1.ListPrincipalsRequest(),
            lambda page: page.principals)

    def create_api_key(self, request: admin_v1.CreateApiKeyRequest, *, timeout: float | None = None) -> admin_v1.CreateApiKeyResponse:
        """Makes an API key. Its secret is in this answer and nowhere else; a repeat of the request
        returns the key without it.

        Errors: NOT_FOUND (principal); ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_CREATE_API_KEY, request, timeout)

    def list_api_keys(self, request: admin_v1.ListApiKeysRequest, *, timeout: float | None = None) -> admin_v1.ListApiKeysResponse:
        """Lists API keys by id.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_API_KEYS, request, timeout)

    def iter_api_keys(
        self, request: admin_v1.ListApiKeysRequest | None = None, *, timeout: float | None = None
    ) -> Paged[admin_v1.ApiKey, admin_v1.ListApiKeysResponse]:
        """The whole list of list_api_keys, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_API_KEYS, page, timeout), request or admin_v1.ListApiKeysRequest(),
            lambda page: page.api_keys)

    def revoke_api_key(self, request: admin_v1.RevokeApiKeyRequest, *, timeout: float | None = None) -> admin_v1.RevokeApiKeyResponse:
        """Revokes an API key; calls that start after the commit are refused.

        Errors: NOT_FOUND; ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_REVOKE_API_KEY, request, timeout)


class InventoryCalls(Calls):
    """Keeps the stock ledger of the brand and of its dealers.

    Any method may answer UNAUTHENTICATED, PERMISSION_DENIED `ROLE_MISSING`, INVALID_ARGUMENT
    `INVALID_FIELD`, RESOURCE_EXHAUSTED `OVERLOADED`, DEADLINE_EXCEEDED, and UNAVAILABLE
    `SHUTTING_DOWN` or `OUTCOME_UNKNOWN`; the methods' comments list what is particular to them.
    """

    def adjust_stock(self, request: inventory_v1.AdjustStockRequest, *, timeout: float | None = None) -> inventory_v1.AdjustStockResponse:
        """Posts movements at one location, all or nothing.

        Errors: NOT_FOUND (location, product); FAILED_PRECONDITION `INSUFFICIENT_STOCK`,
        `FEED_IS_AUTHORITY`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_ADJUST_STOCK, request, timeout)

    def set_stock(self, request: inventory_v1.SetStockRequest, *, timeout: float | None = None) -> inventory_v1.SetStockResponse:
        """Sets on-hand quantities at one location, all or nothing; the differences are posted as COUNT
        movements.

        Errors: NOT_FOUND (location, product); ABORTED `BALANCE_MISMATCH`; FAILED_PRECONDITION
        `FEED_IS_AUTHORITY`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_SET_STOCK, request, timeout)

    def get_availability(self, request: inventory_v1.GetAvailabilityRequest, *, timeout: float | None = None) -> inventory_v1.GetAvailabilityResponse:
        """Returns what the brand can promise of some products.

        Errors: NOT_FOUND (dealer).
        """
        return self._core.read(_GET_AVAILABILITY, request, timeout)

    def list_network_stock(self, request: inventory_v1.ListNetworkStockRequest, *, timeout: float | None = None) -> inventory_v1.ListNetworkStockResponse:
        """Lists balances of the brand's warehouses and of the dealers, as far as the caller may see them.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_NETWORK_STOCK, request, timeout)

    def iter_network_stock(
        self, request: inventory_v1.ListNetworkStockRequest | None = None, *, timeout: float | None = None
    ) -> Paged[inventory_v1.StockLevel, inventory_v1.ListNetworkStockResponse]:
        """The whole list of list_network_stock, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_NETWORK_STOCK, page, timeout), request or inventory_v1.ListNetworkStockRequest(),
            lambda page: page.levels)

    def list_movements(self, request: inventory_v1.ListMovementsRequest, *, timeout: float | None = None) -> inventory_v1.ListMovementsResponse:
        """Lists movements of the ledger, oldest first.

        Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_MOVEMENTS, request, timeout)

    def iter_movements(
        self, request: inventory_v1.ListMovementsRequest | None = None, *, timeout: float | None = None
    ) -> Paged[inventory_v1.StockMovement, inventory_v1.ListMovementsResponse]:
        """The whole list of list_movements, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_MOVEMENTS, page, timeout), request or inventory_v1.ListMovementsRequest(),
            lambda page: page.movements)

    def list_rejected_events(self, request: inventory_v1.ListRejectedEventsRequest, *, timeout: float | None = None) -> inventory_v1.ListRejectedEventsResponse:
        """Lists the events of a dealer's streams that were rejected, newest first.

        Errors: NOT_FOUND (dealer); INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_REJECTED_EVENTS, request, timeout)

    def iter_rejected_events(
        self, request: inventory_v1.ListRejectedEventsRequest | None = None, *, timeout: float | None = None
    ) -> Paged[inventory_v1.RejectedEvent, inventory_v1.ListRejectedEventsResponse]:
        """The whole list of list_rejected_events, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_REJECTED_EVENTS, page, timeout), request or inventory_v1.ListRejectedEventsRequest(),
            lambda page: page.events)

    def verify_ledgers(self, request: inventory_v1.VerifyLedgersRequest, *, timeout: float | None = None) -> inventory_v1.VerifyLedgersResponse:
        """Recomputes every stock, reservation and credit balance from its ledger, in one snapshot, and
        reports each difference.

        Errors: none of its own.
        """
        return self._core.read(_VERIFY_LEDGERS, request, timeout)


class OrderCalls(Calls):
    """Takes dealers' orders from draft to completion.

    Any method may answer UNAUTHENTICATED, PERMISSION_DENIED `ROLE_MISSING`, INVALID_ARGUMENT
    `INVALID_FIELD`, RESOURCE_EXHAUSTED `OVERLOADED`, DEADLINE_EXCEEDED, and UNAVAILABLE
    `SHUTTING_DOWN` or `OUTCOME_UNKNOWN`; the methods' comments list what is particular to them.
    """

    def create_order(self, request: order_v1.CreateOrderRequest, *, timeout: float | None = None) -> order_v1.CreateOrderResponse:
        """Stores a draft. Nothing is judged, reserved or booked.

        Errors: NOT_FOUND (dealer); ALREADY_EXISTS `ALREADY_EXISTS` (order id) or `REQUEST_ID_REUSED`.
        """
        return self._core.write(_CREATE_ORDER, request, timeout)

    def update_order(self, request: order_v1.UpdateOrderRequest, *, timeout: float | None = None) -> order_v1.UpdateOrderResponse:
        """Changes the named fields of a draft.

        Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`; ABORTED `ETAG_MISMATCH`;
        ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_UPDATE_ORDER, request, timeout)

    def validate_order(self, request: order_v1.ValidateOrderRequest, *, timeout: float | None = None) -> order_v1.ValidateOrderResponse:
        """Judges an order by every rule as if it were submitted now, and stores nothing.

        Errors: NOT_FOUND (dealer, order).
        """
        return self._core.read(_VALIDATE_ORDER, request, timeout)

    def submit_order(self, request: order_v1.SubmitOrderRequest, *, timeout: float | None = None) -> order_v1.SubmitOrderResponse:
        """Submits a draft: judges every rule, reserves stock and books credit, all or nothing;
        the order comes to rest in APPROVED or IN_REVIEW. A blocked draft stays a draft, with the
        decision on its timeline.

        Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`, `RULE_BLOCKED` (a `PreconditionFailure`
        violation for each rule); ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_SUBMIT_ORDER, request, timeout)

    def place_order(self, request: order_v1.PlaceOrderRequest, *, timeout: float | None = None) -> order_v1.PlaceOrderResponse:
        """Creates and submits in one commit. A blocked order is not kept.

        Errors: NOT_FOUND (dealer); FAILED_PRECONDITION `RULE_BLOCKED`; ALREADY_EXISTS
        `ALREADY_EXISTS` (order id) or `REQUEST_ID_REUSED`.
        """
        return self._core.write(_PLACE_ORDER, request, timeout)

    def review_order(self, request: order_v1.ReviewOrderRequest, *, timeout: float | None = None) -> order_v1.ReviewOrderResponse:
        """Approves, rejects, or returns to its author an order that is IN_REVIEW. Approval judges
        credit and stock again in its own commit.

        Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`, `RULE_BLOCKED`; ABORTED
        `ETAG_MISMATCH`; PERMISSION_DENIED `REVIEWER_IS_SUBMITTER`, `ROLE_MISSING`; ALREADY_EXISTS
        `REQUEST_ID_REUSED`.
        """
        return self._core.write(_REVIEW_ORDER, request, timeout)

    def cancel_order(self, request: order_v1.CancelOrderRequest, *, timeout: float | None = None) -> order_v1.CancelOrderResponse:
        """Cancels an order of which nothing has shipped; stock and credit are released in the same
        commit.

        Errors: NOT_FOUND; FAILED_PRECONDITION `WRONG_STATE`; ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS
        `REQUEST_ID_REUSED`.
        """
        return self._core.write(_CANCEL_ORDER, request, timeout)

    def get_order(self, request: order_v1.GetOrderRequest, *, timeout: float | None = None) -> order_v1.GetOrderResponse:
        """Returns one order.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_ORDER, request, timeout)

    def list_orders(self, request: order_v1.ListOrdersRequest, *, timeout: float | None = None) -> order_v1.ListOrdersResponse:
        """Lists orders, newest business date first unless `order_by` says otherwise.

        Errors: INVALID_ARGUMENT `INVALID_FILTER`, `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_LIST_ORDERS, request, timeout)

    def iter_orders(
        self, request: order_v1.ListOrdersRequest | None = None, *, timeout: float | None = None
    ) -> Paged[order_v1.Order, order_v1.ListOrdersResponse]:
        """The whole list of list_orders, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_LIST_ORDERS, page, timeout), request or order_v1.ListOrdersRequest(),
            lambda page: page.orders)

    def get_order_timeline(self, request: order_v1.GetOrderTimelineRequest, *, timeout: float | None = None) -> order_v1.GetOrderTimelineResponse:
        """Returns what has happened to an order, oldest first, with every decision and its figures.

        Errors: NOT_FOUND; INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
        """
        return self._core.read(_GET_ORDER_TIMELINE, request, timeout)

    def iter_order_timeline(
        self, request: order_v1.GetOrderTimelineRequest | None = None, *, timeout: float | None = None
    ) -> Paged[order_v1.TimelineEntry, order_v1.GetOrderTimelineResponse]:
        """The whole list of get_order_timeline, from the page that the request names."""
        return Paged(
            lambda page: self._core.read(_GET_ORDER_TIMELINE, page, timeout), request or order_v1.GetOrderTimelineRequest(),
            lambda page: page.entries)

    def publish_rule_set(self, request: order_v1.PublishRuleSetRequest, *, timeout: float | None = None) -> order_v1.PublishRuleSetResponse:
        """Publishes a new version of the rule set; it judges every order from the next commit on.

        Errors: ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
        """
        return self._core.write(_PUBLISH_RULE_SET, request, timeout)

    def get_rule_set(self, request: order_v1.GetRuleSetRequest, *, timeout: float | None = None) -> order_v1.GetRuleSetResponse:
        """Returns a version of the rule set.

        Errors: NOT_FOUND.
        """
        return self._core.read(_GET_RULE_SET, request, timeout)
