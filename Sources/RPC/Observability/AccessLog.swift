public import Logging

/// Writes a line for every call of a server that has ended: at `debug`, and at `info` when the server itself failed
/// (UNKNOWN, INTERNAL, DATA_LOSS).
///
/// A line has the method, the code, the duration, who called and from where, and the ids of request and trace; never
/// metadata, messages or the text of an error. When its level is not logged a call costs one comparison.
public struct AccessLog: ServerObserver {
  private let logger: Logger
  private let caller: @Sendable (ServerContext) -> String?

  /// Lines for `logger`. `caller` names who was authenticated, from what an interceptor left in the context; nil for
  /// nobody.
  public init(logger: Logger, caller: @escaping @Sendable (ServerContext) -> String? = { _ in nil }) {
    self.logger = logger
    self.caller = caller
  }

  public func observer(of method: MethodDescriptor?) -> any MethodObserver {
    Lines(logger: logger, caller: caller)
  }

  private struct Lines: MethodObserver {
    let logger: Logger
    let caller: @Sendable (ServerContext) -> String?

    func callEnded(_ call: FinishedCall) {
      let level: Logger.Level = call.code.isServersOwn ? .info : .debug
      guard level >= logger.logLevel else { return }
      var metadata: Logger.Metadata = [
        "method": "\(call.path.dropFirst())", "code": "\(call.code)",
        "milliseconds": "\(Self.milliseconds(call.nanoseconds))", "peer": "\(call.peer.address)",
        "request": "\(call.requestID)",
      ]
      if let context = call.context {
        if let caller = caller(context) { metadata["caller"] = "\(caller)" }
        if let trace = context.traceID { metadata["trace"] = "\(trace)" }
      }
      if let name = call.peer.tls?.name { metadata["certificate"] = "\(name)" }
      logger.log(level: level, "call", metadata: metadata)
    }

    /// With three places, rounded down.
    private static func milliseconds(_ nanoseconds: Int64) -> String {
      let micros = nanoseconds / 1000
      let fraction = String(micros % 1000)
      return "\(micros / 1000).\(String(repeating: "0", count: max(0, 3 - fraction.count)))\(fraction)"
    }
  }
}

extension StatusCode {
  /// Whether it says that the server itself is at fault.
  var isServersOwn: Bool {
    switch self {
    case .unknown, .internal, .dataLoss: true
    default: false
    }
  }
}

/// Writes a line for every call of a client that has ended: at `debug`, with the method, the code and the duration.
public struct ClientLog: ClientInterceptor {
  private let logger: Logger

  /// Lines for `logger`.
  public init(logger: Logger) {
    self.logger = logger
  }

  public func callDidEnd(_ context: ClientCallContext, error: RPCError?) {
    guard logger.logLevel <= .debug else { return }
    logger.debug(
      "call",
      metadata: [
        "method": "\(context.method)", "code": "\(error?.code ?? .ok)",
        "milliseconds": "\(Double(context.nanoseconds / 1000) / 1000)",
      ])
  }
}
