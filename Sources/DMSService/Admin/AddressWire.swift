internal import DMSAPI
internal import DMSDomain
internal import ProtobufC

extension DMSAPI.Address {
  /// The address on the wire.
  init(_ address: DMSDomain.Address) {
    self = .with {
      $0.recipient = address.recipient
      $0.lines = address.lines
      $0.city = address.city
      $0.region = address.region
      $0.postalCode = address.postalCode
      $0.countryCode = address.countryCode
    }
  }

  /// The address as the domain has it; not checked yet.
  var domain: DMSDomain.Address {
    DMSDomain.Address(
      recipient: recipient, lines: lines, city: city, region: region, postalCode: postalCode, countryCode: countryCode)
  }
}

extension DMSAPI.Audience {
  /// The audience on the wire; unset for everyone.
  static func wire(_ audience: DMSDomain.Audience) -> DMSAPI.Audience? {
    switch audience {
    case .everyone: nil
    case .region(let region): .with { $0.scope = .region(region.value) }
    case .tier(let tier): .with { $0.scope = .tier(tier.value) }
    case .dealer(let dealer): .with { $0.scope = .dealerID(dealer.value) }
    }
  }
}

extension FieldCheck {
  /// The audience that a request names, or nil with a violation noted.
  mutating func audience(_ wire: DMSAPI.Audience?, _ field: String) -> DMSDomain.Audience? {
    switch wire?.scope {
    case nil: .everyone
    case .dealerID(let id): identifier(id, "\(field).dealer_id", as: DealerID.self).map { .dealer($0) }
    case .tier(let tier): identifier(tier, "\(field).tier", as: Tier.self).map { .tier($0) }
    case .region(let region): identifier(region, "\(field).region", as: Region.self).map { .region($0) }
    }
  }
}
