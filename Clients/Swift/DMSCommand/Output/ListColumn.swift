/// A column of a listing: where a value comes from and how it is called.
struct ListColumn<Row: Sendable>: Sendable {
  /// The name in JSON and CSV, that of the schema where it has one.
  let name: String
  /// The heading in tables; nil for what tables leave out.
  let heading: String?
  /// Numbers stand to the right.
  let isNumeric: Bool
  let value: @Sendable (Row) -> Value
  /// What a table shows of the value.
  let shown: @Sendable (Row) -> Value

  /// A column that tables show.
  init(
    _ name: String, _ heading: String, numeric isNumeric: Bool = false,
    _ value: @escaping @Sendable (Row) -> Value
  ) {
    self.name = name
    self.heading = heading
    self.isNumeric = isNumeric
    self.value = value
    shown = value
  }

  /// A column of which tables show only `short`.
  init(
    _ name: String, _ heading: String, short: @escaping @Sendable (Row) -> Value,
    value: @escaping @Sendable (Row) -> Value
  ) {
    self.name = name
    self.heading = heading
    isNumeric = false
    self.value = value
    shown = short
  }

  /// A column that only JSON and CSV hold.
  init(detail name: String, _ value: @escaping @Sendable (Row) -> Value) {
    self.name = name
    heading = nil
    isNumeric = false
    self.value = value
    shown = value
  }
}
