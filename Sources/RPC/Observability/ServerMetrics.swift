public import CoreMetrics
internal import Synchronization

/// Counts and times what a server does, through swift-metrics.
///
/// | metric | kind | dimensions |
/// |---|---|---|
/// | `grpc_server_started_total` | counter | type, service, method |
/// | `grpc_server_handled_total` | counter | type, service, method, `grpc_code` |
/// | `grpc_server_handling_seconds` | timer | type, service, method |
/// | `grpc_server_msg_received_bytes_total`, `grpc_server_msg_sent_bytes_total` | counter | type, service, method |
/// | `grpc_server_msg_received_total`, `grpc_server_msg_sent_total` | counter | the same, of methods that stream |
/// | `grpc_server_open_calls` | meter | the same, of methods that stream |
/// | `grpc_server_connections_total` | counter | |
/// | `grpc_server_connections_open` | meter | |
/// | `grpc_server_connections_refused_total` | counter | `limit` |
/// | `grpc_server_certificate_reads_total` | counter | `outcome`: `loaded` or `failed` |
/// | `grpc_server_certificate_expiry_seconds` | meter | |
///
/// The dimensions of a method are `grpc_type`, `grpc_service` and `grpc_method`, `unknown` for calls of methods that are
/// not served. A call takes two readings of the clock and six updates of metrics that were looked up beforehand.
public struct ServerMetrics: ServerObserver {
  private let factory: any MetricsFactory
  private let opened: Counter
  private let open: Meter
  private let refused: [ConnectionRefusal: Counter]
  private let loaded: Counter
  private let failed: Counter
  private let expiry: Meter

  /// Metrics made by `factory`; by default the one that the process was bootstrapped with by now.
  public init(factory: any MetricsFactory = MetricsSystem.factory) {
    self.factory = factory
    opened = Counter(label: "grpc_server_connections_total", factory: factory)
    open = Meter(label: "grpc_server_connections_open", factory: factory)
    refused = Dictionary(
      uniqueKeysWithValues: ConnectionRefusal.allCases.map { reason in
        let dimensions = [("limit", reason.rawValue)]
        return (
          reason, Counter(label: "grpc_server_connections_refused_total", dimensions: dimensions, factory: factory)
        )
      })
    func reads(_ outcome: String) -> Counter {
      Counter(label: "grpc_server_certificate_reads_total", dimensions: [("outcome", outcome)], factory: factory)
    }
    loaded = reads("loaded")
    failed = reads("failed")
    expiry = Meter(label: "grpc_server_certificate_expiry_seconds", factory: factory)
  }

  public func observer(of method: MethodDescriptor?) -> any MethodObserver {
    MethodMetrics(method, side: "server", factory: factory)
  }

  public func connectionOpened() {
    opened.increment()
    open.increment()
  }

  public func connectionClosed() {
    open.decrement()
  }

  public func connectionRefused(_ reason: ConnectionRefusal) {
    refused[reason]?.increment()
  }

  public func certificateRead(_ outcome: Result<CertificateFacts, any Error>) {
    switch outcome {
    case .success(let facts):
      loaded.increment()
      expiry.set(facts.expirySeconds)
    case .failure:
      failed.increment()
    }
  }
}

/// The metrics of one method, on one side.
final class MethodMetrics: MethodObserver {
  /// What only methods that stream have: for the others these are the calls themselves.
  private struct Streaming {
    let received: Counter
    let sent: Counter
    let open: Meter
  }

  private let started: Counter
  private let succeeded: Counter
  private let duration: Timer
  private let receivedBytes: Counter
  private let sentBytes: Counter
  private let streaming: Streaming?
  private let failures = Mutex<[StatusCode: Counter]>([:])
  private let makeFailure: @Sendable (StatusCode) -> Counter

  /// The metrics of `method`, or of all methods that are not known.
  init(_ method: MethodDescriptor?, side: String, factory: any MetricsFactory) {
    let dimensions = [
      ("grpc_type", method?.kind.metricName ?? "unknown"), ("grpc_service", method?.service ?? "unknown"),
      ("grpc_method", method?.method ?? "unknown"),
    ]
    let prefix = "grpc_\(side)_"
    func counter(_ name: String) -> Counter {
      Counter(label: prefix + name, dimensions: dimensions, factory: factory)
    }
    let makeHandled: @Sendable (StatusCode) -> Counter = { code in
      Counter(
        label: prefix + "handled_total", dimensions: dimensions + [("grpc_code", code.description)], factory: factory)
    }
    started = counter("started_total")
    succeeded = makeHandled(.ok)
    makeFailure = makeHandled
    duration = Timer(
      label: prefix + "handling_seconds", dimensions: dimensions, preferredDisplayUnit: .seconds, factory: factory)
    receivedBytes = counter("msg_received_bytes_total")
    sentBytes = counter("msg_sent_bytes_total")
    streaming =
      method.map { $0.kind == .unary } ?? true
      ? nil
      : Streaming(
        received: counter("msg_received_total"), sent: counter("msg_sent_total"),
        open: Meter(label: prefix + "open_calls", dimensions: dimensions, factory: factory))
  }

  func callStarted() {
    started.increment()
    if let streaming { streaming.open.increment() }
  }

  func messageReceived(bytes: Int) {
    receivedBytes.increment(by: bytes)
    if let streaming { streaming.received.increment() }
  }

  func messageSent(bytes: Int) {
    sentBytes.increment(by: bytes)
    if let streaming { streaming.sent.increment() }
  }

  func callEnded(_ call: FinishedCall) {
    ended(call.code, nanoseconds: call.nanoseconds)
  }

  /// Counts an outcome.
  func ended(_ code: StatusCode, nanoseconds: Int64) {
    if let streaming { streaming.open.decrement() }
    duration.recordNanoseconds(nanoseconds)
    guard code != .ok else { return succeeded.increment() }
    let counter = failures.withLock { failures in
      if let counter = failures[code] { return counter }
      let counter = makeFailure(code)
      failures[code] = counter
      return counter
    }
    counter.increment()
  }
}

extension CallKind {
  /// The value of the dimension `grpc_type`, as other gRPC servers have it.
  fileprivate var metricName: String {
    switch self {
    case .unary: "unary"
    case .clientStreaming: "client_stream"
    case .serverStreaming: "server_stream"
    case .bidirectional: "bidi_stream"
    }
  }
}
