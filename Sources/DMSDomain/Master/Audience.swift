/// Which dealers something is for. The narrowest wins: dealer, then tier, then region, then everyone.
public enum Audience: Hashable, Sendable {
  /// Every dealer.
  case everyone
  /// Every dealer of a region.
  case region(Region)
  /// Every dealer of a tier.
  case tier(Tier)
  /// One dealer.
  case dealer(DealerID)

  /// How narrow it is: 0 for everyone, 3 for one dealer.
  public var narrowness: Int {
    switch self {
    case .everyone: 0
    case .region: 1
    case .tier: 2
    case .dealer: 3
    }
  }

  /// The text that names the dealer, tier or region; empty for everyone.
  public var key: String {
    switch self {
    case .everyone: ""
    case .region(let region): region.value
    case .tier(let tier): tier.value
    case .dealer(let dealer): dealer.value
    }
  }

  /// True when a dealer of this id, tier and region belongs to it.
  public func includes(_ dealer: DealerID, tier: Tier?, region: Region?) -> Bool {
    switch self {
    case .everyone: true
    case .region(let wanted): wanted == region
    case .tier(let wanted): wanted == tier
    case .dealer(let wanted): wanted == dealer
    }
  }
}
