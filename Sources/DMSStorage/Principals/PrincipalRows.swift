package import DMSDomain

/// An API key as the store keeps it: never its secret, only a keyed hash of it.
package struct StoredKey: Sendable, Hashable {
  package var id: KeyID
  package var principal: PrincipalID
  package var secretHash: [UInt8]
  package var description: String
  package var createTime: InstantMicros
  package var expireTime: InstantMicros?
  package var lastUseTime: InstantMicros?
  package var revokeTime: InstantMicros?

  package init(
    id: KeyID, principal: PrincipalID, secretHash: [UInt8], description: String, createTime: InstantMicros,
    expireTime: InstantMicros? = nil, lastUseTime: InstantMicros? = nil, revokeTime: InstantMicros? = nil
  ) {
    self.id = id
    self.principal = principal
    self.secretHash = secretHash
    self.description = description
    self.createTime = createTime
    self.expireTime = expireTime
    self.lastUseTime = lastUseTime
    self.revokeTime = revokeTime
  }
}

private let principalColumns =
  "principal_id, display_name, dealer_id, order_limit_micros, agreed_prices_allowed, disabled, version, create_time, update_time"
private let keyColumns =
  "key_id, principal_id, secret_hash, description, create_time, expire_time, last_use_time, revoke_time"

extension ReadTransaction {
  /// A principal with its grants, or nil when there is none. Two point reads.
  package func principal(_ id: PrincipalID) throws -> Stored<Principal>? {
    let sql = SQL(assembled: "SELECT \(principalColumns) FROM principal WHERE principal_id = ?1")
    guard var found = try queryOne(sql, [.text(id.value)], readPrincipal) else { return nil }
    found.value.grants = try grants(of: [found])[0]
    return found
  }

  /// A page of principals by id, after `after`.
  package func principals(after: PrincipalID?, limit: Int) throws -> [Stored<Principal>] {
    let sql = SQL(
      assembled: "SELECT \(principalColumns) FROM principal WHERE principal_id > ?1 ORDER BY principal_id LIMIT ?2")
    var found = try query(sql, [.text(after?.value ?? ""), .integer(Int64(limit))], readPrincipal)
    for (index, grants) in try grants(of: found).enumerated() { found[index].value.grants = grants }
    return found
  }

  /// Whether there is any principal; there is none in a new store.
  package func hasPrincipals() throws -> Bool {
    try exists("SELECT 1 FROM principal LIMIT 1")
  }

  /// A key, or nil when there is none. A point read.
  package func apiKey(_ id: KeyID) throws -> StoredKey? {
    try queryOne(SQL(assembled: "SELECT \(keyColumns) FROM api_key WHERE key_id = ?1"), [.text(id.value)], readKey)
  }

  /// A page of keys by id, after `after`; of one principal when it is given.
  package func apiKeys(of principal: PrincipalID?, after: KeyID?, limit: Int) throws -> [StoredKey] {
    var parameters: [SQLValue] = [.text(after?.value ?? ""), .integer(Int64(limit))]
    var condition = "key_id > ?1"
    if let principal {
      parameters.append(.text(principal.value))
      condition += " AND principal_id = ?3"
    }
    let sql = SQL(assembled: "SELECT \(keyColumns) FROM api_key WHERE \(condition) ORDER BY key_id LIMIT ?2")
    return try query(sql, parameters, readKey)
  }

  private func grants(of principals: [Stored<Principal>]) throws -> [[Grant]] {
    try queryMany(
      """
      SELECT role, level, scope_kind, scope_key FROM principal_grant WHERE principal_id = ?1 ORDER BY position
      """, principals.map { [.text($0.value.id.value)] }, readGrant)
  }
}

extension WriteTransaction {
  /// Makes or replaces a principal with its grants.
  package func save(_ principal: Stored<Principal>) throws {
    try noteSecurityChange()
    let value = principal.value
    try execute(
      """
      INSERT INTO principal (principal_id, display_name, dealer_id, order_limit_micros, agreed_prices_allowed, disabled,
        version, create_time, update_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      ON CONFLICT (principal_id) DO UPDATE SET display_name = excluded.display_name, dealer_id = excluded.dealer_id,
        order_limit_micros = excluded.order_limit_micros, agreed_prices_allowed = excluded.agreed_prices_allowed,
        disabled = excluded.disabled, version = excluded.version, update_time = excluded.update_time
      """,
      [
        .text(value.id.value), .text(value.displayName), .text(value.dealer?.value), .integer(value.orderLimit.value),
        .bool(value.agreedPricesAllowed), .bool(value.disabled), .integer(principal.version),
        .integer(principal.createTime.value), .integer(principal.updateTime.value),
      ])
    try execute("DELETE FROM principal_grant WHERE principal_id = ?1", [.text(value.id.value)])
    try executeMany(
      """
      INSERT INTO principal_grant (principal_id, position, role, level, scope_kind, scope_key)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """,
      value.grants.enumerated().map { position, grant in
        let (kind, key) = scopeColumns(grant.scope)
        return [
          .text(value.id.value), .integer(Int64(position)), .integer(Int64(grant.role.rawValue)),
          .integer(Int64(grant.level)), .integer(kind), .text(key),
        ]
      })
  }

  /// Adds a key.
  package func insert(_ key: StoredKey) throws {
    try execute(
      """
      INSERT INTO api_key (key_id, principal_id, secret_hash, description, create_time, expire_time, last_use_time,
        revoke_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      """,
      [
        .text(key.id.value), .text(key.principal.value), .blob(key.secretHash), .text(key.description),
        .integer(key.createTime.value), .integer(key.expireTime?.value), .integer(key.lastUseTime?.value),
        .integer(key.revokeTime?.value),
      ])
  }

  /// Ends a key; one that has ended keeps its first time.
  package func revokeKey(_ id: KeyID, at time: InstantMicros) throws {
    try noteSecurityChange()
    try execute(
      "UPDATE api_key SET revoke_time = ?2 WHERE key_id = ?1 AND revoke_time IS NULL",
      [.text(id.value), .integer(time.value)])
  }

  /// Notes when keys were last used; never moves a time back.
  package func noteUse(of keys: [KeyID: InstantMicros]) throws {
    try executeMany(
      """
      UPDATE api_key SET last_use_time = ?2 WHERE key_id = ?1 AND (last_use_time IS NULL OR last_use_time < ?2)
      """, keys.sorted { $0.key < $1.key }.map { [.text($0.key.value), .integer($0.value.value)] })
  }
}

private func readPrincipal(_ row: borrowing Row) throws -> Stored<Principal> {
  Stored(
    Principal(
      id: PrincipalID(unchecked: try row.text(0)), displayName: try row.text(1), grants: [],
      dealer: try row.optionalText(2).map { DealerID(unchecked: $0) }, orderLimit: Micros(try row.int64(3)),
      agreedPricesAllowed: try row.bool(4), disabled: try row.bool(5)),
    version: try row.int64(6), createTime: InstantMicros(try row.int64(7)), updateTime: InstantMicros(try row.int64(8)))
}

private func readGrant(_ row: borrowing Row) throws -> Grant {
  guard let role = Role(rawValue: Int(try row.int64(0))), let level = Int32(exactly: try row.int64(1)) else {
    throw UnreadableRow(table: "principal_grant", key: "\(try row.int64(0))")
  }
  let key = try row.text(3)
  let scope: Scope? =
    switch try row.int64(2) {
    case 1: .region(Region(unchecked: key))
    case 2: .dealerAndBelow(DealerID(unchecked: key))
    case 3: .own(DealerID(unchecked: key))
    case 4: .all
    default: nil
    }
  return Grant(role, level: level, scope: scope)
}

private func scopeColumns(_ scope: Scope?) -> (kind: Int64, key: String) {
  switch scope {
  case nil: (0, "")
  case .region(let region): (1, region.value)
  case .dealerAndBelow(let dealer): (2, dealer.value)
  case .own(let dealer): (3, dealer.value)
  case .all: (4, "")
  }
}

private func readKey(_ row: borrowing Row) throws -> StoredKey {
  StoredKey(
    id: KeyID(unchecked: try row.text(0)), principal: PrincipalID(unchecked: try row.text(1)),
    secretHash: try row.blob(2), description: try row.text(3), createTime: InstantMicros(try row.int64(4)),
    expireTime: try row.optionalInt64(5).map { InstantMicros($0) },
    lastUseTime: try row.optionalInt64(6).map { InstantMicros($0) },
    revokeTime: try row.optionalInt64(7).map { InstantMicros($0) })
}
