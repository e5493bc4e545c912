internal import CNGHTTP2
package import NIOCore

/// What a session tells its connection. All calls are made on the connection's event loop, from within the session's
/// own methods: they may submit, but not receive, write or close.
package protocol HTTP2SessionDelegate: AnyObject {
  /// Server: the peer opens a stream. The stream returned is its state from now on; nil refuses it.
  func sessionOpensStream() -> HTTP2Stream?

  /// A stream has ended; its own ``HTTP2Stream/closed(_:)`` was called just before.
  func sessionClosedStream(_ stream: HTTP2Stream)

  /// There may be something to write, and there was not before.
  func sessionHasOutput()

  /// The peer goes away: streams past `lastStreamID` were not and will not be processed. `text` is the beginning of what
  /// it says besides.
  func sessionReceivedGoAway(lastStreamID: Int32, code: HTTP2ErrorCode, text: String)

  /// The peer's settings arrived, and took effect.
  func sessionReceivedSettings()

  /// The peer asks for a sign of life, which it gets.
  func sessionReceivedPing()

  /// A ping of ours came back.
  func sessionReceivedPingAck(_ payload: UInt64)
}

/// An HTTP/2 session over nghttp2: bytes in, events out; requests in, bytes out.
///
/// It does no I/O and owns everything it allocates. It belongs to one event loop.
package final class HTTP2Session {
  /// Which end of the connection this is.
  package enum Role: Sendable {
    case server
    case client
  }

  let raw: OpaquePointer
  let headerListBytesMax: Int
  private(set) unowned var delegate: any HTTP2SessionDelegate
  private(set) var streams: [Int32: HTTP2Stream] = [:]

  /// Where ``write(into:limit:)`` writes; the callbacks fill it.
  var output = ByteBuffer()
  var outputLimit = 0
  private var announcedOutput = false
  package private(set) var isClosed = false

  /// What ends the session for its peer's misuse, from the moment that it is noticed.
  private var misuse: HTTP2SessionError?
  /// For frames that bring no work forward, and for streams that the peer had us reset.
  var controlBudget: FrameBudget
  private var resetBudget: FrameBudget
  private let outboundFramesMax: Int
  /// Whether headers or messages were sent since it was last cleared.
  package var hasSentWork = false
  /// How many bytes of messages, prefixes included, wait to be sent on all streams.
  package internal(set) var unsentBytes = 0

  /// Which end this is.
  package let role: Role

  /// A session that has sent nothing yet; its first output holds the settings.
  ///
  /// - Throws: when nghttp2 has no memory.
  package init(role: Role, settings: HTTP2Settings, delegate: any HTTP2SessionDelegate) throws(HTTP2SessionError) {
    self.role = role
    self.delegate = delegate
    self.headerListBytesMax = settings.headerListBytesMax
    self.controlBudget = FrameBudget(burst: settings.controlBurst, perSecond: settings.controlsPerSecond)
    self.resetBudget = FrameBudget(burst: settings.resetBurst, perSecond: settings.resetsPerSecond)
    self.outboundFramesMax = settings.outboundFramesMax
    self.raw = try SessionCallbacks.makeSession(role: role, settings: settings)
    SessionCallbacks.attach(self)
    try submit(settings)
  }

  deinit {
    nghttp2_session_del(raw)
  }

  // MARK: Bytes

  /// Takes what the peer sent. Calls streams and delegate on the way.
  ///
  /// - Throws: when the peer broke the protocol beyond repair. Write what is left (it says why), then close.
  package func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTP2SessionError) {
    guard !isClosed else { throw .closed }
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    let result = nghttp2_session_mem_recv(raw, base.assumingMemoryBound(to: UInt8.self), bytes.count)
    if let misuse { throw misuse }
    guard result >= 0 else { throw HTTP2Session.error(result) }
    announceOutput()
  }

  /// Appends what is to be sent to `buffer`, until nothing is left or `limit` bytes are readable in it.
  ///
  /// - Throws: when the session cannot go on. What is in the buffer is good all the same when it was for misuse.
  package func write(into buffer: inout ByteBuffer, limit: Int) throws(HTTP2SessionError) {
    guard !isClosed else { return }
    announcedOutput = false
    swap(&buffer, &output)
    outputLimit = limit
    let result = nghttp2_session_send(raw)
    swap(&buffer, &output)
    if let misuse { throw misuse }
    guard result == 0 else { throw HTTP2Session.error(Int(result)) }
  }

  /// Whether ``write(into:limit:)`` would write something.
  package var wantsWrite: Bool { !isClosed && nghttp2_session_want_write(raw) != 0 }

  /// Whether the session still serves a purpose; once it neither reads nor writes, close the connection.
  package var wantsRead: Bool { !isClosed && nghttp2_session_want_read(raw) != 0 }

  /// Ends the session, as after a lost connection: every stream is closed with `code`, and nothing more is sent.
  package func close(_ code: HTTP2ErrorCode) {
    guard !isClosed else { return }
    isClosed = true
    for stream in streams.values.sorted(by: { $0.id < $1.id }) { detach(stream, code) }
  }

  // MARK: Streams

  /// How many streams are open.
  package var streamCount: Int { streams.count }

  /// Every open stream, in no order.
  package var openStreams: [HTTP2Stream] { Array(streams.values) }

  /// Server: sends a response's headers; messages may follow.
  package func respond(_ stream: HTTP2Stream, _ headers: HeaderFields) throws(HTTP2SessionError) {
    try submitHeaders(stream, headers, withBody: true)
  }

  /// Server: sends a whole response in one header block, the trailers-only form; a peer that still sends is told to stop.
  package func respondOnly(_ stream: HTTP2Stream, _ headers: HeaderFields) throws(HTTP2SessionError) {
    guard stream.session === self, !isClosed else { throw .closed }
    stream.ending = .endStream
    try check(headers.withFields { nghttp2_submit_response(raw, stream.id, $0, $1, nil) })
    announceOutput()
  }

  /// Client: opens a stream with a request's headers; messages may follow. Sets the stream's id.
  ///
  /// - Throws: `.library` with `NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE` when the connection has no numbers left.
  package func request(_ stream: HTTP2Stream, _ headers: HeaderFields) throws(HTTP2SessionError) {
    guard !isClosed else { throw .closed }
    var provider = SessionCallbacks.dataProvider(for: stream)
    let id = headers.withFields { fields, count in
      nghttp2_submit_request(raw, nil, fields, count, &provider, Unmanaged.passUnretained(stream).toOpaque())
    }
    guard id >= 0 else { throw HTTP2Session.error(Int(id)) }
    stream.id = id
    attach(stream)
    announceOutput()
  }

  /// Queues a message, at most 2³² − 1 bytes, on a stream whose headers were submitted and that was not ended.
  package func send(_ message: FramedMessage, on stream: HTTP2Stream) {
    guard stream.session === self, case .open = stream.ending else { return }
    let before = stream.outgoing.pendingBytes
    stream.outgoing.append(message)
    unsentBytes += stream.outgoing.pendingBytes - before
    resume(stream)
  }

  /// Client: ends the stream's own half after its messages.
  package func end(_ stream: HTTP2Stream) {
    guard stream.session === self, case .open = stream.ending else { return }
    stream.ending = .endStream
    resume(stream)
  }

  /// Server: ends the stream with trailers after its messages; a peer that still sends is told to stop.
  package func end(_ stream: HTTP2Stream, trailers: HeaderFields) {
    guard stream.session === self, case .open = stream.ending else { return }
    stream.ending = .trailers(trailers)
    resume(stream)
  }

  /// Gives a stream up: what it had not sent is dropped and the peer is told `code`.
  package func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) throws(HTTP2SessionError) {
    guard stream.session === self, !isClosed else { return }
    try check(nghttp2_submit_rst_stream(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code.rawValue))
    announceOutput()
  }

  /// Lets the peer send `count` bytes more on the stream.
  package func returnCredit(_ count: Int, to stream: HTTP2Stream) {
    guard count > 0, stream.session === self, !stream.remoteEnded, !isClosed else { return }
    // The stream may be closing already; its credit is of no use then.
    _ = nghttp2_session_consume_stream(raw, stream.id, count)
    announceOutput()
  }

  // MARK: The connection

  /// Server: says that the connection will close; streams that are on their way are still served.
  package func submitShutdownNotice() throws(HTTP2SessionError) {
    guard !isClosed else { return }
    try check(nghttp2_submit_shutdown_notice(raw))
    announceOutput()
  }

  /// Says that no stream after the last one processed will be; the peer may send those elsewhere. `reason` is for its
  /// log.
  package func submitGoAway(_ code: HTTP2ErrorCode, reason: String = "") throws(HTTP2SessionError) {
    guard !isClosed else { return }
    let last = nghttp2_session_get_last_proc_stream_id(raw)
    let result = Array(reason.utf8).withUnsafeBufferPointer {
      nghttp2_submit_goaway(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, code.rawValue, $0.baseAddress, $0.count)
    }
    try check(result)
    announceOutput()
  }

  /// Asks the peer for a sign of life, answered by ``HTTP2SessionDelegate/sessionReceivedPingAck(_:)``.
  package func submitPing(_ payload: UInt64) throws(HTTP2SessionError) {
    guard !isClosed else { return }
    var bigEndian = payload.bigEndian
    let result = withUnsafeBytes(of: &bigEndian) { bytes in
      nghttp2_submit_ping(
        raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
    try check(result)
    announceOutput()
  }

  /// Client: whether a new request may be submitted now (no GOAWAY, numbers left).
  package var allowsRequests: Bool { !isClosed && nghttp2_session_check_request_allowed(raw) != 0 }

  /// How many streams at once the peer allows; 2³² − 1 when it set no limit, and before its settings arrived.
  package var peerConcurrentStreamsMax: UInt32 {
    nghttp2_session_get_remote_settings(raw, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
  }

  // MARK: Misuse

  /// Ends the session for what its peer did: ``receive(_:)`` and ``write(into:limit:)`` throw it from now on.
  package func endForMisuse(_ reason: String) {
    if misuse == nil { misuse = .abuse(reason: reason) }
  }

  /// Whether the peer has gone too far.
  var isMisused: Bool { misuse != nil }

  /// The peer sent a frame that brings no work forward; false when that was one too many.
  func receivedControl() -> Bool {
    guard controlBudget.spend(now: { LoopTimers.now }) else {
      endForMisuse("too many frames that do nothing")
      return false
    }
    return isOutboundBounded()
  }

  /// What the peer did has had a stream reset.
  func resetForPeer() {
    if !resetBudget.spend(now: { LoopTimers.now }) { endForMisuse("too many streams were reset") }
  }

  /// Whether what waits for a peer that does not read is within bounds.
  func isOutboundBounded() -> Bool {
    guard nghttp2_session_get_outbound_queue_size(raw) <= outboundFramesMax else {
      endForMisuse("answers are not read")
      return false
    }
    return true
  }

  /// Bytes of a message came, or went: the peer works, and what belongs to that may follow.
  func receivedData(_ count: Int) {
    controlBudget.earn(1 + count >> 10)
  }

  func sentData(_ count: Int) {
    unsentBytes -= count
    hasSentWork = true
    controlBudget.earn(1 + count >> 10)
  }

  // MARK: Inside

  func attach(_ stream: HTTP2Stream) {
    stream.session = self
    streams[stream.id] = stream
  }

  func streamClosed(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    detach(stream, code)
    delegate.sessionClosedStream(stream)
  }

  private func detach(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
    streams.removeValue(forKey: stream.id)
    stream.session = nil
    unsentBytes -= stream.outgoing.pendingBytes
    stream.outgoing.removeAll()
    stream.closed(code)
  }

  private func submitHeaders(
    _ stream: HTTP2Stream, _ headers: HeaderFields, withBody: Bool
  ) throws(HTTP2SessionError) {
    guard stream.session === self, !isClosed else { throw .closed }
    var provider = SessionCallbacks.dataProvider(for: stream)
    try check(headers.withFields { nghttp2_submit_response(raw, stream.id, $0, $1, &provider) })
    announceOutput()
  }

  private func resume(_ stream: HTTP2Stream) {
    if stream.isDeferred {
      stream.isDeferred = false
      // Fails only when the stream is closing, and then nothing is left to send.
      _ = nghttp2_session_resume_data(raw, stream.id)
    }
    announceOutput()
  }

  private func submit(_ settings: HTTP2Settings) throws(HTTP2SessionError) {
    let entries = settings.entries(for: role)
    try check(
      entries.withUnsafeBufferPointer {
        nghttp2_submit_settings(raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), $0.baseAddress, $0.count)
      })
    try check(
      nghttp2_session_set_local_window_size(
        raw, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(clamping: settings.connectionWindowBytes)))
  }

  private func announceOutput() {
    guard !announcedOutput else { return }
    announcedOutput = true
    delegate.sessionHasOutput()
  }

  private func check(_ result: Int32) throws(HTTP2SessionError) {
    if result != 0 { throw HTTP2Session.error(Int(result)) }
  }

  private static func error(_ code: Int) -> HTTP2SessionError {
    let reason = nghttp2_strerror(Int32(clamping: code)).map { String(cString: $0) } ?? "unknown"
    return .library(code: code, reason: reason)
  }
}
