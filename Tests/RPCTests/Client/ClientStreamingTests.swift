import NIOCore
import Synchronization
import Testing

@testable import RPC

@Suite("The client's streaming calls to a stock server", .timeLimit(.minutes(2)))
struct ClientStreamingTests {
  @Test("Replies come in order, then the stream ends", arguments: ["0 0", "1 5", "1000 100", "40 200000"])
  func serverStreaming(request: String) async throws {
    let sizes = request.split(separator: " ").compactMap { Int($0) }
    try await withPeer { client, _ async throws in
      var number = 0
      for try await var reply in client.serverStreaming(.peer("Repeat", .serverStreaming), ByteBuffer(string: request))
      {
        #expect(reply.readableBytes == max(sizes[1], 4))
        #expect(reply.readInteger(as: UInt32.self) == UInt32(number))
        number += 1
      }
      #expect(number == sizes[0])
    }
  }

  @Test("A server stream starts with its first reader, once for each iterator")
  func laziness() async throws {
    try await withPeer { client, _ async throws in
      let request = ByteBuffer(string: "\(ClientPeer.uniqueKey()) 0")
      let stream = client.serverStreaming(.peer("FlakyStream", .serverStreaming), request)
      _ = client.serverStreaming(.peer("FlakyStream", .serverStreaming), request)
      for attempt in 1...2 {
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next().map { String(buffer: $0) } == "\(attempt) 0")
        #expect(try await iterator.next().map { String(buffer: $0) } == "last")
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
      }
    }
  }

  @Test("Replies before an error are delivered before it is thrown")
  func errorAfterReplies() async throws {
    try await withPeer { client, _ async throws in
      var seen: [String] = []
      let error = await rpcError {
        for try await reply in client.serverStreaming(.peer("FailAfter", .serverStreaming), ByteBuffer(string: "3")) {
          seen.append(String(buffer: reply))
        }
      }
      #expect(seen == ["0", "1", "2"])
      #expect(error?.code == .dataLoss)
      #expect(error?.message == "lost after 3")
    }
  }

  @Test("Dropping the iterator cancels the call at the server")
  func droppedIterator() async throws {
    try await withPeer { client, _ async throws in
      let key = ClientPeer.uniqueKey()
      for try await reply in client.serverStreaming(.peer("Endless", .serverStreaming), ByteBuffer(string: key)) {
        #expect(String(buffer: reply) == "first")
        break
      }
      #expect(try await client.text("Ended", key) == "1")
    }
  }

  @Test("Cancelling a task that waits for a reply cancels the call at the server")
  func cancelledReader() async throws {
    try await withPeer { client, _ async throws in
      let key = ClientPeer.uniqueKey()
      let (first, gotFirst) = AsyncStream<Void>.makeStream()
      let reader = Task {
        for try await _ in client.serverStreaming(.peer("Endless", .serverStreaming), ByteBuffer(string: key)) {
          gotFirst.finish()
        }
      }
      for await _ in first {}
      reader.cancel()
      #expect(await rpcError { try await reader.value }?.code == .cancelled)
      #expect(try await client.text("Ended", key) == "1")
    }
  }

  @Test("A stream's deadline ends it; without one it has none")
  func deadline() async throws {
    try await withPeer(.with { $0.defaultTimeout = .milliseconds(1) }) { client, _ async throws in
      try await client.text("Echo", "", CallOptions(timeout: .seconds(60)))
      let options = CallOptions(timeout: .seconds(2))
      var replies = 0
      let error = await rpcError {
        let endless = client.serverStreaming(.peer("Endless", .serverStreaming), ByteBuffer(), options: options)
        for try await _ in endless { replies += 1 }
      }
      #expect(error?.code == .deadlineExceeded)
      #expect(replies == 1)
      var count = 0
      for try await _ in client.serverStreaming(.peer("Repeat", .serverStreaming), ByteBuffer(string: "50 10")) {
        count += 1
      }
      #expect(count == 50)
    }
  }

  @Test("A slow reader holds its server back")
  func slowReader() async throws {
    try await withPeer(.with { $0.streamWindowBytes = 65_536 }) { client, _ async throws in
      let stream = client.serverStreaming(.peer("Repeat", .serverStreaming), ByteBuffer(string: "200 10000"))
      var iterator = stream.makeAsyncIterator()
      _ = try await iterator.next()
      // Nothing can be waited for here but the other calls on the same connection: they are not held back.
      for _ in 0..<20 { try await client.text("Echo") }
      var count = 1
      while try await iterator.next() != nil { count += 1 }
      #expect(count == 200)
    }
  }

  @Test("Requests arrive in order, however many and large", arguments: [(0, 0), (1, 10), (1_000, 100), (30, 300_000)])
  func clientStreaming(count: Int, size: Int) async throws {
    try await withPeer { client, _ async throws in
      let reply = try await client.clientStreaming(.peer("Count", .clientStreaming)) { requests in
        for _ in 0..<count { try await requests.write(ByteBuffer(repeating: 1, count: size)) }
      }
      #expect(String(buffer: reply) == "\(count) \(count * size)")
    }
  }

  @Test("A writer waits while its server does not read, and goes on when it does")
  func writerWaits() async throws {
    try await withPeer { client, _ async throws in
      let written = Mutex(0)
      async let reply = client.clientStreaming(.peer("Gated", .clientStreaming)) { requests in
        for _ in 0..<400 {
          try await requests.write(ByteBuffer(repeating: 1, count: 100_000))
          written.withLock { $0 += 1 }
        }
      }
      // The server's windows, the sockets and our own buffer hold far less than 40 MB.
      for _ in 0..<50 { try await client.text("Echo") }
      #expect(written.withLock { $0 } < 400)
      try await client.text("Open")
      #expect(String(buffer: try await reply) == "400 40000000")
      #expect(written.withLock { $0 } == 400)
    }
  }

  @Test("A server that answers early ends the writing, and its answer is the result")
  func earlyAnswer() async throws {
    try await withPeer { client, _ async throws in
      let reply = try await client.clientStreaming(.peer("FirstOnly", .clientStreaming)) { requests in
        while true { try await requests.write(ByteBuffer(string: "first")) }
      }
      #expect(String(buffer: reply) == "first")
    }
  }

  @Test("An error thrown while writing cancels the call and is rethrown")
  func throwingBody() async throws {
    struct Own: Error {}
    try await withPeer { client, _ async throws in
      await #expect(throws: Own.self) {
        _ = try await client.clientStreaming(.peer("Count", .clientStreaming)) { requests in
          try await requests.write(ByteBuffer(string: "one"))
          throw Own()
        }
      }
      #expect(try await client.text("Echo", "after") == "after")
    }
  }

  @Test("Both directions flow at the same time")
  func bidirectional() async throws {
    try await withPeer { client, _ async throws in
      let echoed = try await client.bidirectional(.peer("EchoAll", .bidirectional)) { requests, replies async throws in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for number in 0..<2_000 { try await requests.write(ByteBuffer(string: "\(number)")) }
            requests.finish()
          }
          var echoed: [String] = []
          for try await reply in replies { echoed.append(String(buffer: reply)) }
          try await group.waitForAll()
          return echoed
        }
      }
      #expect(echoed == (0..<2_000).map { "\($0)" })
    }
  }

  @Test("Ping and pong: each request waits for the reply before it")
  func pingPong() async throws {
    try await withPeer { client, _ async throws in
      try await client.bidirectional(.peer("EchoAll", .bidirectional)) { requests, replies async throws in
        var iterator = replies.makeAsyncIterator()
        for size in [27_182, 8, 1_828, 45_904, 0] {
          try await requests.write(ByteBuffer(repeating: 9, count: size))
          #expect(try await iterator.next()?.readableBytes == size)
        }
        requests.finish()
        #expect(try await iterator.next() == nil)
      }
    }
  }

  @Test("A call left open when its closure returns is cancelled")
  func leftOpen() async throws {
    try await withPeer { client, _ async throws in
      try await client.bidirectional(.peer("EchoAll", .bidirectional)) { requests, replies async throws in
        try await requests.write(ByteBuffer(string: "one"))
        var iterator = replies.makeAsyncIterator()
        #expect(try await iterator.next() != nil)
      }
      #expect(try await client.text("Echo", "after") == "after")
    }
  }

  @Test("A server that hangs up is heard by reader and writer")
  func hangUp() async throws {
    try await withPeer { client, _ async throws in
      try await client.bidirectional(.peer("HangUp", .bidirectional)) { requests, replies async throws in
        try await requests.write(ByteBuffer(string: "one"))
        let reading = await rpcError { for try await _ in replies {} }
        #expect(reading?.code == .aborted)
        #expect(reading?.message == "hung up")
        let writing = await rpcError { try await requests.write(ByteBuffer(string: "two")) }
        #expect(writing?.code == .aborted)
      }
    }
  }

  @Test("Writing after the end of the requests is refused")
  func writeAfterFinish() async throws {
    try await withPeer { client, _ async throws in
      try await client.bidirectional(.peer("EchoAll", .bidirectional)) { requests, replies async throws in
        requests.finish()
        requests.finish()
        #expect(await rpcError { try await requests.write(ByteBuffer()) }?.code == .failedPrecondition)
        for try await _ in replies {}
      }
    }
  }

  @Test("Cancelling the task of a call in both directions ends it")
  func cancelledBoth() async throws {
    try await withPeer { client, _ async throws in
      let (first, gotFirst) = AsyncStream<Void>.makeStream()
      let call = Task {
        try await client.bidirectional(.peer("EchoAll", .bidirectional)) { requests, replies async throws in
          try await requests.write(ByteBuffer(string: "one"))
          for try await _ in replies { gotFirst.finish() }
        }
      }
      for await _ in first {}
      call.cancel()
      #expect(await rpcError { try await call.value }?.code == .cancelled)
    }
  }

  @Test("Typed streams encode, decode, and name what cannot be decoded")
  func typed() async throws {
    struct Bad: Error {}
    try await withPeer { client, _ async throws in
      try await client.bidirectional(.peer("EchoAll", .bidirectional)) { raw, rawReplies in
        let requests = RequestWriter<Int>(raw) { number, buffer in buffer.writeInteger(Int64(number)) }
        let replies = ResponseStream<Int>(rawReplies) { buffer in
          guard let number = buffer.getInteger(at: buffer.readerIndex, as: Int64.self), number < 3 else { throw Bad() }
          return Int(number)
        }
        for number in 1...3 { try await requests.write(number) }
        var seen: [Int] = []
        let error = await rpcError { for try await number in replies { seen.append(number) } }
        #expect(seen == [1, 2])
        #expect(error?.code == .internal)
        #expect(error?.cause is Bad)
      }
    }
  }
}
