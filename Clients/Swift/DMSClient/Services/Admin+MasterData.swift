public import DMSAPI
public import RPC

extension DMSClient.Admin {
  /// Makes or replaces dealers, each on its own: a bad one is reported and the others are stored.
  ///
  /// Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `MISSING_REFERENCE`,
  /// `ETAG_MISMATCH`.
  public func upsertDealers(
    _ request: UpsertDealersRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> UpsertDealersResponse {
    try await core.write(request, options, stub.upsertDealers)
  }

  /// Returns one dealer.
  ///
  /// Errors: NOT_FOUND.
  public func getDealer(
    _ request: GetDealerRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetDealerResponse {
    try await core.read(request, options, stub.getDealer)
  }

  /// Lists dealers by id.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listDealers(
    _ request: ListDealersRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListDealersResponse {
    try await core.read(request, options, stub.listDealers)
  }

  /// Makes or replaces products, each on its own: a bad one is reported and the others are stored.
  ///
  /// Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `ETAG_MISMATCH`.
  public func upsertProducts(
    _ request: UpsertProductsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> UpsertProductsResponse {
    try await core.write(request, options, stub.upsertProducts)
  }

  /// Returns one product.
  ///
  /// Errors: NOT_FOUND.
  public func getProduct(
    _ request: GetProductRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetProductResponse {
    try await core.read(request, options, stub.getProduct)
  }

  /// Lists products by sku.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listProducts(
    _ request: ListProductsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListProductsResponse {
    try await core.read(request, options, stub.listProducts)
  }

  /// Makes or replaces warehouses, each on its own: a bad one is reported and the others are stored.
  ///
  /// Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `ETAG_MISMATCH`.
  public func upsertWarehouses(
    _ request: UpsertWarehousesRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> UpsertWarehousesResponse {
    try await core.write(request, options, stub.upsertWarehouses)
  }

  /// Returns one warehouse.
  ///
  /// Errors: NOT_FOUND.
  public func getWarehouse(
    _ request: GetWarehouseRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetWarehouseResponse {
    try await core.read(request, options, stub.getWarehouse)
  }

  /// Lists warehouses by id.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listWarehouses(
    _ request: ListWarehousesRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListWarehousesResponse {
    try await core.read(request, options, stub.listWarehouses)
  }

  /// Makes or replaces credit accounts, each on its own: a bad one is reported and the others are
  /// stored.
  ///
  /// Errors: ALREADY_EXISTS `REQUEST_ID_REUSED`. Items: `INVALID_FIELD`, `ETAG_MISMATCH`,
  /// `WRONG_STATE` (another currency than its entries).
  public func upsertCreditAccounts(
    _ request: UpsertCreditAccountsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> UpsertCreditAccountsResponse {
    try await core.write(request, options, stub.upsertCreditAccounts)
  }

  /// Returns one credit account with its exposure.
  ///
  /// Errors: NOT_FOUND.
  public func getCreditAccount(
    _ request: GetCreditAccountRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetCreditAccountResponse {
    try await core.read(request, options, stub.getCreditAccount)
  }

  /// Lists credit accounts by id.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listCreditAccounts(
    _ request: ListCreditAccountsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListCreditAccountsResponse {
    try await core.read(request, options, stub.listCreditAccounts)
  }
}
