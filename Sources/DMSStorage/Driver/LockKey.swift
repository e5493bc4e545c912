/// Names a thing that writes of several servers must not change at the same time.
///
/// On SQLite the one writer makes keys moot. On PostgreSQL the union of a batch's keys is locked at once, in one order
/// for all, before the first write runs, so that two batches never wait for each other in a circle.
package struct LockKey: Sendable, Hashable, Comparable {
  /// The key's text: what it names, a colon, and the names.
  package let text: String

  private init(_ kind: StaticString, _ parts: String...) {
    // A part may hold any printable character; U+001F is none, so that two different lists never read alike.
    text = "\(kind):\(parts.joined(separator: "\u{1F}"))"
  }

  /// The brand's stock of a product at all its warehouses, with the queue of those who wait for it.
  package static func brandStock(_ sku: String) -> LockKey { LockKey("brand_stock", sku) }

  /// A credit account.
  package static func creditAccount(_ id: String) -> LockKey { LockKey("credit", id) }

  /// An order.
  package static func order(_ id: String) -> LockKey { LockKey("order", id) }

  /// A dealer's own stock, with the positions of its feeds.
  package static func dealerStock(_ dealer: String) -> LockKey { LockKey("dealer_stock", dealer) }

  /// A dealer's orders: which there are, and what they contain.
  package static func dealerOrders(_ dealer: String) -> LockKey { LockKey("dealer_orders", dealer) }

  /// Another single thing, by kind and id.
  package static func resource(_ kind: String, _ id: String) -> LockKey { LockKey("resource", kind, id) }

  /// A request id within its scope.
  static func request(_ key: RequestKey) -> LockKey { LockKey("request", key.principal, key.method, key.requestID) }

  package static func < (left: LockKey, right: LockKey) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}
