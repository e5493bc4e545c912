internal import DMSDomain

/// An audience as two columns: how narrow it is, and whom it names.
enum AudienceColumns {
  static func values(_ audience: Audience) -> (kind: SQLValue, key: SQLValue) {
    (.integer(Int64(audience.narrowness)), .text(audience.key))
  }

  static func read(kind: Int64, key: String, or unreadable: UnreadableRow) throws -> Audience {
    switch kind {
    case 0: .everyone
    case 1: .region(Region(unchecked: key))
    case 2: .tier(Tier(unchecked: key))
    case 3: .dealer(DealerID(unchecked: key))
    default: throw unreadable
    }
  }
}
