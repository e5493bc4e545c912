public import DMSAPI
public import RPC

extension DMSClient {
  /// Stock of the brand and of its dealers.
  ///
  /// Every method throws ``DMSError``. A write makes its request id before the first try unless its
  /// request has one, keeps it over retries, and hands it out with the error when all tries failed.
  public struct Inventory: Sendable {
    let core: CallCore
    let stub: InventoryServiceClient

    init(core: CallCore) {
      self.core = core
      self.stub = InventoryServiceClient(core.caller)
    }

    /// Every balance that `request` asks for and the caller may see, page by page as it is read.
    public func networkStock(
      _ request: ListNetworkStockRequest = ListNetworkStockRequest(),
      options: CallOptions = CallOptions()
    ) -> PagedSequence<StockLevel> {
      core.pages(request, options, stub.listNetworkStock)
    }

    /// Every movement that `request` asks for, oldest first, page by page as it is read.
    public func movements(
      _ request: ListMovementsRequest = ListMovementsRequest(), options: CallOptions = CallOptions()
    ) -> PagedSequence<StockMovement> {
      core.pages(request, options, stub.listMovements)
    }

    /// Every rejected event of a dealer's streams, newest first, page by page as it is read; the
    /// caller's own when `dealerID` is empty.
    public func rejectedEvents(
      dealerID: String = "", pageSize: Int32 = 200, options: CallOptions = CallOptions()
    ) -> PagedSequence<RejectedEvent> {
      var request = ListRejectedEventsRequest()
      request.dealerID = dealerID
      request.pageSize = pageSize
      return core.pages(request, options, stub.listRejectedEvents)
    }

    /// Changed balances in the order of their commits, each at least once, over breaks of the
    /// connection. `request` says which; its `afterRevision` is not looked at.
    ///
    /// See ``WatchSequence`` for what is delivered, and for how to resume in a later run.
    public func watch(
      after start: WatchStart = .now, _ request: WatchInventoryRequest = WatchInventoryRequest(),
      options: CallOptions = CallOptions()
    ) -> InventoryWatch {
      core.watch(from: start, options) { [stub] revision, options in
        var request = request
        request.afterRevision = revision
        return stub.watchInventory(request, options: options)
      }
    }

    /// Opens one raw stream of StreamInventory; ``InventoryUploader`` does it with a window and
    /// resumes.
    ///
    /// Throws ``DMSError`` for a failed call, and what `body` throws.
    public func streamInventory<Result: Sendable>(
      options: CallOptions = CallOptions(),
      _ body: (RequestWriter<StreamInventoryRequest>, ResponseStream<StreamInventoryResponse>) async throws -> Result
    ) async throws -> Result {
      do {
        return try await stub.streamInventory(options: core.streamOptions(options), body)
      } catch let error as RPCError {
        throw DMSError(error)
      }
    }
  }
}
