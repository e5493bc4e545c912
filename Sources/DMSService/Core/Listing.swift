internal import DMSDomain
package import DMSStorage

/// One page that a caller asks for: how many, from where, and bound to what.
package struct Listing: Sendable {
  /// Items on the page, 1 to 1,000.
  package let pageSize: Int
  /// Where the page starts; nil for the first.
  package let position: [SQLValue]?
  /// The store's revision at the first page; nil on the first.
  package let firstRevision: Int64?
  private let binding: String

  /// Items on a page when the caller does not say.
  package static let pageSizeDefault = 50
  /// Items on a page at most.
  package static let pageSizeMax = 1_000

  /// Reads what the caller sent. `binding` holds everything that decides which rows the list has and in which order.
  ///
  /// - Throws: `INVALID_FIELD` for a size out of range, `INVALID_PAGE_TOKEN` for a token of another list.
  package init(pageSize: Int32, pageToken: String, binding: String, columnCount: Int) throws {
    guard (0...Int32(Self.pageSizeMax)).contains(pageSize) else {
      throw ServiceError.invalidField("page_size", .outOfRange(min: 0, max: Int64(Self.pageSizeMax)))
    }
    self.pageSize = pageSize == 0 ? Self.pageSizeDefault : Int(pageSize)
    self.binding = binding
    if pageToken.isEmpty {
      position = nil
      firstRevision = nil
    } else {
      let token = try PageToken(decoding: pageToken, binding: binding, columnCount: columnCount)
      position = token.position
      firstRevision = token.revision
    }
  }

  /// Rows to ask the store for: one more than the page has, to know whether another follows.
  package var limit: Int { pageSize + 1 }

  /// Cuts what the store answered to the page, and makes the token of the next one.
  ///
  /// - Parameters:
  ///   - rows: at most ``limit`` rows.
  ///   - revision: the store's revision in the snapshot of the rows.
  ///   - place: a row's place in the order of the list.
  package func page<Item>(
    _ rows: [Item], revision: Int64, place: (Item) -> [SQLValue]
  ) -> (items: ArraySlice<Item>, nextPageToken: String, revision: Int64) {
    let first = firstRevision ?? revision
    let items = rows.prefix(pageSize)
    guard rows.count > pageSize, let last = items.last else { return (items, "", first) }
    return (items, PageToken(position: place(last), revision: first).encoded(binding: binding), first)
  }
}

extension Listing {
  /// The place of a list that is ordered by one text.
  package var textPosition: String? {
    if case .text(let text)? = position?.first { text } else { nil }
  }
}
