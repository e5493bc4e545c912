internal import DMSAPI
internal import DMSClient

/// Failures as sentences: what went wrong, every field and rule with its figures, and what to do.
enum FailureText {
  /// The failure of a command, whatever threw it.
  static func failure(of error: any Error) -> CommandFailure {
    switch error {
    case let error as CommandFailure: error
    case let error as DMSError: failure(of: error)
    case let error as InventoryUploadError: failure(of: error)
    case let error as ConfigurationError: CommandFailure("\(error)", status: ExitStatus.usage)
    case let error as ValueError: CommandFailure("\(error)", status: ExitStatus.usage)
    case let error as RequestIDError: CommandFailure("\(error)", status: ExitStatus.usage)
    case is CancellationError: CommandFailure("stopped")
    default: CommandFailure("\(error)")
    }
  }

  /// The failure of a call, with all that the server said about it.
  static func failure(of error: DMSError) -> CommandFailure {
    let name = error.reasonName.isEmpty ? "\(error.code)" : error.reasonName
    var details = error.fieldViolations.map { "\($0.field): \($0.description)" }
    details += error.preconditionViolations.map { violation in
      let subject = violation.subject.isEmpty ? "" : " (\(violation.subject))"
      return "\(violation.rule)\(subject): \(violation.description)"
    }
    details += error.quotaViolations.map { "\($0.subject): \($0.description)" }
    if let resource = error.resource, !error.message.contains(resource.name) {
      details.append(
        "\(resource.type) \(resource.name)" + (resource.description.isEmpty ? "" : ": \(resource.description)"))
    }
    if error.isOutcomeUnknown, let id = error.requestID {
      details.append("it may have been carried out all the same; its request id is \(id)")
    }
    if let delay = error.retryDelay {
      details.append("the server asks to wait \(ProgressMeter.seconds(delay))")
    }
    return CommandFailure(
      "\(unfinished(error.message)) (\(name))", details: details, remedy: error.remedy,
      status: ExitStatus.of(error))
  }

  private static func failure(of error: InventoryUploadError) -> CommandFailure {
    switch error {
    case .fenced(let cause), .failed(let cause): failure(of: cause)
    case .source(let cause): failure(of: cause)
    default: CommandFailure("\(error)")
    }
  }

  /// The failure as lines for standard error.
  static func lines(_ failure: CommandFailure) -> [String] {
    ["\(Paint.error("dms:")) \(DisplayWidth.harmless(failure.message))"]
      + failure.details.map { "  \(DisplayWidth.harmless($0))" }
      + (failure.remedy.map { [Paint.remedy("  → \($0)")] } ?? [])
  }

  /// One line for a failure among many, such as that of one order of a file.
  static func oneLine(_ error: DMSError) -> String {
    let failure = failure(of: error)
    return DisplayWidth.harmless(([failure.message] + failure.details).joined(separator: "; "))
  }

  private static func unfinished(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }
}
