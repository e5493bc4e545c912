internal import DMSAPI
internal import Logging
public import RPC

/// Sends a dealer's stock events, exactly once in effect, over breaks of the connection and
/// restarts of either side.
///
/// The uploader opens the stream, learns what is durable, takes what comes after from its source,
/// sends it in batches with a bounded number of events under way, and tells the source what has
/// become durable. After a break it opens the stream again and goes on from what the server holds.
/// A second upload of the same source takes over; the first then ends with
/// ``InventoryUploadError/fenced(_:)`` and must not start again by itself.
///
/// ```swift
/// let uploader = InventoryUploader(client.inventory, dealerID: "4711", source: "pos")
/// let summary = try await uploader.run(ListedEvents(events)) { update in … }
/// ```
public struct InventoryUploader: Sendable {
  private let inventory: DMSClient.Inventory
  private let open: StreamOpen
  private let options: UploadOptions
  private let callOptions: CallOptions

  /// An uploader for one source of a dealer.
  ///
  /// `source` names the reporting system; sequences count within it and within `epoch`, which goes
  /// up (from 1) when the source starts them anew.
  public init(
    _ inventory: DMSClient.Inventory, dealerID: String, source: String, epoch: Int64 = 1,
    options: UploadOptions = UploadOptions(), callOptions: CallOptions = CallOptions()
  ) {
    var open = StreamOpen()
    open.dealerID = dealerID
    open.source = source
    open.epoch = epoch
    self.inventory = inventory
    self.open = open
    self.options = options
    self.callOptions = callOptions
  }

  /// Uploads until the source ends and everything is durable.
  ///
  /// `onUpdate` is told what happens, one update at a time; answers wait while it runs. A rejection
  /// whose acknowledgement was lost in a break is not told again: list the dealer's rejected events.
  public func run(
    _ source: some InventoryEventSource,
    onUpdate: @escaping @Sendable (UploadUpdate) async throws -> Void = { _ in }
  ) async throws(InventoryUploadError) -> UploadSummary {
    let upload = Upload(
      open: open, source: source, onUpdate: onUpdate,
      window: UploadWindow(batchMax: options.batchMax, windowMax: options.windowMax),
      reconnection: Reconnection(
        settings: inventory.core.settings.retries, firstAnswerMax: inventory.core.settings.timeout))
    do {
      let summary = try await resuming(upload)
      await source.uploadEnded(with: nil)
      return summary
    } catch {
      await source.uploadEnded(with: error)
      throw error
    }
  }

  private func resuming(_ upload: Upload) async throws(InventoryUploadError) -> UploadSummary {
    while true {
      do {
        try await inventory.streamInventory(options: callOptions) { requests, responses in
          try await upload.exchange(requests, responses)
        }
        return upload.summary
      } catch {
        let failure = InventoryUploadError(error)
        guard case .failed(let failure) = failure, let wait = upload.broken(by: failure) else {
          throw failure
        }
        try await pause(wait, after: failure, of: upload)
      }
    }
  }

  private func pause(
    _ wait: Duration, after failure: DMSError, of upload: Upload
  ) async throws(InventoryUploadError) {
    inventory.core.settings.logger.info(
      "An upload is resumed",
      metadata: ["after": "\(wait)", "dealer": "\(open.dealerID)", "error": "\(failure)"])
    try await upload.tell(.interrupted(failure, retryAfter: wait))
    do {
      try await Task.sleep(for: wait)
    } catch {
      throw InventoryUploadError(error)
    }
  }
}
