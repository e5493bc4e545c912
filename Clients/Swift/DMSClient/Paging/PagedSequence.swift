internal import RPC

/// Everything that a list holds, read page by page while it is gone through.
///
/// The page after the one at hand is fetched ahead, never more than one; it is dropped when the
/// iteration is. Each iteration reads the list anew. Pages are keyset pages: what is inserted
/// meanwhile never makes another item come twice or not at all.
///
/// ```swift
/// for try await order in client.orders.list(filter: #"state = "IN_REVIEW""#) { … }
/// ```
///
/// Throws ``DMSError`` once the tries for a page are used up; items before it have been delivered.
public struct PagedSequence<Element: Sendable>: AsyncSequence, Sendable {
  public typealias Failure = DMSError

  /// The same list as whole pages, for their revision and for progress.
  public let pages: PageSequence<Element>

  package init(
    from pageToken: String = "",
    fetch: @escaping @Sendable (_ pageToken: String) async -> Result<Page<Element>, DMSError>
  ) {
    pages = PageSequence(from: pageToken, fetch: fetch)
  }

  /// Starts at the first item.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(pages: pages.makeAsyncIterator())
  }

  /// A place in the list.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private var pages: PageSequence<Element>.AsyncIterator
    private var items = [Element]().makeIterator()

    fileprivate init(pages: PageSequence<Element>.AsyncIterator) {
      self.pages = pages
    }

    /// The next item, nil after the last one.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(DMSError) -> Element? {
      while true {
        if let item = items.next() { return item }
        guard let page = try await pages.next(isolation: actor) else { return nil }
        items = page.items.makeIterator()
      }
    }
  }

  /// All items at once. For lists that are known to be short.
  public func collect() async throws(DMSError) -> [Element] {
    var all: [Element] = []
    var pages = self.pages.makeAsyncIterator()
    while let page = try await pages.next() { all += page.items }
    return all
  }
}

/// A list's pages, the one after the page at hand fetched ahead.
public struct PageSequence<Item: Sendable>: AsyncSequence, Sendable {
  public typealias Element = Page<Item>
  public typealias Failure = DMSError

  typealias Fetch = @Sendable (_ pageToken: String) async -> Result<Page<Item>, DMSError>

  private let first: String
  private let fetch: Fetch

  init(from first: String, fetch: @escaping Fetch) {
    self.first = first
    self.fetch = fetch
  }

  /// Starts at the first page.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(ahead: FetchAhead(from: first, fetch: fetch))
  }

  /// A place in the list.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let ahead: FetchAhead<Item>

    /// The next page, nil after the last one.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(DMSError) -> Page<Item>? {
      try await ahead.next(isolation: actor)
    }
  }
}

/// Keeps one fetch under way ahead of an iterator, and cancels it when the iterator goes.
private final class FetchAhead<Item: Sendable> {
  private let fetch: PageSequence<Item>.Fetch
  /// Where the page after the last delivered one starts; nil after the last page and after an error.
  private var upcoming: String?
  private var underWay: Task<Result<Page<Item>, DMSError>, Never>?

  init(from first: String, fetch: @escaping PageSequence<Item>.Fetch) {
    self.fetch = fetch
    self.upcoming = first
  }

  deinit {
    underWay?.cancel()
  }

  func next(isolation actor: isolated (any Actor)?) async throws(DMSError) -> Page<Item>? {
    guard let token = upcoming else { return nil }
    let fetching = underWay ?? start(token)
    upcoming = nil
    underWay = nil
    let result = await withTaskCancellationHandler {
      await fetching.value
    } onCancel: {
      fetching.cancel()
    }
    let page = try result.get()
    guard !page.nextPageToken.isEmpty else { return page }
    guard page.nextPageToken != token else {
      throw DMSError(.internal, "the server's next page is the page before it: the list would never end")
    }
    upcoming = page.nextPageToken
    underWay = start(page.nextPageToken)
    return page
  }

  private func start(_ token: String) -> Task<Result<Page<Item>, DMSError>, Never> {
    Task { [fetch] in await fetch(token) }
  }
}
