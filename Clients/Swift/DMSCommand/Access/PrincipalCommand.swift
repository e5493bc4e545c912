internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms principal`.
struct PrincipalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "principal", abstract: "Lists, shows and changes who may call.",
    subcommands: [ListPrincipalsCommand.self, ShowPrincipal.self, SetPrincipal.self])
}

/// `dms principal list`.
struct ListPrincipalsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists principals by id.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  func run() async throws {
    try await connection.withClient { client in
      try await output.write(
        client.admin.principals(), PrincipalColumns.all, limit: limits.limit, nothing: "no principals")
    }
  }
}

/// `dms principal show`.
struct ShowPrincipal: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one principal.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The principal.")
  var principal: String

  func run() async throws {
    try await connection.withClient { client in
      var request = GetPrincipalRequest()
      request.principalID = principal
      output.write(try await client.admin.getPrincipal(request).principal ?? Principal(), PrincipalColumns.all)
    }
  }
}

/// `dms principal set`.
struct SetPrincipal: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Changes a principal, or makes one.",
    discussion: """
      What is not named stays as it is; the roles that are named replace those there are. Roles: admin, \
      order_reviewer, credit_controller, inventory_planner, channel_manager, dealer_owner, dealer_clerk, \
      integration, auditor. A role may have a level and a scope: order_reviewer:2, \
      channel_manager@region=North, order_reviewer:1@dealer=4711.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The principal.")
  var principal: String

  @Option(help: "Its name for people.")
  var name: String?

  @Option(name: .customLong("role"), help: "A role that it has; may be repeated.", transform: GrantText.grant)
  var roles: [RoleGrant] = []

  @Option(help: "The dealer that it belongs to; needed with dealer roles.")
  var dealer: String?

  @Option(help: "The greatest total of an order that it may place without review.", transform: MoneyText.micros)
  var orderLimit: Int64?

  @Flag(inversion: .prefixedNo, help: "It may order at prices agreed outside the lists.")
  var agreedPrices: Bool?

  @Flag(inversion: .prefixedEnableDisable, help: "It may call at all.")
  var calls: Bool?

  func run() async throws {
    try await connection.withClient { client in
      var get = GetPrincipalRequest()
      get.principalID = principal
      var principal: Principal
      do throws(DMSError) {
        principal = try await client.admin.getPrincipal(get).principal ?? Principal()
      } catch {
        guard error.code == .notFound else { throw error }
        principal = Principal()
        principal.principalID = self.principal
        principal.displayName = self.principal
      }
      if let name { principal.displayName = name }
      if !roles.isEmpty { principal.grants = roles }
      if let dealer { principal.dealerID = dealer }
      if let orderLimit { principal.orderLimitMicros = orderLimit }
      if let agreedPrices { principal.agreedPricesAllowed = agreedPrices }
      if let calls { principal.disabled = !calls }
      var request = UpsertPrincipalRequest()
      request.principal = principal
      output.write(
        try await client.admin.upsertPrincipal(request).principal ?? principal, PrincipalColumns.all)
    }
  }
}

/// How principals are listed.
enum PrincipalColumns {
  static let all: [ListColumn<Principal>] = [
    ListColumn("principal_id", "PRINCIPAL") { .text($0.principalID) },
    ListColumn("display_name", "NAME") { .text($0.displayName) },
    ListColumn("roles", "ROLES") { .texts($0.grants.map(GrantText.text)) },
    ListColumn("dealer_id", "DEALER") { .optional($0.dealerID) },
    ListColumn("order_limit", "ORDER LIMIT", numeric: true) {
      $0.orderLimitMicros == 0 ? .none : .amount($0.orderLimitMicros)
    },
    ListColumn("agreed_prices_allowed", "AGREED PRICES") { .flag($0.agreedPricesAllowed) },
    ListColumn("disabled", "DISABLED") { .flag($0.disabled) },
    ListColumn(detail: "create_time") { .optional(InstantText.text($0.createTime)) },
    ListColumn(detail: "update_time") { .optional(InstantText.text($0.updateTime)) },
    ListColumn(detail: "etag") { .optional($0.etag) },
  ]
}
