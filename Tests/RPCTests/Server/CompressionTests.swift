import NIOCore
import RPC
import Testing

@Suite("Compression at the server")
struct CompressionTests {
  private static let gzip = [("grpc-encoding", "gzip")]
  private static let accepts = [("grpc-accept-encoding", "identity,deflate,gzip")]
  private static let asks = [("x-compress", "always")]

  @Test(
    "A compressed request is read, and its handler knows, by every kind of method",
    arguments: ["Echo", "Collect", "Chat"])
  func request(method: String) async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let message = ByteBuffer(repeating: 5, count: 9000)
        let response = try await client.call(
          RawClient.headers(method, Self.gzip), framed: [FramedMessage(compressing: message, threshold: 0)])
        #expect(response.status == .ok)
        #expect(response.headers["grpc-accept-encoding"] == "identity,gzip")
        #expect(response.headers["grpc-encoding"] == nil)
        #expect(response.trailers["x-compressed"] == "1")
        #expect(response.body == RawClient.frame(Array(message.readableBytesView)))
        let plain = try await client.call(RawClient.headers(method, Self.gzip), framed: [FramedMessage(message)])
        #expect(plain.trailers["x-compressed"] == nil)
      }
    }
  }

  @Test("Plain and compressed messages may follow each other in one stream")
  func mixedRequests() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let message = ByteBuffer(repeating: 6, count: 3000)
        let compressed = FramedMessage(compressing: message, threshold: 0)
        let empty = FramedMessage(ByteBuffer(bytes: GzipTests.emptyGzip), isCompressed: true)
        let response = try await client.call(
          RawClient.headers("Collect", Self.gzip),
          framed: [compressed, FramedMessage(message), empty, compressed, FramedMessage(ByteBuffer())])
        #expect(response.status == .ok)
        #expect(response.trailers["x-count"] == "5")
        #expect(response.trailers["x-compressed"] == "3")
        #expect(response.body.count == 5 + 9000)
      }
    }
  }

  @Test(
    "A compressed message counts by what is in it: at the limit it passes, one byte more is RESOURCE_EXHAUSTED",
    arguments: ["Echo", "Collect", "Chat"], [(1000, StatusCode.ok), (1001, .resourceExhausted)])
  func limit(method: String, expected: (count: Int, status: StatusCode)) async throws {
    try await TestServer.with(.testing { $0.limits.messageBytesMax = 1000 }) { server in
      try await RawClient.with(server.port) { client in
        let message = ByteBuffer(repeating: 1, count: expected.count)
        let response = try await client.call(
          RawClient.headers(method, Self.gzip), framed: [FramedMessage(compressing: message, threshold: 0)])
        #expect(response.status == expected.status)
      }
    }
  }

  @Test("A bomb is RESOURCE_EXHAUSTED, and calls beside it go on", arguments: ["Echo", "Collect", "Chat"])
  func bomb(method: String) async throws {
    let bomb = FramedMessage(try GzipTests.bomb(), isCompressed: true)
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers(method, Self.gzip), framed: [bomb])
        #expect(response.status == .resourceExhausted)
        let next = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "x")])
        #expect(next.status == .ok)
      }
    }
  }

  @Test(
    "A broken compressed message is INTERNAL", arguments: ["Echo", "Collect", "Chat"],
    ["truncated", "trailing", "garbage", "nothing", "unnamed"])
  func broken(method: String, fault: String) async throws {
    var bytes = try #require(Gzip.compress(ByteBuffer(repeating: 3, count: 5000)))
    var headers = Self.gzip
    switch fault {
    case "truncated": bytes.moveWriterIndex(to: bytes.writerIndex - 1)
    case "trailing": bytes.writeString("!")
    case "garbage": bytes = ByteBuffer(string: "this is no gzip")
    case "nothing": bytes = ByteBuffer()
    default: headers = []  // the flag without an encoding
    }
    let message = FramedMessage(bytes, isCompressed: true)
    try await TestServer.with { [headers] server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers(method, headers), framed: [message])
        #expect(response.status == .internal)
      }
    }
  }

  @Test("An encoding that the server does not know is UNIMPLEMENTED, with those that it knows")
  func unknownEncoding() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(
          RawClient.headers("Echo", [("grpc-encoding", "snappy")]), messages: [ByteBuffer(string: "x")])
        #expect(response.status == .unimplemented)
        #expect(response.headers["grpc-accept-encoding"] == "identity,gzip")
      }
    }
  }

  @Test(
    "A reply is compressed when the server may, someone asks, the client accepts it and it is not small",
    arguments: [
      (ReplyCompression.whenAsked, accepts + asks, 1024, true),
      (.whenAsked, accepts, 1024, false),
      (.whenAsked, asks, 1024, false),
      (.whenAsked, asks + [("grpc-accept-encoding", "identity")], 1024, false),
      (.whenAsked, accepts + asks, 1023, false),
      (.always, accepts, 1024, true),
      (.always, [], 1024, false),
      (.always, accepts, 1023, false),
      (.never, accepts + asks, 1024, false),
    ])
  func reply(mode: ReplyCompression, headers: [(String, String)], count: Int, isCompressed: Bool) async throws {
    try await TestServer.with(.testing { $0.replyCompression = mode }) { server in
      try await RawClient.with(server.port) { client in
        for method in ["Echo", "Chat"] {
          let message = ByteBuffer(repeating: 2, count: count)
          let response = try await client.call(RawClient.headers(method, headers), messages: [message])
          #expect(response.status == .ok)
          #expect(response.body.first == (isCompressed ? 1 : 0))
          if isCompressed { #expect(response.headers["grpc-encoding"] == "gzip") }
          let body = FramedMessage(ByteBuffer(bytes: response.body.dropFirst(5)), isCompressed: isCompressed)
          #expect(try body.contents(bytesMax: count) == message)
        }
      }
    }
  }

  @Test("A handler compresses one reply of a stream and not the next")
  func mixedReplies() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let message = ByteBuffer(repeating: 2, count: 2000)
        let response = try await client.call(
          RawClient.headers("Chat", Self.accepts + [("x-compress", "mixed")]),
          messages: Array(repeating: message, count: 4))
        #expect(response.headers["grpc-encoding"] == "gzip")
        var reader = FrameReader(messageBytesMax: 2000)
        reader.allowsCompression = true
        var flags: [Bool] = []
        try response.body.withUnsafeBytes { bytes in
          var rest = bytes[...]
          while let reply = try reader.next(&rest) {
            flags.append(reply.isCompressed)
            #expect(try reply.contents(bytesMax: 2000) == message)
          }
        }
        #expect(flags == [true, false, true, false])
      }
    }
  }

  @Test("gRPC's stock Python client compresses its requests, and reads compressed replies")
  func python() async throws {
    try await TestServer.with { server in
      try await PythonClient.passes("compressed", target: "127.0.0.1:\(server.port)")
    }
  }
}
