package import DMSDomain

/// A resource as the store keeps it: with the version that its etag is made of, and its times.
package struct Stored<Value: Sendable & Hashable>: Sendable, Hashable {
  package var value: Value
  /// Counts the changes of the resource, from 1.
  package var version: Int64
  package var createTime: InstantMicros
  package var updateTime: InstantMicros

  package init(_ value: Value, version: Int64, createTime: InstantMicros, updateTime: InstantMicros) {
    self.value = value
    self.version = version
    self.createTime = createTime
    self.updateTime = updateTime
  }
}

/// What an upsert did.
package enum UpsertOutcome: Sendable, Hashable {
  case created
  case updated
  /// The resource was already so; nothing was written.
  case unchanged
}

/// A row that this code does not understand: the database was changed by other hands.
package struct UnreadableRow: Error, Sendable, Hashable {
  package var table: String
  package var key: String

  package init(table: String, key: String) {
    self.table = table
    self.key = key
  }
}
