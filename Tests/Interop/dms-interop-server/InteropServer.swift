internal import ArgumentParser
internal import Foundation
internal import InteropAPI
internal import Logging
internal import ProtobufC
internal import RPC

/// The server of gRPC's interoperability tests, on this package's own runtime.
///
/// It prints one line, `ready PORT`, once it listens, and serves until its standard input ends.
@main
struct InteropServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dms-interop-server", abstract: "Serves grpc.testing.TestService on loopback.")

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port = 0

  @Flag(name: .customLong("use_tls"), help: "Serve TLS with the certificate and its key.")
  var usesTLS = false

  @Option(help: "A PEM file with the server's certificate.")
  var certificate = ""

  @Option(help: "A PEM file with the certificate's key.")
  var key = ""

  func run() async throws {
    var configuration = ServerConfiguration(host: "127.0.0.1", port: port)
    if usesTLS { configuration.tls = ServerTLS(certificateChainFile: certificate, privateKeyFile: key) }
    let server = RPCServer(
      configuration: configuration, services: [InteropTestService().servedMethods],
      logger: Logger(label: "dms-interop-server", factory: { StreamLogHandler.standardError(label: $0) }))
    let address = try await server.start()
    print("ready \(address.port)")
    fflush(nil)
    await endOfInput()
    await server.shutdown(grace: .seconds(2))
  }

  /// Returns when nobody holds the other end of standard input any more.
  private func endOfInput() async {
    let (inputs, input) = AsyncStream<Void>.makeStream()
    Thread.detachNewThread {
      while readLine() != nil {}
      input.finish()
    }
    for await _ in inputs {}
  }
}
