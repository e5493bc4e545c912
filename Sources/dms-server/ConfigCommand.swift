import ArgumentParser

/// `dms-server config`: what every setting is, and where it comes from.
struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print every setting, its source and its meaning.")

  @OptionGroup var options: SettingOptions

  func run() async throws {
    let sources = try await options.sources()
    let rows = try Setting.all.map { setting in
      let (text, source) = try sources.value(of: setting)
      return [setting.key, text.isEmpty ? "–" : setting.shown(text), source, setting.environmentName, setting.meaning]
    }
    let header = ["setting", "value", "from", "variable", "meaning"]
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    for row in [header] + rows {
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      print(cells.joined(separator: "  ").trimmingSuffix(" "))
    }
    _ = try ServerSettings(sources)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> Substring {
    var rest = self[...]
    while rest.last == character { rest.removeLast() }
    return rest
  }
}
