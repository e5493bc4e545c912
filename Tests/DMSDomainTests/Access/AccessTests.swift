import DMSDomain
import Testing

@Suite("Access")
struct AccessTests {
  private let east = Region(unchecked: "EAST")
  private let parent = DealerID(unchecked: "P")

  @Test("A scope covers what it names and nothing else")
  func scopes() {
    let child = DealerPlace(dealer: Sample.dealerID, region: east, ancestors: [parent])
    #expect(Scope.all.covers(child))
    #expect(Scope.region(east).covers(child))
    #expect(!Scope.region(Region(unchecked: "WEST")).covers(child))
    #expect(Scope.dealerAndBelow(parent).covers(child))
    #expect(Scope.dealerAndBelow(Sample.dealerID).covers(child))
    #expect(!Scope.dealerAndBelow(DealerID(unchecked: "X")).covers(child))
    #expect(Scope.own(Sample.dealerID).covers(child))
    #expect(!Scope.own(parent).covers(child))
    #expect(!Scope.region(east).covers(DealerPlace(dealer: Sample.dealerID)))
    #expect(Scope.all.coversBrand)
    #expect(!Scope.region(east).coversBrand)
  }

  @Test("A dealer's role reaches its own dealer, a brand's role everything, a disabled principal nothing")
  func reach() {
    var owner = Sample.reviewer(Grant(.dealerOwner))
    #expect(!owner.holds(anyOf: [.dealerOwner]))
    owner.dealer = Sample.dealerID
    #expect(owner.holds(anyOf: [.dealerOwner], for: Sample.place))
    #expect(!owner.holds(anyOf: [.dealerOwner], for: DealerPlace(dealer: parent)))
    #expect(!owner.holds(anyOf: [.admin, .dealerClerk]))
    var planner = Sample.reviewer(Grant(.inventoryPlanner))
    #expect(planner.scopes(of: [.inventoryPlanner]) == [.all])
    planner.disabled = true
    #expect(planner.scopes(of: [.inventoryPlanner]).isEmpty)
  }

  @Test("A reviewer gives reviews up to its level, an admin all")
  func levels() {
    let second = ReviewRequirement(role: .orderReviewer, level: 2)
    #expect(!Sample.reviewer(Grant(.orderReviewer)).maySatisfy(second, for: Sample.place))
    #expect(!Sample.reviewer(Grant(.orderReviewer, level: 1)).maySatisfy(second, for: Sample.place))
    #expect(Sample.reviewer(Grant(.orderReviewer, level: 2)).maySatisfy(second, for: Sample.place))
    #expect(Sample.admin.maySatisfy(second, for: Sample.place))
    let first = ReviewRequirement(role: .orderReviewer, level: 1)
    #expect(Sample.reviewer(Grant(.orderReviewer)).maySatisfy(first, for: Sample.place))
  }

  @Test("Names of roles are read as they are written", arguments: Role.allCases)
  func names(role: Role) {
    #expect(Role(name: role.name) == role)
    #expect(Role(name: role.name.uppercased()) == nil)
  }

  @Test("A principal without grants, or with a dealer's role and no dealer, is refused")
  func validation() throws {
    try Sample.admin.validate()
    #expect(throws: FieldViolations([FieldViolation("grants", .required)])) { try Sample.reviewer().validate() }
    #expect(throws: FieldViolations([FieldViolation("dealer_id", .required)])) {
      try Sample.reviewer(Grant(.dealerClerk)).validate()
    }
    #expect(throws: FieldViolations.self) { try Sample.reviewer(Grant(.admin, level: 1)).validate() }
    #expect(throws: FieldViolations.self) { try Sample.reviewer(Grant(.orderReviewer, level: 10)).validate() }
    var many = Sample.admin
    many.grants = Array(repeating: Grant(.auditor), count: 33)
    #expect(throws: FieldViolations([FieldViolation("grants", .tooMany(max: 32))])) { try many.validate() }
  }
}
