extension ReasonCode {
  /// The number under which it is kept for ever. Never changed, never used again.
  var storedNumber: Int64 {
    switch self {
    case .notAuthorised: 1
    case .aboveOrderLimit: 2
    case .dealerInactive: 3
    case .productNotSellable: 4
    case .productNotAuthorised: 5
    case .belowMinimum: 6
    case .notAMultiple: 7
    case .aboveMaximum: 8
    case .currencyMismatch: 9
    case .noPrice: 10
    case .priceChanged: 11
    case .belowFloorPrice: 12
    case .creditStop: 13
    case .creditExpired: 14
    case .creditHold: 15
    case .creditExceeded: 16
    case .creditOverdue: 17
    case .insufficientStock: 18
    case .duplicateReference: 19
    case .duplicateContent: 20
    }
  }

  /// What a number stands for; nil when it stands for nothing.
  init?(storedNumber: Int64) {
    guard let match = Self.byStoredNumber[storedNumber] else { return nil }
    self = match
  }

  private static let byStoredNumber = Dictionary(uniqueKeysWithValues: allCases.map { ($0.storedNumber, $0) })
}

extension FigureName {
  /// The number under which it is kept for ever. Never changed, never used again.
  var storedNumber: Int64 {
    switch self {
    case .total: 1
    case .limit: 2
    case .exposure: 3
    case .availableCredit: 4
    case .documentLimit: 5
    case .approvedCeiling: 6
    case .overdue: 7
    case .overdueMax: 8
    case .overdueDays: 9
    case .overdueDaysMax: 10
    case .expiryDate: 11
    case .asked: 12
    case .available: 13
    case .minimum: 14
    case .maximum: 15
    case .multiple: 16
    case .unitPrice: 17
    case .expectedUnitPrice: 18
    case .floorUnitPrice: 19
    case .status: 20
    case .currency: 21
    case .holder: 22
    case .otherOrder: 23
    case .principal: 24
    case .dealer: 25
    case .action: 26
    case .windowDays: 27
    }
  }

  /// What a number stands for; nil when it stands for nothing.
  init?(storedNumber: Int64) {
    guard let match = Self.byStoredNumber[storedNumber] else { return nil }
    self = match
  }

  private static let byStoredNumber = Dictionary(uniqueKeysWithValues: allCases.map { ($0.storedNumber, $0) })
}
