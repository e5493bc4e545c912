/// Reflection's older version, which differs from v1 in the name of its package alone; its schema is made from v1's.
enum AlphaSchema {
  private static let file = "grpc/reflection/v1/reflection.proto"
  private static let packageName = "grpc.reflection.v1"

  /// v1alpha's `FileDescriptorProto`, if `bytes` is v1's; else nil.
  static func file(from bytes: ArraySlice<UInt8>) -> [UInt8]? {
    guard WireFields(bytes).first(where: { $0.number == 1 })?.text == file else { return nil }
    return rewritten(bytes, as: .file)
  }

  /// The kinds of descriptors that name packages, or hold others that do.
  private enum Descriptor {
    case file, message, field, service, method

    /// The fields that name the file, a package or a type.
    var names: Set<UInt64> {
      switch self {
      case .file: [1, 2]
      case .field: [6]
      case .method: [2, 3]
      case .message, .service: []
      }
    }

    /// The descriptors in field `number`.
    func inner(_ number: UInt64) -> Descriptor? {
      switch (self, number) {
      case (.file, 4), (.message, 3): .message
      case (.file, 6): .service
      case (.message, 2): .field
      case (.service, 2): .method
      default: nil
      }
    }
  }

  private static func rewritten(_ bytes: ArraySlice<UInt8>, as descriptor: Descriptor) -> [UInt8] {
    var result: [UInt8] = []
    for field in WireFields(bytes) {
      let number = UInt8(truncatingIfNeeded: field.number)
      if descriptor.names.contains(field.number) {
        WireFields.append(renamed(field.text).utf8, number: number, to: &result)
      } else if let inner = descriptor.inner(field.number) {
        WireFields.append(rewritten(field.content, as: inner), number: number, to: &result)
      } else {
        result += field.whole
      }
    }
    return result
  }

  private static func renamed(_ name: String) -> String {
    if name == file { return "grpc/reflection/v1alpha/reflection.proto" }
    if name == packageName { return packageName + "alpha" }
    let prefix = ".\(packageName)."
    return name.hasPrefix(prefix) ? ".\(packageName)alpha." + name.dropFirst(prefix.count) : name
  }
}
