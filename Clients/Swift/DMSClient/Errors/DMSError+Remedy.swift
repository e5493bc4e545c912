internal import DMSAPI
internal import RPC

extension DMSError {
  /// What the caller can do about it, as a sentence; nil where the message says it already.
  public var remedy: String? {
    switch reason {
    case .credentialMissing?:
      "Log in, or set an API key."
    case .credentialInvalid?:
      "Use another API key: this one is unknown, revoked or expired."
    case .roleMissing?, .fieldNotAllowed?:
      "Ask an administrator for a role that allows it, or use another key."
    case .tooManyAttempts?:
      "Wait for the stated time, and check the key before you try again."
    case .invalidPageToken?:
      "Start again from the first page."
    case .requestIDReused?:
      "Make a new request id for new content; keep the old one for repeats of the old content."
    case .etagMismatch?, .balanceMismatch?:
      "Read it again, look at what has changed, and send the change once more."
    case .revisionCompacted?:
      "List everything again, and watch after the revision of the first page."
    case .reviewerIsSubmitter?:
      "Let another reviewer decide."
    case .fenced?:
      "Another upload of the same source is running: let it run, or stop it and start this one again."
    case .staleEpoch?:
      "Raise the epoch above the last one of this source."
    case .snapshotRequired?:
      "Open the new epoch with a full snapshot."
    case .feedIsAuthority?:
      "Report it through the dealer's own feed, which keeps this stock."
    case .outcomeUnknown?:
      "Send the same request again under the same request id: it will tell what became of it."
    case .overloaded?, .shuttingDown?, .storeUnavailable?, .watcherTooSlow?:
      "Try again a little later."
    case .storageFull?:
      "Free space on the server's disk; nothing was written."
    case .limitExceeded?:
      "Split the request into smaller ones."
    default:
      remedyOfCode
    }
  }

  private var remedyOfCode: String? {
    switch code {
    case .unavailable: "Check that the server is running and that its address is right, then try again."
    case .deadlineExceeded: "Try again, or allow more time."
    case .unimplemented: "The server is older than this program: update it."
    case .internal, .dataLoss: "Tell whoever runs the server: its log has the cause."
    default: nil
    }
  }
}
