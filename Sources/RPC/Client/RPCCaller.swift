public import NIOCore

/// Makes calls whose messages are bytes; generated clients stand on it, and wrappers decorate it.
///
/// Every error is an `RPCError`, except those that a caller's own closure throws. Cancelling the
/// calling task cancels the call at the server.
public protocol RPCCaller: Sendable {
  /// One request, one reply.
  func unary(_ method: MethodDescriptor, _ request: ByteBuffer, options: CallOptions) async throws -> ByteBuffer

  /// One request, any number of replies. The call starts when the first reply is asked for, and is
  /// cancelled when the stream's iterator is dropped.
  func serverStreaming(_ method: MethodDescriptor, _ request: ByteBuffer, options: CallOptions) -> RawResponseStream

  /// Any number of requests, written by `body`, and one reply. The requests end when `body` returns;
  /// the call is cancelled when it throws.
  func clientStreaming(
    _ method: MethodDescriptor, options: CallOptions, _ body: @Sendable (RawRequestWriter) async throws -> Void
  ) async throws -> ByteBuffer

  /// Any number of requests and of replies, at the same time. The call is cancelled if it is still
  /// open when `body` returns or throws.
  func bidirectional<Result: Sendable>(
    _ method: MethodDescriptor, options: CallOptions,
    _ body: (RawRequestWriter, RawResponseStream) async throws -> Result
  ) async throws -> Result
}
