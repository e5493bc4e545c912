/// A price list: what its entries have in common. Entries are edited as a draft and change only by publishing.
public struct PriceList: Hashable, Sendable {
  /// The list's key.
  public var id: PriceListID
  /// Name for people.
  public var name: String
  /// Currency of every entry.
  public var currency: CurrencyCode
  /// Prices include tax.
  public var taxInclusive: Bool
  /// The version that prices orders; 0 before the first.
  public var publishedVersion: Int64
  /// There is a draft.
  public var hasDraft: Bool

  /// A list without prices, unless more is said.
  public init(
    id: PriceListID, name: String, currency: CurrencyCode, taxInclusive: Bool = false, publishedVersion: Int64 = 0,
    hasDraft: Bool = false
  ) {
    self.id = id
    self.name = name
    self.currency = currency
    self.taxInclusive = taxInclusive
    self.publishedVersion = publishedVersion
    self.hasDraft = hasDraft
  }

  /// Throws every field that is wrong.
  public func validate() throws(FieldViolations) {
    var check = FieldCheck()
    check.text(name, "name", max: Limits.nameCharactersMax, required: true)
    try check.finish()
  }
}

/// Two entries of one list that could both win for the same order.
public struct PriceConflict: Hashable, Sendable {
  /// The entry that begins first.
  public var first: PriceEntry
  /// The entry that begins while the first still holds.
  public var second: PriceEntry

  /// Two entries that collide.
  public init(first: PriceEntry, second: PriceEntry) {
    self.first = first
    self.second = second
  }
}

/// Why a draft cannot be published.
public enum PublishError: Error, Hashable, Sendable {
  /// There is no draft.
  case noDraft
  /// These entries could both win.
  case conflicts([PriceConflict])
  /// No further version fits.
  case versionsExhausted
}

extension PriceList {
  /// The list once its draft is published under the next version.
  ///
  /// Throws every conflict among the draft's entries. Sorts, so it costs n·log n.
  public func publishing(_ draft: [PriceEntry]) throws(PublishError) -> PriceList {
    guard hasDraft else { throw .noDraft }
    let conflicts = Self.conflicts(among: draft)
    guard conflicts.isEmpty else { throw .conflicts(conflicts) }
    let (next, overflow) = publishedVersion.addingReportingOverflow(1)
    guard !overflow else { throw .versionsExhausted }
    var published = self
    published.publishedVersion = next
    published.hasDraft = false
    return published
  }

  /// Every entry that could win beside one that begins before it, together with that one.
  ///
  /// Two entries can both win when product, audience, priority and from-quantity are equal and a day exists on which
  /// both hold: of different audiences of one kind, no dealer belongs to both. The order of `entries` is of no matter.
  public static func conflicts(among entries: [PriceEntry]) -> [PriceConflict] {
    let sorted = entries.sorted { isOrdered($0, $1) }
    var conflicts: [PriceConflict] = []
    var reigning: PriceEntry?
    for entry in sorted {
      if let holder = reigning, competes(holder, entry) {
        if holder.validity.overlaps(entry.validity) {
          conflicts.append(PriceConflict(first: holder, second: entry))
        }
        if entry.validity.until > holder.validity.until { reigning = entry }
      } else {
        reigning = entry
      }
    }
    return conflicts
  }

  private static func competes(_ left: PriceEntry, _ right: PriceEntry) -> Bool {
    left.sku == right.sku && left.audience == right.audience && left.priority == right.priority
      && left.fromQuantity == right.fromQuantity
  }

  private static func isOrdered(_ left: PriceEntry, _ right: PriceEntry) -> Bool {
    if left.sku != right.sku { return left.sku < right.sku }
    if left.audience.narrowness != right.audience.narrowness {
      return left.audience.narrowness < right.audience.narrowness
    }
    if left.audience.key != right.audience.key { return left.audience.key < right.audience.key }
    if left.priority != right.priority { return left.priority < right.priority }
    if left.fromQuantity != right.fromQuantity { return left.fromQuantity < right.fromQuantity }
    if left.validity.from != right.validity.from { return left.validity.from < right.validity.from }
    if left.validity.until != right.validity.until { return left.validity.until < right.validity.until }
    return left.unitPrice < right.unitPrice
  }
}
