public import DMSAPI
internal import Logging
internal import RPC

/// Changed orders; see ``WatchSequence``.
public typealias OrderWatch = WatchSequence<WatchOrdersResponse>

/// Changed balances; see ``WatchSequence``.
public typealias InventoryWatch = WatchSequence<WatchInventoryResponse>

/// Changes in the order of their commits, each at least once, over breaks of the connection.
///
/// A message counts as handled when the next one is asked for. After a break (UNAVAILABLE, a server
/// that restarts, `WATCHER_TOO_SLOW`) the watch waits a little and goes on after the last handled
/// revision, so that nothing is skipped; what shared a revision with the break may come twice.
/// Store ``WatchMessage/revision`` with what you made of the message, and start from
/// ``WatchStart/after(revision:)`` in the next run.
///
/// Throws OUT_OF_RANGE `REVISION_COMPACTED` when the server's log no longer reaches back that far:
/// list everything again and watch after the revision of the first page. Every other error ends the
/// watch too; UNAVAILABLE only after the outage that ``RetrySettings/outageMax`` allows, or when
/// nothing ever answered. Nothing is buffered on this side beyond the stream's own window.
///
/// ```swift
/// for try await message in client.orders.watch(after: .after(revision: stored)) {
///   if let order = message.resource { try handle(order) }
///   try store(message.revision)
/// }
/// ```
public struct WatchSequence<Response: WatchResponse>: AsyncSequence, Sendable {
  public typealias Element = WatchMessage<Response.Resource>
  public typealias Failure = DMSError

  typealias Open = @Sendable (_ after: Int64) -> ResponseStream<Response>

  private let start: WatchStart
  private let currentRevision: @Sendable () async -> Swift.Result<Int64, DMSError>
  private let open: Open
  private let reconnection: Reconnection
  private let logger: Logger

  init(
    from start: WatchStart, reconnection: Reconnection, logger: Logger,
    currentRevision: @escaping @Sendable () async -> Swift.Result<Int64, DMSError>,
    open: @escaping Open
  ) {
    self.start = start
    self.reconnection = reconnection
    self.logger = logger
    self.currentRevision = currentRevision
    self.open = open
  }

  /// Starts where the watch was told to.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(watch: self)
  }

  /// A place in the watch. Dropping it ends the stream.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let watch: WatchSequence
    private var resumption: WatchResumption?
    private var stream: ResponseStream<Response>.AsyncIterator?
    private var isOver = false

    fileprivate init(watch: WatchSequence) {
      self.watch = watch
    }

    /// Everything up to this revision has been delivered; nil before the first message was asked for.
    public var revision: Int64? { resumption?.revision }

    /// The next change or sign of life. It ends only by an error.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(DMSError) -> WatchMessage<Response.Resource>? {
      guard !isOver else { return nil }
      do {
        return try await message(isolation: actor)
      } catch {
        isOver = true
        stream = nil
        throw error
      }
    }

    private mutating func message(
      isolation actor: isolated (any Actor)?
    ) async throws(DMSError) -> WatchMessage<Response.Resource> {
      var resumption =
        if let resumption { resumption } else { try await watch.startingPlace() }
      defer { self.resumption = resumption }
      while true {
        var stream = self.stream ?? watch.open(resumption.revision).makeAsyncIterator()
        var failure: DMSError?
        do {
          if let response = try await stream.next(isolation: actor) {
            try resumption.received(response.revision)
            self.stream = stream
            return WatchMessage(response)
          }
        } catch {
          failure = DMSError(error)
        }
        self.stream = nil
        resumption = try await watch.pause(after: failure, at: resumption)
      }
    }
  }
}

extension WatchSequence {
  /// The place in the log at which the iteration begins. Where it is "now" it is asked for, so that
  /// a break before the first message skips nothing.
  private func startingPlace() async throws(DMSError) -> WatchResumption {
    let revision: Int64 =
      switch start {
      case .oldest: 0
      case .after(let revision): revision
      case .now: try await currentRevision().get()
      }
    return WatchResumption(after: revision, reconnection: reconnection)
  }

  /// Waits until the stream may be opened again, or throws when the failure is the caller's.
  private func pause(
    after failure: DMSError?, at place: WatchResumption
  ) async throws(DMSError) -> WatchResumption {
    var place = place
    var generator = SystemRandomNumberGenerator()
    switch place.ended(with: failure, at: .now, using: &generator) {
    case .fail(let error):
      throw error
    case .reopen(let wait):
      logger.info(
        "A watch is resumed",
        metadata: [
          "after": "\(wait)", "revision": "\(place.revision)",
          "error": "\(failure?.description ?? "ended by the server")",
        ])
      do {
        try await Task.sleep(for: wait)
      } catch {
        throw DMSError(error)
      }
      return place
    }
  }
}

extension WatchMessage {
  fileprivate init<Response: WatchResponse>(_ response: Response) where Response.Resource == Resource {
    self.init(
      revision: response.revision,
      event: response.changedResource.map(Event.changed) ?? .progress)
  }
}

extension CallCore {
  /// A watch over the stream that `open` opens.
  func watch<Response: WatchResponse>(
    from start: WatchStart, _ options: CallOptions,
    open: @escaping @Sendable (_ after: Int64, CallOptions) -> ResponseStream<Response>
  ) -> WatchSequence<Response> {
    let streamOptions = streamOptions(options)
    let admin = AdminServiceClient(caller)
    return WatchSequence(
      from: start,
      reconnection: Reconnection(settings: settings.retries, firstAnswerMax: settings.timeout),
      logger: settings.logger,
      currentRevision: { [self] in
        do throws(DMSError) {
          return .success(try await read(WhoAmIRequest(), options, admin.whoAmI).revision)
        } catch {
          return .failure(error)
        }
      },
      open: { revision in open(revision, streamOptions) })
  }
}
