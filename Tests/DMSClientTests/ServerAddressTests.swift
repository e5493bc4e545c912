import DMSClient
import Testing

@Suite("Server addresses and configurations")
struct ServerAddressTests {
  @Test(
    "An address is read as it is written",
    arguments: [
      ("http://localhost:7443", ServerAddress.network(host: "localhost", port: 7443, secure: false)),
      ("https://dms.example.com", .network(host: "dms.example.com", port: 443, secure: true)),
      ("http://10.0.0.7/", .network(host: "10.0.0.7", port: 80, secure: false)),
      ("https://[::1]:8443", .network(host: "::1", port: 8443, secure: true)),
      ("https://[fe80::1]", .network(host: "fe80::1", port: 443, secure: true)),
      ("unix:/run/dms.sock", .unix(path: "/run/dms.sock")),
      ("unix:///run/dms.sock", .unix(path: "/run/dms.sock")),
    ])
  func readable(_ text: String, _ expected: ServerAddress) throws {
    #expect(try ServerAddress(parsing: text) == expected)
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "localhost:7443", "ftp://host", "http://", "http://:80", "http://host:", "http://host:0",
      "http://host:65536", "http://host:80:81", "http://::1", "http://[::1", "http://[::1]x", "http://host/path",
      "http://user@host", "http://ho st", "unix:", "https://host:４４３",
    ])
  func unreadable(_ text: String) {
    #expect(throws: ConfigurationError.unreadableServer(text)) { try ServerAddress(parsing: text) }
  }

  @Test("Several servers are separated by commas, with https all or none")
  func several() throws {
    let plain = try ServerAddress.list(parsing: "http://a:1,http://[::1]:2,unix:/run/dms.sock")
    #expect(
      plain == [
        .network(host: "a", port: 1, secure: false), .network(host: "::1", port: 2, secure: false),
        .unix(path: "/run/dms.sock"),
      ])
    #expect(try ServerAddress.list(parsing: "https://a,https://b:8421").map(\.isSecure) == [true, true])
    for mixed in ["https://a,http://b", "unix:/run/dms.sock,https://a"] {
      #expect(throws: ConfigurationError.mixedServers(mixed)) { try ServerAddress.list(parsing: mixed) }
    }
    for text in ["", "http://a,", ",http://a", "http://a:1,b:2"] {
      #expect(throws: ConfigurationError.self) { try ServerAddress.list(parsing: text) }
    }
  }

  @Test(
    "A key goes in plain text to this machine only",
    arguments: [
      ("http://localhost:1", true), ("http://127.0.0.1:1", true), ("http://127.8.9.1:1", true),
      ("http://[::1]:1", true), ("unix:/tmp/dms.sock", true), ("https://dms.example.com", true),
      ("http://dms.example.com:1", false), ("http://127.0.0.1.example.com:1", false), ("http://10.0.0.7:1", false),
      ("http://localhost:1,http://127.0.0.1:2", true), ("http://localhost:1,http://10.0.0.7:1", false),
      ("https://a:1,https://b:1", true),
    ])
  func plainText(_ server: String, _ isAllowed: Bool) async throws {
    let configuration = DMSClient.Configuration(server: server, apiKey: "dms_secret")
    if isAllowed {
      await (try DMSClient(configuration: configuration)).close()
    } else {
      let error = #expect(throws: ConfigurationError.self) { try DMSClient(configuration: configuration) }
      guard case .plainTextCredential? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      var insecure = configuration
      insecure.plainTextCredentialsAllowed = true
      await (try DMSClient(configuration: insecure)).close()
    }
  }

  @Test("A certificate whose files are missing is an error when the client is made")
  func missingCertificate() {
    var configuration = DMSClient.Configuration(server: "https://dms.example.com")
    configuration.certificate = .init(chainFile: "/nowhere/me.pem", keyFile: "/nowhere/me.key")
    let error = #expect(throws: ConfigurationError.self) { try DMSClient(configuration: configuration) }
    guard case .unusable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A key that cannot stand in a header is refused", arguments: ["", "a b", "key\n", "schlüssel"])
  func unusableKey(_ key: String) {
    #expect(throws: ConfigurationError.unusableAPIKey) {
      try DMSClient(configuration: .init(server: "http://localhost:1", apiKey: key))
    }
  }
}
