/// A change as a write reports it: the whole resource as it is after the write.
package struct ChangeEvent: Sendable, Hashable {
  /// What the resource is (order, stock level, …): a small number that `DMSService` gives.
  package var kind: Int64
  /// The resource's key, for the reader's filter and for compaction.
  package var key: String
  /// The dealer that may see it; nil for what belongs to the brand alone.
  package var dealerID: String?
  /// The resource, encoded.
  package var payload: [UInt8]

  package init(kind: Int64, key: String, dealerID: String?, payload: [UInt8]) {
    self.kind = kind
    self.key = key
    self.dealerID = dealerID
    self.payload = payload
  }
}

/// A change as the log keeps it.
package struct Change: Sendable, Hashable {
  /// The revision of the write that made it; all changes of one write share it.
  package var revision: Int64
  package var event: ChangeEvent
  /// Where its readers share what they make of it.
  package let shared = SharedForm()

  package init(revision: Int64, event: ChangeEvent) {
    self.revision = revision
    self.event = event
  }

  package static func == (one: Change, other: Change) -> Bool {
    one.revision == other.revision && one.event == other.event
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(revision)
    hasher.combine(event)
  }
}

/// A stretch of the log.
package struct ChangePage: Sendable, Hashable {
  /// The changes that match, in commit order; a revision's changes are never split over two pages.
  package var changes: [Change]
  /// Everything up to here was looked at: read on after it.
  package var through: Int64
  /// Whether `through` is the end of the log as of the read.
  package var isAtEnd: Bool
}
