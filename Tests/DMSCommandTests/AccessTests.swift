import ArgumentParser
import DMSAPI
import DMSClient
import Foundation
import RPC
import Testing

@testable import DMSCommand

@Suite("Profiles, keys and failures")
struct AccessTests {
  /// Runs `body` with an empty folder that is removed afterwards.
  private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dms-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test("A profile is stored for its user alone")
  func profileIsPrivate() throws {
    try withFolder { folder in
      let store = ProfileStore(folder: folder)
      let profile = Profile(server: "http://127.0.0.1:8421", apiKey: "secret")
      let path = try store.save(profile, as: "default")
      #expect(mode(path) == 0o600)
      #expect(mode(folder.path) == 0o700)
      #expect(try store.load("default") == profile)
      #expect(try store.load("other") == nil)
      #expect(try store.remove("default"))
      #expect(try !store.remove("default"))
    }
  }

  @Test("A profile that others can read is refused")
  func openProfileIsRefused() throws {
    try withFolder { folder in
      let store = ProfileStore(folder: folder)
      let path = try store.save(Profile(server: "http://127.0.0.1:1", apiKey: "secret"), as: "default")
      #expect(chmod(path, 0o644) == 0)
      let failure = #expect(throws: CommandFailure.self) { try store.load("default") }
      #expect(failure?.remedy == "Run: chmod 600 \(path)")
    }
  }

  @Test("A profile's name cannot leave its folder", arguments: ["", "../x", "a/b", ".hidden", "名"])
  func nameIsChecked(name: String) {
    let store = ProfileStore(folder: URL(fileURLWithPath: "/nonexistent"))
    #expect(throws: CommandFailure.self) { try store.load(name) }
  }

  @Test("Options go before the environment, the environment before the profile")
  func precedence() throws {
    try withFolder { folder in
      let stored = Profile(server: "http://127.0.0.1:1", apiKey: "stored")
      _ = try ProfileStore(folder: folder).save(stored, as: "default")
      let environment = ["DMS_HOME": folder.path]
      #expect(
        try ConnectionOptions.parse([]).resolved(environment: environment)
          == Profile(server: stored.server, apiKey: "stored", isPlainTextAllowed: false))
      let variables = environment.merging(["DMS_SERVER": "http://127.0.0.1:2", "DMS_API_KEY": "variable"]) { $1 }
      #expect(try ConnectionOptions.parse([]).resolved(environment: variables).apiKey == "variable")
      #expect(try ConnectionOptions.parse([]).resolved(environment: variables).server == "http://127.0.0.1:2")
      let options = try ConnectionOptions.parse(["--server", "http://127.0.0.1:3"])
      #expect(try options.resolved(environment: variables).server == "http://127.0.0.1:3")
    }
  }

  @Test("A stored key is not sent to another server than its own")
  func keyStaysWithItsServer() throws {
    try withFolder { folder in
      _ = try ProfileStore(folder: folder).save(Profile(server: "http://127.0.0.1:1", apiKey: "stored"), as: "default")
      let options = try ConnectionOptions.parse(["--server", "http://127.0.0.1:9"])
      #expect(try options.resolved(environment: ["DMS_HOME": folder.path]).apiKey == nil)
    }
  }

  @Test("Connection options are stored with a profile, and go with it to its own server alone")
  func storedConnection() throws {
    try withFolder { folder in
      var stored = Profile(server: "https://a:1,https://b:1", apiKey: "stored", certificates: "/ca.pem")
      stored.clientCertificate = "/me.pem"
      stored.clientKey = "/me.key"
      stored.isRoundRobin = true
      let store = ProfileStore(folder: folder)
      _ = try store.save(stored, as: "default")
      #expect(try store.load("default") == stored)
      let environment = ["DMS_HOME": folder.path]
      let configuration = try ConnectionOptions.parse([]).configuration(
        for: ConnectionOptions.parse([]).resolved(environment: environment))
      #expect(configuration.server == stored.server)
      #expect(configuration.balancing == .roundRobin)
      #expect(configuration.certificate == .init(chainFile: "/me.pem", keyFile: "/me.key"))
      let elsewhere = try ConnectionOptions.parse(["--server", "https://c:1"]).resolved(environment: environment)
      #expect(elsewhere.clientCertificate == nil && elsewhere.isRoundRobin == nil && elsewhere.apiKey == nil)
      let own = try ConnectionOptions.parse(
        ["--server", "https://c:1", "--cert-file", "c.pem", "--cert-key-file", "c.key", "--round-robin"])
      #expect(
        own.configuration(for: try own.resolved(environment: environment)).certificate
          == .init(chainFile: "c.pem", keyFile: "c.key"))
    }
  }

  @Test("A certificate and its key are given together", arguments: ["--cert-file", "--cert-key-file"])
  func halfACertificate(option: String) {
    #expect(throws: (any Error).self) { try ConnectionOptions.parse([option, "x.pem"]) }
  }

  @Test("Without a server the command says how to log in")
  func noServer() throws {
    try withFolder { folder in
      let failure = #expect(throws: CommandFailure.self) {
        try ConnectionOptions.parse([]).resolved(environment: ["DMS_HOME": folder.path])
      }
      #expect(failure?.status == ExitStatus.usage)
      #expect(failure?.remedy?.contains("dms login") == true)
    }
  }

  @Test(
    "The exit code tells the kind of failure",
    arguments: [
      (.invalidArgument, 3), (.notFound, 4), (.permissionDenied, 5), (.unauthenticated, 5), (.failedPrecondition, 6),
      (.aborted, 6), (.alreadyExists, 6), (.unavailable, 7), (.deadlineExceeded, 7), (.resourceExhausted, 7),
      (.internal, 1),
    ] as [(StatusCode, Int32)])
  func exitCodes(code: StatusCode, status: Int32) {
    #expect(ExitStatus.of(DMSError(code, "x")) == status)
  }

  @Test("A failure says each field, each rule and the remedy")
  func failureText() {
    var error = DMSError(.failedPrecondition, "The order is blocked.", reason: .ruleBlocked)
    error.preconditionViolations = [
      .init(rule: "CREDIT_EXCEEDED", subject: "dealer/4711", description: "Total 5000.00, available 120.00.")
    ]
    let failure = FailureText.failure(of: error)
    #expect(failure.message == "The order is blocked (RULE_BLOCKED)")
    #expect(failure.details == ["CREDIT_EXCEEDED (dealer/4711): Total 5000.00, available 120.00."])
    #expect(failure.status == ExitStatus.conflict)

    var invalid = DMSError(.invalidArgument, "Two fields are wrong", reason: .invalidField)
    invalid.fieldViolations = [
      .init(field: "order.lines[0].quantity", description: "must be at least 1"),
      .init(field: "order.currency_code", description: "is no ISO 4217 code"),
    ]
    #expect(
      FailureText.failure(of: invalid).details == [
        "order.lines[0].quantity: must be at least 1", "order.currency_code: is no ISO 4217 code",
      ])
  }

  @Test("A write whose answer was lost shows its request id")
  func lostAnswer() {
    var error = DMSError(.unavailable, "the connection broke")
    error.requestID = "0190d5a3-7c3e-7e9b-b1a5-0242ac120002"
    #expect(FailureText.failure(of: error).details.contains { $0.contains("0190d5a3-7c3e-7e9b-b1a5-0242ac120002") })
  }

  @Test(
    "What cannot be understood ends with 2, help with 0",
    arguments: [(["--help"], 0), (["nonsense"], 2), (["order", "place"], 2)] as [([String], Int32)])
  func usage(arguments: [String], status: Int32) async {
    #expect(await CommandLineProgram.run(arguments) == status)
  }
}
