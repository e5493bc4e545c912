public import NIOCore

/// The replies of a call, as bytes, in the order in which they were sent.
///
/// It ends after a status OK; any other status is thrown as an `RPCError`, after the replies that came before it.
/// What is taken lets the server send more. A task that is cancelled while it waits here cancels the call.
/// Where it is the result of a server-streaming call, each iterator makes a call of its own, which starts when the
/// first reply is asked for and is cancelled when the iterator is dropped.
public struct RawResponseStream: AsyncSequence, Sendable {
  public typealias Element = ByteBuffer
  public typealias Failure = any Error

  enum Source: Sendable {
    case call(CallHandle)
    case lazy(@Sendable () async throws -> CallHandle)
  }

  private let source: Source

  init(_ source: Source) {
    self.source = source
  }

  /// An iterator over the replies.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(source: source)
  }

  /// Takes one reply after another.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private enum State {
      case notStarted(@Sendable () async throws -> CallHandle)
      case running(CallHandle, token: CancelToken?)
      case ended
    }

    private var state: State

    fileprivate init(source: Source) {
      switch source {
      case .call(let handle): state = .running(handle, token: nil)
      case .lazy(let start): state = .notStarted(start)
      }
    }

    /// The next reply; nil after the last. Throws an `RPCError`, once.
    public mutating func next() async throws -> ByteBuffer? {
      try await next(isolation: nil)
    }

    /// The next reply; nil after the last. Throws an `RPCError`, once.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBuffer? {
      let handle: CallHandle
      switch state {
      case .ended:
        return nil
      case .running(let running, _):
        handle = running
      case .notStarted(let start):
        do {
          handle = try await start()
        } catch {
          state = .ended
          throw error
        }
        state = .running(handle, token: CancelToken(handle))
      }
      do {
        if let reply = try await handle.nextReply() { return reply }
        state = .ended
        return nil
      } catch {
        state = .ended
        throw error
      }
    }
  }

  /// Cancels the call when its iterator is dropped; does nothing to a call that has ended.
  fileprivate final class CancelToken: Sendable {
    private let handle: CallHandle

    init(_ handle: CallHandle) { self.handle = handle }

    deinit { handle.cancel() }
  }
}

/// Sends the requests of a call, as bytes.
public struct RawRequestWriter: Sendable {
  let handle: CallHandle

  /// Sends a request after those before it; waits while the server, or the connection, takes no more.
  ///
  /// - Parameter mayCompress: false sends this one plain in a call that compresses its requests.
  /// - Throws: an `RPCError` once the call has ended; its result is then to be had from the call.
  public func write(_ message: ByteBuffer, mayCompress: Bool = true) async throws {
    try await handle.write(message, mayCompress: mayCompress)
  }

  /// Says that no request follows. Not needed at the end of a call's closure.
  public func finish() {
    handle.finishRequests()
  }
}
