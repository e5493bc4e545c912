/// Identifiers of ledger rows that count up in the order of commits: the revision of the write, and the place in it.
package enum RowID {
  /// How many rows of one table one write may add.
  package static let perWrite = 1 << 14

  /// The identifier of row `index`, below ``perWrite``, of the write at `revision`.
  static func make(_ revision: Int64, _ index: Int) -> Int64 {
    revision << 14 | Int64(index)
  }
}
