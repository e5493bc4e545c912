/// Watches a server: every call, also those that no interceptor sees (unknown methods, messages over a limit, calls that
/// the client gives up), and every connection.
///
/// For metrics and access logs. It must be quick and must not block: it is called on the event loops. ``ServerMetrics``
/// and ``AccessLog`` are observers; ``ServerConfiguration/observers`` takes them.
public protocol ServerObserver: Sendable {
  /// Who is told of the calls of `method`; nil stands for all calls that name no method which is served.
  ///
  /// Called once for each method when the server is made, so that nothing needs to be looked up for a call.
  func observer(of method: MethodDescriptor?) -> any MethodObserver

  /// A connection was let in.
  func connectionOpened()

  /// A connection that was let in has closed.
  func connectionClosed()

  /// A connection was closed at once.
  func connectionRefused(_ reason: ConnectionRefusal)

  /// The server's certificate was read: at the start, and whenever its files had changed or could not be used.
  func certificateRead(_ outcome: Result<CertificateFacts, any Error>)
}

extension ServerObserver {
  /// Does nothing.
  public func connectionOpened() {}
  /// Does nothing.
  public func connectionClosed() {}
  /// Does nothing.
  public func connectionRefused(_ reason: ConnectionRefusal) {}
  /// Does nothing.
  public func certificateRead(_ outcome: Result<CertificateFacts, any Error>) {}
}

/// Watches the calls of one method, on the event loops, several at the same time. It must be quick and must not block.
public protocol MethodObserver: Sendable {
  /// The headers of a call have arrived. ``callEnded(_:)`` follows, whatever happens.
  func callStarted()

  /// A message of a call has arrived, of so many bytes on the wire.
  func messageReceived(bytes: Int)

  /// A message of a call is sent, of so many bytes on the wire.
  func messageSent(bytes: Int)

  /// A call has its outcome: just before the client is told, or when the client is gone.
  func callEnded(_ call: FinishedCall)
}

extension MethodObserver {
  /// Does nothing.
  public func callStarted() {}
  /// Does nothing.
  public func messageReceived(bytes: Int) {}
  /// Does nothing.
  public func messageSent(bytes: Int) {}
}

/// A call at its end, for the time of ``MethodObserver/callEnded(_:)``: it is not to be kept.
public struct FinishedCall {
  private let call: ServerCall

  /// How it ended: what the client is told, CANCELLED when the client gave up, and for HTTP requests that are no gRPC
  /// the code that stands for their HTTP status.
  public let code: StatusCode

  /// How long it took, from its headers to its outcome, in nanoseconds.
  public let nanoseconds: Int64

  init(_ call: ServerCall, code: StatusCode, nanoseconds: Int64) {
    self.call = call
    self.code = code
    self.nanoseconds = nanoseconds
  }

  /// What interceptors and the handler knew of it; nil when it was refused before there was any.
  public var context: ServerContext? { call.context }

  /// The path that was asked for, cut when it is long and not served: `/service/method`.
  public var path: String { call.path }

  /// Who called.
  public var peer: Peer { call.peer }

  /// Tells the call from all others of this process: connection and stream.
  public var requestID: String { call.requestID }
}

/// Why a connection was not let in.
public enum ConnectionRefusal: String, Sendable, Hashable, CaseIterable {
  /// There are as many as there may be.
  case connections
  /// There are as many as there may be from its address.
  case connectionsPerPeer = "connections_per_peer"
  /// The server shuts down.
  case shutdown
}

/// What a server's certificate says of itself.
public struct CertificateFacts: Sendable, Hashable {
  /// The last second at which it is good, as seconds since 1970 (UTC).
  public let expirySeconds: Int64
}

/// Several observers of one method as one.
struct MethodObservers: MethodObserver {
  private let observers: [any MethodObserver]

  /// Who is told of the calls of `method`: nobody, one, or all of them.
  static func of(_ method: MethodDescriptor?, _ observers: [any ServerObserver]) -> (any MethodObserver)? {
    let all = observers.map { $0.observer(of: method) }
    return all.count > 1 ? MethodObservers(observers: all) : all.first
  }

  func callStarted() {
    for observer in observers { observer.callStarted() }
  }

  func messageReceived(bytes: Int) {
    for observer in observers { observer.messageReceived(bytes: bytes) }
  }

  func messageSent(bytes: Int) {
    for observer in observers { observer.messageSent(bytes: bytes) }
  }

  func callEnded(_ call: FinishedCall) {
    for observer in observers { observer.callEnded(call) }
  }
}
