#if PostgreSQL
  /// Numbers of the server's types, which are the same in every database (pg_type.dat).
  enum PostgreSQLType {
    static let bool: UInt32 = 16
    static let bytes: UInt32 = 17
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let unknown: UInt32 = 705
    static let blankPadded: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let numeric: UInt32 = 1700

    static let arrayOfBytes: UInt32 = 1001
    static let arrayOfInt4: UInt32 = 1007
    static let arrayOfText: UInt32 = 1009
    static let arrayOfInt8: UInt32 = 1016
  }

  extension SQLValue {
    /// What a value's parameter is declared as; nil for NULL, whose type the server infers.
    var postgresType: UInt32? {
      switch self {
      case .null: nil
      case .integer: PostgreSQLType.int8
      case .text: PostgreSQLType.text
      case .blob: PostgreSQLType.bytes
      }
    }
  }
#endif
