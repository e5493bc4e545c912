/// Changes a connection's bytes frame by frame: lengths stay right, everything else may go wrong.
struct WireMutation {
  /// Whether the bytes are a client's; else a server's.
  let isClient: Bool
  /// Bytes of options before the first frame.
  static let optionBytes = 2
  /// Frames that an input keeps.
  private static let framesMax = 60

  func apply(to input: inout [UInt8], _ chance: inout Chance) {
    while input.count < Self.optionBytes { input.append(chance.byte()) }
    if chance.once(in: 10) { input[chance.below(Self.optionBytes)] ^= 1 << UInt8(chance.below(8)) }
    var (frames, rest) = WireFrame.frames(of: Array(input[Self.optionBytes...]))
    for _ in 0...chance.below(3) { change(&frames, &chance) }
    if frames.count > Self.framesMax { frames.removeLast(frames.count - Self.framesMax) }
    var bytes = frames.flatMap(\.bytes)
    if chance.once(in: 20), !bytes.isEmpty { bytes[chance.below(bytes.count)] = chance.byte() }
    if chance.once(in: 2) { bytes += rest }
    input.replaceSubrange(Self.optionBytes..., with: bytes)
  }

  private func change(_ frames: inout [WireFrame], _ chance: inout Chance) {
    let place = chance.below(frames.count + 1)
    guard place < frames.count, !chance.once(in: 3) else {
      return frames.insert(contentsOf: made(&chance), at: place)
    }
    switch chance.below(9) {
    case 0: frames.remove(at: place)
    case 1: frames.insert(frames[place], at: chance.below(frames.count + 1))
    case 2: frames.swapAt(place, chance.below(frames.count))
    case 3: frames[place].flags ^= 1 << UInt8(chance.below(8))
    case 4: frames[place].stream = stream(&chance)
    case 5: frames[place].type = UInt8(chance.below(12))
    case 6:
      let cut = chance.below(frames[place].payload.count + 1)
      var second = frames[place]
      second.payload = Array(frames[place].payload[cut...])
      if frames[place].type == WireFrame.headers { second.type = WireFrame.continuation }
      frames[place].payload.removeSubrange(cut...)
      frames.insert(second, at: place + 1)
    default:
      Mutation.change(&frames[place].payload, words: Self.words, other: [], &chance)
    }
  }

  /// Pieces of payloads: framed messages, header fields, and settings.
  static let words: [[UInt8]] = [
    [0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0x08, 0x01], [1, 0, 0, 0, 20] + GzipChecks.emptyGzip, [0, 0x7F, 0xFF, 0xFF, 0xFF],
    WireHeaders.literal("grpc-timeout", "1n"), WireHeaders.literal("grpc-timeout", "99999999H"),
    WireHeaders.literal("grpc-encoding", "gzip"), WireHeaders.literal("grpc-accept-encoding", "gzip"),
    WireHeaders.literal("grpc-status", "14"), WireHeaders.literal("grpc-message", "%00%zz"),
    WireHeaders.literal("grpc-status-details-bin", "CAk"), WireHeaders.literal("x-a-bin", "AA,!"),
    WireHeaders.literal("x-a", [UInt8](repeating: 0x61, count: 200), indexed: true), [0xBE], [0xBF], [0x20],
    [0x3F, 0xE1, 0x1F], [0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x82], [0x8D],
    [0, 1, 0, 0, 0, 0], [0, 3, 0, 0, 0, 1], [0, 4, 0x7F, 0xFF, 0xFF, 0xFF], [0, 4, 0, 0, 0, 0],
    [0, 5, 0, 0xFF, 0xFF, 0xFF],
    [0, 6, 0, 0, 0, 0],
  ]

  private func stream(_ chance: inout Chance) -> UInt32 {
    switch chance.below(12) {
    case 0: 0
    case 1: UInt32(2 * chance.below(4))
    case 2: chance.edge(bits: 32)
    default: UInt32(2 * chance.below(isClient ? 8 : 4) + 1)
    }
  }

  /// New frames, most of them such as a peer sends.
  private func made(_ chance: inout Chance) -> [WireFrame] {
    let stream = stream(&chance)
    let ends: UInt8 = chance.once(in: 2) ? WireFrame.endStream : 0
    switch chance.below(14) {
    case 0, 1, 2, 3: return isClient ? request(stream, &chance) : response(stream, &chance)
    case 4, 5: return [WireFrame(type: WireFrame.data, flags: ends, stream: stream, payload: messages(&chance))]
    case 6:
      return [
        WireFrame(type: WireFrame.windowUpdate, stream: chance.once(in: 2) ? 0 : stream, payload: four(31, &chance))
      ]
    case 7: return [WireFrame(type: WireFrame.settings, payload: settings(&chance))]
    case 8:
      let ack: UInt8 = chance.once(in: 3) ? WireFrame.ack : 0
      return [
        WireFrame(
          type: WireFrame.ping, flags: ack, payload: (0..<8).map { _ in chance.once(in: 2) ? 0 : chance.byte() })
      ]
    case 9: return [WireFrame(type: WireFrame.reset, stream: stream, payload: WireFrame.four(UInt32(chance.below(15))))]
    case 10:
      return [
        WireFrame(
          type: WireFrame.goAway, payload: WireFrame.four(stream) + WireFrame.four(UInt32(chance.below(15))) + [0x78])
      ]
    case 11: return [WireFrame(type: WireFrame.priority, stream: stream, payload: four(32, &chance) + [chance.byte()])]
    case 12: return [WireFrame(type: WireFrame.settings, flags: WireFrame.ack)]
    default:
      return [
        WireFrame(
          type: UInt8(chance.below(13)), flags: chance.byte(), stream: stream,
          payload: (0..<chance.below(20)).map { _ in chance.byte() })
      ]
    }
  }

  private func request(_ stream: UInt32, _ chance: inout Chance) -> [WireFrame] {
    var block = WireHeaders.request(chance.pick(FuzzService.names + ["Nothing"]) ?? "Echo")
    for _ in 0..<chance.below(3) { block += chance.pick(Self.words) ?? [] }
    let ends: UInt8 = chance.once(in: 4) ? WireFrame.endStream : 0
    let head = WireFrame(
      type: WireFrame.headers, flags: WireFrame.endHeaders | ends, stream: stream, payload: block)
    if chance.once(in: 3) { return [head] }
    return [
      head,
      WireFrame(type: WireFrame.data, flags: WireFrame.endStream, stream: stream, payload: messages(&chance)),
    ]
  }

  private func response(_ stream: UInt32, _ chance: inout Chance) -> [WireFrame] {
    let head = WireFrame(
      type: WireFrame.headers, flags: WireFrame.endHeaders, stream: stream, payload: WireHeaders.responseHead)
    var block = chance.once(in: 6) ? WireHeaders.responseHead : []
    block += chance.once(in: 4) ? WireHeaders.literal("grpc-status", "\(chance.below(20))") : WireHeaders.trailers
    for _ in 0..<chance.below(2) { block += chance.pick(Self.words) ?? [] }
    let trailers = WireFrame(
      type: WireFrame.headers, flags: WireFrame.endHeaders | WireFrame.endStream, stream: stream, payload: block)
    switch chance.below(5) {
    case 0: return [head]
    case 1: return [trailers]
    default: return [head, WireFrame(type: WireFrame.data, stream: stream, payload: messages(&chance)), trailers]
    }
  }

  /// gRPC messages, whole ones most often.
  private func messages(_ chance: inout Chance) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<chance.below(4) {
      let count = chance.once(in: 8) ? chance.below(300) : chance.below(6)
      bytes += [0] + WireFrame.four(UInt32(count)) + [UInt8](repeating: chance.byte(), count: count)
    }
    if chance.once(in: 4) { bytes += chance.pick(Self.words) ?? [] }
    if chance.once(in: 6), !bytes.isEmpty { bytes.removeLast(chance.below(bytes.count)) }
    return bytes
  }

  private func settings(_ chance: inout Chance) -> [UInt8] {
    (0..<chance.below(4)).flatMap { _ in [0, UInt8(chance.below(10))] + four(32, &chance) }
  }

  private func four(_ bits: Int, _ chance: inout Chance) -> [UInt8] { WireFrame.four(chance.edge(bits: bits)) }
}
