public import DMSAPI
public import RPC

/// Why a call failed: the server's answer in full, or what kept the call from getting one.
///
/// Branch on ``reason`` first, it is the most precise; on ``code`` where a whole kind of failure is
/// meant. ``message`` and the violations' descriptions are sentences for people.
public struct DMSError: Error, Sendable {
  /// The kind of failure.
  public var code: StatusCode
  /// The precise reason; nil when none was given, or when it is newer than this client.
  public var reason: ErrorReason?
  /// The reason's code as the server sent it, such as `RULE_BLOCKED`; empty when none was given.
  public var reasonName: String
  /// What went wrong, as a sentence.
  public var message: String
  /// Every field that is wrong, with INVALID_ARGUMENT.
  public var fieldViolations: [FieldViolation] = []
  /// Every rule or state that stands against the call, with FAILED_PRECONDITION.
  public var preconditionViolations: [PreconditionViolation] = []
  /// Every limit that was passed, with RESOURCE_EXHAUSTED.
  public var quotaViolations: [QuotaViolation] = []
  /// How long the server asks to wait before another try.
  public var retryDelay: Duration?
  /// The server, or something before it, has said that the call is not to be tried again.
  package var isRepetitionRefused = false
  /// The resource that is concerned, such as the one that was not found.
  public var resource: Resource?
  /// Facts of the reason by name, such as `current_etag`.
  public var metadata: [String: String] = [:]
  /// The request id under which the write was tried. With UNAVAILABLE or DEADLINE_EXCEEDED the
  /// write may have been committed: the same request under the same id settles it.
  public var requestID: String?
  /// What lay behind it on this side, such as a socket's error.
  public var cause: (any Error)?

  /// A failure with these facts.
  public init(
    _ code: StatusCode, _ message: String, reason: ErrorReason? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.reason = reason
    self.reasonName = reason.map(Self.code(of:)) ?? ""
    self.message = message
    self.cause = cause
  }

  /// A field of the request that is wrong.
  public struct FieldViolation: Sendable, Hashable {
    /// Where it stands, such as `order.lines[3].quantity`.
    public var field: String
    /// What is wrong and what would be right, as a sentence.
    public var description: String

    /// A violation of `field`.
    public init(field: String, description: String) {
      self.field = field
      self.description = description
    }
  }

  /// A rule or a state that stands against the call.
  public struct PreconditionViolation: Sendable, Hashable {
    /// The rule's reason code, such as `CREDIT_EXCEEDED`.
    public var rule: String
    /// What it concerns, such as a line or an account.
    public var subject: String
    /// What is wrong and what would be right, as a sentence.
    public var description: String

    /// A violation of `rule`.
    public init(rule: String, subject: String, description: String) {
      self.rule = rule
      self.subject = subject
      self.description = description
    }
  }

  /// A limit that was passed.
  public struct QuotaViolation: Sendable, Hashable {
    /// What is limited.
    public var subject: String
    /// The limit, as a sentence.
    public var description: String

    /// A violation of the limit on `subject`.
    public init(subject: String, description: String) {
      self.subject = subject
      self.description = description
    }
  }

  /// A resource that an error is about.
  public struct Resource: Sendable, Hashable {
    /// What kind, such as `order`.
    public var type: String
    /// Its identifier.
    public var name: String
    /// What about it, as a sentence; may be empty.
    public var description: String

    /// The resource `name` of kind `type`.
    public init(type: String, name: String, description: String = "") {
      self.type = type
      self.name = name
      self.description = description
    }
  }
}

extension DMSError: CustomStringConvertible {
  /// Code, reason and message on one line, and each violation on a line of its own.
  public var description: String {
    var lines = [reasonName.isEmpty ? "\(code): \(message)" : "\(code) \(reasonName): \(message)"]
    lines += fieldViolations.map { "  \($0.field): \($0.description)" }
    lines += preconditionViolations.map { "  \($0.rule) \($0.subject): \($0.description)" }
    lines += quotaViolations.map { "  \($0.subject): \($0.description)" }
    return lines.joined(separator: "\n")
  }
}

extension DMSError {
  /// Whether the same call may succeed a little later: nothing is wrong with the call itself.
  public var isTransient: Bool {
    !isRepetitionRefused && (code == .unavailable || (code == .resourceExhausted && reason == .overloaded))
  }

  /// Whether a write may have been committed although the answer never came.
  public var isOutcomeUnknown: Bool {
    requestID != nil && (code == .unavailable || code == .deadlineExceeded || code == .cancelled)
  }

  /// The call was given up by its own task.
  static func cancelled(_ cause: any Error) -> DMSError {
    DMSError(.cancelled, "the call was cancelled by the caller", cause: cause)
  }
}
