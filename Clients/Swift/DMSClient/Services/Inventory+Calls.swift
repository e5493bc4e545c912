public import DMSAPI
public import RPC

extension DMSClient.Inventory {
  /// Posts movements at one location, all or nothing.
  ///
  /// Errors: NOT_FOUND (location, product); FAILED_PRECONDITION `INSUFFICIENT_STOCK`,
  /// `FEED_IS_AUTHORITY`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func adjustStock(
    _ request: AdjustStockRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> AdjustStockResponse {
    try await core.write(request, options, stub.adjustStock)
  }

  /// Sets on-hand quantities at one location, all or nothing; the differences are posted as COUNT
  /// movements.
  ///
  /// Errors: NOT_FOUND (location, product); ABORTED `BALANCE_MISMATCH`; FAILED_PRECONDITION
  /// `FEED_IS_AUTHORITY`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func setStock(
    _ request: SetStockRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> SetStockResponse {
    try await core.write(request, options, stub.setStock)
  }

  /// Returns what the brand can promise of some products.
  ///
  /// Errors: NOT_FOUND (dealer).
  public func getAvailability(
    _ request: GetAvailabilityRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetAvailabilityResponse {
    try await core.read(request, options, stub.getAvailability)
  }

  /// Lists balances of the brand's warehouses and of the dealers, as far as the caller may see them.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listNetworkStock(
    _ request: ListNetworkStockRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListNetworkStockResponse {
    try await core.read(request, options, stub.listNetworkStock)
  }

  /// Lists movements of the ledger, oldest first.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listMovements(
    _ request: ListMovementsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListMovementsResponse {
    try await core.read(request, options, stub.listMovements)
  }

  /// Lists the events of a dealer's streams that were rejected, newest first.
  ///
  /// Errors: NOT_FOUND (dealer); INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listRejectedEvents(
    _ request: ListRejectedEventsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListRejectedEventsResponse {
    try await core.read(request, options, stub.listRejectedEvents)
  }

  /// Recomputes every stock, reservation and credit balance from its ledger, in one snapshot, and
  /// reports each difference.
  ///
  /// It reads the whole store, and may take ten minutes unless `options` say otherwise.
  ///
  /// Errors: none of its own.
  public func verifyLedgers(
    _ request: VerifyLedgersRequest = VerifyLedgersRequest(), options: CallOptions = CallOptions()
  ) async throws(DMSError) -> VerifyLedgersResponse {
    var options = options
    options.timeout = options.timeout ?? .seconds(600)
    return try await core.read(request, options, stub.verifyLedgers)
  }
}
