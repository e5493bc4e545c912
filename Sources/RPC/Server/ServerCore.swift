internal import Logging

/// What all connections of a server share; it does not change.
final class ServerCore: Sendable {
  let methods: MethodTable
  let interceptors: InterceptorChain
  let limits: ServerLimits
  let times: ConnectionTimes
  let replyCompression: ReplyCompression
  let compressionThreshold: Int
  let logger: Logger
  let registry: ConnectionRegistry
  let observers: [any ServerObserver]
  /// Who is told of calls that name no method which is served.
  let unservedObserver: (any MethodObserver)?

  private let statusCompletion: (@Sendable (RPCError) -> RPCError)?

  init(
    services: [ServiceDefinition], interceptors: [any ServerInterceptor], configuration: ServerConfiguration,
    logger: Logger
  ) {
    self.statusCompletion = configuration.statusCompletion
    self.replyCompression = configuration.replyCompression
    self.compressionThreshold = configuration.compressionThreshold
    self.observers = configuration.observers
    self.methods = MethodTable(services, observers: observers)
    self.unservedObserver = MethodObservers.of(nil, observers)
    self.interceptors = InterceptorChain(interceptors: interceptors)
    self.limits = configuration.limits
    self.times = configuration.limits.connectionTimes
    self.logger = logger
    self.registry = ConnectionRegistry(
      connectionsMax: configuration.limits.connectionsMax,
      connectionsPerPeerMax: configuration.limits.connectionsPerPeerMax)
  }

  /// An error as the client gets it.
  func completed(_ error: RPCError) -> RPCError {
    statusCompletion?(error) ?? error
  }

  /// Logs what lay beneath an error that a client got: as an error when it is the server's own, else for debugging.
  func log(_ cause: any Error, as code: StatusCode, _ context: ServerContext?) {
    let level: Logger.Level = code.isServersOwn ? .error : .debug
    guard level >= logger.logLevel else { return }
    var metadata: Logger.Metadata = ["code": "\(code)", "cause": "\(cause)"]
    for (key, value) in context?.logMetadata ?? [:] { metadata[key] = "\(value)" }
    logger.log(level: level, "a call failed", metadata: metadata)
  }
}
