import Foundation
import Testing

@Suite("A server that is killed", .serialized, .timeLimit(.minutes(60)))
struct CrashTests {
  @Test("Killed with −9 at random moments, nothing acknowledged is lost, nothing is doubled, streams and watches go on")
  func killed() async throws {
    let sum = try await CrashPlan.lives(kills: CrashPlan.kills(12)) { kills in
      try await CrashRun(store: .sqlite, kills: kills, seed: CrashPlan.seed()).run()
    }
    print("SQLite: \(sum)")
  }
}

/// How much is killed.
enum CrashPlan {
  /// Kills of one test, or as many as the environment asks for.
  static func kills(_ few: Int) -> Int {
    ProcessInfo.processInfo.environment["DMS_SOAK"].flatMap { Int($0) } ?? few
  }

  /// Kills that one store lives through.
  private static let killsOfAStore = 20

  /// A seed of its own, or the one that a failure named.
  static func seed() -> UInt64 {
    ProcessInfo.processInfo.environment["DMS_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
  }

  /// Runs lives of stores, one after the other, until there were enough kills.
  static func lives(
    kills: Int, _ life: (_ kills: Int) async throws -> CrashRun.Figures
  ) async throws -> CrashRun.Figures {
    var sum = CrashRun.Figures()
    var left = kills
    while left > 0 {
      let share = min(killsOfAStore, left)
      sum += try await life(share)
      left -= share
    }
    return sum
  }
}
