internal import InteropAPI
internal import ProtobufC
internal import RPC

extension StreamingOutputCallRequest {
  /// So many zeros that ask for replies of these sizes.
  static func zeros(_ count: Int, asking sizes: Int32...) -> StreamingOutputCallRequest {
    .with { request in
      request.payload = .zeros(count)
      request.responseParameters = sizes.map { size in .with { $0.size = size } }
    }
  }
}

extension StreamingInputCallRequest {
  /// So many zeros, with a claim as to how they travel.
  static func zeros(_ count: Int, claimsCompressed: Bool) -> StreamingInputCallRequest {
    .with { request in
      request.payload = .zeros(count)
      request.expectCompressed = .with { $0.value = claimsCompressed }
    }
  }
}

/// Streams of messages, one way or both.
extension InteropPeer {
  func clientStreaming() async throws {
    let reply = try await tests.streamingInputCall(options: options()) { requests in
      for size in [27_182, 8, 1_828, 45_904] { try await requests.write(.with { $0.payload = .zeros(size) }) }
    }
    try expect("the sum of the sizes", reply.aggregatedPayloadSize, is: 74_922)
  }

  func clientCompressedStreaming() async throws {
    try await expect(.invalidArgument, of: "the plain message that claims to be compressed") {
      _ = try await tests.streamingInputCall(options: options()) { requests in
        try await requests.write(.zeros(27_182, claimsCompressed: true))
      }
    }
    let reply = try await tests.streamingInputCall(options: options(compressesRequests: true)) { requests in
      try await requests.write(.zeros(27_182, claimsCompressed: true))
      try await requests.write(.zeros(45_904, claimsCompressed: false), mayCompress: false)
    }
    try expect("the sum of the sizes", reply.aggregatedPayloadSize, is: 73_086)
  }

  func serverStreaming() async throws {
    let sizes: [Int32] = [31_415, 9, 2_653, 58_979]
    let request = StreamingOutputCallRequest.with { request in
      request.responseParameters = sizes.map { size in .with { $0.size = size } }
    }
    var count = 0
    for try await reply in tests.streamingOutputCall(request, options: options()) {
      try expect("reply \(count + 1) of \(sizes.count)", count < sizes.count, is: true)
      try expectZeros(Int(sizes[count]), in: reply.payload)
      count += 1
    }
    try expect("the number of replies", count, is: sizes.count)
  }

  func serverCompressedStreaming() async throws {
    let wanted: [(size: Int32, isCompressed: Bool)] = [(31_415, true), (92_653, false)]
    let request = StreamingOutputCallRequest.with { request in
      request.responseParameters = wanted.map { wanted in
        .with { parameter in
          parameter.size = wanted.size
          parameter.compressed = .with { $0.value = wanted.isCompressed }
        }
      }
    }
    let observer = CallObserver()
    var count = 0
    var compressed = 0
    for try await reply in tests.streamingOutputCall(request, options: options(observer: observer)) {
      try expect("reply \(count + 1) of \(wanted.count)", count < wanted.count, is: true)
      let isCompressed = observer.compressedReplies > compressed
      compressed = observer.compressedReplies
      try expect("that reply \(count + 1) came compressed", isCompressed, is: wanted[count].isCompressed)
      try expectZeros(Int(wanted[count].size), in: reply.payload)
      count += 1
    }
    try expect("the number of replies", count, is: wanted.count)
  }

  func pingPong() async throws {
    try await tests.fullDuplexCall(options: options()) { requests, replies in
      var replies = replies.makeAsyncIterator()
      for (sent, asked) in [(27_182, 31_415), (8, 9), (1_828, 2_653), (45_904, 58_979)] {
        try await requests.write(.zeros(sent, asking: Int32(asked)))
        try expectZeros(asked, in: await replies.next()?.payload)
      }
      requests.finish()
      try expect("what follows the last reply", await replies.next(), is: nil)
    }
  }

  func emptyStream() async throws {
    try await tests.fullDuplexCall(options: options()) { requests, replies in
      requests.finish()
      var replies = replies.makeAsyncIterator()
      try expect("the first reply", await replies.next(), is: nil)
    }
  }
}
