import RPC
import Testing

/// Lets `attack` do its worst; it measures by itself how much memory it has come to.
func survives(
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
func flood(
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
func calls(_ round: Int, _ make: (UInt32) -> [RawFrame]) -> [RawFrame] {
  var frames: [RawFrame] = []
  for index in (100 * round)..<(100 * round + 100) { frames += make(UInt32(2 * index + 1)) }
  return frames
}
