/// Where a dealer stands: what a scope is compared with.
public struct DealerPlace: Hashable, Sendable {
  /// The dealer.
  public var dealer: DealerID
  /// Its region.
  public var region: Region?
  /// The dealers above it, nearest first.
  public var ancestors: [DealerID]

  /// A dealer below others.
  public init(dealer: DealerID, region: Region? = nil, ancestors: [DealerID] = []) {
    self.dealer = dealer
    self.region = region
    self.ancestors = ancestors
  }
}

/// Where a role holds.
public enum Scope: Hashable, Sendable {
  /// For every dealer, and for the brand itself.
  case all
  /// For dealers of a region.
  case region(Region)
  /// For a dealer and those below it.
  case dealerAndBelow(DealerID)
  /// For one dealer alone.
  case own(DealerID)

  /// True when it reaches this dealer.
  public func covers(_ place: DealerPlace) -> Bool {
    switch self {
    case .all: true
    case .region(let region): place.region == region
    case .dealerAndBelow(let dealer): place.dealer == dealer || place.ancestors.contains(dealer)
    case .own(let dealer): place.dealer == dealer
    }
  }

  /// True when it reaches what belongs to the brand and to no dealer.
  public var coversBrand: Bool { self == .all }
}
