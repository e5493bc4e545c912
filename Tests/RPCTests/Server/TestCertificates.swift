import Foundation
import RPC
import TestProcess
import Testing

/// An authority, what it signed for a server and a client, and what it did not sign, in a folder of their own.
struct TestCertificates {
  let folder: String

  var authority: String { folder + "/ca.pem" }
  var server: String { folder + "/server.pem" }
  var serverKey: String { folder + "/server.key" }
  /// A second certificate for the same server, by another authority, with a key of its own.
  var renewed: String { folder + "/renewed.pem" }
  var renewedKey: String { folder + "/renewed.key" }
  var renewedAuthority: String { folder + "/ca2.pem" }
  /// CN `client`, `dealer-7.example` and `spiffe://dms/dealer/7`.
  var client: String { folder + "/client.pem" }
  var clientKey: String { folder + "/client.key" }
  /// Vouches for itself alone.
  var stranger: String { folder + "/stranger.pem" }
  var strangerKey: String { folder + "/stranger.key" }

  var serverTLS: ServerTLS { ServerTLS(certificateChainFile: server, privateKeyFile: serverKey) }

  /// Makes them, and takes them away afterwards.
  static func with<R>(_ body: (TestCertificates) async throws -> R) async throws -> R {
    try await withTemporaryFolder { folder in
      let files = TestCertificates(folder: folder)
      try await shell(
        """
        set -e; cd '\(folder)'
        key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        key ca; openssl req -x509 -new -key ca.key -subj /CN=authority -days 2 -out ca.pem
        key ca2; openssl req -x509 -new -key ca2.key -subj /CN=second -days 2 -out ca2.pem
        sign() {
          key "$1"; openssl req -new -key "$1.key" -subj "/O=DMS/CN=$1" -out "$1.csr"
          printf 'subjectAltName=%s' "$2" > "$1.ext"
          openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3.key" -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem"
        }
        sign server DNS:localhost,IP:127.0.0.1 ca
        sign renewed DNS:localhost,IP:127.0.0.1 ca2
        sign client DNS:dealer-7.example,URI:spiffe://dms/dealer/7 ca
        key stranger; openssl req -x509 -new -key stranger.key -subj /CN=stranger -days 2 -out stranger.pem
        """)
      return try await body(files)
    }
  }

  /// Puts the contents of one file in the place of another, whole, as a good deployment does.
  func replace(_ file: String, with other: String) throws {
    try Data(contentsOf: URL(fileURLWithPath: other)).write(to: URL(fileURLWithPath: file), options: .atomic)
  }

  private static func shell(_ script: String) async throws {
    let (code, output) = try await ChildProcess.run(["/bin/sh", "-c", script])
    try #require(code == 0, "openssl made no certificates: \(output)")
  }
}
