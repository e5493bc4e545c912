internal import DMSAPI
internal import DMSClient

/// What the program tells its caller by its exit code: the kind of failure.
enum ExitStatus {
  static let success: Int32 = 0
  static let other: Int32 = 1
  static let usage: Int32 = 2
  static let invalidInput: Int32 = 3
  static let notFound: Int32 = 4
  static let notAllowed: Int32 = 5
  static let conflict: Int32 = 6
  static let unavailable: Int32 = 7
  /// Nobody reads the output any more; what shells give for a pipe that broke.
  static let readerGone: Int32 = 141

  /// The exit code for a failed call.
  static func of(_ error: DMSError) -> Int32 {
    switch error.reason {
    case .limitExceeded?: return invalidInput
    case .tooManyAttempts?: return notAllowed
    default: break
    }
    return switch error.code {
    case .invalidArgument, .outOfRange: invalidInput
    case .notFound: notFound
    case .permissionDenied, .unauthenticated: notAllowed
    case .failedPrecondition, .aborted, .alreadyExists: conflict
    case .unavailable, .deadlineExceeded, .resourceExhausted: unavailable
    default: other
    }
  }
}

/// A failure of the command itself: a sentence, what belongs to it, and an exit code.
struct CommandFailure: Error, Equatable {
  /// What went wrong, as a sentence without a full stop.
  var message: String
  /// Facts, each on a line of its own.
  var details: [String] = []
  /// What to do about it.
  var remedy: String?
  var status: Int32

  init(_ message: String, details: [String] = [], remedy: String? = nil, status: Int32 = ExitStatus.other) {
    self.message = message
    self.details = details
    self.remedy = remedy
    self.status = status
  }

  /// The failure with something more to do about it.
  func adding(remedy more: String) -> CommandFailure {
    var failure = self
    failure.remedy = remedy.map { $0.hasSuffix(".") ? "\($0) \(more)" : "\($0). \(more)" } ?? more
    return failure
  }
}
