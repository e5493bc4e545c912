package import DMSDomain

/// A rejected event as the store keeps it.
package struct StoredRejection: Sendable, Hashable {
  /// Counts up in the order of commits; 0 before it is stored.
  package var id: Int64
  package var dealer: DealerID
  package var source: FeedSource
  package var epoch: Int64
  package var sequence: Int64
  package var sku: String
  package var reason: String
  package var message: String
  package var recordTime: InstantMicros

  package init(
    id: Int64 = 0, dealer: DealerID, source: FeedSource, epoch: Int64, sequence: Int64, sku: String, reason: String,
    message: String, recordTime: InstantMicros
  ) {
    self.id = id
    self.dealer = dealer
    self.source = source
    self.epoch = epoch
    self.sequence = sequence
    self.sku = sku
    self.reason = reason
    self.message = message
    self.recordTime = recordTime
  }
}

extension ReadTransaction {
  /// How far a dealer's source has come; nil when it was never heard of. A point read.
  package func feedPosition(dealer: DealerID, source: FeedSource) throws -> FeedPosition? {
    try queryOne(
      "SELECT epoch, fence, last_sequence FROM feed_source WHERE dealer_id = ?1 AND source = ?2",
      [.text(dealer.value), .text(source.value)]
    ) { row in
      FeedPosition(epoch: try row.int64(0), fence: try row.int64(1), lastSequence: try row.int64(2))
    }
  }

  /// When each dealer was last heard of, over all its sources; dealers that never reported are left out.
  package func lastFeedTimes(_ dealers: Set<DealerID>) throws -> [DealerID: InstantMicros] {
    let dealers = dealers.sorted()
    let times = try queryMany(
      "SELECT max(last_arrival_time) FROM feed_source WHERE dealer_id = ?1", dealers.map { [.text($0.value)] }
    ) { row in try row.optionalInt64(0) }
    var result: [DealerID: InstantMicros] = [:]
    for (dealer, found) in zip(dealers, times) {
      if let time = found.first ?? nil { result[dealer] = InstantMicros(time) }
    }
    return result
  }

  /// A page of a dealer's rejected events, newest first, before `before`.
  package func rejections(dealer: DealerID, before: Int64, limit: Int) throws -> [StoredRejection] {
    try query(
      """
      SELECT rejection_id, source, epoch, sequence, sku, reason, message, record_time FROM feed_rejection
      WHERE dealer_id = ?1 AND rejection_id < ?2 ORDER BY rejection_id DESC LIMIT ?3
      """, [.text(dealer.value), .integer(before), .integer(Int64(limit))]
    ) { row in
      StoredRejection(
        id: try row.int64(0), dealer: dealer, source: FeedSource(unchecked: try row.text(1)), epoch: try row.int64(2),
        sequence: try row.int64(3), sku: try row.text(4), reason: try row.text(5), message: try row.text(6),
        recordTime: InstantMicros(try row.int64(7)))
    }
  }
}

extension WriteTransaction {
  /// Writes how far a dealer's source has come, and that it was heard of now.
  package func saveFeedPosition(
    _ position: FeedPosition, dealer: DealerID, source: FeedSource, eventTime: InstantMicros?
  ) throws {
    try execute(
      """
      INSERT INTO feed_source (dealer_id, source, epoch, fence, last_sequence, last_event_time, last_arrival_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (dealer_id, source) DO UPDATE SET epoch = excluded.epoch, fence = excluded.fence,
        last_sequence = excluded.last_sequence,
        last_event_time = coalesce(excluded.last_event_time, feed_source.last_event_time),
        last_arrival_time = excluded.last_arrival_time
      """,
      [
        .text(dealer.value), .text(source.value), .integer(position.epoch), .integer(position.fence),
        .integer(position.lastSequence), .integer(eventTime?.value), .integer(nowMicros),
      ])
  }

  /// Keeps rejected events for the dealer to list, once in a write; each gets its identifier from the write's revision.
  package func insert(_ rejections: [StoredRejection]) throws {
    guard !rejections.isEmpty else { return }
    try executeWithRevision(
      """
      INSERT INTO feed_rejection (rejection_id, dealer_id, source, epoch, sequence, sku, reason, message, record_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      """
    ) { revision in
      rejections.enumerated().map { index, rejection in
        [
          .integer(RowID.make(revision, index)), .text(rejection.dealer.value), .text(rejection.source.value),
          .integer(rejection.epoch), .integer(rejection.sequence), .text(rejection.sku), .text(rejection.reason),
          .text(rejection.message), .integer(rejection.recordTime.value),
        ]
      }
    }
  }
}
