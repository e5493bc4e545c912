internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

/// What became of the items of an upsert.
struct UpsertTally: Sendable {
  var created: Int32 = 0
  var updated: Int32 = 0
  var unchanged: Int32 = 0
  var errors: [ItemError] = []

  mutating func count(_ outcome: UpsertOutcome) {
    switch outcome {
    case .created: created += 1
    case .updated: updated += 1
    case .unchanged: unchanged += 1
    }
  }

  /// Notes an item that was not stored, with every field that is wrong; throws on what is no fault of the item.
  mutating func refuse(_ index: Int, _ error: any Error, path: String) throws {
    func note(_ reason: ErrorReason, _ field: String, _ message: String) {
      errors.append(
        .with {
          $0.index = Int32(index)
          $0.reason = ErrorTable.reasonText(reason)
          $0.field = field
          $0.message = message
        })
    }
    switch error {
    case let error as FieldViolations:
      for violation in error.violations {
        note(.invalidField, "\(path).\(violation.field)", "\(violation.field) \(violation.problem.sentence).")
      }
    case ServiceError.etagMismatch(_, let id):
      note(.etagMismatch, "\(path).etag", "«\(id)» has changed since it was read; read it again and repeat.")
    case ServiceError.missingReference(let field, let kind, let id):
      note(
        .missingReference, "\(path).\(field)",
        "There is no \(kind.rawValue.replacing("_", with: " ")) «\(id)»; create it first.")
    case ServiceError.wrongState(_, let id, let state, let allowed):
      note(.wrongState, path, "«\(id)» is \(state); this needs \(allowed.joined(separator: " or ")).")
    default:
      throw error
    }
  }
}

extension FieldCheck {
  /// The number of items of an upsert; notes a violation when there is none or are too many.
  mutating func items(_ count: Int, _ field: String) {
    if count == 0 { note(field, .required) }
    self.count(count, field, max: AdminService.itemsMax)
  }
}

extension WriteTransaction {
  /// Stores a resource of the master data unless it is already so.
  ///
  /// - Parameters:
  ///   - etag: what the caller last read; empty for whatever there is.
  ///   - dryRun: compares only.
  /// - Throws: `ETAG_MISMATCH`.
  func upsert<Value: Hashable & Sendable>(
    _ value: Value, over stored: Stored<Value>?, etag: String, kind: ResourceKind, id: String, dryRun: Bool,
    save: (Stored<Value>) throws -> Void
  ) throws -> UpsertOutcome {
    guard let stored else {
      guard etag.isEmpty else { throw ServiceError.etagMismatch(kind, id: id) }
      if !dryRun { try save(Stored(value, version: 1, createTime: now, updateTime: now)) }
      return .created
    }
    guard Etag.matches(etag, version: stored.version) else { throw ServiceError.etagMismatch(kind, id: id) }
    guard stored.value != value else { return .unchanged }
    if !dryRun {
      try save(Stored(value, version: stored.version + 1, createTime: stored.createTime, updateTime: now))
    }
    return .updated
  }
}
