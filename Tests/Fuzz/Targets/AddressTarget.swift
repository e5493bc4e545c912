import DMSClient
import RPC

@testable import DMSService
@testable import DMSStorage

extension FuzzTarget {
  /// Where things are, and with which key: targets, servers, stores, API keys.
  static let addresses = FuzzTarget(
    "addresses", inputBytesMax: 300,
    texts: [
      "http://", "https://", "unix:", "unix://", "dns:///", "dns:", "sqlite:", "postgres://", "postgresql://", "[::1]",
      ":50051", ":0", ":65536", "localhost", "/", "//", "?password=", "&", "@", "user:secret@", "?sslpassword=a",
      "%", "dms_", "_", "AAAAAAAAAAAAAAAA", ",", "é", "٣", "+1",
    ]
  ) { input in
    let text = FuzzTarget.text(input)
    try AddressChecks.checkTarget(text)
    try AddressChecks.checkStore(text)
    if let address = try? ServerAddress(parsing: text), case .network(let host, let port, _) = address {
      try require((1...65_535).contains(port) && !host.isEmpty, "\(text) is \(host), port \(port)")
    }
    if let key = ApiKeySecret(text) { try require(key.text == text, "the key \(text) is written otherwise") }
  }
}

enum AddressChecks {
  /// What is read is written so that it is read again.
  static func checkTarget(_ text: String) throws {
    guard let target = try? Target(parsing: text, defaultPort: 50_051) else { return }
    try require(!target.addresses.isEmpty, "a target without an address")
    for case .hostPort(let host, let port) in target.addresses {
      try require((1...65_535).contains(port), "the port \(port)")
      // A host with the name of a scheme needs its scheme in front, which is not shown.
      if host == "dns" || host == "unix" { return }
    }
    let again = try? Target(parsing: target.description, defaultPort: 50_051)
    try require(again == target, "\(text) is written \(target), and read as \(again.map { "\($0)" } ?? "nothing")")
  }

  /// A location is never shown with its password.
  static func checkStore(_ text: String) throws {
    if let location = StoreLocation(text: text), location.isFile {
      try require(StoreLocation(text: "\(location)") == location, "\(text) is shown as \(location)")
    }
    // Masking twice changes nothing more, so that nothing was left.
    let masked = StoreLocation.masked(text)
    try require(StoreLocation.masked(masked) == masked, "\(text) is shown as \(masked)")
    let secret = "s3cr3t"
    guard !text.contains("s3cr") else { return }
    for url in [
      "postgres://\(text):\(secret)@h/db", "postgres://u:\(secret)\(text)@h",
      "postgres://h/db?password=\(text)\(secret)",
    ] {
      // What follows an & in a password that should have been escaped is another setting.
      if url.hasSuffix(secret), text.utf8.contains(UInt8(ascii: "&")) { continue }
      try require(!StoreLocation.masked(url).contains(secret), "\(url) is shown as \(StoreLocation.masked(url))")
    }
  }
}
