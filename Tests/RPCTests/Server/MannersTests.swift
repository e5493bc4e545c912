import NIOCore
import RPC
import Testing

@Suite("What a client may do to its connection")
struct MannersTests {
  private static let message = RawClient.frame(Array("still here".utf8))

  /// Makes a call; true when it is answered.
  private static func isServed(_ socket: RawSocket, stream: UInt32) async throws -> Bool {
    try await socket.send([.call("Echo", stream: stream), .data(message, stream: stream, end: true)])
    return await socket.next { $0.kind == .data && $0.stream == stream }?.payload == message
  }

  // MARK: Pings

  @Test("Three pings in a row are borne, the fourth ends the connection", arguments: [3, 4])
  func pings(count: Int) async throws {
    try await TestServer.with { server in
      try await RawSocket.with(server.port) { socket in
        try await socket.send((0..<count).map { _ in .ping() })
        if count == 3 {
          #expect(try await Self.isServed(socket, stream: 1))
        } else {
          #expect(await socket.farewell() == RawSocket.Farewell(code: .enhanceYourCalm, reason: "too_many_pings"))
        }
      }
    }
  }

  @Test("A client that is sent something between its pings may ping as often as it likes")
  func pingsBetweenReplies() async throws {
    try await TestServer.with { server in
      try await RawSocket.with(server.port) { socket in
        for index in 0..<50 as Range<UInt32> {
          try await socket.send([.ping(), .ping()])
          #expect(try await Self.isServed(socket, stream: 2 * index + 1))
        }
      }
    }
  }

  @Test("Without a least interval pings are not counted, and the number of strikes is free")
  func pingSettings() async throws {
    try await TestServer.with(.testing { $0.limits.pingIntervalMin = .zero }) { server in
      try await RawSocket.with(server.port) { (socket) async throws in
        for _ in 0..<50 { #expect(try await socket.roundTrip()) }
      }
    }
    try await TestServer.with(.testing { $0.limits.pingStrikesMax = 9 }) { server in
      try await RawSocket.with(server.port) { socket in
        for _ in 0..<10 { #expect(try await socket.roundTrip()) }
        try await socket.send([.ping()])
        #expect(await socket.farewell()?.reason == "too_many_pings")
      }
    }
  }

  @Test("gRPC's stock client probes the bandwidth of large streams with pings, and is never struck for it")
  func bandwidthProbes() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.pingStrikesMax = 0
      $0.limits.pingIntervalMin = .seconds(3600)
    }
    try await TestServer.with(configuration) { server in
      try await PythonClient.passes("probing", target: "127.0.0.1:\(server.port)")
      #expect(!server.log.text.contains("too_many_pings"))
    }
  }

  // MARK: Frames that do nothing

  /// A frame that does nothing, how many of it 20 allow, and the text of a test's name.
  enum Idle: String, CaseIterable, CustomTestStringConvertible {
    case settings, pings, answers, windowUpdates, streamWindowUpdates, priorities, emptyData, paddedData

    var testDescription: String { rawValue }

    var frame: RawFrame {
      switch self {
      case .settings: .settings()
      case .pings: .ping()
      case .answers: .ping(isAnswer: true)
      case .windowUpdates: .windowUpdate(1)
      case .streamWindowUpdates: .windowUpdate(1, stream: 1)
      case .priorities: .priority(stream: 1)
      case .emptyData: .data([], stream: 1)
      case .paddedData: RawFrame(kind: .data, flags: 0x8, stream: 1, payload: [9] + Array(repeating: 0, count: 9))
      }
    }
  }

  @Test("As many idle frames as allowed are borne, one more ends the connection", arguments: Idle.allCases, [0, 1])
  func idleFrames(idle: Idle, excess: Int) async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.controlBurst = 20
      $0.limits.controlsPerSecond = 0
      $0.limits.pingIntervalMin = .zero
    }
    try await TestServer.with(configuration) { server in
      try await RawSocket.with(server.port) { socket in
        // A call earns what the greeting took.
        try await socket.send([.call("Ignore", stream: 1)])
        await server.events.wait("started")
        try await socket.send(Array(repeating: idle.frame, count: 20 + excess))
        if excess == 0 {
          #expect(try await Self.isServed(socket, stream: 3))
        } else {
          let farewell = await socket.farewell()
          #expect(farewell == RawSocket.Farewell(code: .enhanceYourCalm, reason: "too many frames that do nothing"))
          await server.events.wait("cancelled")
        }
      }
    }
  }

  @Test("Calls and messages earn the frames that belong to them, and time the rest")
  func earnedFrames() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.controlBurst = 10
      $0.limits.controlsPerSecond = 0
    }
    try await TestServer.with(configuration) { server in
      try await RawSocket.with(server.port) { socket in
        for index in 0..<100 as Range<UInt32> {
          #expect(try await Self.isServed(socket, stream: 2 * index + 1))
          try await socket.send([.windowUpdate(15), .windowUpdate(15), .settings()])
        }
      }
    }
  }

  @Test("A header block may go on eight times, the ninth ends the connection", arguments: [8, 9])
  func continuations(count: Int) async throws {
    try await TestServer.with { server in
      try await RawSocket.with(server.port) { socket in
        var start = RawFrame.call("Echo", stream: 1)
        start.flags = 0
        let more = (1...count).map { index in
          RawFrame(
            kind: .continuation, flags: index == count ? RawFrame.endHeaders : 0, stream: 1,
            payload: RawFrame.literal("x-\(index)", "more"))
        }
        try await socket.send([start] + more + [.data(Self.message, stream: 1, end: true)])
        if count == 8 {
          #expect(await socket.next(.data)?.payload == Self.message)
        } else {
          #expect(await socket.farewell() != nil)
        }
      }
    }
  }

  @Test(
    "A header list over its limit costs its call; one of more than 64 times the limit the connection",
    arguments: [0, 1])
  func headerBomb(excess: Int) async throws {
    let limit = 2000
    try await TestServer.with(.testing { $0.limits.headerListBytesMax = limit }) { server in
      try await RawSocket.with(server.port) { socket in
        // One field of 1,000 bytes, then a byte for each time that it is named again.
        let used = RawClient.headers("Echo").reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 32 }
        let count = (64 * (limit + 1) - 1 - used) / 1000 + excess
        var call = RawFrame.call("Echo", stream: 1)
        call.payload += RawFrame.literal("a", String(repeating: "x", count: 967), indexed: true)
        call.payload += Array(repeating: 0x80 | 62, count: count - 1)
        try await socket.send([call])
        if excess == 0 {
          #expect(await socket.next(.headers)?.stream == 1)
          #expect(try await Self.isServed(socket, stream: 3))
        } else {
          #expect(await socket.farewell()?.code == .enhanceYourCalm)
        }
      }
    }
  }

  // MARK: Resets

  private static let fewResets = ServerConfiguration.testing {
    $0.limits.resetBurst = 10
    $0.limits.resetsPerSecond = 1
  }

  @Test("As many calls as allowed may be reset, one more ends the connection", arguments: [10, 11])
  func resets(count: Int) async throws {
    try await TestServer.with(Self.fewResets) { server in
      try await RawSocket.with(server.port) { socket in
        let streams = (0..<count).map { UInt32(2 * $0 + 1) }
        try await socket.send(streams.flatMap { [.call("Ignore", stream: $0), .reset(stream: $0)] })
        if count == 10 {
          #expect(try await Self.isServed(socket, stream: 101))
        } else {
          #expect(await socket.farewell() != nil)
        }
        // No handler outlives its call.
        try await eventually { server.events.count("started") == server.events.count("cancelled") }
      }
    }
  }

  @Test("A client that has its calls reset by what it does wrong is treated no better", arguments: [10, 11])
  func provokedResets(count: Int) async throws {
    try await TestServer.with(Self.fewResets) { server in
      try await RawSocket.with(server.port) { socket in
        let calls = (0..<count).map { index in
          var call = RawFrame.call("Ignore", stream: UInt32(2 * index + 1))
          call.payload += RawFrame.literal("Upper-Case", "is no name in HTTP/2")
          return call
        }
        try await socket.send(calls)
        if count == 10 {
          #expect(try await Self.isServed(socket, stream: 101))
        } else {
          let farewell = await socket.farewell()
          #expect(farewell == RawSocket.Farewell(code: .enhanceYourCalm, reason: "too many streams were reset"))
        }
      }
    }
  }

  @Test(
    "A client that opens more calls than it may is refused them, and in the end its connection", arguments: [10, 11])
  func refusedStreams(count: Int) async throws {
    var configuration = Self.fewResets
    configuration.limits.concurrentStreamsMax = 2
    try await TestServer.with(configuration) { server in
      try await RawSocket.with(server.port, greets: false) { socket in
        // It never says that it has seen the server's settings.
        try await socket.send(bytes: RawFrame.preface + RawFrame.settings().bytes)
        let streams = (0..<(2 + count)).map { UInt32(2 * $0 + 1) }
        try await socket.send(streams.map { .call("Ignore", stream: $0) })
        for stream in streams.dropFirst(2).prefix(10) {
          let reset = await socket.next { $0.kind == .reset && $0.stream == stream }
          #expect(reset?.number(at: 0) == HTTP2Code.refused.rawValue)
        }
        if count == 10 {
          #expect(try await socket.roundTrip())
        } else {
          #expect(await socket.farewell()?.code == .enhanceYourCalm)
        }
        await server.events.wait("started", 2)
        #expect(server.events.count("started") == 2)
      }
    }
  }
}
