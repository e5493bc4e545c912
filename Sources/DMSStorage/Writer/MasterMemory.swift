internal import DMSDomain
internal import Synchronization

/// Master data that was read before: every order asks for the same products, prices and dealers, and they change
/// seldom.
///
/// It holds what belongs to one version of the master data, a number in the store that every change of it raises, on
/// whichever server. A transaction that sees another version reads the tables, and a newer one empties the memory. So
/// nothing old is ever answered, and nothing is to be told to other servers.
final class MasterMemory: Sendable {
  struct Contents {
    var terms: [SKU: ProductTerms] = [:]
    var prices: [SKU: [PriceCandidate]] = [:]
    var dealers: [DealerID: Stored<Dealer>] = [:]
    /// The active warehouses, under the one key 0.
    var warehouses: [Int: [WarehouseID]] = [:]

    var count: Int { terms.count + prices.count + dealers.count }
  }

  /// How many entries are held; past that, all are dropped. A product with its prices takes about 1 KiB.
  private static let entriesMax = 40_000

  private struct State {
    var version: Int64 = -1
    var contents = Contents()
  }

  private let state = Mutex(State())

  /// What is known of `keys` in `version`, in their order.
  func find<Key: Hashable & Sendable, Value: Sendable>(
    _ keys: [Key], in place: KeyPath<Contents, [Key: Value]>, version: Int64
  ) -> [Value?] {
    state.withLock { state in
      guard state.version == version else { return keys.map { _ in nil } }
      return keys.map { state.contents[keyPath: place][$0] }
    }
  }

  /// Remembers what was read in `version`, unless something newer is known.
  func add<Key: Hashable & Sendable, Value: Sendable>(
    _ found: [(Key, Value)], to place: WritableKeyPath<Contents, [Key: Value]>, version: Int64
  ) {
    state.withLock { state in
      guard version >= state.version else { return }
      if version > state.version || state.contents.count > Self.entriesMax { state.contents = Contents() }
      state.version = version
      for (key, value) in found { state.contents[keyPath: place][key] = value }
    }
  }
}

/// The master data as one snapshot, or one batch of writes, sees it. Used by one thread.
final class MasterView {
  private let memory: MasterMemory
  private var version: Int64?
  /// Whether the batch has changed master data: what it reads then is not to be remembered before it is committed.
  private var isChanged = false

  init(_ memory: MasterMemory) {
    self.memory = memory
  }

  func noteChange() {
    isChanged = true
  }

  /// What belongs to `keys`, in their order: from memory, or by `load`, which gets those that are missing.
  func values<Key: Hashable & Sendable, Value: Sendable>(
    of keys: [Key], in place: WritableKeyPath<MasterMemory.Contents, [Key: Value]>, _ transaction: ReadTransaction,
    _ load: ([Key]) throws -> [Value?]
  ) throws -> [Value?] {
    guard !isChanged else { return try load(keys) }
    let version = try version ?? transaction.masterVersion()
    self.version = version
    var values = memory.find(keys, in: place, version: version)
    let missing = keys.indices.filter { values[$0] == nil }
    guard !missing.isEmpty else { return values }
    var found: [(Key, Value)] = []
    for (index, value) in zip(missing, try load(missing.map { keys[$0] })) {
      values[index] = value
      if let value { found.append((keys[index], value)) }
    }
    memory.add(found, to: place, version: version)
    return values
  }
}

extension ReadTransaction {
  /// How often the master data has changed.
  fileprivate func masterVersion() throws -> Int64 {
    try queryOne("SELECT value FROM store_state WHERE name = 'master'") { row in try row.int64(0) } ?? 0
  }

  /// What belongs to `keys`, in their order, from memory where it is known.
  func remembering<Key: Hashable & Sendable, Value: Sendable>(
    _ keys: [Key], in place: WritableKeyPath<MasterMemory.Contents, [Key: Value]>,
    _ load: ([Key]) throws -> [Value?]
  ) throws -> [Value?] {
    guard let master else { return try load(keys) }
    return try master.values(of: keys, in: place, self, load)
  }
}

extension WriteTransaction {
  /// Notes that products, prices, dealers or warehouses have changed.
  func noteMasterChange() throws {
    master?.noteChange()
    try execute("UPDATE store_state SET value = value + 1 WHERE name = 'master'")
  }
}
