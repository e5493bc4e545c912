internal import Crypto
package import DMSDomain
internal import Foundation

/// An API key as its owner holds it: `dms_<key id>_<secret>`, 16 and 43 characters of URL-safe Base64.
package struct ApiKeySecret: Sendable {
  package let keyID: KeyID
  private let secret: String

  /// Makes a key of 256 random bits.
  package static func make() -> ApiKeySecret {
    var generator = SystemRandomNumberGenerator()
    func random(_ count: Int) -> String {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      return Data(bytes).base64EncodedString()
        .replacing("+", with: "-").replacing("/", with: ".").replacing("=", with: "").replacing("_", with: ".")
    }
    return ApiKeySecret(keyID: KeyID(unchecked: random(12)), secret: random(32))
  }

  private init(keyID: KeyID, secret: String) {
    self.keyID = keyID
    self.secret = secret
  }

  /// Reads a key that a caller sent; nil when it has not the form of one.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 128 else { return nil }
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "dms", let id = try? KeyID(validating: String(parts[1])), !parts[2].isEmpty
    else { return nil }
    self.init(keyID: id, secret: String(parts[2]))
  }

  /// The key as it is shown, once.
  package var text: String { "dms_\(keyID.value)_\(secret)" }

  /// What the store keeps: HMAC-SHA256 of the secret under the server's own key, so that a stolen database alone
  /// neither reveals keys nor lets guesses be tried.
  package func hash(under pepper: Pepper) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Data(secret.utf8), using: pepper.key))
  }

  /// Whether this is the key that was hashed; takes the same time whatever differs.
  package func matches(_ hash: [UInt8], under pepper: Pepper) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(hash, authenticating: Data(secret.utf8), using: pepper.key)
  }
}

/// The server's own key under which secrets are hashed. It lives beside the database, not in it.
package struct Pepper: Sendable {
  let key: SymmetricKey

  /// Takes the key's bytes, at least 32.
  package init?(bytes: [UInt8]) {
    guard bytes.count >= 32 else { return nil }
    key = SymmetricKey(data: bytes)
  }

  /// Tells whether two servers have the same key, and nothing of the key itself: 62 bits of an HMAC under it.
  var fingerprint: Int64 {
    let code = HMAC<SHA256>.authenticationCode(for: Data("dms secret fingerprint".utf8), using: key)
    return code.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) } & (1 << 62 - 1)
  }

  /// Makes 32 random bytes.
  package static func randomBytes() -> [UInt8] {
    SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
  }
}
