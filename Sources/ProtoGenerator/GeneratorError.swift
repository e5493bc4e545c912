/// Why nothing can be generated from a set of schemas; each case names the place.
package enum GeneratorError: Error, Hashable, CustomStringConvertible {
  /// The input is not an encoded `what`.
  case unreadableInput(what: String)
  /// `file` is not written in proto3.
  case notProto3(file: String)
  /// `messages` and `other` would both be called `swiftName`.
  case nameClash(swiftName: String, first: String, second: String)
  /// Messages contain one another in a circle; the C runtime has no limit of depth.
  case recursion(cycle: [String])
  /// The schema at `place` uses `feature`, which is not supported.
  case unsupported(feature: String, place: String)
  /// The plugin was given an option that it does not know, or lacks one that it needs.
  case badOption(String)

  package var description: String {
    switch self {
    case .unreadableInput(let what): "the input is not an encoded \(what)"
    case .notProto3(let file): "\(file): only proto3 schemas are supported"
    case .nameClash(let swiftName, let first, let second):
      "\(first) and \(second) would both be called \(swiftName) in Swift; one module needs unique names"
    case .recursion(let cycle):
      "messages contain one another, which decoding does not allow: \(cycle.joined(separator: " → "))"
    case .unsupported(let feature, let place): "\(place): \(feature) is not supported"
    case .badOption(let sentence): sentence
    }
  }
}
