/// A statement's text, common to both databases, with parameters written `?1`, `?2`, …
///
/// Written as a literal, a statement is known by the address of its text, so that finding its prepared form costs no
/// hashing of characters, and nothing a client sent can become part of it. Text that is put together at run time
/// (filters, orders of lists) goes through ``init(assembled:)`` and is known by its characters.
package struct SQL: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  private enum Source: Sendable {
    case literal(StaticString)
    case constant(String, UInt)
    case assembled(String)
  }

  /// What a cache of prepared statements looks statements up by.
  package enum Identity: Hashable, Sendable {
    /// The address of a literal, or of a constant's mark.
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

  /// A statement put together once, from parts that are all our own, and kept in a constant for as long as the program
  /// runs: it is known like a literal. Each call costs a byte that is never given back.
  package init(constant text: String) {
    source = .constant(text, UInt(bitPattern: UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)))
  }

  /// What the statement is known by; cheap for a literal.
  package var identity: Identity {
    switch source {
    case .literal(let text):
      text.hasPointerRepresentation
        ? .literal(UInt(bitPattern: text.utf8Start)) : .assembled(String(describing: text))
    case .constant(_, let mark):
      .literal(mark)
    case .assembled(let text):
      .assembled(text)
    }
  }

  /// The statement's text.
  package var description: String {
    switch source {
    case .literal(let text): String(describing: text)
    case .constant(let text, _): text
    case .assembled(let text): text
    }
  }
}
