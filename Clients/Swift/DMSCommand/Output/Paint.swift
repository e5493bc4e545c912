internal import Foundation
internal import Rainbow

/// Colours, where somebody sees them: on a terminal, unless `NO_COLOR` is set.
///
/// Rainbow knows whether standard output is a terminal that takes colours; standard error is asked here.
enum Paint {
  static func heading(_ text: String) -> String { isOn ? text.bold : text }
  static func faint(_ text: String) -> String { isOn ? text.dim : text }
  static func good(_ text: String) -> String { isOn ? text.green : text }
  static func bad(_ text: String) -> String { isOn ? text.red : text }

  static func error(_ text: String) -> String { isErrorOn ? text.red.bold : text }
  static func warning(_ text: String) -> String { isErrorOn ? text.yellow : text }
  static func remedy(_ text: String) -> String { isErrorOn ? text.cyan : text }

  private static let isOn = !(ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false)
  private static let isErrorOn = isOn && Terminal.error.isTerminal
}
