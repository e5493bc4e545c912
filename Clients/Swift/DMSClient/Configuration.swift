public import Logging

extension DMSClient {
  /// Where the server is, who calls, and how patient the caller is.
  public struct Configuration: Sendable {
    /// The server: `http://host:port`, `https://host:port` or `unix:/path`. Several servers of one store are separated by
    /// commas, all of them with `https` or none. A name stands for all of its addresses.
    public var server: String
    /// Which of several servers or addresses the calls go to.
    public var balancing = Balancing.pickFirst
    /// The API key that every call carries; none for servers that ask for none.
    public var apiKey: String?
    /// The certificates that an `https` server is trusted by.
    public var trustRoots: TrustRoots = .system
    /// The client's own certificate, for an `https` server that wants one.
    public var certificate: Certificate?
    /// The name that the server's certificate must carry, when it is not the host's.
    public var serverName: String?
    /// Sends the key in plain text even to another machine. For closed networks only.
    public var plainTextCredentialsAllowed = false
    /// How long a call may take, its retries included, unless the call says otherwise.
    public var timeout: Duration = .seconds(30)
    /// How failed calls are repeated and broken streams are resumed.
    public var retries = RetrySettings()
    /// Where retries and reconnections are noted, at debug and info; secrets never are.
    public var logger = Logger(label: "dms.client", factory: { _ in SwiftLogNoOpLogHandler() })

    /// A configuration with defaults for all but the server and the key.
    public init(server: String, apiKey: String? = nil) {
      self.server = server
      self.apiKey = apiKey
    }
  }

  /// Which of several servers or addresses the calls go to.
  public enum Balancing: Sendable, Hashable {
    /// The first one that answers, until it is lost; then the next.
    case pickFirst
    /// All of them by turns: the client keeps a connection to each, and passes by those that do not answer.
    case roundRobin
  }

  /// A certificate by which the client shows who it is (mutual TLS).
  public struct Certificate: Sendable, Hashable {
    /// A PEM file with the certificate, and after it those that lead to its authority.
    public var chainFile: String
    /// A PEM file with the certificate's key, not encrypted.
    public var keyFile: String

    /// The certificate in these files, which are read when the client is made.
    public init(chainFile: String, keyFile: String) {
      self.chainFile = chainFile
      self.keyFile = keyFile
    }
  }

  /// The certificates that a server is trusted by.
  public enum TrustRoots: Sendable, Hashable {
    /// Those of the operating system.
    case system
    /// Those of a PEM file, and no others.
    case pemFile(String)
    /// Those of a PEM text, and no others.
    case pemText(String)
  }
}

/// Why a configuration cannot be used.
public enum ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The server's address is not `http://host:port`, `https://host:port` or `unix:/path`.
  case unreadableServer(String)
  /// Of several servers some are reached by `https` and some are not.
  case mixedServers(String)
  /// The key would travel in plain text to `host`.
  case plainTextCredential(host: String)
  /// The key holds characters that cannot stand in a header.
  case unusableAPIKey
  /// The client cannot be made, such as when the trusted certificates cannot be loaded.
  case unusable(problem: String)

  /// What is wrong and what would be right, as a sentence.
  public var description: String {
    switch self {
    case .unreadableServer(let text):
      "the server address \"\(text)\" cannot be read: write http://host:port, https://host:port or unix:/path"
    case .mixedServers(let text):
      "of the servers \"\(text)\" some are reached by https and some are not: write https for all of them, or for none"
    case .plainTextCredential(let host):
      "the API key would travel in plain text to \(host): use https, or allow plain text explicitly"
    case .unusableAPIKey:
      "the API key holds blanks or unprintable characters: copy it again, without line ends"
    case .unusable(let problem):
      "the connection cannot be set up: \(problem)"
    }
  }
}
