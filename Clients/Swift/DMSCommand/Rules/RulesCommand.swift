internal import ArgumentParser
internal import DMSAPI
internal import DMSClient
internal import Foundation

/// `dms rules`.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Shows and publishes the rule set that judges orders.",
    subcommands: [ShowRules.self, PublishRules.self])
}

/// `dms rules show`.
struct ShowRules: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a version of the rule set.",
    discussion: "--text writes the form that 'dms rules publish' reads; so does --output json.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "The version (default: the newest).")
  var version: Int64 = 0

  @Flag(help: "In the form that can be edited and published.")
  var text = false

  func run() async throws {
    var request = GetRuleSetRequest()
    request.version = version
    let answer = try await connection.withClient { client in try await client.orders.getRuleSet(request) }
    let ruleSet = answer.ruleSet ?? RuleSet()
    if text {
      Terminal.output.write(RuleSetText.text(ruleSet))
    } else {
      output.write(ruleSet, RuleSetJSON.columns)
    }
  }
}

/// `dms rules publish`.
struct PublishRules: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publishes a rule set; it judges every order from then on.",
    discussion: """
      The file is JSON, or lines such as these, each for everyone or for one tier, region or dealer:

        description: no credit beyond the limit in December
        duplicate_window_days: 3
        review_expiry_hours: 48
        CREDIT_EXCEEDED: block
        NOT_A_MULTIPLE: pass for tier KEY
        ABOVE_ORDER_LIMIT: review by order_reviewer level 2 for region North

      What it does not name is judged as built in.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var request: RequestIDOptions

  @Argument(help: "The rule set; - is standard input.", completion: .file())
  var file: String

  @Option(help: "Refuse unless this version is in force.")
  var expectVersion: Int64?

  func run() async throws {
    let (text, name) = try read()
    let isJSON = text.first { !$0.isWhitespace } == "{"
    var request = PublishRuleSetRequest()
    request.requestID = self.request.requestID ?? ""
    request.ruleSet = isJSON ? try RuleSetJSON.parse(text, file: name) : try RuleSetText.parse(text, file: name)
    request.expectedVersion = expectVersion ?? 0
    let answer = try await connection.withClient { client in try await client.orders.publishRuleSet(request) }
    output.write(answer.ruleSet ?? RuleSet(), RuleSetJSON.columns)
  }

  private func read() throws(CommandFailure) -> (text: String, name: String) {
    let name = file == "-" ? "standard input" : file
    let content =
      file == "-" ? try? FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: file)
    guard let content, let text = String(validating: content, as: UTF8.self) else {
      throw CommandFailure("\(name) cannot be read as UTF-8", status: ExitStatus.usage)
    }
    return (text, name)
  }
}
