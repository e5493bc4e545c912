import NIOCore
import Testing

@testable import RPC

@Suite("A client of several servers", .timeLimit(.minutes(2)))
struct ClientBalancingTests {
  private static let soon = BackoffPolicy(initial: .milliseconds(5), maximum: .milliseconds(20))
  /// For calls that may meet a server which has just gone.
  private static let again = CallOptions(waitForReady: true, isRetryable: true)

  /// Servers that answer with their names, for the length of a closure.
  private func withServers<R>(
    _ names: [String], streamsMax: Int = 100, _ body: ([ScriptedServer]) async throws -> R
  ) async throws -> R {
    var servers: [ScriptedServer] = []
    for name in names { servers.append(try await .named(name, streamsMax: streamsMax)) }
    do {
      let result = try await body(servers)
      for server in servers { await server.crash() }
      return result
    } catch {
      for server in servers { await server.crash() }
      throw error
    }
  }

  private func goingRound(_ change: (inout ClientConfiguration) -> Void = { _ in }) -> ClientConfiguration {
    .with {
      $0.loadBalancing = .roundRobin
      $0.reconnect = Self.soon
      $0.retry.backoff = Self.soon
      $0.lookUpIntervalMin = .zero
      $0.connectionAttemptDelay = .seconds(60)
      change(&$0)
    }
  }

  private func list(_ servers: [ScriptedServer]) throws -> Target { try .list(servers.map(\.address)) }

  /// Calls until each of these servers has answered.
  private func callUntil(_ names: Set<String>, _ client: RPCClient) async throws {
    var seen: Set<String> = []
    while !seen.isSuperset(of: names) { seen.insert(try await client.text("Name", "", Self.again)) }
  }

  /// Who answers so many calls.
  private func answers(_ count: Int, _ client: RPCClient, _ options: CallOptions = CallOptions()) async throws
    -> [String: Int]
  {
    var answers: [String: Int] = [:]
    for _ in 0..<count { answers[try await client.text("Name", "", options), default: 0] += 1 }
    return answers
  }

  // MARK: Picking the first

  @Test("All calls go to the first address that answers, and to the next when it is gone")
  func pickFirst() async throws {
    try await withServers(["a", "b"]) { servers async throws in
      try await withClient(try list(servers), goingRound { $0.loadBalancing = .pickFirst }) { client async throws in
        #expect(try await answers(20, client) == ["a": 20])
        await servers[0].crash()
        #expect(try await answers(20, client, Self.again)["b"] == 20)
        #expect(servers[1].events.count("connected") == 1)
      }
    }
  }

  @Test("An address that accepts and says nothing is passed by after a short while, and its connection closed")
  func silentAddress() async throws {
    let silent = try await ScriptedServer(.handler { _ in nil })
    try await withServers(["a"]) { servers async throws in
      let target = try list([silent] + servers)
      try await withClient(target, .with { $0.connectionAttemptDelay = .milliseconds(5) }) { client async throws in
        #expect(try await client.text("Name") == "a")
        await silent.events.wait("closed")
      }
    }
    await silent.crash()
  }

  @Test("When no address answers, the error names the last and says how many there are")
  func noAddress() async throws {
    try await withServers(["a", "b"]) { servers async throws in
      let target = try list(servers)
      for server in servers { await server.crash() }
      let configuration = goingRound {
        $0.loadBalancing = .pickFirst
        $0.retry = .none
      }
      try await withClient(target, configuration) { client async throws in
        let error = await rpcError { try await client.text("Name") }
        #expect(error?.code == .unavailable)
        let message = error?.message ?? ""
        #expect(message.contains("could not connect to \(servers[1].address), nor to 1 other"), "\(message)")
      }
    }
  }

  // MARK: Names

  @Test("All addresses of a name are tried in order")
  func name() async throws {
    try await withServers(["gone", "a", "b"]) { servers async throws in
      await servers[0].crash()
      let resolver = try FakeResolver(to: servers)
      let configuration = goingRound {
        $0.loadBalancing = .pickFirst
        $0.resolver = resolver
      }
      try await withClient(.named, configuration) { client async throws in
        #expect(try await answers(5, client) == ["a": 5])
        #expect(resolver.events.count("looked up") == 1)
      }
    }
  }

  @Test("A name is looked up again when a connection is lost, and the server is found where it has moved")
  func moved() async throws {
    try await withServers(["old", "new"]) { servers async throws in
      let resolver = try FakeResolver(to: [servers[0]])
      let configuration = goingRound {
        $0.loadBalancing = .pickFirst
        $0.resolver = resolver
      }
      try await withClient(.named, configuration) { client async throws in
        #expect(try await client.text("Name") == "old")
        resolver.set([try servers[1].socket()])
        await servers[0].crash()
        try await callUntil(["new"], client)
      }
    }
  }

  @Test("A name is not looked up again before its time, however often connections are lost")
  func lookUpInterval() async throws {
    try await withServers(["a"]) { servers async throws in
      let resolver = try FakeResolver(to: servers)
      let configuration = goingRound {
        $0.resolver = resolver
        $0.lookUpIntervalMin = .seconds(3_600)
      }
      try await withClient(.named, configuration) { client async throws in
        for round in 1...5 {
          #expect(try await client.text("Name", "", Self.again) == "a")
          servers[0].goAway()
          await servers[0].events.wait("connected", round + 1)
        }
        #expect(resolver.events.count("looked up") == 1)
      }
    }
  }

  @Test("A name that cannot be looked up is UNAVAILABLE with the reason; who waits is served when it can")
  func unknownName() async throws {
    try await withServers(["a"]) { servers async throws in
      let resolver = FakeResolver([])
      let configuration = ClientConfiguration.with {
        $0.resolver = resolver
        $0.reconnect = Self.soon
        $0.retry = .none
      }
      try await withClient(.named, configuration) { client async throws in
        #expect(await rpcError { try await client.text("Name") }?.message == "dms.test:1 has no address")
        resolver.fail()
        await resolver.events.wait("looked up", 1)
        var message: String?
        while message?.contains("could not be looked up: no such name") != true {
          message = await rpcError { try await client.text("Name") }?.message
        }
        async let patient = client.text("Name", "", CallOptions(waitForReady: true))
        await resolver.events.wait("looked up", resolver.events.count("looked up") + 2)
        resolver.set([try servers[0].socket()])
        #expect(try await patient == "a")
      }
    }
  }

  @Test("A resolver that never answers is given up after the connect timeout")
  func hangingResolver() async throws {
    let configuration = ClientConfiguration.with {
      $0.resolver = FakeResolver()
      $0.connectTimeout = .milliseconds(50)
      $0.retry = .none
    }
    try await withClient(.named, configuration) { client async throws in
      let error = await rpcError { try await client.text("Name") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("in time") == true)
    }
  }

  @Test("Closing a client does not wait for its resolver")
  func closedDuringLookUp() async throws {
    let resolver = FakeResolver()
    let client = try RPCClient(target: .named, configuration: .with { $0.resolver = resolver })
    async let call = rpcError { try await client.text("Name") }
    await resolver.events.wait("looked up")
    await client.close()
    #expect(await call?.code == .unavailable)
  }

  // MARK: Going round

  @Test("Calls go round over all addresses, each with its share")
  func roundRobin() async throws {
    try await withServers(["a", "b", "c"]) { servers async throws in
      try await withClient(try list(servers), goingRound()) { client async throws in
        try await callUntil(["a", "b", "c"], client)
        #expect(try await answers(30, client) == ["a": 10, "b": 10, "c": 10])
        for server in servers { #expect(server.events.count("connected") == 1) }
      }
    }
  }

  @Test("When a server goes down calls go on elsewhere, and come back when it does")
  func serverGoesDown() async throws {
    try await withServers(["a", "b"]) { servers async throws in
      try await withClient(try list(servers), goingRound()) { client async throws in
        try await callUntil(["a", "b"], client)
        await servers[1].crash()
        #expect(try await answers(20, client, Self.again) == ["a": 20])
        let again = try await ScriptedServer.named("b2", port: servers[1].port)
        try await callUntil(["a", "b2"], client)
        await again.crash()
      }
    }
  }

  @Test("Calls fail only when no server is ready, and those that wait are served when one is")
  func allGone() async throws {
    try await withServers(["a", "b"]) { servers async throws in
      try await withClient(try list(servers), goingRound { $0.retry = .none }) { client async throws in
        try await callUntil(["a", "b"], client)
        for server in servers { await server.crash() }
        var error: RPCError?
        while error?.message.contains("could not connect") != true {
          error = await rpcError { try await client.text("Name") }
        }
        #expect(error?.code == .unavailable)
        async let patient = client.text("Name", "", CallOptions(waitForReady: true))
        let again = try await ScriptedServer.named("back", port: servers[0].port)
        #expect(try await patient == "back")
        await again.crash()
      }
    }
  }

  @Test("A server that retires its connection gets another, and no call is lost meanwhile")
  func goAway() async throws {
    try await withServers(["a", "b"]) { servers async throws in
      try await withClient(try list(servers), goingRound { $0.retry = .none }) { client async throws in
        try await callUntil(["a", "b"], client)
        for round in 1...5 {
          servers[1].goAway()
          async let reconnected: Void = servers[1].events.wait("connected", round + 1)
          _ = try await answers(10, client)
          await reconnected
          try await callUntil(["b"], client)
        }
        #expect(servers[0].events.count("connected") == 1)
      }
    }
  }

  @Test("Addresses that a name gains are used, and those that it loses are let go, with their calls served to the end")
  func nameChanges() async throws {
    try await withServers(["a", "b", "c"]) { servers async throws in
      let resolver = try FakeResolver(to: [servers[0], servers[1]])
      try await withClient(.named, goingRound { $0.resolver = resolver }) { client async throws in
        try await callUntil(["a", "b"], client)
        async let first = client.text("Hold")
        async let second = client.text("Hold")
        await servers[0].events.wait("held")
        await servers[1].events.wait("held")
        resolver.set([try servers[1].socket(), try servers[2].socket()])
        // What is lost makes the client look the name up.
        servers[1].goAway()
        await servers[1].events.wait("connected", 2)
        await servers[2].events.wait("connected")
        try await callUntil(["b", "c"], client)
        #expect(try await answers(20, client) == ["b": 10, "c": 10])
        #expect(servers[0].events.count("closed") == 0)
        for server in servers { server.release() }
        #expect(try await first == "released")
        #expect(try await second == "released")
        await servers[0].events.wait("closed")
      }
    }
  }

  // MARK: More connections to one address

  @Test("When an address's streams are taken it gets further connections; beyond those calls wait for a stream")
  func streamsRunOut() async throws {
    try await withServers(["a"], streamsMax: 1) { servers async throws in
      let server = servers[0]
      let configuration = ClientConfiguration.with {
        $0.connectionsPerAddressMax = 3
        $0.spareConnectionIdleMax = .milliseconds(40)
      }
      try await withClient(server.target, configuration) { client async throws in
        try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<3 { group.addTask { try await client.text("Hold") } }
          await server.events.wait("held", 3)
          #expect(server.events.count("connected") == 3)
          let error = await rpcError { try await client.text("Name", "", CallOptions(timeout: .milliseconds(500))) }
          #expect(error?.code == .deadlineExceeded)
          group.addTask { try await client.text("Name") }
          server.release()
          var answers: [String] = []
          for try await answer in group { answers.append(answer) }
          #expect(answers.sorted() == ["a", "released", "released", "released"])
        }
        // The two that are not needed any more are closed, the first is kept.
        await server.events.wait("closed", 2)
        #expect(try await client.text("Name") == "a")
        #expect(server.events.count("connected") == 3)
      }
    }
  }

  @Test("A client without calls closes its connections, and its next call opens one", arguments: [false, true])
  func idle(isRound: Bool) async throws {
    try await withServers(["a"]) { servers async throws in
      let configuration = ClientConfiguration.with {
        $0.loadBalancing = isRound ? .roundRobin : .pickFirst
        $0.connectionIdleMax = .milliseconds(20)
      }
      try await withClient(servers[0].target, configuration) { client async throws in
        for round in 1...3 {
          #expect(try await client.text("Name") == "a")
          await servers[0].events.wait("closed", round)
          #expect(servers[0].events.count("connected") == round)
        }
      }
    }
  }

  @Test("A call that is open keeps its connection, however long nothing is said")
  func openCallIsNotIdle() async throws {
    try await withServers(["a"]) { servers async throws in
      let idle = try await ScriptedServer.named("idle")
      func short(_ configuration: inout ClientConfiguration) { configuration.connectionIdleMax = .milliseconds(20) }
      try await withClient(servers[0].target, .with(short)) { client async throws in
        async let held = client.text("Hold")
        await servers[0].events.wait("held")
        // A client with the same times has gone idle five times over.
        try await withClient(idle.target, .with(short)) { other async throws in
          for round in 1...5 {
            try await other.text("Name")
            await idle.events.wait("closed", round)
          }
        }
        servers[0].release()
        #expect(try await held == "released")
        #expect(servers[0].events.count("connected") == 1)
      }
      await idle.crash()
    }
  }
}
