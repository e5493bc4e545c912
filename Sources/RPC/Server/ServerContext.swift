internal import NIOCore
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
    var compresses: Bool
    var compressedRequests = 0
    /// Whether the headers name gzip; nil until they are settled.
    var namesGzip: Bool?
  }

  /// What the client sent beside its messages.
  public let metadata: Metadata

  /// When the call will be answered DEADLINE_EXCEEDED and its task cancelled; nil when the client waits for ever.
  public let deadline: ContinuousClock.Instant?

  private let method: BoundMethod
  private let connection: ConnectionIdentity
  private let streamID: Int32
  private let reply: Mutex<Reply>
  /// The size from which replies may be compressed; nil when the server or the client does without.
  private let compressionThreshold: Int?

  init(
    method: BoundMethod, metadata: Metadata, deadline: ContinuousClock.Instant?, connection: ConnectionIdentity,
    streamID: Int32, compressionThreshold: Int?, compresses: Bool
  ) {
    self.method = method
    self.metadata = metadata
    self.deadline = deadline
    self.connection = connection
    self.streamID = streamID
    self.compressionThreshold = compressionThreshold
    self.reply = Mutex(Reply(compresses: compresses))
  }

  /// The method that was called.
  public var descriptor: MethodDescriptor { method.descriptor }

  /// Who called.
  public var peer: Peer { connection.peer }

  /// Tells this call from all others of this process, for logs: connection and stream.
  public var requestID: String { connection.requestID(streamID) }

  /// Says that the server knows this caller, or serves everybody: its connection is then no stranger's any more, which
  /// ``ServerLimits/unauthenticatedTime`` would end.
  ///
  /// It is for an interceptor that checks credentials and says so with ``ServerInterceptor/decidesAcceptance``; open
  /// methods such as health checks are accepted too. Any thread; it costs next to nothing.
  public func accept() { connection.accept() }

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

  /// Whether replies from now on are compressed with gzip.
  ///
  /// It starts as the server's ``ServerConfiguration/replyCompression`` says. It has no effect for a client that does
  /// not accept gzip, and on replies that are small. A stream that shall compress any of its messages must say so before
  /// its first; it may leave out later ones.
  public var compressesReplies: Bool {
    get { reply.withLock(\.compresses) }
    set { reply.withLock { $0.compresses = newValue } }
  }

  /// How many of the messages that the handler has taken so far came compressed. It has taken the one message of a
  /// method that takes one.
  public var compressedRequests: Int { reply.withLock(\.compressedRequests) }

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

  /// A reply as it is to travel. What the first of a call decides stands: its headers say whether any is compressed.
  func framed(_ message: ByteBuffer) -> FramedMessage {
    guard let compressionThreshold, settlesGzip(), compressesReplies else { return FramedMessage(message) }
    return FramedMessage(compressing: message, threshold: compressionThreshold)
  }

  /// A message that the handler takes, inflated if need be, to at most `bytesMax` bytes.
  func contents(_ message: FramedMessage, bytesMax: Int) throws(RPCError) -> ByteBuffer {
    guard message.isCompressed else { return message.bytes }
    reply.withLock { $0.compressedRequests += 1 }
    do throws(FramingError) {
      return try message.contents(bytesMax: bytesMax)
    } catch {
      throw error.rpcError
    }
  }

  /// Whether the response's headers name gzip; they do from then on, or never.
  func settlesGzip() -> Bool {
    guard compressionThreshold != nil else { return false }
    return reply.withLock { reply in
      let names = reply.namesGzip ?? reply.compresses
      reply.namesGzip = names
      return names
    }
  }

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
  private let accepted = Atomic(false)

  init(id: UInt64, peer: Peer) {
    self.id = id
    self.peer = peer
  }

  /// Whether any call was accepted.
  var isAccepted: Bool { accepted.load(ordering: .relaxed) }

  /// A call was accepted.
  func accept() {
    // Most find it so, and leave the cache line alone.
    if !isAccepted { accepted.store(true, ordering: .relaxed) }
  }

  /// Tells the call on this stream from all others of this process.
  func requestID(_ streamID: Int32) -> String { "\(id)-\(streamID)" }
}
