import DMSAPI
import DMSClient
import ProtobufC
import RPC

/// A status as the server makes it: an `ErrorInfo` and further details.
func errorStatus(
  _ code: StatusCode, _ message: String, reason: String, metadata: [String: String] = [:],
  details: [any Message] = []
) throws -> RpcStatus {
  let info = ErrorInfo.with {
    $0.reason = reason
    $0.domain = "dms"
    $0.metadata = metadata
  }
  var status = RpcStatus()
  status.code = Int32(code.rawValue)
  status.message = message
  status.details = try ([info] + details).map { detail in
    var any = AnyMessage()
    any.typeURL = "type.googleapis.com/\(type(of: detail).fullName)"
    any.value = try detail.encodedBytes()
    return any
  }
  return status
}

/// An error as the server answers it.
func serverError(
  _ code: StatusCode, reason: String, message: String = "", details: [any Message] = []
) throws -> RPCError {
  let status = try errorStatus(code, message, reason: reason, details: details)
  return RPCError(code, message, detailsBin: try status.encodedBytes())
}

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64 = 1) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Settings that wait for nothing.
extension RetrySettings {
  static var impatient: RetrySettings {
    var settings = RetrySettings()
    settings.backoffFirst = .zero
    settings.backoffMax = .zero
    return settings
  }
}

extension CallSettings {
  static var impatient: CallSettings {
    var settings = CallSettings()
    settings.retries = .impatient
    return settings
  }
}
