public import DMSAPI
public import RPC

extension DMSClient.Admin {
  /// Adds entries to the draft of a price list, or begins a draft. What is published stays as it
  /// is until PublishPriceList.
  ///
  /// Errors: FAILED_PRECONDITION `MISSING_REFERENCE` (product); ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func savePriceListDraft(
    _ request: SavePriceListDraftRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> SavePriceListDraftResponse {
    try await core.write(request, options, stub.savePriceListDraft)
  }

  /// Publishes the draft of a price list; prices change with the next order.
  ///
  /// Errors: NOT_FOUND (no draft); FAILED_PRECONDITION `PRICE_CONFLICT` (a violation for each pair
  /// of entries that could both win); ABORTED `ETAG_MISMATCH`; ALREADY_EXISTS `REQUEST_ID_REUSED`.
  public func publishPriceList(
    _ request: PublishPriceListRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> PublishPriceListResponse {
    try await core.write(request, options, stub.publishPriceList)
  }

  /// Returns a price list without its entries.
  ///
  /// Errors: NOT_FOUND.
  public func getPriceList(
    _ request: GetPriceListRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> GetPriceListResponse {
    try await core.read(request, options, stub.getPriceList)
  }

  /// Lists price lists by id.
  ///
  /// Errors: INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listPriceLists(
    _ request: ListPriceListsRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListPriceListsResponse {
    try await core.read(request, options, stub.listPriceLists)
  }

  /// Lists the entries of a price list's version or draft by sku.
  ///
  /// Errors: NOT_FOUND; INVALID_ARGUMENT `INVALID_PAGE_TOKEN`.
  public func listPriceEntries(
    _ request: ListPriceEntriesRequest, options: CallOptions = CallOptions()
  ) async throws(DMSError) -> ListPriceEntriesResponse {
    try await core.read(request, options, stub.listPriceEntries)
  }
}
