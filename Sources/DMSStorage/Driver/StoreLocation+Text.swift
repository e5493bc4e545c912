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
    guard let scheme = text.firstRange(of: "://") else {
      return text.lowercased().contains("password") ? "…" : text
    }
    var rest = String(text[scheme.upperBound...])
    // A password may hold anything, an @ or a / that should have been escaped too: it ends at the last @.
    if let at = rest.lastIndex(of: "@"), let colon = rest[..<at].firstIndex(of: ":") {
      rest.replaceSubrange(rest.index(after: colon)..<at, with: "…")
    }
    guard let question = rest.firstIndex(of: "?") else { return text[..<scheme.upperBound] + rest }
    let settings = rest[rest.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false)
    let masked = settings.map { setting in
      guard let equals = setting.firstIndex(of: "=") else { return String(setting) }
      return setting[..<equals].lowercased().contains("password") ? "\(setting[...equals])…" : String(setting)
    }
    return text[..<scheme.upperBound] + rest[...question] + masked.joined(separator: "&")
  }
}

extension String {
  fileprivate func withoutPrefix(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
