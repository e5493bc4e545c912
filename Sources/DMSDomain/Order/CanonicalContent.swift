/// Turns bytes into a hash, such as SHA-256. Must be pure: equal bytes give equal hashes.
public typealias ContentHashing = @Sendable ([UInt8]) -> [UInt8]

/// The bytes that stand for what an order says.
public enum CanonicalContent {
  /// What a reviewer approves: everything that binds, the remark left out. Prices must be frozen.
  public static func order(header: OrderHeader, lines: [LineRequest], prices: [LinePrice], totals: OrderTotals)
    -> [UInt8]
  {
    var writer = CanonicalWriter(reservingCapacity: 128 + lines.count * 48)
    writer.write(1)
    writer.write(header.dealer)
    writer.write(header.currency.value)
    writer.write(Int64(header.businessDate.daysSinceEpoch))
    writer.write(header.requestedDeliveryDate) { $0.write(Int64($1.daysSinceEpoch)) }
    writer.write(header.shipTo) { $0.write($1) }
    writer.write(header.paymentTerms)
    writer.write(header.customerReference)
    writer.write(Int64(header.shipPolicy.rawValue))
    writer.write(header.freight)
    writer.write(Int64(lines.count))
    for (line, price) in zip(lines, prices) {
      writer.write(line.sku)
      writer.write(line.ordered)
      writer.write(price.unitPrice)
      writer.write(Int64(price.source.rawValue))
      writer.write(line.agreedPriceReason)
      writer.write(price.net)
      writer.write(price.tax)
    }
    writer.write(totals.total)
    return writer.bytes
  }

  /// Which products in which quantities, whatever the order and number of the lines: what makes two orders equal.
  ///
  /// Throws when the lines of a product add up to more than 64 bits hold.
  public static func products(of lines: [LineRequest]) throws(ArithmeticError) -> [UInt8] {
    let sorted = lines.sorted { $0.sku < $1.sku }
    var sums: [(sku: SKU, quantity: Quantity)] = []
    sums.reserveCapacity(sorted.count)
    for line in sorted {
      if let last = sums.last, last.sku == line.sku {
        sums[sums.count - 1].quantity = try last.quantity + line.ordered
      } else {
        sums.append((line.sku, line.ordered))
      }
    }
    var writer = CanonicalWriter(reservingCapacity: 16 + sums.count * 24)
    writer.write(1)
    writer.write(Int64(sums.count))
    for (sku, quantity) in sums {
      writer.write(sku)
      writer.write(quantity)
    }
    return writer.bytes
  }
}

extension CanonicalWriter {
  /// Writes an address.
  mutating func write(_ address: Address) {
    write(address.recipient)
    write(address.lines) { $0.write($1) }
    write(address.city)
    write(address.region)
    write(address.postalCode)
    write(address.countryCode)
  }
}
