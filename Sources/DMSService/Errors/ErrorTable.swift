internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
package import RPC

/// The one place where a fault becomes a gRPC status: code, reason, sentence and details.
///
/// Every status carries a `google.rpc.ErrorInfo` (domain `dms`); what helps the caller beside it
/// (bad fields, violated rules, when to retry) is added by the row. What is not in the table is a
/// fault of ours: INTERNAL, with the cause for the log alone.
package enum ErrorTable {
  /// The domain of every `ErrorInfo`.
  package static let domain = "dms"

  /// The status for an error that a handler threw.
  package static func status(for error: any Error) -> RPCError {
    switch error {
    case let error as RPCError: completed(error)
    case let error as ServiceError: row(error).status()
    case let error as FieldViolations: row(.invalidFields(error.violations)).status()
    case let error as StorageError: row(error).status(cause: error)
    case is CancellationError:
      Row(.cancelled, .unspecified, "The call was cancelled.").status()
    default:
      Row(.internal, .internal, "The server failed on this call; its log has the cause.").status(cause: error)
    }
  }

  /// Adds the `ErrorInfo` that a status made by the runtime lacks.
  private static func completed(_ error: RPCError) -> RPCError {
    guard error.detailsBin == nil else { return error }
    let reason: ErrorReason =
      switch error.code {
      case .invalidArgument: .malformedMessage
      case .resourceExhausted: .limitExceeded
      case .deadlineExceeded: .deadlineExceeded
      case .unavailable: .shuttingDown
      case .internal, .unknown: .internal
      default: .unspecified
      }
    return Row(error.code, reason, error.message).status(cause: error.cause)
  }

  // MARK: The rows

  private static func row(_ error: ServiceError) -> Row {
    switch error {
    case .invalidFields(let violations):
      let first = violations.first.map { "\($0.field) \($0.problem.sentence)." } ?? "The request is not valid."
      let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
      return Row(.invalidArgument, .invalidField, first + more).adding(
        badRequest(violations.prefix(violationsMax).map { ($0.field, "It \($0.problem.sentence).") }))
    case .invalidPageToken:
      let what = "The page token is damaged or belongs to another filter or order; list again from the first page."
      return Row(.invalidArgument, .invalidPageToken, what)
        .adding(badRequest([("page_token", what)]))
    case .invalidFilter(let position, let problem):
      return Row(.invalidArgument, .invalidFilter, "filter, position \(position): \(problem)")
        .adding(badRequest([("filter", "Position \(position): \(problem)")]))

    case .credentialMissing:
      return Row(
        .unauthenticated, .credentialMissing,
        "No credential was sent; send an API key as `authorization: Bearer …`.")
    case .credentialInvalid:
      return Row(
        .unauthenticated, .credentialInvalid,
        "The API key is unknown, revoked or expired; ask an administrator for a new one.")
    case .tooManyAttempts(let seconds):
      return Row(
        .resourceExhausted, .tooManyAttempts,
        "Too many failed attempts from this address; try again in \(seconds) s."
      ).adding(retry(milliseconds: seconds * 1000))
    case .roleMissing(let method, let roles):
      let needed = roles.isEmpty ? "admin" : (["admin"] + roles).joined(separator: ", ")
      return Row(
        .permissionDenied, .roleMissing, "\(method) needs one of the roles \(needed) in a scope that covers it."
      )
      .with("method", method).with("roles", needed)
    case .fieldNotAllowed(let field, let needs):
      return Row(.permissionDenied, .fieldNotAllowed, "\(field) may only be set with \(needs); leave it out.")
        .with("field", field).adding(badRequest([(field, "It may only be set with \(needs).")]))

    case .notFound(let kind, let id):
      return Row(.notFound, .notFound, "There is no \(kind.words) \(quoted(id)) that you may see.")
        .adding(resource(kind, id))
    case .alreadyExists(let kind, let id):
      return Row(.alreadyExists, .alreadyExists, "A \(kind.words) \(quoted(id)) exists; choose another identifier.")
        .adding(resource(kind, id))
    case .etagMismatch(let kind, let id):
      return Row(
        .aborted, .etagMismatch,
        "The \(kind.words) \(quoted(id)) has changed since it was read; read it again and repeat."
      )
      .adding(resource(kind, id))
    case .wrongState(let kind, let id, let state, let allowed):
      return Row(
        .failedPrecondition, .wrongState,
        "The \(kind.words) \(quoted(id)) is \(state); this needs \(allowed.joined(separator: " or "))."
      )
      .with("state", state).with("allowed", allowed.joined(separator: ","))
      .adding(resource(kind, id))
    case .missingReference(let field, let kind, let id):
      return Row(
        .failedPrecondition, .missingReference, "\(field): there is no \(kind.words) \(quoted(id)); create it first."
      )
      .adding(badRequest([(field, "There is no \(kind.words) \(quoted(id)).")]))

    case .ruleBlocked(let violations):
      return blocked(.ruleBlocked, "The order is blocked", violations)
    case .priceConflict(let violations):
      return blocked(.priceConflict, "Prices collide", violations)
    case .insufficientStock(let violations):
      return blocked(.insufficientStock, "There is not enough stock", violations)
    case .balanceMismatch(let violations):
      var row = blocked(.balanceMismatch, "The balance is not the expected one", violations)
      row.code = .aborted
      return row
    case .reviewerIsSubmitter(let order):
      return Row(
        .permissionDenied, .reviewerIsSubmitter,
        "You submitted order \(quoted(order)); somebody else must review it.")
    case .feedIsAuthority(let dealer):
      return Row(
        .failedPrecondition, .feedIsAuthority,
        "The stock of dealer \(quoted(dealer)) is kept by its own system; report it with StreamInventory.")
    case .staleEpoch(let given, let last):
      return Row(
        .failedPrecondition, .staleEpoch, "Epoch \(given) is over; the last one of this source is \(last)."
      )
      .with("last_epoch", String(last))
    case .snapshotRequired(let epoch, let last):
      return Row(
        .failedPrecondition, .snapshotRequired,
        "Epoch \(epoch) follows \(last) and must open with a full snapshot; go on with epoch \(last) instead."
      )
      .with("last_epoch", String(last))
    case .fenced(let source):
      return Row(.aborted, .fenced, "A newer stream of source \(quoted(source)) has taken over; run one sender only.")

    case .revisionCompacted(let oldest):
      return Row(
        .outOfRange, .revisionCompacted,
        "The change log reaches back to revision \(oldest) only; list again and watch from the list's revision."
      )
      .with("oldest_revision", String(oldest))
    case .watcherTooSlow(let resumeAfter):
      return Row(
        .unavailable, .watcherTooSlow, "The watch did not keep up; resume after revision \(resumeAfter)."
      )
      .with("resume_after_revision", String(resumeAfter)).adding(retry(milliseconds: 100))
    case .limitExceeded(let name, let limit):
      return Row(.resourceExhausted, .limitExceeded, "At most \(limit) \(name) are allowed.")
        .with("limit", String(limit))
    case .tooManyCalls(let milliseconds):
      return Row(
        .resourceExhausted, .limitExceeded, "You make more calls than you may; try again in \(milliseconds) ms."
      ).adding(retry(milliseconds: milliseconds))
    case .shuttingDown:
      return Row(.unavailable, .shuttingDown, "The server is shutting down; retry.")
        .adding(retry(milliseconds: 500))
    }
  }

  private static func blocked(_ reason: ErrorReason, _ words: String, _ violations: [PreconditionViolation]) -> Row {
    var failure = PreconditionFailure()
    failure.violations = violations.prefix(violationsMax).map { violation in
      .with {
        $0.type = violation.type
        $0.subject = violation.subject
        $0.description = violation.description
      }
    }
    let first = violations.first?.description ?? ""
    let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
    var row = Row(.failedPrecondition, reason, "\(words): \(first)\(more)").adding(failure)
    for violation in violations.prefix(figuresMax) {
      for (name, value) in violation.figures {
        row = row.with("\(violation.type).\(violation.subject).\(name)", String(value))
      }
    }
    return row
  }

  // MARK: Details

  private static func badRequest(_ violations: [(field: String, description: String)]) -> BadRequest {
    .with {
      $0.fieldViolations = violations.map { violation in
        .with {
          $0.field = violation.field
          $0.description = violation.description
        }
      }
    }
  }

  /// Violations that one answer names at most: a request may have thousands of bad lines, trailers are bounded.
  static let violationsMax = 16

  /// Violations of which the figures are given in the metadata.
  static let figuresMax = 4

  private static func resource(_ kind: ResourceKind, _ id: String) -> ResourceInfo {
    .with {
      $0.resourceType = kind.rawValue
      $0.resourceName = id
    }
  }

  static func retry(milliseconds: Int64) -> RetryInfo {
    .with {
      $0.retryDelay = .with {
        $0.seconds = milliseconds / 1000
        $0.nanos = Int32(milliseconds % 1000) * 1_000_000
      }
    }
  }

  private static func quoted(_ text: String) -> String { "«\(text)»" }
}

extension ResourceKind {
  fileprivate var words: String { rawValue.replacing("_", with: " ") }
}

/// A status in the making.
private struct Row {
  var code: StatusCode
  private let reason: ErrorReason
  private let message: String
  private var metadata: [String: String] = [:]
  private var details: [AnyMessage] = []

  init(_ code: StatusCode, _ reason: ErrorReason, _ message: String) {
    self.code = code
    self.reason = reason
    self.message = message
  }

  func with(_ key: String, _ value: String) -> Row {
    var row = self
    row.metadata[key] = value
    return row
  }

  func adding<Detail: Message>(_ detail: Detail) -> Row {
    var row = self
    if let packed = pack(detail) { row.details.append(packed) }
    return row
  }

  func status(cause: (any Error)? = nil) -> RPCError {
    var info = ErrorInfo()
    info.reason = ErrorTable.reasonText(reason)
    info.domain = ErrorTable.domain
    info.metadata = metadata
    var status = RpcStatus()
    status.code = Int32(code.rawValue)
    status.message = message
    status.details = [pack(info)].compactMap { $0 } + details
    return RPCError(code, message, detailsBin: try? status.encodedBytes(), cause: cause)
  }

  private func pack<Detail: Message>(_ detail: Detail) -> AnyMessage? {
    guard let bytes = try? detail.encodedBytes() else { return nil }
    return .with {
      $0.typeURL = "type.googleapis.com/\(Detail.fullName)"
      $0.value = bytes
    }
  }
}

extension ErrorTable {
  /// The reason as it stands on the wire: the enum's name without its prefix.
  static func reasonText(_ reason: ErrorReason) -> String {
    String(reason.name.dropFirst("ERROR_REASON_".count))
  }

  private static func row(_ error: StorageError) -> Row {
    switch error {
    case .overloaded(let retryAfter):
      let milliseconds = max(1, Int64(retryAfter / .milliseconds(1)))
      return Row(
        .resourceExhausted, .overloaded,
        "The server has more writes waiting than it takes; retry in \(milliseconds) ms."
      )
      .adding(retry(milliseconds: milliseconds))
    case .requestIDReused:
      return Row(
        .alreadyExists, .requestIDReused,
        "This request id was used before for other content; make a new one for a new request.")
    case .outcomeUnknown:
      return Row(
        .unavailable, .outcomeUnknown,
        "The commit failed and nobody knows whether it took place; retry with the same request id."
      )
      .adding(retry(milliseconds: 200))
    case .revisionCompacted(let oldest):
      return row(ServiceError.revisionCompacted(oldest: oldest))
    case .invalidPageToken:
      return row(ServiceError.invalidPageToken)
    case .writeTooLarge:
      return Row(.resourceExhausted, .limitExceeded, "The request changes more than one commit may hold; split it.")
    case .closed:
      return row(ServiceError.shuttingDown)
    case .unavailable(let error) where error.kind == .full:
      return Row(.resourceExhausted, .storageFull, "The server's disk is full; nothing was written.")
    case .unavailable, .snapshotTooOld:
      return Row(.unavailable, .storeUnavailable, "The store cannot be used for now; retry.")
        .adding(retry(milliseconds: 500))
    case .servedElsewhere, .unsuitableServer, .newerDatabase, .transactionEnded:
      return Row(.internal, .internal, "The server failed on this call; its log has the cause.")
    }
  }
}
