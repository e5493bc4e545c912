package import DMSAPI
internal import ProtobufC
package import RPC

extension DMSError {
  /// The typed form of anything that a call throws.
  package init(_ error: any Error, requestID: String? = nil) {
    switch error {
    case let error as DMSError:
      self = error
    case let error as RPCError:
      self.init(error)
    case is CancellationError:
      self = .cancelled(error)
    default:
      self.init(.unknown, "the call failed on this side: \(error)", cause: error)
    }
    if let requestID { self.requestID = requestID }
  }

  /// What a call's status says, with the details that travel in `grpc-status-details-bin`.
  package init(_ error: RPCError) {
    self.init(error.code, error.message, cause: error.cause)
    if let bytes = error.detailsBin, let status = try? RpcStatus(decoding: bytes) { read(status.details) }
    // What stands between client and server asks for waits in gRPC's own words, and goes before.
    switch error.pushback {
    case .unsaid: break
    case .after(let delay): retryDelay = delay
    case .never: isRepetitionRefused = true
    }
  }

  /// The failure of one item of a stream.
  package init(_ status: RpcStatus, requestID: String? = nil) {
    self.init(StatusCode(rawValue: Int(status.code)) ?? .unknown, status.message)
    self.requestID = requestID
    read(status.details)
  }

  /// Details that are unknown or damaged are passed over: the code and the message still stand.
  private mutating func read(_ details: [AnyMessage]) {
    for detail in details {
      let name = detail.typeURL.split(separator: "/").last.map(String.init) ?? ""
      switch name {
      case ErrorInfo.fullName:
        if let info = try? ErrorInfo(decoding: detail.value) { read(info) }
      case BadRequest.fullName:
        if let request = try? BadRequest(decoding: detail.value) { read(request) }
      case PreconditionFailure.fullName:
        if let failure = try? PreconditionFailure(decoding: detail.value) { read(failure) }
      case QuotaFailure.fullName:
        if let failure = try? QuotaFailure(decoding: detail.value) { read(failure) }
      case RetryInfo.fullName:
        if let info = try? RetryInfo(decoding: detail.value) { read(info) }
      case ResourceInfo.fullName:
        if let info = try? ResourceInfo(decoding: detail.value) { read(info) }
      default:
        break
      }
    }
  }

  private mutating func read(_ info: ErrorInfo) {
    reasonName = info.reason
    metadata = info.metadata
    reason = info.domain == "dms" ? ErrorReason(name: "ERROR_REASON_" + info.reason) : nil
  }

  private mutating func read(_ request: BadRequest) {
    fieldViolations = request.fieldViolations.map {
      FieldViolation(field: $0.field, description: $0.description)
    }
  }

  private mutating func read(_ failure: PreconditionFailure) {
    preconditionViolations = failure.violations.map {
      PreconditionViolation(rule: $0.type, subject: $0.subject, description: $0.description)
    }
  }

  private mutating func read(_ failure: QuotaFailure) {
    quotaViolations = failure.violations.map {
      QuotaViolation(subject: $0.subject, description: $0.description)
    }
  }

  private mutating func read(_ info: RetryInfo) {
    guard let delay = info.retryDelay else { return }
    let duration = Duration.seconds(delay.seconds) + .nanoseconds(Int64(delay.nanos))
    retryDelay = min(max(duration, .zero), .seconds(86_400))
  }

  private mutating func read(_ info: ResourceInfo) {
    resource = Resource(type: info.resourceType, name: info.resourceName, description: info.description)
  }

  /// A reason as it stands on the wire: its name without the prefix.
  static func code(of reason: ErrorReason) -> String {
    let name = reason.name
    let prefix = "ERROR_REASON_"
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }
}
