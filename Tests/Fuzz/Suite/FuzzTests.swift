import Testing

@Suite("Bytes from outside")
struct FuzzTests {
  /// How many made-up inputs a target gets; some take longer than others.
  private static func inputCount(_ target: FuzzTarget) -> Int {
    switch target.name {
    case "server-connection", "client-connection": 3_000
    case "messages", "csv-import": 5_000
    default: 8_000
    }
  }

  @Test("Every saved case keeps the properties of its target", arguments: FuzzTargets.all)
  func savedCases(target: FuzzTarget) throws {
    let cases = try SavedCases.of(target)
    #expect(!cases.isEmpty, "there is no saved case of \(target.name)")
    for saved in cases {
      #expect(throws: Never.self, "\(target.name)/\(saved.name)") { try run(target, saved.bytes) }
    }
  }

  @Test("What is made out of saved cases at random keeps them too", arguments: FuzzTargets.all)
  func madeUpCases(target: FuzzTarget) throws {
    let cases = try SavedCases.of(target).map(\.bytes)
    var chance = Chance(seed: 4711)
    for number in 0..<Self.inputCount(target) {
      var input = chance.pick(cases) ?? []
      for _ in 0...chance.below(3) {
        Mutation.apply(to: &input, of: target, other: chance.pick(cases) ?? [], &chance)
      }
      #expect(throws: Never.self, "\(target.name), input \(number): \(input)") { try run(target, input) }
    }
  }

  @Test("Connections that are in order come as far as the handlers and the callers")
  func reach() throws {
    func saved(_ name: String, of target: FuzzTarget) throws -> (ConnectionOptions, [UInt8]) {
      let saved = try #require(try SavedCases.of(target).first { $0.name == name })
      return (ConnectionOptions(saved.bytes[0], saved.bytes[1]), Array(saved.bytes.dropFirst(2)))
    }
    let (atServer, requests) = try saved("all-methods", of: .serverConnection)
    #expect(try ServerConnectionChecks.check(requests, atServer) == FuzzService.names.count)
    let (atClient, responses) = try saved("all-ok", of: .clientConnection)
    // Of the six calls, the two unary ones fail: they get two replies.
    #expect(try ClientConnectionChecks.check(responses, atClient) == 4)
  }

  private func run(_ target: FuzzTarget, _ input: [UInt8]) throws {
    try input.withUnsafeBytes { try target.run($0) }
  }
}

extension FuzzTarget: CustomTestStringConvertible {
  var testDescription: String { name }
}
