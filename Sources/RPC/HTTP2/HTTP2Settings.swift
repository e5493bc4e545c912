internal import CNGHTTP2

/// What a session allows its peer.
package struct HTTP2Settings: Sendable {
  /// How many streams the peer may have open at once.
  package var concurrentStreamsMax = 100

  /// How many bytes the peer may send on one stream before it waits for credit.
  package var streamWindowBytes = 128 * 1024

  /// How many bytes the peer may send on the connection before it waits for credit, which is returned on receipt.
  package var connectionWindowBytes = 1024 * 1024

  /// How large a header list may be: the sum of names, values and 32 bytes a field.
  package var headerListBytesMax = 16 * 1024

  /// How many streams the peer may reset in a burst, and a second after that, before the connection is ended.
  package var resetBurst = 1000
  package var resetsPerSecond = 33

  /// How many CONTINUATION frames a header block may have.
  package var continuationsMax = 8

  /// How many frames that bring no work forward the peer may send in a burst, and a second after that, before the
  /// connection is ended. Work that is done gives it more.
  package var controlBurst = Int.max
  package var controlsPerSecond = 0

  /// How many frames may wait for a peer that does not read, before the connection is ended.
  package var outboundFramesMax = Int.max

  /// How long a peer may take to take the last bytes of a connection that is closed.
  package var closingTimeout = Duration.seconds(10)

  package init() {}

  func entries(for role: HTTP2Session.Role) -> [nghttp2_settings_entry] {
    func entry(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
      nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: value))
    }
    var entries = [
      entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, min(streamWindowBytes, Int(Int32.max))),
      entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, headerListBytesMax),
    ]
    switch role {
    case .server: entries.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, concurrentStreamsMax))
    case .client: entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
    }
    return entries
  }
}
