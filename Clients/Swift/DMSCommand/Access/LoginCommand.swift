internal import ArgumentParser
internal import DMSAPI
internal import DMSClient
internal import Foundation

/// `dms login`.
struct LoginCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "login", abstract: "Stores a server and a key, so that other commands need neither.",
    discussion: """
      The key comes from --key-file, from $DMS_API_KEY, from a prompt that does not show it, or from standard \
      input. It is tried first, and stored with mode 0600 under $DMS_HOME, else ~/.config/dms.
      """)

  @OptionGroup var connection: ConnectionOptions

  mutating func validate() throws {
    if connection.server == nil, ProcessInfo.processInfo.environment["DMS_SERVER"] == nil {
      throw ValidationError("say which server: --server http://127.0.0.1:8421")
    }
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var profile = Profile(
      server: connection.server ?? environment["DMS_SERVER"] ?? "", apiKey: nil,
      certificates: connection.caFile.map(Self.absolute),
      isPlainTextAllowed: connection.insecure ? true : nil, clientCertificate: connection.certFile.map(Self.absolute),
      clientKey: connection.certKeyFile.map(Self.absolute), isRoundRobin: connection.roundRobin ? true : nil)
    if let file = connection.keyFile {
      profile.apiKey = try KeyInput.read(file: file)
    } else if let key = environment["DMS_API_KEY"], !key.isEmpty {
      profile.apiKey = key
    } else {
      profile.apiKey = try KeyInput.ask("API key for \(profile.server): ")
    }
    let answer = try await DMSClient.withClient(configuration: connection.configuration(for: profile)) { client in
      try await client.admin.whoAmI()
    }
    let name = connection.profileName(in: environment)
    let path = try ProfileStore(environment: environment).save(profile, as: name)
    let principal = answer.principal?.principalID ?? ""
    Terminal.output.line("logged in to \(profile.server) as \(principal); stored in \(path)")
  }

  /// A file's path that holds wherever a later command is run.
  private static func absolute(_ file: String) -> String { URL(fileURLWithPath: file).path }
}

/// `dms logout`.
struct LogoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logout", abstract: "Forgets the stored server and key. The key itself stays valid.")

  @Option(help: "The profile (default: $DMS_PROFILE, else 'default').")
  var profile: String?

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let name = profile ?? environment["DMS_PROFILE"] ?? ProfileStore.defaultName
    let isRemoved = try ProfileStore(environment: environment).remove(name)
    Terminal.output.line(isRemoved ? "the profile \"\(name)\" is removed" : "there was no profile \"\(name)\"")
  }
}

/// `dms whoami`.
struct WhoAmICommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Says who calls, what it may do, and which server answers.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let server = try connection.resolved(environment: ProcessInfo.processInfo.environment).server
    let answer = try await connection.withClient { client in try await client.admin.whoAmI() }
    output.write(answer, Self.columns(server: server))
  }

  private static func columns(server: String) -> [ListColumn<WhoAmIResponse>] {
    [
      ListColumn("principal_id", "PRINCIPAL") { .text($0.principal?.principalID ?? "") },
      ListColumn("display_name", "NAME") { .text($0.principal?.displayName ?? "") },
      ListColumn("roles", "ROLES") { .texts(($0.principal?.grants ?? []).map(GrantText.text)) },
      ListColumn("dealer_id", "DEALER") { .optional($0.principal?.dealerID ?? "") },
      ListColumn("server", "SERVER") { _ in .text(server) },
      ListColumn("server_version", "VERSION") { .text($0.serverVersion) },
      ListColumn("revision", "REVISION", numeric: true) { .integer($0.revision) },
      ListColumn("time_zone", "TIME ZONE") { .text($0.timeZone) },
      ListColumn("business_date", "BUSINESS DATE") { .text($0.businessDate) },
    ]
  }
}
