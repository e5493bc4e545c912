internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension InventoryService {
  /// Differences that are reported when the caller does not say how many.
  static let differencesDefault = 100
  /// Differences that are reported at most.
  static let differencesMax: Int32 = 1_000

  func verifyLedgers(_ request: VerifyLedgersRequest, context: ServerContext) async throws -> VerifyLedgersResponse {
    _ = try context.caller
    guard (0...Self.differencesMax).contains(request.maxDifferences) else {
      throw ServiceError.invalidField(
        "max_differences", .outOfRange(min: 0, max: Int64(Self.differencesMax)))
    }
    let wanted = request.maxDifferences == 0 ? Self.differencesDefault : Int(request.maxDifferences)
    let report = try await store.read { transaction in try transaction.verifyLedgers(differencesMax: wanted) }
    return .with {
      $0.revision = report.revision
      $0.stockBalanceCount = report.stockBalances
      $0.movementCount = report.movements
      $0.reservationBalanceCount = report.reservationBalances
      $0.creditAccountCount = report.creditAccounts
      $0.creditEntryCount = report.creditEntries
      $0.orderLineCount = report.orderLines
      $0.differenceCount = report.differenceCount
      $0.differences = report.differences.map { difference in
        .with {
          $0.ledger = difference.ledger
          $0.key = difference.key
          $0.expected = difference.expected
          $0.actual = difference.actual
        }
      }
    }
  }
}
