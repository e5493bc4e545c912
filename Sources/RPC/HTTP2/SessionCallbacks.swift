internal import CNGHTTP2
internal import NIOCore

/// The functions that nghttp2 calls, and how they find their session and their stream.
///
/// nghttp2's user data is the session, unretained: it outlives the raw session, which its `deinit` deletes. A stream's
/// user data is the stream, unretained: the session keeps it until nghttp2 has closed the stream.
enum SessionCallbacks {
  static func makeSession(role: HTTP2Session.Role, settings: HTTP2Settings) throws(HTTP2SessionError) -> OpaquePointer {
    var options: OpaquePointer?
    guard nghttp2_option_new(&options) == 0 else {
      throw .library(code: Int(NGHTTP2_ERR_NOMEM.rawValue), reason: "no memory")
    }
    defer { nghttp2_option_del(options) }
    nghttp2_option_set_no_auto_window_update(options, 1)
    nghttp2_option_set_no_closed_streams(options, 1)
    nghttp2_option_set_max_outbound_ack(options, 256)
    nghttp2_option_set_max_continuations(options, max(1, settings.continuationsMax))
    nghttp2_option_set_stream_reset_rate_limit(
      options, UInt64(max(1, settings.resetBurst)), UInt64(max(1, settings.resetsPerSecond)))

    var session: OpaquePointer?
    let result =
      switch role {
      case .server: nghttp2_session_server_new2(&session, table.raw, nil, options)
      case .client: nghttp2_session_client_new2(&session, table.raw, nil, options)
      }
    guard result == 0, let session else { throw .library(code: Int(result), reason: "no session") }
    return session
  }

  static func attach(_ session: HTTP2Session) {
    nghttp2_session_set_user_data(session.raw, Unmanaged.passUnretained(session).toOpaque())
  }

  static func dataProvider(for stream: HTTP2Stream) -> nghttp2_data_provider {
    nghttp2_data_provider(
      source: nghttp2_data_source(ptr: Unmanaged.passUnretained(stream).toOpaque()), read_callback: readData)
  }

  /// `@unchecked Sendable`: nghttp2 copies the table into each session and never writes to it.
  private struct Table: @unchecked Sendable {
    let raw: OpaquePointer?
  }

  /// Made once, kept for the life of the process.
  private static let table: Table = {
    var callbacks: OpaquePointer?
    nghttp2_session_callbacks_new(&callbacks)
    nghttp2_session_callbacks_set_send_callback(callbacks, send)
    nghttp2_session_callbacks_set_send_data_callback(callbacks, sendData)
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, frameSent)
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, beginFrame)
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, beginHeaders)
    nghttp2_session_callbacks_set_on_header_callback(callbacks, header)
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, frameReceived)
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, dataReceived)
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, streamClosed)
    return Table(raw: callbacks)
  }()

  private static func session(_ pointer: UnsafeMutableRawPointer?) -> HTTP2Session? {
    pointer.map { Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func stream(_ pointer: UnsafeMutableRawPointer?) -> HTTP2Stream? {
    pointer.map { Unmanaged<HTTP2Stream>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func stream(_ raw: OpaquePointer?, _ id: Int32) -> HTTP2Stream? {
    stream(nghttp2_session_get_stream_user_data(raw, id))
  }

  // MARK: Out

  private static let send: nghttp2_send_callback = { _, bytes, count, _, user in
    guard let session = session(user) else { return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue) }
    if session.output.readableBytes >= session.outputLimit { return Int(NGHTTP2_ERR_WOULDBLOCK.rawValue) }
    session.output.writeBytes(UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  /// Says how much of a stream's messages goes into the next DATA frame; `sendData` then writes it.
  private static let readData: nghttp2_data_source_read_callback = { raw, id, _, length, flags, source, _ in
    guard let stream = stream(source?.pointee.ptr), let flags else {
      return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
    }
    let pending = stream.outgoing.pendingBytes
    let count = min(pending, length)
    flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
    guard count == pending else { return count }
    switch stream.ending {
    case .open:
      if count > 0 { return count }
      stream.isDeferred = true
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    case .endStream:
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
    case .trailers(let trailers):
      flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
      stream.ending = .endStream
      guard trailers.withFields({ nghttp2_submit_trailer(raw, id, $0, $1) }) == 0 else {
        return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
      }
    }
    return count
  }

  private static let sendData: nghttp2_send_data_callback = { _, _, frameHeader, length, source, user in
    guard let session = session(user), let stream = stream(source?.pointee.ptr) else {
      return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    if session.output.readableBytes >= session.outputLimit { return NGHTTP2_ERR_WOULDBLOCK.rawValue }
    session.output.writeBytes(UnsafeRawBufferPointer(start: frameHeader, count: 9))
    stream.outgoing.write(length, to: &session.output)
    if length > 0 {
      session.sentData(length)
      stream.wroteOutgoing(length)
    }
    return 0
  }

  /// A server that has answered has no use for what the client may still send, and tells it to stop. (Not sooner: a
  /// reset that is queued keeps the headers before it from being sent.)
  private static let frameSent: nghttp2_on_frame_send_callback = { raw, frame, user in
    guard let session = session(user), let frame else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
    let header = frame.pointee.hd
    guard session.role == .server else { return 0 }
    switch nghttp2_frame_type(UInt32(header.type)) {
    case NGHTTP2_HEADERS:
      session.hasSentWork = true
      guard UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0, let stream = stream(raw, header.stream_id),
        !stream.remoteEnded
      else { return 0 }
      return nghttp2_submit_rst_stream(
        raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), header.stream_id, HTTP2ErrorCode.noError.rawValue)
    case NGHTTP2_RST_STREAM:
      // A server resets no stream of its own accord: the client broke a rule, or opened more than it may.
      guard frame.pointee.rst_stream.error_code != HTTP2ErrorCode.noError.rawValue else { return 0 }
      session.resetForPeer()
      return 0
    default:
      return 0
    }
  }

  // MARK: In

  /// Every frame counts that carries neither headers nor messages; of those that do, the empty ones are counted when
  /// they are complete.
  private static let beginFrame: nghttp2_on_begin_frame_callback = { _, header, user in
    guard let type = header?.pointee.type, type > UInt8(NGHTTP2_HEADERS.rawValue) else { return 0 }
    guard let session = session(user), session.receivedControl() else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
    return 0
  }

  private static let beginHeaders: nghttp2_on_begin_headers_callback = { raw, frame, user in
    guard let session = session(user), let frame else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
    let id = frame.pointee.hd.stream_id
    if session.role == .server, frame.pointee.headers.cat == NGHTTP2_HCAT_REQUEST {
      guard session.isOutboundBounded() else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      session.controlBudget.earn(2)
      guard let stream = session.delegate.sessionOpensStream() else {
        _ = nghttp2_submit_rst_stream(
          raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, HTTP2ErrorCode.refusedStream.rawValue)
        return 0
      }
      stream.id = id
      session.attach(stream)
      return nghttp2_session_set_stream_user_data(raw, id, Unmanaged.passUnretained(stream).toOpaque())
    }
    if let stream = stream(raw, id) {
      stream.headerListBytes = 0
      stream.headersTooLarge = false
    }
    return 0
  }

  /// How many times the limit a header list may have before it costs its connection: a few bytes that name large fields
  /// again and again keep the server busy, although nothing of them is kept.
  private static let headerListRatioMax = 64

  private static let header: nghttp2_on_header_callback = { raw, frame, name, nameLength, value, valueLength, _, user in
    guard let session = session(user), let frame, let stream = stream(raw, frame.pointee.hd.stream_id) else { return 0 }
    stream.headerListBytes += nameLength + valueLength + 32
    if stream.headerListBytes > session.headerListBytesMax {
      stream.headersTooLarge = true
      guard stream.headerListBytes / headerListRatioMax > session.headerListBytesMax else { return 0 }
      session.endForMisuse("a header list far over its limit")
      return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
    }
    let name = UnsafeRawBufferPointer(start: name, count: nameLength)
    stream.receivedHeader(
      KnownHeader(name), name: name, value: UnsafeRawBufferPointer(start: value, count: valueLength))
    return 0
  }

  private static let dataReceived: nghttp2_on_data_chunk_recv_callback = { raw, _, id, bytes, count, _ in
    let result = nghttp2_session_consume_connection(raw, count)
    if let stream = stream(raw, id) {
      stream.receivedData(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    return result
  }

  private static let frameReceived: nghttp2_on_frame_recv_callback = { raw, frame, user in
    guard let session = session(user), let frame else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
    let header = frame.pointee.hd
    let type = nghttp2_frame_type(UInt32(header.type))
    switch type {
    case NGHTTP2_HEADERS, NGHTTP2_DATA:
      let ends = UInt32(header.flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0
      if type == NGHTTP2_DATA {
        let count = header.length - frame.pointee.data.padlen
        guard ends || count > 0 else {
          return session.receivedControl() ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE.rawValue
        }
        session.receivedData(count)
      }
      guard let stream = stream(raw, header.stream_id) else { return 0 }
      if ends { stream.remoteEnded = true }
      if type == NGHTTP2_HEADERS {
        stream.receivedHeaders(isTrailers: frame.pointee.headers.cat == NGHTTP2_HCAT_HEADERS)
      }
      if ends { stream.receivedEnd() }
    case NGHTTP2_SETTINGS:
      if UInt32(header.flags) & NGHTTP2_FLAG_ACK.rawValue == 0 { session.delegate.sessionReceivedSettings() }
    case NGHTTP2_GOAWAY:
      let goAway = frame.pointee.goaway
      let text = UnsafeRawBufferPointer(start: goAway.opaque_data, count: min(goAway.opaque_data_len, 100))
      session.delegate.sessionReceivedGoAway(
        lastStreamID: goAway.last_stream_id, code: HTTP2ErrorCode(rawValue: goAway.error_code),
        text: String(decoding: text, as: UTF8.self))
    case NGHTTP2_PING:
      if UInt32(header.flags) & NGHTTP2_FLAG_ACK.rawValue != 0 {
        let payload = withUnsafeBytes(of: frame.pointee.ping.opaque_data) { $0.loadUnaligned(as: UInt64.self) }
        session.delegate.sessionReceivedPingAck(UInt64(bigEndian: payload))
      } else {
        session.delegate.sessionReceivedPing()
        if session.isMisused { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      }
    default:
      break
    }
    return 0
  }

  private static let streamClosed: nghttp2_on_stream_close_callback = { raw, id, code, user in
    guard let session = session(user), let stream = stream(raw, id) else { return 0 }
    _ = nghttp2_session_set_stream_user_data(raw, id, nil)
    session.streamClosed(stream, HTTP2ErrorCode(rawValue: code))
    return 0
  }
}
