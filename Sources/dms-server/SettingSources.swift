import Configuration
import Foundation
import SystemPackage

/// Where settings come from, the strongest first: flags, the environment, the file, what holds otherwise.
struct SettingSources: Sendable {
  /// A source and its name for people.
  private struct Source: Sendable {
    let name: String
    let provider: any ConfigProvider
  }

  private let sources: [Source]

  /// Opens the sources.
  ///
  /// - Throws: ``SettingError`` when the file cannot be read.
  init(flags: [String: String], file: String?) async throws {
    var sources = [
      Source(name: "flag", provider: InMemoryProvider(name: "flags", values: Self.values(flags))),
      Source(
        name: "environment", provider: EnvironmentVariablesProvider().prefixKeys(with: "dms")),
    ]
    if let file {
      do {
        let provider = try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))
        sources.append(Source(name: file, provider: provider))
      } catch {
        throw SettingError.unreadableFile(file, reason: "\(error)")
      }
    }
    let standard = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.key, $0.standard) })
    sources.append(Source(name: "default", provider: InMemoryProvider(name: "defaults", values: Self.values(standard))))
    self.sources = sources
  }

  /// What a setting is, and which source says so.
  func value(of setting: Setting) throws -> (text: String, source: String) {
    let key = AbsoluteConfigKey(setting.key.split(separator: ".").map(String.init))
    for source in sources {
      guard let text = try Self.text(source.provider, key) else { continue }
      let isVariable = source.name == "environment"
      return (text, isVariable ? setting.environmentName : source.name)
    }
    return (setting.standard, "default")
  }

  /// A value as text: in a YAML file a port may stand as a number and a switch as a truth.
  private static func text(_ provider: any ConfigProvider, _ key: AbsoluteConfigKey) throws -> String? {
    if let value = try? provider.value(forKey: key, type: .string).value, case .string(let text) = value.content {
      return text
    }
    if let value = try? provider.value(forKey: key, type: .int).value, case .int(let number) = value.content {
      return String(number)
    }
    if let value = try? provider.value(forKey: key, type: .bool).value, case .bool(let truth) = value.content {
      return String(truth)
    }
    return nil
  }

  private static func values(_ texts: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    for (key, text) in texts {
      values[AbsoluteConfigKey(key.split(separator: ".").map(String.init))] = ConfigValue(
        .string(text), isSecret: false)
    }
    return values
  }
}

/// Why the server cannot be configured as it was asked to.
enum SettingError: Error, CustomStringConvertible {
  case unreadableFile(String, reason: String)
  case notANumber(Setting, String, source: String, range: ClosedRange<Int>)
  case notATruth(Setting, String, source: String)
  case unknownTimeZone(String, source: String)
  case unknownLogLevel(String, source: String)
  case unknownReflection(String, source: String)
  case unknownCompression(String, source: String)
  case unknownStore(String, source: String)
  case unknownWord(Setting, String, source: String, words: String)
  case halfTLS

  var description: String {
    switch self {
    case .unreadableFile(let file, let reason): "the configuration file \(file) cannot be read: \(reason)"
    case .notANumber(let setting, let text, let source, let range):
      "\(setting.key) is «\(text)» (from \(source)); it must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .notATruth(let setting, let text, let source):
      "\(setting.key) is «\(text)» (from \(source)); it must be true or false"
    case .unknownTimeZone(let text, let source):
      "\(Setting.timeZone.key) is «\(text)» (from \(source)); name a time zone such as Europe/Berlin or UTC"
    case .unknownLogLevel(let text, let source):
      "\(Setting.logLevel.key) is «\(text)» (from \(source)); it must be \(Setting.logLevel.meaning)"
    case .unknownReflection(let text, let source):
      "\(Setting.reflection.key) is «\(text)» (from \(source)); it must be open, authenticated or off"
    case .unknownCompression(let text, let source):
      "\(Setting.compression.key) is «\(text)» (from \(source)); it must be never, asked or always"
    case .unknownWord(let setting, let text, let source, let words):
      "\(setting.key) is «\(text)» (from \(source)); it must be \(words)"
    case .unknownStore(let text, let source):
      "\(Setting.store.key) is «\(text)» (from \(source)); it must be sqlite:PATH or postgres://USER@HOST/DATABASE"
    case .halfTLS:
      "\(Setting.certificate.key) and \(Setting.privateKey.key) go together; set both or neither"
    }
  }
}
