internal import Synchronization

/// A name for something that an interceptor hands to the handler, such as the authenticated principal.
public protocol ContextKey {
  /// What is handed over.
  associatedtype Value: Sendable
}

/// What a handler knows about its call besides the messages. It may be used from any task.
public final class ServerContext: Sendable {
  private struct Reply {
    var initialMetadata = Metadata()
    var trailers = Metadata()
    var attachments: [ObjectIdentifier: any Sendable] = [:]
    var drainActions: [@Sendable () -> Void] = []
    var isDraining = false
  }

  /// What the client sent beside its messages.
  public let metadata: Metadata

  /// When the call will be answered DEADLINE_EXCEEDED and its task cancelled; nil when the client waits for ever.
  public let deadline: ContinuousClock.Instant?

  private let method: BoundMethod
  private let connection: ConnectionIdentity
  private let streamID: Int32
  private let reply = Mutex(Reply())

  init(
    method: BoundMethod, metadata: Metadata, deadline: ContinuousClock.Instant?, connection: ConnectionIdentity,
    streamID: Int32
  ) {
    self.method = method
    self.metadata = metadata
    self.deadline = deadline
    self.connection = connection
    self.streamID = streamID
  }

  /// The method that was called.
  public var descriptor: MethodDescriptor { method.descriptor }

  /// Who called.
  public var peer: Peer { connection.peer }

  /// Tells this call from all others of this process, for logs: connection and stream.
  public var requestID: String { "\(connection.id)-\(streamID)" }

  /// What `key` was set to, or nil.
  public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value? {
    get { reply.withLock { $0.attachments[ObjectIdentifier(key)] as? Key.Value } }
    set { reply.withLock { $0.attachments[ObjectIdentifier(key)] = newValue } }
  }

  /// Sets what is sent before the first message; without effect after it.
  public func setInitialMetadata(_ metadata: Metadata) {
    reply.withLock { $0.initialMetadata = metadata }
  }

  /// Adds a text to what is sent with the status.
  public func addTrailer(_ name: String, _ text: String) {
    reply.withLock { $0.trailers.add(name, text) }
  }

  /// Adds metadata to what is sent with the status.
  public func addTrailers(_ metadata: Metadata) {
    reply.withLock { $0.trailers.add(contentsOf: metadata) }
  }

  /// Has `action` called once when the server begins to shut down, or at once when it has: a call that lasts, such as a
  /// watch, ends itself then instead of using up the grace. The action must be quick.
  public func onDrain(_ action: @escaping @Sendable () -> Void) {
    let isDraining = reply.withLock { reply in
      if !reply.isDraining { reply.drainActions.append(action) }
      return reply.isDraining
    }
    if isDraining { action() }
  }

  /// Whether the server has begun to shut down.
  public var isDraining: Bool { reply.withLock { $0.isDraining } }

  /// Whether the handler's task has been cancelled: by the client, the deadline, a lost connection or a shutdown.
  public var isCancelled: Bool { Task.isCancelled }

  var initialMetadata: Metadata { reply.withLock { $0.initialMetadata } }

  var trailers: Metadata { reply.withLock { $0.trailers } }

  func drain() {
    let actions = reply.withLock { reply in
      reply.isDraining = true
      defer { reply.drainActions = [] }
      return reply.drainActions
    }
    for action in actions { action() }
  }
}

/// What the calls of one connection share.
final class ConnectionIdentity: Sendable {
  /// Counts the connections of a server from 1.
  let id: UInt64
  let peer: Peer

  init(id: UInt64, peer: Peer) {
    self.id = id
    self.peer = peer
  }
}
