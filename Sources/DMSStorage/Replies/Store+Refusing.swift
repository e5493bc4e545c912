extension Store {
  /// Like ``writeOnce(_:_:)``, for a write that may refuse and commit all the same: what it wrote stays, its refusal is
  /// returned, and no reply is stored, so that a repeat is judged anew.
  package func writeOnceOrRefuse<Refusal: Error>(
    _ request: WriteRequest,
    _ body: @escaping @Sendable (WriteTransaction) throws -> Result<WriteResult<[UInt8]>, Refusal>
  ) async throws -> Result<[UInt8], Refusal> {
    try await writeLate(request) { transaction in
      if let key = request.requestKey { return try StoredReplies.once(key, transaction, body) }
      switch try body(transaction) {
      case .success(let reply): return reply.map { .success($0) }
      case .failure(let refusal): return .value(.failure(refusal))
      }
    }
  }
}
