internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension AdminService {
  func upsertCreditAccounts(
    _ request: UpsertCreditAccountsRequest, context: ServerContext
  ) async throws -> UpsertCreditAccountsResponse {
    let caller = try context.caller
    var check = FieldCheck()
    check.items(request.creditAccounts.count, "credit_accounts")
    try check.finish()
    let dryRun = request.validateOnly
    let items = request.creditAccounts
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor, urgency: .bulk
    ) { transaction in
      var tally = UpsertTally()
      var seen: Set<String> = []
      for (index, item) in items.enumerated() {
        do {
          guard seen.insert(item.creditAccountID).inserted else {
            throw FieldViolations([FieldViolation("credit_account_id", .duplicate)])
          }
          tally.count(try transaction.upsert(item, dryRun: dryRun))
        } catch {
          try tally.refuse(index, error, path: "credit_accounts[\(index)]")
        }
      }
      return .with {
        $0.createdCount = tally.created
        $0.updatedCount = tally.updated
        $0.unchangedCount = tally.unchanged
        $0.errors = tally.errors
      }
    }
  }

  func getCreditAccount(
    _ request: GetCreditAccountRequest, context: ServerContext
  ) async throws -> GetCreditAccountResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.creditAccountID, "credit_account_id", as: CreditAccountID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    return try await environment.store.read { transaction in
      guard let stored = try transaction.creditAccount(id), try caller.maySee(id, in: transaction) else {
        throw ServiceError.notFound(.creditAccount, id: id.value)
      }
      return try .with { $0.creditAccount = try CreditAccountWire.message(stored, now: transaction.now) }
    }
  }

  func listCreditAccounts(
    _ request: ListCreditAccountsRequest, context: ServerContext
  ) async throws -> ListCreditAccountsResponse {
    _ = try context.caller
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListCreditAccounts", columnCount: 1)
    return try await environment.store.read { transaction in
      let rows = try transaction.creditAccounts(
        after: listing.textPosition.map { CreditAccountID(unchecked: $0) }, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.text($0.terms.value.id.value)] }
      return try .with {
        $0.creditAccounts = try page.items.map { try CreditAccountWire.message($0, now: transaction.now) }
        $0.nextPageToken = page.nextPageToken
        $0.revision = page.revision
      }
    }
  }
}

extension Caller {
  /// Whether the account is one that a dealer within the caller's scope draws on.
  fileprivate func maySee(_ account: CreditAccountID, in transaction: ReadTransaction) throws -> Bool {
    if coversBrand { return true }
    return try transaction.dealers(drawingOn: account).contains { dealer in
      guard let place = try transaction.dealerPlace(dealer) else { return false }
      return covers(place)
    }
  }
}

extension WriteTransaction {
  fileprivate func upsert(_ item: DMSAPI.CreditAccount, dryRun: Bool) throws -> UpsertOutcome {
    let account = try CreditAccountWire.domain(item)
    let stored = try creditAccount(account.id)
    if let current = stored?.terms.value.currency, current != account.currency {
      let isUsed = try hasCreditEntries(account.id)
      guard try !isUsed && dealers(drawingOn: account.id).isEmpty else {
        throw ServiceError.wrongState(
          .creditAccount, id: account.id.value, state: "in use in \(current)", allowed: ["the currency \(current)"])
      }
    }
    return try upsert(
      account, over: stored?.terms, etag: item.etag, kind: .creditAccount, id: account.id.value, dryRun: dryRun
    ) { try save($0) }
  }
}

/// A credit account between the wire and the domain.
private enum CreditAccountWire {
  static func domain(_ message: DMSAPI.CreditAccount) throws -> DMSDomain.CreditAccount {
    var check = FieldCheck()
    let id = check.identifier(message.creditAccountID, "credit_account_id", as: CreditAccountID.self)
    let currency = check.currency(message.currencyCode, "currency_code")
    let mode = DMSDomain.CreditMode(rawValue: Int(message.mode.rawValue))
    if mode == nil { check.note("mode", message.mode == .unspecified ? .required : .unknownValue(message.mode.name)) }
    let status = message.status == .unspecified ? .ok : DMSDomain.CreditStatus(rawValue: Int(message.status.rawValue))
    if status == nil { check.note("status", .unknownValue(message.status.name)) }
    var temporaryExpiry: InstantMicros?
    if let time = message.temporaryLimitExpireTime {
      temporaryExpiry = time.instant
      if temporaryExpiry == nil { check.note("temporary_limit_expire_time", .unknownValue("\(time.seconds) s")) }
    }
    let expiry = message.expiryDate.isEmpty ? nil : check.date(message.expiryDate, "expiry_date")
    try check.finish()
    guard let id, let currency, let mode, let status else { throw FieldViolations(check.violations) }
    let account = DMSDomain.CreditAccount(
      id: id, currency: currency, mode: mode, limit: Micros(message.limitMicros),
      temporaryLimit: Micros(message.temporaryLimitMicros), temporaryLimitExpiry: temporaryExpiry, status: status,
      expiryDate: expiry, documentLimit: Micros(message.documentLimitMicros), overdueDaysMax: message.overdueDaysMax,
      overdueMax: Micros(message.overdueMicrosMax))
    try account.validate()
    return account
  }

  static func message(_ stored: StoredCreditAccount, now: InstantMicros) throws -> DMSAPI.CreditAccount {
    let account = stored.terms.value
    let exposure = try stored.exposure.total()
    let available = try account.grantedLimit(now: now).map { try $0 - exposure } ?? 0
    let standing = try account.standing(with: stored.exposure, now: now)
    return .with {
      $0.creditAccountID = account.id.value
      $0.currencyCode = account.currency.value
      $0.mode = DMSAPI.CreditMode(rawValue: Int32(account.mode.rawValue))
      $0.limitMicros = account.limit.value
      $0.temporaryLimitMicros = account.temporaryLimit.value
      $0.temporaryLimitExpireTime = account.temporaryLimitExpiry.timestamp
      $0.status = DMSAPI.CreditStatus(rawValue: Int32(standing.rawValue))
      $0.expiryDate = account.expiryDate?.description ?? ""
      $0.documentLimitMicros = account.documentLimit.value
      $0.overdueDaysMax = account.overdueDaysMax
      $0.overdueMicrosMax = account.overdueMax.value
      $0.unshippedMicros = stored.exposure.unshipped.value
      $0.unbilledMicros = stored.exposure.unbilled.value
      $0.receivableMicros = stored.exposure.receivable.value
      $0.exposureMicros = exposure.value
      $0.availableMicros = available.value
      $0.etag = Etag.text(version: stored.terms.version)
      $0.createTime = Timestamp(stored.terms.createTime)
      $0.updateTime = Timestamp(stored.terms.updateTime)
    }
  }
}
