import Foundation
import Testing

@Suite("A server that is killed", .serialized, .timeLimit(.minutes(60)))
struct CrashTests {
  /// Kills on each store: a dozen, or as many as the environment asks for.
  private static let kills = ProcessInfo.processInfo.environment["DMS_SOAK"].flatMap { Int($0) } ?? 12
  /// Kills that one store lives through.
  private static let killsOfAStore = 20

  /// A seed of its own, or the one that a failure named.
  private static func seed() -> UInt64 {
    ProcessInfo.processInfo.environment["DMS_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
  }

  @Test("Killed with −9 at random moments, nothing acknowledged is lost, nothing is doubled, streams and watches go on")
  func killed() async throws {
    var sum = CrashRun.Figures()
    while sum.kills < Self.kills {
      let kills = min(Self.killsOfAStore, Self.kills - sum.kills)
      sum += try await CrashRun(store: .sqlite, kills: kills, seed: Self.seed()).run()
    }
    print("SQLite: \(sum)")
  }
}
