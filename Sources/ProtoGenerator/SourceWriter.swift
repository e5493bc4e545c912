/// Text of a source file, written line by line with the right indentation.
struct SourceWriter {
  /// What has been written.
  private(set) var text = ""
  private var indentation = 0

  /// Writes a line; an empty one without blanks.
  mutating func line(_ line: String = "") {
    if !line.isEmpty { text += String(repeating: "  ", count: indentation) + line }
    text += "\n"
  }

  /// Writes `opening`, what `body` writes one step further in, and `}`.
  mutating func block(_ opening: String, _ body: (inout SourceWriter) -> Void) {
    line(opening)
    indentation += 1
    body(&self)
    indentation -= 1
    line("}")
  }

  /// Writes the comment of a schema as a documentation comment; `fallback` when there is none.
  mutating func documentation(_ comment: String, fallback: String) {
    var lines = comment.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix(" ") ? line.dropFirst() : line
    }
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    if lines.isEmpty { lines = [Substring(fallback)] }
    for text in lines { line(text.isEmpty ? "///" : "/// " + text) }
  }
}
