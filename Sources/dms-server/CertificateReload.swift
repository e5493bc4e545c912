import DMSService
import ServiceLifecycle
import UnixSignals

/// Has the host look for a new certificate whenever the process is hung up (SIGHUP).
struct CertificateReload: Service {
  let hangUps: UnixSignalsSequence
  let host: DMSHost

  func run() async throws {
    for await _ in hangUps.cancelOnGracefulShutdown() { await host.reloadCertificates() }
    // The end of this service is none of the group's business until the others end.
    try? await gracefulShutdown()
  }
}
