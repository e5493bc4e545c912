extension Decision {
  /// The decision as bytes to be kept for ever: about 200 for an order that passes, and 25 for each product.
  public var bytes: [UInt8] {
    var writer = CanonicalWriter(reservingCapacity: 192 + inputs.products.count * 48)
    writer.write(Self.format)
    writer.write(ruleSetVersion)
    writer.write(verdicts) { $0.write($1) }
    writer.write(inputs)
    return writer.bytes
  }

  /// Reads what `bytes` gave; throws on anything else.
  public init(bytes: [UInt8]) throws(CanonicalError) {
    var reader = CanonicalReader(bytes)
    guard try reader.int64() == Self.format else { throw .malformed }
    ruleSetVersion = try reader.int64()
    verdicts = try reader.list { (reader) throws(CanonicalError) in try reader.verdict() }
    inputs = try reader.decisionInputs()
    try reader.finish()
  }

  private static let format: Int64 = 1
}

extension CanonicalWriter {
  /// Writes verdicts as bytes that `CanonicalReader.verdicts` reads.
  public static func bytes(of verdicts: [Verdict]) -> [UInt8] {
    var writer = CanonicalWriter()
    writer.write(verdicts) { $0.write($1) }
    return writer.bytes
  }

  fileprivate mutating func write(_ verdict: Verdict) {
    write(verdict.reason.storedNumber)
    switch verdict.outcome {
    case .review(let requirement):
      write(Int64(verdict.outcome.severity))
      write(Int64(requirement.role.rawValue))
      write(Int64(requirement.level))
    default:
      write(Int64(verdict.outcome.severity))
    }
    write(verdict.line) { $0.write(Int64($1)) }
    write(verdict.sku) { $0.write($1) }
    write(verdict.figures) { $0.write($1) }
  }

  private mutating func write(_ figure: Figure) {
    write(figure.name.storedNumber)
    switch figure.value {
    case .amount(let amount):
      write(1)
      write(amount)
    case .quantity(let quantity):
      write(2)
      write(quantity)
    case .count(let count):
      write(3)
      write(count)
    case .date(let date):
      write(4)
      write(Int64(date.daysSinceEpoch))
    case .text(let text):
      write(5)
      write(text)
    }
  }

  fileprivate mutating func write(_ inputs: DecisionInputs) {
    write(inputs.decidedAt)
    write(inputs.principal)
    write(inputs.orderLimit)
    write(inputs.dealer)
    write(inputs.tier) { $0.write($1) }
    write(inputs.region) { $0.write($1) }
    write(Int64(inputs.dealerStatus.rawValue))
    write(Int64(inputs.businessDate.daysSinceEpoch))
    write(inputs.currency.value)
    write(Int64(inputs.shipPolicy.rawValue))
    write(inputs.total)
    write(inputs.creditLimit) { $0.write($1) }
    write(Int64(inputs.creditStatus.rawValue))
    write(inputs.exposure.unshipped)
    write(inputs.exposure.unbilled)
    write(inputs.exposure.receivable)
    write(inputs.products) { $0.write($1) }
  }

  private mutating func write(_ product: ProductInput) {
    write(product.sku)
    write(product.asked)
    write(product.isKnown)
    write(Int64(product.status.rawValue))
    write(product.isAuthorised)
    write(product.quantities.pack)
    write(product.quantities.minimum)
    write(product.quantities.multiple)
    write(product.quantities.maximum)
    write(product.listVersion)
    write(product.listUnitPrice)
    write(product.floorUnitPrice)
    write(product.promisable)
  }
}

extension CanonicalReader {
  /// Reads what `CanonicalWriter.bytes(of:)` wrote; throws on anything else.
  public static func verdicts(_ bytes: [UInt8]) throws(CanonicalError) -> [Verdict] {
    var reader = CanonicalReader(bytes)
    let verdicts = try reader.list { (reader) throws(CanonicalError) in try reader.verdict() }
    try reader.finish()
    return verdicts
  }

  fileprivate mutating func verdict() throws(CanonicalError) -> Verdict {
    guard let reason = ReasonCode(storedNumber: try int64()) else { throw .malformed }
    let outcome: VerdictOutcome
    switch try int64() {
    case 0: outcome = .pass
    case 1: outcome = .warn
    case 2:
      let role: Role = try code()
      outcome = .review(ReviewRequirement(role: role, level: try int32()))
    case 3: outcome = .block
    default: throw .malformed
    }
    return Verdict(
      reason, outcome, line: try optional { (reader) throws(CanonicalError) in try reader.int32() },
      sku: try optional { (reader) throws(CanonicalError) in try reader.identifier() },
      figures: try list { (reader) throws(CanonicalError) in try reader.figure() })
  }

  private mutating func figure() throws(CanonicalError) -> Figure {
    guard let name = FigureName(storedNumber: try int64()) else { throw .malformed }
    switch try int64() {
    case 1: return Figure(name, .amount(try number()))
    case 2: return Figure(name, .quantity(try number()))
    case 3: return Figure(name, .count(try int64()))
    case 4: return Figure(name, .date(try date()))
    case 5: return Figure(name, .text(try text()))
    default: throw .malformed
    }
  }

  fileprivate mutating func decisionInputs() throws(CanonicalError) -> DecisionInputs {
    DecisionInputs(
      decidedAt: try number(), principal: try identifier(), orderLimit: try number(), dealer: try identifier(),
      tier: try optional { (reader) throws(CanonicalError) in try reader.identifier() },
      region: try optional { (reader) throws(CanonicalError) in try reader.identifier() },
      dealerStatus: try code(), businessDate: try date(), currency: try currency(), shipPolicy: try code(),
      total: try number(), creditLimit: try optional { (reader) throws(CanonicalError) in try reader.number() },
      creditStatus: try code(),
      exposure: Exposure(unshipped: try number(), unbilled: try number(), receivable: try number()),
      products: try list { (reader) throws(CanonicalError) in try reader.productInput() })
  }

  private mutating func productInput() throws(CanonicalError) -> ProductInput {
    ProductInput(
      sku: try identifier(), asked: try number(), isKnown: try flag(), status: try code(), isAuthorised: try flag(),
      quantities: OrderQuantities(
        pack: try number(), minimum: try number(), multiple: try number(), maximum: try number()),
      listVersion: try text(), listUnitPrice: try number(), floorUnitPrice: try number(), promisable: try number())
  }

  private mutating func code<Code: RawRepresentable<Int>>() throws(CanonicalError) -> Code {
    guard let raw = Int(exactly: try int64()), let code = Code(rawValue: raw) else { throw .malformed }
    return code
  }

  private mutating func int32() throws(CanonicalError) -> Int32 {
    guard let number = Int32(exactly: try int64()) else { throw .malformed }
    return number
  }

  private mutating func date() throws(CanonicalError) -> BusinessDate {
    let days = try int64()
    do {
      return try BusinessDate(daysSinceEpoch: days)
    } catch {
      throw .malformed
    }
  }

  private mutating func currency() throws(CanonicalError) -> CurrencyCode {
    let code = try text()
    do {
      return try CurrencyCode(validating: code)
    } catch {
      throw .malformed
    }
  }
}
