internal import Foundation

/// Takes in a key without showing it.
enum KeyInput {
  /// The key in a file: its first line.
  static func read(file path: String) throws(CommandFailure) -> String {
    guard let content = FileManager.default.contents(atPath: path) else {
      throw CommandFailure("the key file \(path) cannot be read", status: ExitStatus.usage)
    }
    return try key(in: String(decoding: content, as: UTF8.self), of: path)
  }

  /// The key that is typed at a prompt without being shown, or the first line of standard input when
  /// nobody sits there.
  static func ask(_ prompt: String) throws(CommandFailure) -> String {
    guard isatty(STDIN_FILENO) != 0 else { return try key(in: readLine() ?? "", of: "standard input") }
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else {
      throw CommandFailure("the terminal cannot be told to hide what is typed", status: ExitStatus.usage)
    }
    let visible = settings
    settings.c_lflag &= ~tcflag_t(ECHO)
    Terminal.error.write(prompt)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    let line = readLine()
    var restored = visible
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &restored)
    Terminal.error.line("")
    return try key(in: line ?? "", of: "what was typed")
  }

  private static func key(in text: String, of source: String) throws(CommandFailure) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let key = line.trimmingCharacters(in: .whitespaces)
    guard !key.isEmpty else { throw CommandFailure("there is no key in \(source)", status: ExitStatus.usage) }
    return key
  }
}
