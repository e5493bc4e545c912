internal import Foundation

/// A standard stream that can be written to.
struct Terminal: Sendable {
  static let output = Terminal(descriptor: STDOUT_FILENO)
  static let error = Terminal(descriptor: STDERR_FILENO)

  private let descriptor: Int32

  /// Whether a person looks at it.
  var isTerminal: Bool { isatty(descriptor) != 0 }

  /// Writes all of it. When the reader is gone (`dms … | head`) the program ends: nobody listens.
  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if written > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        } else if errno == EPIPE {
          exit(ExitStatus.readerGone)
        } else if errno != EINTR && errno != EAGAIN {
          return
        }
      }
    }
  }

  /// Writes a line.
  func line(_ text: String) {
    write(text + "\n")
  }
}
