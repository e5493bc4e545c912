#if PostgreSQL
  /// The advisory locks of DMS: pairs of 32-bit numbers, held until their transaction ends.
  ///
  /// Lock keys are many and rows for them may not exist yet, so what is locked are stripes, to which keys are hashed: a
  /// fixed number, so that no batch can fill the server's lock table, and without writing a row. Two keys of one stripe
  /// wait for each other without need, which costs a little time now and then and never an answer.
  enum PostgreSQLLocks {
    /// The class of the store's own lock.
    static let storeClass: Int32 = 0x444D_5300
    /// The class of the stripes.
    static let stripeClass: Int32 = 0x444D_5301
    static let stripeCount: UInt64 = 4_096

    /// The stripes of `keys`, each once, in ascending order: the one order in which everybody takes them.
    static func stripes(of keys: Set<LockKey>) -> [Int32] {
      Set(keys.map { stripe(of: $0) }).sorted()
    }

    /// Every release must hash alike, because servers of two releases may share a database: FNV-1a over the UTF-8 of
    /// the key's text, both halves folded.
    static func stripe(of key: LockKey) -> Int32 {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in key.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      return Int32(truncatingIfNeeded: (hash ^ hash >> 32) % stripeCount)
    }
  }
#endif
