import DMSDomain
import Testing

@Suite("Master data")
struct MasterDataTests {
  private func problems(_ body: () throws -> Void) -> [FieldViolation] {
    do {
      try body()
      return []
    } catch let violations as FieldViolations {
      return violations.violations
    } catch {
      Issue.record("another error: \(error)")
      return []
    }
  }

  @Test("Every wrong field of a dealer is reported at once")
  func dealer() throws {
    var dealer = Dealer(id: Sample.dealerID, name: "Dealer", currency: Sample.usd)
    try dealer.validate()
    #expect(dealer.creditAccount == CreditAccountID(unchecked: "D1"))
    dealer.name = ""
    dealer.parent = Sample.dealerID
    dealer.territory = String(repeating: "x", count: 65)
    dealer.servingWarehouses = Array(repeating: Sample.north, count: 17)
    dealer.feedMaxAgeSeconds = 59
    dealer.address = Address(lines: Array(repeating: "", count: 6), countryCode: "usa")
    let fields = problems { try dealer.validate() }.map(\.field)
    #expect(
      fields == [
        "name", "parent_dealer_id", "territory", "serving_warehouse_ids", "serving_warehouse_ids", "feed_max_age",
        "address.lines", "address.country_code",
      ])
  }

  @Test("A name of 200 characters fits, one of 201 does not, and line breaks do not stand in it")
  func names() throws {
    var warehouse = Warehouse(id: Sample.north, name: String(repeating: "华", count: 200))
    try warehouse.validate()
    warehouse.name += "x"
    #expect(problems { try warehouse.validate() } == [FieldViolation("name", .tooLong(max: 200))])
    warehouse.name = "A\nB"
    #expect(problems { try warehouse.validate() } == [FieldViolation("name", .notPrintable)])
  }

  @Test("Sixteen serving warehouses fit, seventeen do not")
  func servingWarehouses() throws {
    var dealer = Dealer(id: Sample.dealerID, name: "Dealer", currency: Sample.usd)
    dealer.servingWarehouses = (1...16).map { WarehouseID(unchecked: "W\($0)") }
    try dealer.validate()
    dealer.servingWarehouses.append(WarehouseID(unchecked: "W17"))
    #expect(problems { try dealer.validate() } == [FieldViolation("serving_warehouse_ids", .tooMany(max: 16))])
  }

  @Test("Every wrong field of a product is reported at once")
  func product() throws {
    var product = Product(terms: ProductTerms(sku: Sample.apples), names: ["en": "Apple"])
    try product.validate()
    product.names = [:]
    product.unitCost = 1
    product.terms.floorUnitPrice = -1
    product.terms.quantities = OrderQuantities(pack: 0, minimum: 5, multiple: 0, maximum: 4)
    product.terms.taxRate = 10_001
    product.terms.units = [
      UnitOfMeasure(name: Product.baseUnitDefault, ratio: try UnitRatio(numerator: 1, denominator: 1))
    ]
    let fields = problems { try product.validate() }.map(\.field)
    #expect(
      fields == [
        "names", "units[0].unit", "pack_quantity", "multiple_quantity", "maximum_quantity", "floor_unit_price_micros",
        "currency_code", "tax_rate_bps",
      ])
  }

  @Test("A product without audiences is for everyone, another for those it names")
  func authorisation() {
    let east = Region(unchecked: "EAST")
    let gold = Tier(unchecked: "GOLD")
    var terms = ProductTerms(sku: Sample.apples)
    #expect(terms.isAuthorised(for: Sample.dealerID, tier: nil, region: nil))
    terms.authorised = [.region(east), .dealer(DealerID(unchecked: "D9"))]
    #expect(terms.isAuthorised(for: Sample.dealerID, tier: gold, region: east))
    #expect(!terms.isAuthorised(for: Sample.dealerID, tier: gold, region: nil))
    #expect(terms.isAuthorised(for: DealerID(unchecked: "D9"), tier: nil, region: nil))
  }

  @Test("A category is within itself and those above it, by whole names")
  func categories() throws {
    let whisky = CategoryPath(unchecked: "SPIRITS/WHISKY")
    #expect(whisky.isWithin(CategoryPath(unchecked: "")))
    #expect(whisky.isWithin(CategoryPath(unchecked: "SPIRITS")))
    #expect(whisky.isWithin(CategoryPath(unchecked: "SPIRITS/")))
    #expect(whisky.isWithin(whisky))
    #expect(!whisky.isWithin(CategoryPath(unchecked: "SPIRIT")))
    #expect(!CategoryPath(unchecked: "SPIRITS").isWithin(whisky))
    #expect(throws: IdentifierError.tooLong(max: 200)) {
      try CategoryPath(validating: String(repeating: "x", count: 201))
    }
    #expect(try CategoryPath(validating: "").value.isEmpty)
  }

  @Test("A feed is stale once its last word is older than agreed")
  func staleness() {
    var dealer = Dealer(id: Sample.dealerID, name: "Dealer", currency: Sample.usd)
    dealer.feedMaxAgeSeconds = 60
    let last = Sample.now
    #expect(dealer.isStale(lastWord: nil, now: last))
    #expect(!dealer.isStale(lastWord: last, now: InstantMicros(last.value + 60_999_999)))
    #expect(dealer.isStale(lastWord: last, now: InstantMicros(last.value + 61_000_000)))
    #expect(!dealer.isStale(lastWord: last, now: InstantMicros(last.value - 1)))
    #expect(dealer.isStale(lastWord: InstantMicros(.min), now: InstantMicros(.max)))
  }

  @Test("Credit terms that contradict each other are refused")
  func creditTerms() throws {
    try Sample.account().validate()
    var account = CreditAccount(
      id: CreditAccountID(of: Sample.dealerID), currency: Sample.usd, limit: 1, temporaryLimit: 1, status: .watch)
    account.documentLimit = -1
    let fields = problems { try account.validate() }.map(\.field)
    #expect(fields == ["limit_micros", "temporary_limit_expire_time", "status", "document_limit_micros"])
  }

  @Test("Every problem has a sentence")
  func sentences() throws {
    let all: [FieldProblem] = [
      .required, .conflicting(with: "x"), .tooLong(max: 1), .tooMany(max: 1), .outOfRange(min: 1, max: .max),
      .outOfRange(min: 1, max: 2), .notPrintable, .badIdentifier(.blankAtEnd), .badDate(.malformed),
      .badDate(.noSuchDay), .badDate(.outOfRange), .unknownCurrency("x"), .unknownValue("x"),
      .badUnit(.notWhole(1, try UnitRatio(numerator: 1, denominator: 2))), .duplicate, .immutable, .overflow,
      .notMinorUnits(Sample.usd),
    ]
    for problem in all {
      #expect(problem.sentence.count > 5)
    }
  }
}
