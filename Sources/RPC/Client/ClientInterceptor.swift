internal import NIOCore

/// A call as an interceptor sees it.
public struct ClientCallContext: Sendable {
  /// What is called.
  public let method: MethodDescriptor
  /// The caller's options; an interceptor may change them before the call starts.
  public var options: CallOptions

  private var attachments: [ObjectIdentifier: any Sendable] = [:]
  private var began: NIODeadline?

  /// The context of a call that is about to start.
  public init(method: MethodDescriptor, options: CallOptions) {
    self.method = method
    self.options = options
  }

  /// What `key` was set to, or nil: an interceptor hands itself something from a call's start to its end.
  public subscript<Key: ContextKey>(key: Key.Type) -> Key.Value? {
    get { attachments[ObjectIdentifier(key)] as? Key.Value }
    set { attachments[ObjectIdentifier(key)] = newValue }
  }

  /// How long ago the first interceptor was told of the call, in nanoseconds; 0 before that.
  public var nanoseconds: Int64 { began.map { (.now() - $0).nanoseconds } ?? 0 }

  /// Interceptors are about to see the call.
  mutating func begin() { began = .now() }
}

/// Sees every call of a client before it starts and after it ended: for metadata, logs, metrics and traces.
public protocol ClientInterceptor: Sendable {
  /// Runs in the caller's task before the call starts, and may change its options; throwing refuses the call.
  func callWillStart(_ context: inout ClientCallContext) async throws

  /// Runs once for every call whose `callWillStart` returned, with its error or nil, wherever the call
  /// ended: it must not block.
  func callDidEnd(_ context: ClientCallContext, error: RPCError?)
}

extension ClientInterceptor {
  /// Changes nothing.
  public func callWillStart(_ context: inout ClientCallContext) async throws {}
  /// Does nothing.
  public func callDidEnd(_ context: ClientCallContext, error: RPCError?) {}
}

/// Says who is calling, in the metadata of every call.
///
/// They are never sent in plain text to another machine: such a call fails with UNAUTHENTICATED.
public struct CallCredentials: Sendable {
  enum Source: Sendable {
    case fixed(Metadata)
    case made(@Sendable () async throws -> Metadata)
  }

  let source: Source

  /// Credentials made anew for every call, for example from a token that is refreshed.
  public init(_ metadata: @escaping @Sendable () async throws -> Metadata) {
    source = .made(metadata)
  }

  private init(fixed metadata: Metadata) {
    source = .fixed(metadata)
  }

  /// A token sent as `authorization: Bearer …`.
  public static func bearer(_ token: String) -> CallCredentials {
    CallCredentials(fixed: ["authorization": "Bearer \(token)"])
  }

  /// A key sent as the metadatum `name`.
  public static func apiKey(_ key: String, name: String = "x-api-key") -> CallCredentials {
    CallCredentials(fixed: [name: key])
  }

  func metadata() async throws -> Metadata {
    switch source {
    case .fixed(let metadata): metadata
    case .made(let make): try await make()
    }
  }
}
