internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC

/// How a balance looks on the wire.
enum StockLevelWire {
  /// The brand's name in the keys of its balances.
  static let brandOwner = "BRAND"

  /// A balance; `stale` when the dealer's feed is older than agreed.
  static func level(_ row: StockRow, authority: DMSDomain.StockAuthority, stale: Bool) -> StockLevel {
    .with {
      $0.location = row.key.location.wire
      $0.sku = row.key.sku.value
      $0.onHandQuantity = row.balance.onHand.value
      $0.reservedQuantity = row.balance.reserved.value
      $0.availableQuantity =
        row.balance.onHand.value.subtractingReportingOverflow(row.balance.reserved.value).partialValue
      $0.authority = DMSAPI.StockAuthority(rawValue: Int32(authority.rawValue))
      $0.asOfTime = Timestamp(row.asOf)
      $0.stale = stale
      $0.negative = row.balance.isNegative
      $0.revision = row.revision
    }
  }

  /// The change event of a balance that a write has just changed, and that is therefore fresh.
  static func event(_ row: StockRow, authority: DMSDomain.StockAuthority) throws -> ChangeEvent {
    let dealer: String? = if case .dealer(let id) = row.key.location.owner { id.value } else { nil }
    return ChangeEvent(
      kind: ChangeKind.stock, key: "\(row.key.location)/\(row.key.sku)", dealerID: dealer,
      payload: try level(row, authority: authority, stale: false).encodedBytes())
  }
}

/// Knows of each dealer who keeps its book, and whether its figures are stale.
struct DealerFreshness {
  private let dealers: [DealerID: DMSDomain.Dealer]
  private let lastWords: [DealerID: InstantMicros]
  private let now: InstantMicros

  /// Reads what there is to know of the owners of some balances: two point reads for each dealer.
  init(of rows: [StockRow], in transaction: ReadTransaction) throws {
    let ids = Set(
      rows.compactMap { row -> DealerID? in
        if case .dealer(let id) = row.key.location.owner { id } else { nil }
      })
    dealers = try transaction.dealersByID(ids)
    lastWords = try transaction.lastFeedTimes(ids)
    now = transaction.now
  }

  /// The balance on the wire, with its authority and freshness.
  func level(_ row: StockRow) -> StockLevel {
    guard case .dealer(let id) = row.key.location.owner, let dealer = dealers[id] else {
      return StockLevelWire.level(row, authority: .dms, stale: false)
    }
    let stale = dealer.stockAuthority == .feed && dealer.isStale(lastWord: lastWords[id], now: now)
    return StockLevelWire.level(row, authority: dealer.stockAuthority, stale: stale)
  }
}
