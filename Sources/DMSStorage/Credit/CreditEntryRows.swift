package import DMSDomain

extension WriteTransaction {
  /// Posts entries to the credit ledger, and changes the balances that they add up to.
  ///
  /// Entries of one write get identifiers from its revision, so they are posted in one go.
  package func post(
    _ postings: [CreditPosting], businessDate: BusinessDate, actor: PrincipalID
  ) throws {
    guard !postings.isEmpty else { return }
    let nowMicros = nowMicros
    try executeWithRevision(
      """
      INSERT INTO credit_entry (entry_id, credit_account_id, kind, bucket, amount_micros, order_id, source, document_id,
        business_date, record_time, actor, revision)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL, ?7, ?8, ?9, ?10)
      """
    ) { revision in
      postings.enumerated().map { index, posting in
        [
          .integer(RowID.make(revision, index)), .text(posting.account.value), .integer(Int64(posting.kind.rawValue)),
          .integer(Int64(posting.bucket.rawValue)), .integer(posting.amount.value), .text(posting.order?.value),
          .integer(Int64(businessDate.daysSinceEpoch)), .integer(nowMicros), .text(actor.value), .integer(revision),
        ]
      }
    }
    try executeMany(
      """
      UPDATE credit_account SET
        unshipped_micros = unshipped_micros + CASE WHEN ?2 = 1 THEN ?3 ELSE 0 END,
        unbilled_micros = unbilled_micros + CASE WHEN ?2 = 2 THEN ?3 ELSE 0 END,
        receivable_micros = receivable_micros + CASE WHEN ?2 = 3 THEN ?3 ELSE 0 END
      WHERE credit_account_id = ?1
      """,
      postings.map {
        [.text($0.account.value), .integer(Int64($0.bucket.rawValue)), .integer($0.amount.value)]
      })
  }
}
