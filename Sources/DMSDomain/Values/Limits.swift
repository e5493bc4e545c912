/// The greatest sizes that the domain takes; one past any of them is refused, never cut.
public enum Limits {
  /// Characters (Unicode scalars) of an identifier.
  public static let identifierCharactersMax = 64
  /// Characters of a name for people.
  public static let nameCharactersMax = 200
  /// Characters of payment terms, a customer's reference, or a territory.
  public static let shortTextCharactersMax = 64
  /// Characters of the reason for an agreed price.
  public static let reasonCharactersMax = 200
  /// Characters of a remark on an order or a review.
  public static let remarkCharactersMax = 2_000
  /// Characters of a category path.
  public static let categoryPathCharactersMax = 200
  /// Characters of a tax code.
  public static let taxCodeCharactersMax = 32
  /// Lines of one order.
  public static let linesPerOrderMax = 5_000
  /// Warehouses that serve one dealer.
  public static let servingWarehousesMax = 16
  /// Units of measure of a product beside its base unit.
  public static let unitsPerProductMax = 16
  /// Audiences for which a product is authorised.
  public static let audiencesPerProductMax = 500
  /// Names of a product.
  public static let namesPerProductMax = 50
  /// Street lines of an address.
  public static let addressLinesMax = 5
  /// Characters of a street line or a recipient.
  public static let addressLineCharactersMax = 200
  /// Characters of a city or region of an address.
  public static let cityCharactersMax = 100
  /// Characters of a postal code.
  public static let postalCodeCharactersMax = 20
  /// Priority of a price entry.
  public static let pricePriorityMax: Int32 = 1_000
  /// Overrides of a rule set.
  public static let overridesPerRuleSetMax = 500
  /// Days of the window in which equal content is a duplicate.
  public static let duplicateWindowDaysMax: Int32 = 90
  /// Hours that reservations of an order in review may last.
  public static let reviewExpiryHoursMax: Int32 = 2_160
  /// Level of a review.
  public static let reviewLevelMax: Int32 = 9
  /// Grants of one principal.
  public static let grantsPerPrincipalMax = 32
  /// Events of one batch of a dealer's stream.
  public static let eventsPerBatchMax = 1_000
  /// Least agreed age of a dealer's feed, in seconds: one minute.
  public static let feedAgeSecondsMin: Int64 = 60
  /// Greatest agreed age of a dealer's feed, in seconds: 90 days.
  public static let feedAgeSecondsMax: Int64 = 7_776_000
}
