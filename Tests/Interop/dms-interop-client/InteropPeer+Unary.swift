internal import InteropAPI
internal import ProtobufC
internal import RPC

extension SimpleRequest {
  /// 271,828 zeros that ask for 314,159.
  static func large(_ change: (inout SimpleRequest) -> Void = { _ in }) -> SimpleRequest {
    .with { request in
      request.responseSize = 314_159
      request.payload = .zeros(271_828)
      change(&request)
    }
  }
}

/// One message each way.
extension InteropPeer {
  func emptyUnary() async throws {
    try expect("the reply", await tests.emptyCall(Empty(), options: options()), is: Empty())
  }

  func largeUnary() async throws {
    let reply = try await tests.unaryCall(.large(), options: options())
    try expectZeros(314_159, in: reply.payload)
  }

  func clientCompressedUnary() async throws {
    func request(claimsCompressed: Bool) -> SimpleRequest {
      .large { $0.expectCompressed = .with { $0.value = claimsCompressed } }
    }
    try await expect(.invalidArgument, of: "the plain call that claims to be compressed") {
      _ = try await tests.unaryCall(request(claimsCompressed: true), options: options())
    }
    let compressed = try await tests.unaryCall(
      request(claimsCompressed: true), options: options(compressesRequests: true))
    try expectZeros(314_159, in: compressed.payload)
    let plain = try await tests.unaryCall(request(claimsCompressed: false), options: options())
    try expectZeros(314_159, in: plain.payload)
  }

  func serverCompressedUnary() async throws {
    for isCompressed in [true, false] {
      let observer = CallObserver()
      let reply = try await tests.unaryCall(
        .large { $0.responseCompressed = .with { $0.value = isCompressed } }, options: options(observer: observer))
      try expect("the number of compressed replies", observer.compressedReplies, is: isCompressed ? 1 : 0)
      try expectZeros(314_159, in: reply.payload)
    }
  }
}
