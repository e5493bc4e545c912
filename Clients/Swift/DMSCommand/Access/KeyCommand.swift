internal import ArgumentParser
internal import DMSAPI
internal import DMSClient
internal import Foundation

/// `dms key`.
struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Makes, lists and revokes API keys.",
    subcommands: [CreateKey.self, ListKeys.self, RevokeKey.self])
}

/// `dms key create`.
struct CreateKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Makes a key, and shows its secret this once.",
    discussion: "With --save-file or --save-profile the secret is stored for this user alone instead of shown.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The principal that will call with it.")
  var principal: String

  @Option(help: "What it is for.")
  var description: String?

  @Option(help: "When it ends: 90d, a date, or a time in UTC (default: never).")
  var expires: String?

  @Option(help: "Store the secret in this file (mode 0600).", completion: .file())
  var saveFile: String?

  @Option(help: "Store server and secret as a profile of this name.")
  var saveProfile: String?

  func run() async throws {
    var request = CreateApiKeyRequest()
    request.principalID = principal
    request.description = description ?? ""
    if let expires {
      var time = Timestamp()
      time.seconds = try InstantText.seconds(expires, now: Int64(Date().timeIntervalSince1970))
      request.expireTime = time
    }
    let answer = try await connection.withClient { client in try await client.admin.createApiKey(request) }
    guard !answer.secret.isEmpty else {
      throw CommandFailure(
        "the key \(answer.apiKey?.keyID ?? "") was made, but the answer with its secret was lost",
        remedy: "Revoke it with 'dms key revoke', and make another.")
    }
    try store(answer.secret)
    let isStored = saveFile != nil || saveProfile != nil
    output.write(answer, Self.columns(withSecret: !isStored))
  }

  private func store(_ secret: String) throws(CommandFailure) {
    if let saveFile { try SecretFile.write(Data((secret + "\n").utf8), to: saveFile) }
    if let saveProfile {
      let environment = ProcessInfo.processInfo.environment
      var profile = try connection.resolved(environment: environment)
      profile.apiKey = secret
      _ = try ProfileStore(environment: environment).save(profile, as: saveProfile)
    }
  }

  private static func columns(withSecret: Bool) -> [ListColumn<CreateApiKeyResponse>] {
    let columns: [ListColumn<CreateApiKeyResponse>] = [
      ListColumn("key_id", "KEY") { .text($0.apiKey?.keyID ?? "") },
      ListColumn("principal_id", "PRINCIPAL") { .text($0.apiKey?.principalID ?? "") },
      ListColumn("expire_time", "ENDS") { .optional(InstantText.text($0.apiKey?.expireTime)) },
    ]
    return withSecret ? columns + [ListColumn("secret", "SECRET") { .text($0.secret) }] : columns
  }
}

/// `dms key list`.
struct ListKeys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists keys, without their secrets.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  @Option(help: "Only keys of this principal.")
  var principal: String?

  func run() async throws {
    var request = ListApiKeysRequest()
    request.principalID = principal ?? ""
    try await connection.withClient { client in
      try await output.write(client.admin.apiKeys(request), KeyColumns.all, limit: limits.limit, nothing: "no keys")
    }
  }
}

/// `dms key revoke`.
struct RevokeKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Revokes a key: calls that start from now on are refused.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The key's id.")
  var key: String

  func run() async throws {
    var request = RevokeApiKeyRequest()
    request.keyID = key
    let answer = try await connection.withClient { client in try await client.admin.revokeApiKey(request) }
    output.write(answer.apiKey ?? ApiKey(), KeyColumns.all)
  }
}

/// How keys are listed.
enum KeyColumns {
  static let all: [ListColumn<ApiKey>] = [
    ListColumn("key_id", "KEY") { .text($0.keyID) },
    ListColumn("principal_id", "PRINCIPAL") { .text($0.principalID) },
    ListColumn("description", "FOR") { .optional($0.description) },
    ListColumn("create_time", "MADE") { .optional(InstantText.text($0.createTime)) },
    ListColumn("expire_time", "ENDS") { .optional(InstantText.text($0.expireTime)) },
    ListColumn("last_use_time", "LAST USED") { .optional(InstantText.text($0.lastUseTime)) },
    ListColumn("revoke_time", "REVOKED") { .optional(InstantText.text($0.revokeTime)) },
  ]
}
