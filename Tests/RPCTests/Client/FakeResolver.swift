import NIOCore
import Synchronization

@testable import RPC

/// Answers look-ups as a test says.
final class FakeResolver: NameResolver {
  /// `looked up` for every look-up that has begun.
  let events = EventLog()
  private let answer: Mutex<Result<[SocketAddress], RPCError>?>

  /// A resolver that never answers.
  init() {
    answer = Mutex(nil)
  }

  init(_ addresses: [SocketAddress]) {
    answer = Mutex(.success(addresses))
  }

  init(to servers: [ScriptedServer]) throws {
    answer = Mutex(.success(try servers.map { try $0.socket() }))
  }

  func set(_ addresses: [SocketAddress]) { answer.withLock { $0 = .success(addresses) } }

  func fail() { answer.withLock { $0 = .failure(RPCError(.unavailable, "no such name")) } }

  func addresses(of host: String, port: Int) async throws -> [SocketAddress] {
    events.add("looked up")
    if let answer = answer.withLock({ $0 }) { return try answer.get() }
    try await Task.sleep(for: .seconds(3_600))
    return []
  }
}

extension Target {
  /// A name that only a resolver of the tests knows.
  static let named = Target.hostPort("dms.test", 1)
}
