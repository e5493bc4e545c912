import NIOCore
import Testing

@testable import RPC

@Suite("Compression at the client", .timeLimit(.minutes(2)))
struct ClientCompressionTests {
  private static let message = ByteBuffer(repeating: 0x61, count: 100_000)
  private static let head = ScriptedStream.ordinaryHead + [("grpc-encoding", "gzip")]
  private static let compressing = CallOptions(compressesRequests: true)

  private func withServer<R>(
    _ script: ScriptedServer.Script, _ body: (RPCClient) async throws -> R
  ) async throws -> R {
    let server = try await ScriptedServer(script)
    do {
      let result = try await withClient(server.target, .with(), body)
      await server.close()
      return result
    } catch {
      await server.close()
      throw error
    }
  }

  @Test("A stock server reads compressed requests")
  func requests() async throws {
    try await withPeer { client, _ async throws in
      #expect(try await client.unary(.peer("Echo"), Self.message, options: Self.compressing) == Self.message)
      #expect(try await client.unary(.peer("Echo"), ByteBuffer(), options: Self.compressing) == ByteBuffer())
      let count = try await client.clientStreaming(.peer("Count", .clientStreaming), options: Self.compressing) {
        for size in [100_000, 1, 0, 5000] { try await $0.write(ByteBuffer(repeating: 1, count: size)) }
      }
      #expect(String(buffer: count) == "4 105001")
    }
  }

  @Test("Replies that a stock server compresses are read, one by one and in a stream")
  func replies() async throws {
    try await withPeer { client, _ async throws in
      let observer = CallObserver()
      let reply = try await client.unary(
        .peer("Compressed"), ByteBuffer(string: "200000"), options: CallOptions(observer: observer))
      #expect(reply == ByteBuffer(repeating: 0, count: 200_000))
      #expect(observer.compressedReplies == 1)
      var sizes: [Int] = []
      for try await reply in client.serverStreaming(
        .peer("CompressedRepeat", .serverStreaming), ByteBuffer(string: "20 50000"))
      {
        sizes.append(reply.readableBytes)
      }
      #expect(sizes == Array(repeating: 50_000, count: 20))
    }
  }

  @Test("Only what is not small is compressed, and every call says what it can read")
  func onTheWire() async throws {
    let seen = Events()
    try await withServer(
      .answers { stream in
        seen.add(stream.requestHeaders["grpc-encoding"] ?? "none")
        seen.add(stream.requestHeaders["grpc-accept-encoding"] ?? "none")
        seen.add("\(stream.requestBody.first ?? 9)")
        stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer()])
      }
    ) { client async throws in
      _ = try await client.unary(.peer("Echo"), Self.message)
      #expect(seen.take() == ["none", "identity,gzip", "0"])
      _ = try await client.unary(.peer("Echo"), Self.message, options: Self.compressing)
      #expect(seen.take() == ["gzip", "identity,gzip", "1"])
      _ = try await client.unary(.peer("Echo"), ByteBuffer(string: "small"), options: Self.compressing)
      #expect(seen.take() == ["gzip", "identity,gzip", "0"])
    }
  }

  @Test("A request of a stream that compresses may go plain")
  func plainRequest() async throws {
    let seen = Events()
    try await withServer(
      .answers { stream in
        var reader = FrameReader(messageBytesMax: Self.message.readableBytes)
        reader.allowsCompression = true
        stream.requestBody.withUnsafeBytes { bytes in
          var rest = bytes[...]
          while let request = try? reader.next(&rest) { seen.add(request.isCompressed ? "compressed" : "plain") }
        }
        stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer()])
      }
    ) { client async throws in
      _ = try await client.clientStreaming(.peer("Count", .clientStreaming), options: Self.compressing) {
        try await $0.write(Self.message)
        try await $0.write(Self.message, mayCompress: false)
        try await $0.write(Self.message, mayCompress: true)
      }
      #expect(seen.take() == ["compressed", "plain", "compressed"])
      _ = try await client.clientStreaming(.peer("Count", .clientStreaming), options: CallOptions()) {
        try await $0.write(Self.message, mayCompress: true)
      }
      #expect(seen.take() == ["plain"])
    }
  }

  enum Fault: CaseIterable {
    case none, pastLimit, bomb, truncated, trailing, garbage, unnamed

    func message() throws -> FramedMessage {
      switch self {
      case .none: return FramedMessage(compressing: ByteBuffer(repeating: 1, count: 1000), threshold: 0)
      case .pastLimit: return FramedMessage(compressing: ByteBuffer(repeating: 1, count: 1001), threshold: 0)
      case .bomb:
        return FramedMessage(
          try #require(Gzip.compress(ByteBuffer(repeating: 0, count: 1_000_000))), isCompressed: true)
      case .garbage: return FramedMessage(ByteBuffer(string: "this is no gzip"), isCompressed: true)
      case .truncated, .trailing, .unnamed: break
      }
      var bytes = try #require(Gzip.compress(ByteBuffer(repeating: 1, count: 900)))
      if self == .truncated { bytes.moveWriterIndex(to: bytes.writerIndex - 1) }
      if self == .trailing { bytes.writeInteger(0 as UInt8) }
      return FramedMessage(bytes, isCompressed: true)
    }

    var code: StatusCode? {
      switch self {
      case .none: nil
      case .pastLimit, .bomb: .resourceExhausted
      case .truncated, .trailing, .garbage, .unnamed: .internal
      }
    }
  }

  @Test("A compressed reply is bounded by the limit, and broken ones end the call", arguments: Fault.allCases)
  func broken(fault: Fault) async throws {
    let message = try fault.message()
    let head = fault == .unnamed ? ScriptedStream.ordinaryHead : Self.head
    try await withServer(.answers { $0.answer(head, framed: [message]) }) { client async throws in
      let options = CallOptions(maxResponseBytes: 1000)
      let error = await rpcError { _ = try await client.unary(.peer("Echo"), ByteBuffer(), options: options) }
      #expect(error?.code == fault.code, "\(error as Any)")
      let streamed = await rpcError {
        for try await _ in client.serverStreaming(.peer("Echo", .serverStreaming), ByteBuffer(), options: options) {}
      }
      #expect(streamed?.code == fault.code, "\(streamed as Any)")
    }
  }

  @Test("Plain and compressed replies may follow each other in one stream, and the caller can tell them apart")
  func mixed() async throws {
    let plain = FramedMessage(Self.message)
    let compressed = FramedMessage(compressing: Self.message, threshold: 0)
    let empty = FramedMessage(ByteBuffer(bytes: GzipTests.emptyGzip), isCompressed: true)
    try await withServer(
      .answers { $0.answer(Self.head, framed: [compressed, plain, empty, compressed]) }
    ) { client async throws in
      let observer = CallObserver()
      var sizes: [Int] = []
      var counts: [Int] = []
      for try await reply in client.serverStreaming(
        .peer("Echo", .serverStreaming), ByteBuffer(), options: CallOptions(observer: observer))
      {
        sizes.append(reply.readableBytes)
        counts.append(observer.compressedReplies)
      }
      #expect(sizes == [100_000, 100_000, 0, 100_000])
      #expect(counts == [1, 1, 2, 3])
    }
  }
}
