import NIOCore
import NIOEmbedded

@testable import RPC

/// Checks what one end of a connection sends, whatever the other end has sent.
struct WireCheck {
  let role: HTTP2Session.Role
  private var bytes: [UInt8] = []
  private var byteCount = 0
  private var frameCount = 0
  private var ended: Set<UInt32> = []
  private var openBlock: UInt32?
  private var streams: Set<UInt32> = []

  init(role: HTTP2Session.Role) {
    self.role = role
  }

  /// Takes what the channel has sent.
  mutating func take(_ channel: EmbeddedChannel) throws {
    while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
      byteCount += buffer.readableBytes
      bytes += buffer.readableBytesView
    }
    if role == .client, frameCount == 0, bytes.starts(with: WireFrame.clientPreface) {
      bytes.removeFirst(WireFrame.clientPreface.count)
    }
    let (frames, rest) = WireFrame.frames(of: bytes)
    bytes = Array(rest)
    for frame in frames { try check(frame) }
  }

  private mutating func check(_ frame: WireFrame) throws {
    frameCount += 1
    if frameCount == 1 { try require(frame.type == WireFrame.settings, "the first frame is no SETTINGS") }
    if let openBlock {
      try require(
        frame.type == WireFrame.continuation && frame.stream == openBlock, "a header block is broken into")
    }
    switch frame.type {
    case WireFrame.data, WireFrame.headers:
      try require(frame.stream % 2 == 1, "stream \(frame.stream) is no client's")
      try require(!ended.contains(frame.stream), "stream \(frame.stream) goes on after its end")
      streams.insert(frame.stream)
      if frame.flags & WireFrame.endStream != 0 { ended.insert(frame.stream) }
      if frame.type == WireFrame.headers, frame.flags & WireFrame.endHeaders == 0 { openBlock = frame.stream }
    case WireFrame.continuation:
      try require(openBlock == frame.stream, "a CONTINUATION continues nothing")
      if frame.flags & WireFrame.endHeaders != 0 { openBlock = nil }
    case WireFrame.reset:
      try require(frame.payload.count == 4, "a RST_STREAM of \(frame.payload.count) bytes")
    case WireFrame.ping:
      try require(frame.payload.count == 8, "a PING of \(frame.payload.count) bytes")
    case WireFrame.windowUpdate:
      try require(frame.payload.contains { $0 != 0 }, "a WINDOW_UPDATE of nothing")
    case WireFrame.settings, WireFrame.goAway:
      try require(frame.stream == 0, "frame of type \(frame.type) on stream \(frame.stream)")
    default:
      throw BrokenProperty(description: "a frame of type \(frame.type)")
    }
  }

  /// At the end: the output is in proportion to the input.
  func finish(input: [UInt8], messageBytesMax: Int) throws {
    // A reply that inflates may be as large as a message may be; of each stream there is one such, or three parts.
    let replyBytesMax = 16 * 1024 + max(FuzzService.range.count * (FuzzService.range.bytes + 100), messageBytesMax)
    let bound = 4096 + streams.count * replyBytesMax + input.count * 256
    try require(byteCount <= bound, "\(input.count) bytes made it send \(byteCount)")
  }
}
