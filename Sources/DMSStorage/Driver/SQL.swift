/// A statement's text, common to both databases, with parameters written `?1`, `?2`, …
///
/// Written as a literal, a statement is known by the address of its text, so that finding its prepared form costs no
/// hashing of characters, and nothing a client sent can become part of it. Text that is put together at run time
/// (filters, orders of lists) goes through ``init(assembled:)`` and is known by its characters.
package struct SQL: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  private enum Source: Sendable {
    case literal(StaticString)
    case assembled(String)
  }

  /// What a cache of prepared statements looks statements up by.
  package enum Identity: Hashable, Sendable {
    /// The address of a literal.
    case literal(UInt)
    /// Text assembled at run time.
    case assembled(String)
  }

  private let source: Source

  package init(stringLiteral value: StaticString) {
    source = .literal(value)
  }

  /// A statement put together at run time, from parts that are all our own: values are bound, never spliced in.
  package init(assembled text: String) {
    source = .assembled(text)
  }

  /// What the statement is known by; cheap for a literal.
  package var identity: Identity {
    switch source {
    case .literal(let text):
      text.hasPointerRepresentation
        ? .literal(UInt(bitPattern: text.utf8Start)) : .assembled(String(describing: text))
    case .assembled(let text):
      .assembled(text)
    }
  }

  /// The statement's text.
  package var description: String {
    switch source {
    case .literal(let text): String(describing: text)
    case .assembled(let text): text
    }
  }
}
