import Testing

@testable import DMSStorage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Crashes of a simulated disk. `DMS_SOAK=<n>` asks for about n of them, with seeds never tried before;
/// `DMS_CRASH_SEED=<seed>` lives one life again.
@Suite("When the power fails")
struct DurabilityCrashTests {
  /// A share of the lives, so that some run side by side.
  struct Share: Sendable, CustomTestStringConvertible {
    var firstSeed: UInt64
    var isFree: Bool

    var testDescription: String { isFree ? "running freely" : "in step, from seed \(firstSeed)" }
  }

  private static let shares = [
    Share(firstSeed: 1, isFree: false), Share(firstSeed: 1_001, isFree: false), Share(firstSeed: 2_001, isFree: true),
  ]
  private static let crashesPerLife = 4

  /// The seeds of a share: 12, or as the environment says.
  private static func seeds(of share: Share) -> [UInt64] {
    if let seed = number("DMS_CRASH_SEED") { return [seed] }
    guard let wanted = number("DMS_SOAK") else { return Array(share.firstSeed..<share.firstSeed + 12) }
    let fresh = UInt64.random(in: 1 << 32...1 << 62)
    return Array(fresh...fresh + min(wanted, 10_000_000) / UInt64(crashesPerLife * shares.count))
  }

  private static func number(_ variable: String) -> UInt64? {
    getenv(variable).flatMap { UInt64(String(cString: $0)) }
  }

  @Test("Acknowledged writes outlive every loss of power, whole and once", arguments: shares)
  func nothingIsLost(share: Share) async throws {
    for seed in Self.seeds(of: share) {
      let outcome = try await DiskLife(seed: seed, isFree: share.isFree, crashesWanted: Self.crashesPerLife).live()
      #expect(outcome.problems == [], "seed \(seed), \(share.testDescription)")
      #expect(outcome.crashes >= Self.crashesPerLife)
    }
  }

  @Test("A store that does not wait for the disk is found out")
  func withoutSyncsWritesAreLost() async throws {
    var caught = 0
    for seed in UInt64(1)...12 {
      let outcome = try await DiskLife(seed: seed, durability: .none).live()
      if !outcome.problems.isEmpty { caught += 1 }
    }
    #expect(caught >= 6, "of 12 lives")
  }

  @Test("A seed lives the same life again")
  func seedsRepeat() async throws {
    let first = try await DiskLife(seed: 1).live()
    let second = try await DiskLife(seed: 1).live()
    #expect(first.acknowledged == second.acknowledged)
    #expect(first.crashes == second.crashes)
    #expect(first.lostOperations == second.lostOperations)
  }
}
