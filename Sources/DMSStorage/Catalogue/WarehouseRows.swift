package import DMSDomain

private let columns = "warehouse_id, name, region, status, address, version, create_time, update_time"

extension ReadTransaction {
  /// A warehouse, or nil when there is none. A point read.
  package func warehouse(_ id: WarehouseID) throws -> Stored<Warehouse>? {
    try queryOne(
      SQL(assembled: "SELECT \(columns) FROM warehouse WHERE warehouse_id = ?1"), [.text(id.value)], readWarehouse)
  }

  /// A page of warehouses by id, after `after`.
  package func warehouses(after: WarehouseID?, limit: Int) throws -> [Stored<Warehouse>] {
    try query(
      SQL(assembled: "SELECT \(columns) FROM warehouse WHERE warehouse_id > ?1 ORDER BY warehouse_id LIMIT ?2"),
      [.text(after?.value ?? ""), .integer(Int64(limit))], readWarehouse)
  }
}

extension WriteTransaction {
  /// Makes or replaces a warehouse.
  package func save(_ warehouse: Stored<Warehouse>) throws {
    try noteMasterChange()
    let value = warehouse.value
    try execute(
      """
      INSERT INTO warehouse (warehouse_id, name, region, status, address, version, create_time, update_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (warehouse_id) DO UPDATE SET name = excluded.name, region = excluded.region,
        status = excluded.status, address = excluded.address, version = excluded.version,
        update_time = excluded.update_time
      """,
      [
        .text(value.id.value), .text(value.name), .text(value.region?.value ?? ""),
        .integer(Int64(value.status.rawValue)), .blob(value.address.map { AddressColumn.encode($0) }),
        .integer(warehouse.version), .integer(warehouse.createTime.value), .integer(warehouse.updateTime.value),
      ])
  }
}

private func readWarehouse(_ row: borrowing Row) throws -> Stored<Warehouse> {
  let id = WarehouseID(unchecked: try row.text(0))
  let unreadable = UnreadableRow(table: "warehouse", key: id.value)
  guard let status = WarehouseStatus(rawValue: Int(try row.int64(3))) else { throw unreadable }
  let region = try row.text(2)
  return Stored(
    Warehouse(
      id: id, name: try row.text(1), region: region.isEmpty ? nil : Region(unchecked: region), status: status,
      address: try row.optionalBlob(4).map { try AddressColumn.decode($0, or: unreadable) }),
    version: try row.int64(5), createTime: InstantMicros(try row.int64(6)),
    updateTime: InstantMicros(try row.int64(7)))
}
