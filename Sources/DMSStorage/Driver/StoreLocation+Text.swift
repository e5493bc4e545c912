extension StoreLocation: CustomStringConvertible {
  /// The location that `text` names: `sqlite:` and a path, or a URL as libpq takes it, which begins with `postgres://`
  /// or `postgresql://`. Nil for anything else.
  package init?(text: String) {
    if let path = text.withoutPrefix("sqlite:"), !path.isEmpty {
      self = .sqlite(path: path)
    } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
      self = .postgres(url: text)
    } else {
      return nil
    }
  }

  /// The location as ``init(text:)`` reads it, without the password.
  package var description: String {
    switch self {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgres(let url): Self.masked(url)
    }
  }

  /// Whether it is a SQLite file.
  package var isFile: Bool {
    switch self {
    case .sqlite: true
    case .postgres: false
    }
  }

  /// `text` with the password of every database URL in it replaced, for output and logs.
  ///
  /// It takes no notice of whether the URL is a good one: what could be a password goes.
  package static func masked(_ text: String) -> String {
    // Byte by byte: a mark that joins with a sign to one character must not hide the sign.
    let bytes = Array(text.utf8)
    guard let scheme = bytes.firstRange(of: Array("://".utf8)) else {
      return text.lowercased().contains("password") ? "…" : text
    }
    var rest = bytes[scheme.upperBound...]
    // A password may hold anything, an @ or a / that should have been escaped too: it ends at the last @.
    if let at = rest.lastIndex(of: UInt8(ascii: "@")), let colon = rest[..<at].firstIndex(of: UInt8(ascii: ":")) {
      rest.replaceSubrange(colon + 1..<at, with: "…".utf8)
    }
    var shown = bytes[..<scheme.upperBound]
    if let question = rest.firstIndex(of: UInt8(ascii: "?")) {
      shown += rest[...question]
      let settings = rest[(question + 1)...].split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
      shown += settings.map(maskedSetting).joined(separator: "&".utf8)
    } else {
      shown += rest
    }
    return String(decoding: shown, as: UTF8.self)
  }

  /// `name=value`, without the value when the name could be that of a password: one with an escape may be anything.
  private static func maskedSetting(_ setting: ArraySlice<UInt8>) -> [UInt8] {
    guard let equals = setting.firstIndex(of: UInt8(ascii: "=")) else { return Array(setting) }
    let name = String(decoding: setting[..<equals], as: UTF8.self)
    guard name.lowercased().contains("password") || name.contains("%") else { return Array(setting) }
    return setting[...equals] + Array("…".utf8)
  }
}

extension String {
  fileprivate func withoutPrefix(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
