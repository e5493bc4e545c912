import Foundation
import Testing

@Suite("Settings of dms-server")
struct SettingTests {
  /// A setting of the wire, a value of it that is right, and one that is not.
  private static let limits: [(key: String, right: String, wrong: String)] = [
    ("limits.connections", "5", "0"),
    ("limits.peer.connections", "5", "none"),
    ("limits.streams.per.connection", "7", "0"),
    ("limits.message.bytes", "1024", "1023"),
    ("limits.header.bytes", "1024", "1023"),
    ("limits.connection.request.bytes", "65536", "65535"),
    ("limits.connection.response.bytes", "65536", "65535"),
    ("limits.handshake.seconds", "1", "0"),
    ("limits.unauthenticated.seconds", "0", "-1"),
    ("limits.idle.seconds", "0", "31536001"),
    ("limits.age.seconds", "600", "ten"),
    ("limits.age.grace.seconds", "30", "-1"),
    ("keepalive.seconds", "0", "-1"),
    ("keepalive.timeout.seconds", "1", "0"),
    ("limits.ping.interval.seconds", "0", "-1"),
    ("limits.resets.burst", "1", "0"),
    ("limits.resets.per.second", "1", "0"),
    ("limits.controls.burst", "10", "9"),
    ("limits.controls.per.second", "1", "0"),
    ("compression.replies", "always", "sometimes"),
    ("compression.threshold.bytes", "0", "-1"),
  ]

  @Test("Every limit of the wire can be set and is shown with where it comes from; a wrong one is named")
  func limits() throws {
    func name(_ key: String) -> String { "DMS_" + key.uppercased().replacing(".", with: "_") }
    let environment = Dictionary(uniqueKeysWithValues: Self.limits.map { (name($0.key), $0.right) })
    let shown = try Program("config", environment: environment)
    #expect(shown.code == 0, "\(shown.errors)")
    for limit in Self.limits {
      let row = Self.row(limit.key, of: shown)
      #expect(row.dropFirst().prefix(2) == [limit.right, name(limit.key)], "\(limit.key)")
      let refused = try Program("config", environment: [name(limit.key): limit.wrong])
      #expect(refused.code != 0 && refused.errors.contains("\(limit.key) is «\(limit.wrong)»"), "\(refused.errors)")
    }
  }

  /// The cells of a setting's row: its key, its value, where that comes from, its variable, its meaning.
  private static func row(_ key: String, of shown: Program) -> [String] {
    shown.output.split(separator: "\n")
      .map { $0.components(separatedBy: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty } }
      .first { $0.first == key } ?? []
  }

  @Test("A file may set them all")
  func file() throws {
    let file = NSTemporaryDirectory() + "dms-settings-" + UUID().uuidString + ".yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    // A name that is also the beginning of another could not stand in a file.
    for limit in Self.limits {
      #expect(!Self.limits.contains { $0.key.hasPrefix(limit.key + ".") })
    }
    try "limits:\n  connections: 12\n  peer:\n    connections: 3\ncompression:\n  replies: never\n"
      .write(toFile: file, atomically: true, encoding: .utf8)
    let shown = try Program("config", "--config", file)
    #expect(shown.code == 0, "\(shown.errors)")
    #expect(Self.row("limits.peer.connections", of: shown).dropFirst().prefix(2) == ["3", file], "\(shown.output)")
  }
}
