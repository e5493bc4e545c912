#if PostgreSQL
  /// The common statements in PostgreSQL's words.
  enum PostgreSQLText {
    /// `text` with `?1` as `name(1)`, outside of literals and quoted names, and the greatest number in it.
    static func naming(_ text: some StringProtocol, _ name: (Int) -> String) -> (text: String, parameterCount: Int) {
      var result: [UInt8] = []
      result.reserveCapacity(text.utf8.count + 16)
      var count = 0
      var quote: UInt8?
      var bytes = Array(text.utf8)[...]
      while let byte = bytes.popFirst() {
        if let open = quote {
          if byte == open { quote = nil }
          result.append(byte)
        } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
          quote = byte
          result.append(byte)
        } else if byte == UInt8(ascii: "?"), let first = bytes.first, isDigit(first) {
          var number = 0
          while let digit = bytes.first, isDigit(digit), number < 100_000 {
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
            bytes.removeFirst()
          }
          count = max(count, number)
          result.append(contentsOf: name(number).utf8)
        } else {
          result.append(byte)
        }
      }
      return (String(decoding: result, as: UTF8.self), count)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
  }

  /// An INSERT whose VALUES can come from arrays, a row for each place of them.
  struct PostgreSQLInsert {
    /// Everything before VALUES.
    private let head: String
    /// What stands in its parentheses.
    private let values: String
    /// Everything behind them.
    private let tail: String

    /// Takes `text` apart, or says that rows must be inserted one by one: where a row of the same statement may be
    /// changed again (DO UPDATE), or where it is no plain INSERT of one row.
    init?(_ text: String) {
      guard text.hasPrefix("INSERT INTO "), let words = text.range(of: "VALUES", after: "INSERT INTO") else {
        return nil
      }
      let afterWords = text[words.upperBound...].drop { $0.isWhitespace }
      guard afterWords.first == "(", let close = Self.closingParenthesis(of: afterWords) else { return nil }
      let rest = afterWords[afterWords.index(after: close)...]
      let restWords = rest.split(whereSeparator: \.isWhitespace)
      let isPlain = restWords.isEmpty
      let isIdle = restWords.starts(with: ["ON", "CONFLICT"]) && restWords.suffix(2) == ["DO", "NOTHING"]
      guard isPlain || isIdle else { return nil }
      head = String(text[..<words.lowerBound])
      values = String(afterWords[afterWords.index(after: afterWords.startIndex)..<close])
      tail = String(rest)
    }

    /// The statement over arrays `$1`, `$2`, … of the given types, one for each that is not nil; nil is a column that
    /// is NULL throughout. Rows are inserted in their order.
    func text(_ elements: [UInt32?]) -> String {
      let arrays = PostgreSQLArrays(elements)
      let (list, _) = PostgreSQLText.naming(values) { arrays.name($0) }
      return "\(head) SELECT \(list) FROM \(arrays.table) ORDER BY k.place\(tail)"
    }

    private static func closingParenthesis(of text: Substring) -> Substring.Index? {
      var depth = 0
      var isQuoted = false
      for index in text.indices {
        switch text[index] {
        case "'": isQuoted.toggle()
        case "(" where !isQuoted: depth += 1
        case ")" where !isQuoted:
          depth -= 1
          if depth == 0 { return index }
        default: break
        }
      }
      return nil
    }
  }

  /// The table of parameters that are sent as arrays.
  private struct PostgreSQLArrays {
    private let elements: [UInt32?]

    init(_ elements: [UInt32?]) {
      self.elements = elements
    }

    /// What stands for parameter `number` of the original statement.
    func name(_ number: Int) -> String {
      elements.indices.contains(number - 1) && elements[number - 1] != nil ? "k.p\(number)" : "NULL"
    }

    /// The table, named `k`, with its columns and the place of each row.
    var table: String {
      var arrays: [String] = []
      var names: [String] = []
      for (index, element) in elements.enumerated() where element != nil {
        arrays.append("$\(arrays.count + 1)")
        names.append("p\(index + 1)")
      }
      return
        "unnest(\(arrays.joined(separator: ", "))) WITH ORDINALITY AS k(\((names + ["place"]).joined(separator: ", ")))"
    }
  }

  extension String {
    /// Where `word` stands outside of parentheses and literals, behind a prefix.
    fileprivate func range(of word: String, after prefix: String) -> Range<Index>? {
      var depth = 0
      var isQuoted = false
      var index = self.index(startIndex, offsetBy: prefix.count)
      while index < endIndex {
        switch self[index] {
        case "'": isQuoted.toggle()
        case "(" where !isQuoted: depth += 1
        case ")" where !isQuoted: depth -= 1
        default:
          if depth == 0, !isQuoted, self[index...].hasPrefix(word) {
            return index..<self.index(index, offsetBy: word.count)
          }
        }
        index = self.index(after: index)
      }
      return nil
    }
  }
#endif
