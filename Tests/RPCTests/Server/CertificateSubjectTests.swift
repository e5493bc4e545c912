import NIOSSL
import Testing

@testable import RPC

@Suite("The subject of a certificate")
struct CertificateSubjectTests {
  @Test("Its common name is found, the last one of several")
  func commonName() async throws {
    try await TestCertificates.with { files in
      for (file, name) in [(files.client, "client"), (files.authority, "authority")] {
        let certificate = try #require(try NIOSSLCertificate.fromPEMFile(file).first)
        #expect(CertificateSubject.commonName(ofCertificate: try certificate.toDERBytes()) == name)
      }
    }
  }

  @Test("Whatever bytes there are, there is a name or none")
  func hostileBytes() async throws {
    try await TestCertificates.with { files in
      let bytes = try #require(try NIOSSLCertificate.fromPEMFile(files.client).first).toDERBytes()
      for length in bytes.indices { _ = CertificateSubject.commonName(ofCertificate: Array(bytes[..<length])) }
      for index in bytes.indices.prefix(200) {
        for byte in [0x00, 0x7F, 0x80, 0x83, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[index] = byte
          _ = CertificateSubject.commonName(ofCertificate: damaged)
        }
      }
      #expect(CertificateSubject.commonName(ofCertificate: []) == nil)
      #expect(CertificateSubject.commonName(ofCertificate: [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    }
  }
}
