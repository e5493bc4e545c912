/// One page of a list.
public struct Page<Element: Sendable>: Sendable {
  /// What stands on it.
  public var items: [Element]
  /// Where the next page starts; empty on the last one.
  public var nextPageToken: String
  /// The store's revision of the first page, after which a watch can start; 0 for lists that have
  /// none.
  public var revision: Int64

  /// A page of `items`.
  public init(items: [Element], nextPageToken: String = "", revision: Int64 = 0) {
    self.items = items
    self.nextPageToken = nextPageToken
    self.revision = revision
  }
}
