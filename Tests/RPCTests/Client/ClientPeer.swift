import Foundation
import NIOCore
import Synchronization
import TestProcess

@testable import RPC

/// A stock grpcio server in a process of its own, which ends with this object or at `stop()`.
final class ClientPeer: Sendable {
  private let process: ChildProcess
  private let input: Pipe
  let port: Int

  /// A server for tests that leave it as it is; it ends with the tests. It takes 50 calls at once on a connection:
  /// a grpcio server with many hundreds of calls in hand cancels some of them.
  static let shared = Task { try await start(["--option", "grpc.max_concurrent_streams=50"]) }

  /// A key that no other test uses.
  static func uniqueKey() -> String { UUID().uuidString }

  /// Starts the server and waits until it listens.
  static func start(_ arguments: [String] = []) async throws -> ClientPeer {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try ClientPeer(arguments) }) }
    }
  }

  private init(_ arguments: [String]) throws {
    let output = Pipe()
    let input = Pipe()
    let process = try ChildProcess(
      URL(fileURLWithPath: "/usr/bin/env"), [Self.python, Self.folder + "/Python/peer_server.py"] + arguments,
      environment: ProcessInfo.processInfo.environment, input: input.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor, errors: STDERR_FILENO)
    try output.fileHandleForWriting.close()
    var line = ""
    while !line.hasSuffix("\n") {
      let bytes = output.fileHandleForReading.availableData
      guard !bytes.isEmpty else { break }
      line += String(decoding: bytes, as: UTF8.self)
    }
    guard let port = line.split(whereSeparator: \.isWhitespace).last.flatMap({ Int($0) }) else {
      process.signal(SIGKILL)
      process.wait()
      throw PeerError.didNotStart
    }
    self.process = process
    self.input = input
    self.port = port
  }

  /// Kills the server and waits until it is gone.
  func stop() {
    process.signal(SIGKILL)
    process.wait()
  }

  /// Waits until the server has ended by itself.
  func waitUntilExit() async {
    await process.end()
  }

  deinit { stop() }

  enum PeerError: Error { case didNotStart }

  /// The folder of these tests.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path

  /// The Python with gRPC's stock packages.
  static var python: String {
    if let named = ProcessInfo.processInfo.environment["DMS_PYTHON"] { return named }
    let own = folder + "/../../.venv/bin/python"
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }
}

/// Runs `body` with a client of a fresh peer, and ends both.
func withPeer<R>(
  _ arguments: [String], _ configuration: ClientConfiguration = .with(),
  _ body: (RPCClient, ClientPeer) async throws -> R
) async throws -> R {
  let peer = try await ClientPeer.start(arguments)
  defer { peer.stop() }
  return try await withClient(.hostPort("127.0.0.1", peer.port), configuration) { try await body($0, peer) }
}

/// Runs `body` with a client of the peer that all tests share, and closes it.
func withPeer<R>(
  _ configuration: ClientConfiguration = .with(), _ body: (RPCClient, ClientPeer) async throws -> R
) async throws -> R {
  let peer = try await ClientPeer.shared.value
  return try await withClient(.hostPort("127.0.0.1", peer.port), configuration) { try await body($0, peer) }
}

/// Runs `body` with a client, and closes it.
func withClient<R>(
  _ target: Target, _ configuration: ClientConfiguration = .with(),
  _ body: (RPCClient) async throws -> R
) async throws -> R {
  let client = try RPCClient(target: target, configuration: configuration)
  do {
    let result = try await body(client)
    await client.close()
    return result
  } catch {
    await client.close()
    throw error
  }
}

extension ClientConfiguration {
  /// The defaults with a seed, changed.
  static func with(_ change: (inout ClientConfiguration) -> Void = { _ in }) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.seed = 7
    change(&configuration)
    return configuration
  }
}

extension MethodDescriptor {
  /// A method of the peer.
  static func peer(_ name: String, _ kind: CallKind = .unary, _ idempotency: Idempotency = .unknown) -> MethodDescriptor
  {
    MethodDescriptor(service: "test.Peer", method: name, kind: kind, idempotency: idempotency)
  }
}

extension RPCClient {
  /// Calls a unary method of the peer with text, and reads its answer as text.
  @discardableResult
  func text(
    _ name: String, _ request: String = "", _ options: CallOptions = CallOptions(),
    idempotency: Idempotency = .unknown
  ) async throws -> String {
    String(buffer: try await unary(.peer(name, .unary, idempotency), ByteBuffer(string: request), options: options))
  }
}

/// The error that `body` throws, if it is an RPC error.
func rpcError(_ body: () async throws -> Void) async -> RPCError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? RPCError
  }
}
