internal import CNGHTTP2

/// Why a stream or a connection ended, as RFC 9113 numbers it.
package struct HTTP2ErrorCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let noError = HTTP2ErrorCode(rawValue: 0x0)
  package static let protocolError = HTTP2ErrorCode(rawValue: 0x1)
  package static let internalError = HTTP2ErrorCode(rawValue: 0x2)
  package static let flowControlError = HTTP2ErrorCode(rawValue: 0x3)
  package static let settingsTimeout = HTTP2ErrorCode(rawValue: 0x4)
  package static let streamClosed = HTTP2ErrorCode(rawValue: 0x5)
  package static let frameSizeError = HTTP2ErrorCode(rawValue: 0x6)
  package static let refusedStream = HTTP2ErrorCode(rawValue: 0x7)
  package static let cancel = HTTP2ErrorCode(rawValue: 0x8)
  package static let compressionError = HTTP2ErrorCode(rawValue: 0x9)
  package static let connectError = HTTP2ErrorCode(rawValue: 0xA)
  package static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 0xB)
  package static let inadequateSecurity = HTTP2ErrorCode(rawValue: 0xC)
  package static let http11Required = HTTP2ErrorCode(rawValue: 0xD)

  package var description: String {
    let names = [
      "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
      "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
      "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]
    return rawValue < UInt32(names.count) ? names[Int(rawValue)] : "0x\(String(rawValue, radix: 16))"
  }

  /// The status that a client gives a call whose stream was reset with this code (gRPC's PROTOCOL-HTTP2).
  package var statusCode: StatusCode {
    switch self {
    case .refusedStream: .unavailable
    case .cancel: .cancelled
    case .enhanceYourCalm: .resourceExhausted
    case .inadequateSecurity: .permissionDenied
    default: .internal
    }
  }
}

/// Why a session cannot go on.
package enum HTTP2SessionError: Error, CustomStringConvertible {
  /// nghttp2 gave up: its code and its words.
  case library(code: Int, reason: String)
  /// The session has ended; nothing more can be sent.
  case closed
  /// TLS was established, but not for HTTP/2.
  case noALPN
  /// The peer did more of something than it may: what it is told.
  case abuse(reason: String)

  package var description: String {
    switch self {
    case .library(let code, let reason): "HTTP/2: \(reason) (\(code))"
    case .closed: "HTTP/2: the session has ended"
    case .noALPN: "HTTP/2: the peer did not agree on h2 (ALPN)"
    case .abuse(let reason): "HTTP/2: the peer does not keep calm: \(reason)"
    }
  }

  /// What the peer is told in a GOAWAY.
  var code: HTTP2ErrorCode {
    switch self {
    case .library(let code, _)
    where code == Int(NGHTTP2_ERR_FLOODED.rawValue) || code == Int(NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue):
      .enhanceYourCalm
    case .abuse: .enhanceYourCalm
    case .library, .closed, .noALPN: .protocolError
    }
  }

  /// The words that go with it.
  var debugData: String {
    if case .abuse(let reason) = self { reason } else { "" }
  }
}
