import DMSAPI
import DMSClient
import RPC

@testable import DMSCommand

extension FuzzTarget {
  /// The details of an error, as a client reads them out of a server's trailers and shows them.
  static let errorDetails = FuzzTarget("error-details", words: ErrorDetailsChecks.words) { input in
    var reader = InputReader(input)
    let code = StatusCode(rawValue: Int(reader.byte()) % 17) ?? .unknown
    let error = DMSError(RPCError(code, "it failed", detailsBin: reader.bytes), requestID: "r")
    try require(error.code == code, "the code became \(error.code)")
    try require(error.requestID == "r", "the request id became \(error.requestID ?? "nil")")
    if let delay = error.retryDelay {
      try require(delay >= .zero && delay <= .seconds(86_400), "a wait of \(delay)")
    }
    _ = FailureText.failure(of: error)
  }
}

enum ErrorDetailsChecks {
  /// A detail of each type that is read, and its number.
  static let words: [[UInt8]] = [
    "google.rpc.ErrorInfo", "google.rpc.BadRequest", "google.rpc.PreconditionFailure", "google.rpc.QuotaFailure",
    "google.rpc.RetryInfo", "google.rpc.ResourceInfo",
  ].map { name in
    let url = Array("type.googleapis.com/\(name)".utf8)
    let value: [UInt8] = name.hasSuffix("RetryInfo") ? [0x0A, 0x02, 0x08, 0x05] : [0x0A, 0x01, 0x41]
    let detail = [0x0A, UInt8(url.count)] + url + [0x12, UInt8(value.count)] + value
    return [0x1A, UInt8(detail.count)] + detail
  }
}
