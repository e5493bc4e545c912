extension Event {
  /// The event at a place of a stream; it takes 100 bytes, as the peer's does.
  public static func number(_ number: Int64) -> Event {
    var event = Event()
    event.revision = (1 << 21) + number
    event.dealerID = "dealers/10-4711"
    event.sku = "SKU-0815-0042-XL"
    event.warehouseID = "warehouses/main"
    event.quantity = 12
    event.timeMicros = 1_763_990_400_000_000 + number
    event.note = "counted by hand, after closing"
    return event
  }
}
