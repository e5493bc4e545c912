/// Whether a warehouse serves orders. Raw values are those of the store and the wire.
public enum WarehouseStatus: Int, Hashable, Sendable, CaseIterable {
  /// It does.
  case active = 1
  /// It does not.
  case closed = 2
}

/// A warehouse of the brand.
public struct Warehouse: Hashable, Sendable {
  /// The warehouse's key.
  public var id: WarehouseID
  /// Name for people.
  public var name: String
  /// Region in which it stands, if that is stated.
  public var region: Region?
  /// Whether it serves orders.
  public var status: WarehouseStatus
  /// Its address.
  public var address: Address?

  /// A warehouse; active unless more is said.
  public init(
    id: WarehouseID, name: String, region: Region? = nil, status: WarehouseStatus = .active, address: Address? = nil
  ) {
    self.id = id
    self.name = name
    self.region = region
    self.status = status
    self.address = address
  }

  /// Throws every field that is wrong.
  public func validate() throws(FieldViolations) {
    var check = FieldCheck()
    check.text(name, "name", max: Limits.nameCharactersMax, required: true)
    address?.check(into: &check, at: "address")
    try check.finish()
  }
}
