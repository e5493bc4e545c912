#if PostgreSQL
  internal import CPostgreSQL

  extension DatabaseError {
    /// The failure that the server reported in `result`.
    ///
    /// Only the primary message is kept: details and contexts may quote values.
    init(postgres result: OpaquePointer) {
      let state = Self.field(UInt8(ascii: "C"), of: result) ?? ""
      let message = Self.field(UInt8(ascii: "M"), of: result)
      self.init(
        // It works when prepared anew, and the batch is worth another try.
        state == "0A000" && message?.hasPrefix("cached plan") == true ? .busy : Self.kind(state), code: state,
        // What is wrong with a value is said by quoting it.
        message: state.hasPrefix("22") ? "the server refused a value" : message ?? "unknown failure")
    }

    /// Whether the failure in `result` has ended the session.
    static func hasEndedSession(_ result: OpaquePointer) -> Bool {
      switch field(UInt8(ascii: "V"), of: result) {
      case "FATAL", "PANIC": true
      default: false
      }
    }

    /// Whether a prepared statement's tables were changed meanwhile.
    var isStaleStatement: Bool { code == "0A000" && kind == .busy }

    /// The loss of `connection`, in its own words.
    static func connectionLost(_ connection: OpaquePointer?) -> DatabaseError {
      let text = connection.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? ""
      let words = text.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces() }.joined(separator: " ")
      return DatabaseError(.connectionLost, message: words.isEmpty ? "the connection is lost" : words)
    }

    /// One field of the report: a letter of the protocol.
    private static func field(_ letter: UInt8, of result: OpaquePointer) -> String? {
      PQresultErrorField(result, Int32(letter)).map { String(cString: $0) }
    }

    /// What a SQLSTATE means to us.
    static func kind(_ state: String) -> Kind {
      switch state {
      case "23505": return .constraint(.unique)
      case "23503": return .constraint(.foreignKey)
      case "23514": return .constraint(.check)
      case "23502": return .constraint(.notNull)
      // A value of another type than its column's, as SQLite's strict tables refuse it.
      case "42804", "22003", "22021", "22P02", "22P03", "22P05": return .constraint(.dataType)
      case "22001": return .tooLarge
      case "40001", "40P01", "55P03", "55006": return .busy
      case "57014": return .interrupted
      case "53100": return .full
      case "53200": return .outOfMemory
      case "53300": return .connectionLost
      case "58030", "58P01", "58P02": return .inputOutput
      case "XX001", "XX002": return .corrupt
      // A session that waited too long inside a transaction was ended.
      case "25P03": return .connectionLost
      default: break
      }
      switch state.prefix(2) {
      case "08", "28", "3D": return .connectionLost
      case "23": return .constraint(.other)
      case "0A", "22", "25", "26", "34", "42", "3B": return .misuse
      case "54": return .tooLarge
      case "57": return .connectionLost
      default: return .other
      }
    }
  }

  extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
      var rest = self
      while let first = rest.first, first.isWhitespace { rest.removeFirst() }
      while let last = rest.last, last.isWhitespace { rest.removeLast() }
      return rest
    }
  }
#endif
