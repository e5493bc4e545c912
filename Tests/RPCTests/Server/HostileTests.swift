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
  private static let mebibyte = 1 << 20
  private static let message = RawClient.frame(Array("x".utf8))

  /// Lets `attack` do its worst; it measures by itself how much memory it has come to.
  private func survives(
    _ configuration: ServerConfiguration = .testing(), growthMax: Int,
    _ attack: (TestServer, () throws -> Void) async throws -> Void
  ) async throws {
    try await TestServer.with(configuration) { server in
      try await whileOthersAreServed(server) {
        let before = try residentBytes()
        try await attack(server) {
          let growth = try residentBytes() - before
          #expect(growth <= growthMax, "grew by \(growth >> 20) MiB")
        }
      }
      try await eventually { server.server.connectionCount == 0 }
      try await eventually { server.events.count("started") == server.events.count("cancelled") }
    }
  }

  /// Sends again and again what `make` says, until the server has had enough; fails when it never has.
  private func flood(
    _ server: TestServer, rounds: Int = 10_000, reads: Bool = false, settings: [(UInt16, UInt32)] = [],
    start: [RawFrame] = [], _ make: (Int) -> [RawFrame]
  ) async throws {
    try await RawSocket.with(server.port, reads: reads, settings: settings) { socket in
      try await socket.send(start)
      for round in 0..<rounds {
        do { try await socket.send(make(round)) } catch { return }
      }
      Issue.record("the server bore it all")
    }
  }

  /// The frames of a hundred calls, for the streams of this round.
  private static func calls(_ round: Int, _ make: (UInt32) -> [RawFrame]) -> [RawFrame] {
    var frames: [RawFrame] = []
    for index in (100 * round)..<(100 * round + 100) { frames += make(UInt32(2 * index + 1)) }
    return frames
  }

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
    try await survives(configuration, growthMax: 64 * Self.mebibyte) { server, measure in
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
          Self.calls(round) {
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

  @Test("Answers that are never read end the connection before they fill the memory")
  func unreadAnswers() async throws {
    let configuration = ServerConfiguration.testing { $0.limits.resetBurst = 100_000_000 }
    try await survives(configuration, growthMax: 64 * Self.mebibyte) { server, measure in
      let name = [("x-echo", String(repeating: "e", count: 2000))]
      try await flood(server, rounds: 100_000) { round in
        Self.calls(round) { stream in
          let call = RawFrame.call("Echo", stream: stream, name)
          return [call, .data(Self.message, stream: stream, end: true), .reset(stream: stream)]
        }
      }
      try measure()
    }
  }

  // MARK: Windows

  @Test("Large replies that no window lets through are refused past what a connection may hold")
  func zeroWindow() async throws {
    let configuration = ServerConfiguration.testing { $0.limits.connectionResponseBytesMax = 8 * Self.mebibyte }
    try await survives(configuration, growthMax: 96 * Self.mebibyte) { server, measure in
      try await RawSocket.with(server.port, settings: [(4, 0)]) { socket in
        let request = RawClient.frame(Array("4000000".utf8))
        for index in 0..<100 as Range<UInt32> {
          let stream = 2 * index + 1
          try await socket.send([.call("Fill", stream: stream), .data(request, stream: stream, end: true)])
        }
        // Two replies fit; the others are refused, each with one block of headers that ends its stream.
        for _ in 0..<98 {
          let refusal = await socket.next { $0.kind == .headers && $0.flags & RawFrame.endStream != 0 }
          #expect(refusal != nil)
        }
        try measure()
      }
    }
  }

  @Test("A client that opens streams and never reads holds a buffer for each, and goes when it answers no ping")
  func neverReads() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.keepaliveInterval = .seconds(1)
      $0.limits.keepaliveTimeout = .seconds(1)
      $0.limits.closingTimeout = .milliseconds(100)
    }
    try await survives(configuration, growthMax: 96 * Self.mebibyte) { server, measure in
      var sockets: [RawSocket] = []
      for _ in 0..<5 {
        let socket = try await RawSocket.open(server.port, reads: false)
        let request = RawClient.frame(Array("1000 10000".utf8))
        for index in 0..<100 as Range<UInt32> {
          let stream = 2 * index + 1
          try await socket.send([.call("Range", stream: stream), .data(request, stream: stream, end: true)])
        }
        sockets.append(socket)
      }
      await server.events.wait("written", 5 * 100 * 7)
      try measure()
      await server.events.wait("stopped", 500)
      try measure()
      for socket in sockets { await socket.close() }
    }
  }

  @Test("A window that overflows ends the connection, or its own stream", arguments: [0, 1] as [UInt32])
  func windowOverflow(stream: UInt32) async throws {
    try await survives(growthMax: 64 * Self.mebibyte) { server, _ in
      try await RawSocket.with(server.port) { socket in
        try await socket.send([.call("Ignore", stream: 1)])
        await server.events.wait("started")
        try await socket.send([.windowUpdate(0x7FFF_FFFF, stream: stream), .windowUpdate(0x7FFF_FFFF, stream: stream)])
        if stream == 0 {
          #expect(await socket.farewell()?.code == .flowControl)
        } else {
          #expect(await socket.next(.reset)?.number(at: 0) == HTTP2Code.flowControl.rawValue)
        }
        await server.events.wait("cancelled")
      }
    }
  }

  @Test("A window that opens byte by byte is served, or ended for its frames")
  func tinyWindow() async throws {
    try await survives(growthMax: 64 * Self.mebibyte) { server, measure in
      try await RawSocket.with(server.port, settings: [(4, 0)]) { socket in
        let request = RawClient.frame(Array("20000".utf8))
        try await socket.send([.call("Fill", stream: 1), .data(request, stream: 1, end: true)])
        for _ in 0..<200 {
          do { try await socket.send(Array(repeating: .windowUpdate(1, stream: 1), count: 100)) } catch { break }
        }
        try measure()
      }
    }
  }

  // MARK: Headers

  @Test("A header table of any size that a client offers is not filled, and its own is bounded")
  func headerTables() async throws {
    try await survives(growthMax: 96 * Self.mebibyte) { server, measure in
      var sockets: [RawSocket] = []
      for number in 0..<50 as Range<Int> {
        let socket = try await RawSocket.open(server.port, settings: [(1, .max)])
        for index in 0..<50 as Range<UInt32> {
          // Fields that are new each time, both ways: the reply repeats one.
          let stream = 2 * index + 1
          let new = "\(number) \(index) " + String(repeating: "t", count: 3000)
          var call = RawFrame.call("Echo", stream: stream, [("x-echo", new)])
          for name in 0..<3 { call.payload += RawFrame.literal("x-\(name)", new, indexed: true) }
          try await socket.send([call, .data(Self.message, stream: stream, end: true)])
          #expect(await socket.next(.data)?.stream == stream)
        }
        sockets.append(socket)
      }
      try measure()
      for socket in sockets { await socket.close() }
    }
  }

  // MARK: Compression

  @Test("Many bombs at once are inflated to the limit and no further")
  func bombs() async throws {
    let bomb = FramedMessage(try GzipTests.bomb(), isCompressed: true)
    try await survives(growthMax: 128 * Self.mebibyte) { server, measure in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            try await RawClient.with(server.port) { client in
              var calls: [RawStream] = []
              for _ in 0..<25 {
                let headers = RawClient.headers("Echo", [("grpc-encoding", "gzip")])
                calls.append(try await client.open(headers, framed: [bomb]))
              }
              for call in calls { #expect(try await call.finished.futureResult.get().status == .resourceExhausted) }
            }
          }
        }
        try await group.waitForAll()
      }
      try measure()
    }
  }
}
