internal import ArgumentParser
internal import Foundation
internal import InteropAPI
internal import ProtobufC
internal import RPC

/// The client of gRPC's interoperability tests, on this package's own runtime.
///
/// It prints a line for every case: its name, `pass` or `fail`, the milliseconds that it took, and why it failed,
/// separated by tabs. It exits with 1 when a case failed.
@main
struct InteropClient: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dms-interop-client", abstract: "Runs gRPC's interoperability cases against a server.")

  @Option(name: .customLong("server_host"), help: "The server's name or address.")
  var host = "127.0.0.1"

  @Option(name: .customLong("server_port"), help: "The server's port.")
  var port: Int

  @Option(name: .customLong("test_case"), help: "The cases to run, separated by commas.")
  var cases = InteropCase.allCases.map(\.rawValue).joined(separator: ",")

  @Flag(name: .customLong("use_tls"), help: "Speak TLS and trust the authority.")
  var usesTLS = false

  @Option(help: "A PEM file with the authority that vouches for the server.")
  var authority = ""

  @Option(name: .customLong("server_host_override"), help: "The name that the server's certificate bears.")
  var serverName: String?

  func run() async throws {
    var configuration = ClientConfiguration()
    configuration.authority = serverName
    if usesTLS { configuration.tls = ClientTLS(trustRoots: .only(.file(authority)), serverName: serverName) }
    var haveAllPassed = true
    for name in cases.split(separator: ",") {
      guard let interopCase = InteropCase(rawValue: String(name)) else {
        throw ValidationError("there is no case \(name)")
      }
      let start = ContinuousClock.now
      // Each case has a connection of its own, as it would have in a program of its own.
      let client = try RPCClient(target: .hostPort(host, port), configuration: configuration)
      let failure = await interopCase.failure(at: InteropPeer(client))
      let milliseconds = start.duration(to: .now) / .milliseconds(1)
      await client.close()
      let outcome = failure == nil ? "pass" : "fail"
      let reason = (failure ?? "").replacing("\n", with: " ")
      print("\(name)\t\(outcome)\t\(String(format: "%.1f", milliseconds))\t\(reason)")
      fflush(nil)
      if failure != nil { haveAllPassed = false }
    }
    if !haveAllPassed { throw ExitCode.failure }
  }
}

extension InteropCase {
  /// Why the case failed at the server; nil when it passed.
  fileprivate func failure(at peer: InteropPeer) async -> String? {
    do {
      try await run(at: peer)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
