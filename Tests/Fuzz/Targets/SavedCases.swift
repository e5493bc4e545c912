import Foundation

/// The inputs that are kept, one a file, in a folder for each target.
enum SavedCases {
  /// An input and what it is called.
  struct Case: Sendable {
    let name: String
    let bytes: [UInt8]
  }

  /// The cases of a target by name; empty when its folder is missing.
  static func of(_ target: FuzzTarget, in folder: URL = folder) throws -> [Case] {
    let place = folder.appending(path: target.name)
    guard FileManager.default.fileExists(atPath: place.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted().compactMap { name in
      guard !name.hasPrefix(".") else { return nil }
      return Case(name: name, bytes: [UInt8](try Data(contentsOf: place.appending(path: name))))
    }
  }

  /// `Tests/Fuzz/Corpus`.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Corpus")
}
