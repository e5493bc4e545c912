import Foundation
import NIOCore
import RPC
import Testing

/// Each attack is shown to cost bounded memory, and to disturb nobody else: a client on another connection makes one call
/// after another meanwhile.
///
/// The memory is the whole process's, with the attacker's own part in it and that of tests that run at the same time; the
/// bounds stand well above those and well below what the attack would take if it were let.
@Suite("Hostile clients", .serialized)
struct HostileTests {
  static let mebibyte = 1 << 20
  static let message = RawClient.frame(Array("x".utf8))

  // MARK: Slowness

  /// Where a slow client has come to when it becomes slow.
  enum Slowness: String, CaseIterable, CustomTestStringConvertible {
    case greeting, headers, body
    var testDescription: String { rawValue }

    /// What it sends first, at once.
    var start: [UInt8] {
      let greeted = RawFrame.preface + RawFrame.settings().bytes
      switch self {
      case .greeting: return []
      case .headers: return greeted + RawFrame.call("Echo", stream: 1).bytes.prefix(12)
      case .body: return greeted + RawFrame.call("Echo", stream: 1).bytes
      }
    }

    /// What it sends after that, byte by byte.
    var rest: [UInt8] {
      switch self {
      case .greeting: RawFrame.preface
      case .headers: Array(RawFrame.call("Echo", stream: 1).bytes.dropFirst(12))
      case .body: RawFrame.data([0, 0, 0x10, 0, 0] + Array(repeating: 0, count: 2000), stream: 1).bytes
      }
    }
  }

  @Test("Many that send a byte at a time are closed when their time is over", arguments: Slowness.allCases)
  func slow(slowness: Slowness) async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.handshakeTimeout = .milliseconds(700)
      $0.limits.unauthenticatedTime = .milliseconds(700)
      $0.limits.connectionAgeGrace = .milliseconds(100)
    }
    try await survives(configuration, growthMax: 96 * Self.mebibyte) { server, measure in
      var sockets: [RawSocket] = []
      for _ in 0..<200 {
        let socket = try await RawSocket.open(server.port, greets: false)
        try await socket.send(bytes: slowness.start)
        sockets.append(socket)
      }
      for byte in slowness.rest where sockets.contains(where: \.isOpen) {
        for socket in sockets where socket.isOpen { try? await socket.send(bytes: [byte]) }
        try await Task.sleep(for: .milliseconds(60))
      }
      try measure()
      for socket in sockets { await socket.closed() }
    }
  }

  @Test("A TLS handshake that comes a byte at a time is ended when its time is over")
  func slowTLS() async throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Certificates").path
    let configuration = ServerConfiguration.testing {
      $0.tls = ServerTLS(certificateChainFile: folder + "/server.pem", privateKeyFile: folder + "/server.key")
      $0.limits.handshakeTimeout = .seconds(2)
    }
    try await TestServer.with(configuration) { server in
      var sockets: [RawSocket] = []
      for _ in 0..<100 { sockets.append(try await RawSocket.open(server.port, greets: false)) }
      async let others: Void = PythonClient.passes(
        "echo", target: "127.0.0.1:\(server.port)", options: ["--ca", folder + "/authority.pem"])
      // The head of a record that announces 16,000 bytes, and then zeros.
      var bytes: [UInt8] = [22, 3, 1, 0x3E, 0x80, 1, 0, 0x3E, 0x70]
      while sockets.contains(where: \.isOpen) {
        let byte = bytes.isEmpty ? 0 : bytes.removeFirst()
        for socket in sockets where socket.isOpen { try? await socket.send(bytes: [byte]) }
        try await Task.sleep(for: .milliseconds(50))
      }
      try await others
    }
  }

  @Test("Requests that never end hold no more than a connection may")
  func unfinishedRequests() async throws {
    let configuration = ServerConfiguration.testing { $0.limits.connectionRequestBytesMax = 8 * Self.mebibyte }
    try await survives(configuration, growthMax: 96 * Self.mebibyte) { server, measure in
      // A hundred calls that want to hold 4 MiB each, but for the last byte.
      try await RawSocket.with(server.port) { socket in
        let streams = (0..<100).map { UInt32(2 * $0 + 1) }
        try await socket.send(streams.map { .call("Echo", stream: $0) })
        try await socket.send(streams.map { .data([0, 0, 0x40, 0, 0], stream: $0) })
        let piece = [UInt8](repeating: 0, count: 16_000)
        for _ in 0..<120 {
          // The client stays inside its windows: a call that has been answered takes nothing more.
          for stream in streams { try? await socket.send([.data(piece, stream: stream)]) }
          try measure()
          guard socket.isOpen else { break }
        }
      }
    }
  }

  // MARK: Floods

  @Test("Rapid resets: calls that are opened and reset at once end their connection, and their handlers with it")
  func rapidReset() async throws {
    try await survives(growthMax: 64 * Self.mebibyte) { server, measure in
      for _ in 0..<10 {
        try await flood(server, reads: true) { round in
          calls(round) {
            [.call("Hang", stream: $0), .data(Self.message, stream: $0, end: true), .reset(stream: $0)]
          }
        }
      }
      try measure()
    }
  }

  @Test("A header block without end is cut off: CONTINUATION frames, full and empty", arguments: [0, 16_000])
  func continuations(count: Int) async throws {
    var start = RawFrame.call("Echo", stream: 1)
    start.flags = 0
    let field = RawFrame.literal("x", String(repeating: "x", count: max(0, count - 10)))
    try await survives(growthMax: 64 * Self.mebibyte) { [start] server, measure in
      for _ in 0..<10 {
        try await flood(server, start: [start]) { _ in
          [RawFrame(kind: .continuation, stream: 1, payload: count == 0 ? [] : field)]
        }
      }
      try measure()
    }
  }

  @Test(
    "Floods of frames that do nothing end their connection, whether their answers are read or not",
    arguments: MannersTests.Idle.allCases, [true, false])
  func idleFrames(idle: MannersTests.Idle, reads: Bool) async throws {
    let configuration = ServerConfiguration.testing { $0.limits.pingIntervalMin = .zero }
    try await survives(configuration, growthMax: 64 * Self.mebibyte) { server, measure in
      for _ in 0..<5 {
        try await flood(server, reads: reads, start: [.call("Ignore", stream: 1)]) { _ in
          Array(repeating: idle.frame, count: 500)
        }
      }
      try measure()
    }
  }

  @Test("A flood of pings is ended by their own rule first")
  func pings() async throws {
    try await survives(growthMax: 64 * Self.mebibyte) { server, measure in
      for _ in 0..<20 { try await flood(server) { _ in Array(repeating: .ping(), count: 500) } }
      try measure()
    }
  }
}
