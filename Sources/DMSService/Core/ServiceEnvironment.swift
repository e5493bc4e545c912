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
    urgency: WriteClass = .interactive, locks: [LockKey] = [],
    _ body: @escaping @Sendable (WriteTransaction) throws -> Reply
  ) async throws -> Reply {
    let id: RequestID
    do {
      id = try RequestID(validating: requestID)
    } catch {
      throw ServiceError.invalidField("request_id", requestID.isEmpty ? .required : .unknownValue(String(requestID.prefix(40))))
    }
    let content = try request.encodedBytes()
    let key = RequestKey(
      principal: caller.id, method: method.path, requestID: id.value, contentHash: Array(SHA256.hash(data: content)))
    let write = WriteRequest(urgency, principal: caller.id, lockKeys: locks, requestKey: key)
    let reply = try await store.writeOnce(write) { transaction in
      try body(transaction).encodedBytes()
    }
    return try Reply(decoding: reply)
  }
}

extension ReadTransaction {
  /// When the transaction began.
  package var now: InstantMicros { InstantMicros(nowMicros) }
}
