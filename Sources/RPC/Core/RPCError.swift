/// A call that did not succeed: what travels in its trailers, and what only the log may see.
public struct RPCError: Error, Sendable, CustomStringConvertible {
  /// Why, for programs.
  public var code: StatusCode

  /// Why, for people; it goes to the peer, so it holds no secrets.
  public var message: String

  /// A serialized `google.rpc.Status` with the error's details, sent as `grpc-status-details-bin`.
  public var detailsBin: [UInt8]?

  /// Further trailing metadata.
  public var metadata: Metadata

  /// What lay beneath, for the log; it is never sent.
  public var cause: (any Error)?

  /// An error that ends a call with `code`.
  public init(
    _ code: StatusCode,
    _ message: String,
    detailsBin: [UInt8]? = nil,
    metadata: Metadata = [:],
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.detailsBin = detailsBin
    self.metadata = metadata
    self.cause = cause
  }

  /// The code and the message on one line; details and cause are left out.
  public var description: String {
    message.isEmpty ? code.description : "\(code): \(message)"
  }
}
