internal import Crypto
package import DMSDomain
package import DMSStorage
internal import Foundation
package import Logging
package import ProtobufC
package import RPC

/// What every service works with. One per server.
package struct ServiceEnvironment: Sendable {
  package let store: Store
  package let calendar: BusinessCalendar
  package let verifier: KeyVerifier
  package let pepper: Pepper
  package let logger: Logger
  /// The server's clock.
  package let now: @Sendable () -> InstantMicros
  /// How often a watch that has nothing to say says so.
  package var progressInterval: Duration = .seconds(10)
  /// How often the store is asked whether it still answers.
  package var probeInterval: Duration = .seconds(2)

  package init(
    store: Store, calendar: BusinessCalendar, pepper: Pepper, logger: Logger,
    now: @escaping @Sendable () -> InstantMicros
  ) {
    self.store = store
    self.calendar = calendar
    self.pepper = pepper
    self.logger = logger
    self.now = now
    verifier = KeyVerifier(store: store, pepper: pepper, now: now)
  }

  /// Carries out a mutation once for its request id: rows, events and reply in one commit.
  ///
  /// `body` runs on the writer's thread inside the transaction; it must be pure and repeatable, with the transaction's
  /// clock for its clock. A repeat of the request by the same principal gets the first committed reply for 7 days; the
  /// same id with other content is `REQUEST_ID_REUSED`; what `body` throws stores nothing.
  package func mutate<Request: Message, Reply: Message>(
    _ request: Request, requestID: String, caller: Caller, method: MethodDescriptor,
    urgency: WriteClass = .interactive, locks: WriteLocks = .exclusive,
    _ body: @escaping @Sendable (WriteTransaction) throws -> Reply
  ) async throws -> Reply {
    let write = try writeRequest(
      request, requestID: requestID, caller: caller, method: method, urgency: urgency, locks: locks)
    let reply = try await store.writeOnce(write) { transaction in
      try body(transaction).encodedBytes()
    }
    return try Reply(decoding: reply)
  }

  /// Like ``mutate(_:requestID:caller:method:urgency:locks:_:)``, for a mutation whose reply needs the write's revision:
  /// `body` returns what makes the reply of it, at the end of the commit.
  package func mutateLate<Request: Message, Reply: Message>(
    _ request: Request, requestID: String, caller: Caller, method: MethodDescriptor,
    urgency: WriteClass = .interactive, locks: WriteLocks = .exclusive,
    _ body: @escaping @Sendable (WriteTransaction) throws -> (_ revision: Int64) throws -> Reply
  ) async throws -> Reply {
    let write = try writeRequest(
      request, requestID: requestID, caller: caller, method: method, urgency: urgency, locks: locks)
    let reply = try await store.writeOnceLate(write) { transaction in
      let reply = try body(transaction)
      return .late { revision in try reply(revision).encodedBytes() }
    }
    return try Reply(decoding: reply)
  }

  /// Like ``mutate(_:requestID:caller:method:urgency:locks:_:)``, for a mutation that writes something even when it
  /// refuses, such as the decision that blocks an order. What a refusal writes is committed; as a failed call it stores
  /// no reply, and is judged anew when it is sent again.
  package func mutateOrRefuse<Request: Message, Reply: Message>(
    _ request: Request, requestID: String, caller: Caller, method: MethodDescriptor,
    urgency: WriteClass = .interactive, locks: WriteLocks = .exclusive,
    _ body: @escaping @Sendable (WriteTransaction) throws -> MutationOutcome<Reply>
  ) async throws -> Reply {
    let write = try writeRequest(
      request, requestID: requestID, caller: caller, method: method, urgency: urgency, locks: locks)
    let outcome = try await store.writeOnceOrRefuse(write) {
      transaction -> Result<WriteResult<[UInt8]>, ServiceError> in
      switch try body(transaction) {
      case .reply(let reply): .success(.value(try reply.encodedBytes()))
      case .refusal(let error): .failure(error)
      }
    }
    return try Reply(decoding: try outcome.get())
  }

  private func writeRequest<Request: Message>(
    _ request: Request, requestID: String, caller: Caller, method: MethodDescriptor, urgency: WriteClass,
    locks: WriteLocks
  ) throws -> WriteRequest {
    let id: RequestID
    do {
      id = try RequestID(validating: requestID)
    } catch {
      throw ServiceError.invalidField(
        "request_id", requestID.isEmpty ? .required : .unknownValue(String(requestID.prefix(40))))
    }
    let hash = Array(SHA256.hash(data: try request.encodedBytes()))
    let key = RequestKey(principal: caller.id, method: method.path, requestID: id.value, contentHash: hash)
    return WriteRequest(urgency, principal: caller.id, locks: locks, requestKey: key)
  }
}

/// What became of a mutation that may refuse and still write.
package enum MutationOutcome<Reply: Message>: Sendable {
  case reply(Reply)
  case refusal(ServiceError)
}

extension ReadTransaction {
  /// When the transaction began.
  package var now: InstantMicros { InstantMicros(nowMicros) }
}
