extension Store {
  /// Like ``writeOnce(_:_:)``, for a write that may refuse and commit all the same: what it wrote stays, its refusal is
  /// returned, and no reply is stored, so that a repeat is judged anew.
  package func writeOnceOrRefuse<Refusal: Error>(
    _ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> Result<[UInt8], Refusal>
  ) async throws -> Result<[UInt8], Refusal> {
    try await write(request) { transaction in
      guard let key = request.requestKey else { return try body(transaction) }
      if let reply = try StoredReplies.find(key, transaction) { return .success(reply) }
      let result = try body(transaction)
      if case .success(let reply) = result { try StoredReplies.keep(reply, for: key, transaction) }
      return result
    }
  }
}
