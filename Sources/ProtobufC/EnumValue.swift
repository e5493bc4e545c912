/// A protobuf enumeration as a Swift enumeration that keeps numbers it does not know.
///
/// Generated types conform. A number without a name, from a newer peer perhaps, is `unrecognized` and is
/// encoded as it came.
public protocol EnumValue: Sendable, Hashable, CaseIterable, RawRepresentable where RawValue == Int32 {
  /// The case of `rawValue`, `unrecognized` when the schema names none.
  init(rawValue: Int32)

  /// The case that the schema calls `name`, such as `ORDER_STATE_DRAFT`; nil when there is none.
  init?(name: String)

  /// The case's name in the schema, such as `ORDER_STATE_DRAFT`; the number in digits when it has none.
  var name: String { get }
}
