package import DMSDomain

/// A rule set as the store keeps it: a document that the service understands.
package struct StoredRuleSet: Sendable, Hashable {
  package var version: Int64
  package var document: [UInt8]
  package var publishedBy: PrincipalID
  package var publishTime: InstantMicros

  package init(version: Int64, document: [UInt8], publishedBy: PrincipalID, publishTime: InstantMicros) {
    self.version = version
    self.document = document
    self.publishedBy = publishedBy
    self.publishTime = publishTime
  }
}

extension ReadTransaction {
  /// The version of the newest rule set; 0 when none was published. A point read.
  package func newestRuleSetVersion() throws -> Int64 {
    try queryOne("SELECT version FROM rule_set ORDER BY version DESC LIMIT 1") { row in try row.int64(0) } ?? 0
  }

  /// A rule set, or nil when there is none of this version. A point read.
  package func ruleSet(_ version: Int64) throws -> StoredRuleSet? {
    try queryOne(
      "SELECT document, published_by, publish_time FROM rule_set WHERE version = ?1", [.integer(version)]
    ) { row in
      StoredRuleSet(
        version: version, document: try row.blob(0), publishedBy: PrincipalID(unchecked: try row.text(1)),
        publishTime: InstantMicros(try row.int64(2)))
    }
  }
}

extension WriteTransaction {
  /// Adds a rule set; it judges from the next write on.
  package func insert(_ ruleSet: StoredRuleSet) throws {
    try execute(
      "INSERT INTO rule_set (version, document, published_by, publish_time) VALUES (?1, ?2, ?3, ?4)",
      [
        .integer(ruleSet.version), .blob(ruleSet.document), .text(ruleSet.publishedBy.value),
        .integer(ruleSet.publishTime.value),
      ])
  }
}
