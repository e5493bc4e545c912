internal import InteropAPI
internal import ProtobufC
internal import RPC

/// What travels beside messages, and the ways in which calls end.
extension InteropPeer {
  func customMetadata() async throws {
    let initialName = "x-grpc-test-echo-initial"
    let trailingName = "x-grpc-test-echo-trailing-bin"
    let text = "test_initial_metadata_value"
    let bytes: [UInt8] = [0xAB, 0xAB, 0xAB]
    var metadata: Metadata = [initialName: text]
    metadata.add(trailingName, binary: bytes)

    func expectEcho(_ observer: CallObserver, _ what: String) throws {
      try expect("initial metadata of \(what)", observer.initialMetadata?.all(initialName), is: [text])
      try expect("trailing metadata of \(what)", observer.trailingMetadata?.allBinary(trailingName), is: [bytes])
    }
    let unary = CallObserver()
    let reply = try await tests.unaryCall(.large(), options: options(metadata: metadata, observer: unary))
    try expectZeros(314_159, in: reply.payload)
    try expectEcho(unary, "the unary call")

    let stream = CallObserver()
    try await tests.fullDuplexCall(options: options(metadata: metadata, observer: stream)) { requests, replies in
      try await requests.write(.zeros(271_828, asking: 314_159))
      requests.finish()
      var replies = replies.makeAsyncIterator()
      try expectZeros(314_159, in: await replies.next()?.payload)
      try expect("what follows the reply", await replies.next(), is: nil)
    }
    try expectEcho(stream, "the stream")
  }

  func statusCodeAndMessage() async throws {
    let status = EchoStatus.with { status in
      status.code = 2
      status.message = "test status message"
    }
    try await expect(.unknown, message: status.message, of: "the unary call") {
      _ = try await tests.unaryCall(.with { $0.responseStatus = status }, options: options())
    }
    try await expect(.unknown, message: status.message, of: "the stream") {
      try await tests.fullDuplexCall(options: options()) { requests, replies in
        try await requests.write(.with { $0.responseStatus = status })
        requests.finish()
        for try await _ in replies {}
      }
    }
  }

  func specialStatusMessage() async throws {
    let message = "\t\ntest with whitespace\r\nand Unicode BMP \u{263A} and non-BMP \u{1F608}\t\n"
    try await expect(.unknown, message: message, of: "the call") {
      let request = SimpleRequest.with { request in
        request.responseStatus = .with { status in
          status.code = 2
          status.message = message
        }
      }
      _ = try await tests.unaryCall(request, options: options())
    }
  }

  func unimplementedMethod() async throws {
    try await expect(.unimplemented, of: "the call of a method that is not served") {
      _ = try await tests.unimplementedCall(Empty(), options: options())
    }
  }

  func unimplementedService() async throws {
    try await expect(.unimplemented, of: "the call of a service that is not served") {
      _ = try await unimplemented.unimplementedCall(Empty(), options: options())
    }
  }

  func cancelAfterBegin() async throws {
    try await expect(.cancelled, of: "the call") {
      try await ownTask {
        _ = try await tests.streamingInputCall(options: options()) { _ in
          // A call that is answered on the same connection: the headers of this one left before it.
          _ = try await tests.emptyCall(Empty(), options: options())
          cancelOwnTask()
        }
      }
    }
  }

  func cancelAfterFirstResponse() async throws {
    try await expect(.cancelled, of: "the call") {
      try await ownTask {
        try await tests.fullDuplexCall(options: options()) { requests, replies in
          var replies = replies.makeAsyncIterator()
          try await requests.write(.zeros(27_182, asking: 31_415))
          try expectZeros(31_415, in: await replies.next()?.payload)
          cancelOwnTask()
          _ = try await replies.next()
        }
      }
    }
  }

  func timeoutOnSleepingServer() async throws {
    try await expect(.deadlineExceeded, of: "the call") {
      try await tests.fullDuplexCall(options: CallOptions(timeout: .milliseconds(1))) { requests, replies in
        do { try await requests.write(.zeros(27_182)) } catch is RPCError {}  // It may be late already.
        for try await _ in replies {}
      }
    }
  }
}

/// Runs `body` in a task of its own, which it may cancel.
private func ownTask(_ body: @escaping @Sendable () async throws -> Void) async throws {
  try await Task(operation: body).value
}

/// Cancels the task that calls.
private func cancelOwnTask() {
  withUnsafeCurrentTask { $0?.cancel() }
}
