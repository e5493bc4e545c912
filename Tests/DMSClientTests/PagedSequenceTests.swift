import DMSClient
import RPC
import Synchronization
import Testing

@Suite("Lists as sequences")
struct PagedSequenceTests {
  /// Pages of three numbers each, counted as they are fetched.
  private final class Pages: Sendable {
    private let last: Int
    let fetched = Mutex<[String]>([])

    init(count: Int) {
      last = count - 1
    }

    func fetch(_ token: String) -> Result<Page<Int>, DMSError> {
      fetched.withLock { $0.append(token) }
      guard let number = token.isEmpty ? 0 : Int(token) else {
        return .failure(DMSError(.invalidArgument, token))
      }
      let items = (0..<3).map { number * 3 + $0 }
      return .success(Page(items: items, nextPageToken: number < last ? "\(number + 1)" : "", revision: 7))
    }
  }

  @Test("Every item comes once and in order, over empty pages too", arguments: [1, 2, 5])
  func everything(_ count: Int) async throws {
    let pages = Pages(count: count)
    let list = PagedSequence<Int> { pages.fetch($0) }
    var seen: [Int] = []
    for try await item in list { seen.append(item) }
    #expect(seen == Array(0..<count * 3))
    #expect(pages.fetched.withLock { $0.count } == count)
    #expect(try await list.collect() == seen)
  }

  @Test("Pages show the revision after which a watch can start")
  func revision() async throws {
    let pages = Pages(count: 2)
    let list = PagedSequence<Int> { pages.fetch($0) }
    var iterator = list.pages.makeAsyncIterator()
    #expect(try await iterator.next()?.revision == 7)
  }

  @Test("One page is fetched ahead, and no more")
  func prefetch() async throws {
    let pages = Pages(count: 10)
    let second = AsyncStream.makeStream(of: Void.self)
    let list = PagedSequence<Int> { token in
      if token == "1" { second.continuation.finish() }
      return pages.fetch(token)
    }
    var iterator = list.makeAsyncIterator()
    _ = try await iterator.next()
    for await _ in second.stream {}
    #expect(pages.fetched.withLock { $0 } == ["", "1"] || pages.fetched.withLock { $0 } == [""])
    _ = try await iterator.next()
    _ = try await iterator.next()
    #expect(pages.fetched.withLock { $0.count } <= 2)
  }

  @Test("An error ends the list after the items before it")
  func failure() async throws {
    let list = PagedSequence<Int> { token in
      token.isEmpty
        ? .success(Page(items: [1, 2], nextPageToken: "x"))
        : .failure(DMSError(.unavailable, "gone"))
    }
    var iterator = list.makeAsyncIterator()
    #expect(try await iterator.next() == 1)
    #expect(try await iterator.next() == 2)
    let error = await #expect(throws: DMSError.self) { try await iterator.next() }
    #expect(error?.code == .unavailable)
    #expect(try await iterator.next() == nil)
  }

  @Test("A server whose next page is the page before it does not hang the caller")
  func endless() async {
    let list = PagedSequence<Int> { _ in .success(Page(items: [], nextPageToken: "same")) }
    let error = await #expect(throws: DMSError.self) { try await list.collect() }
    #expect(error?.code == .internal)
  }

  @Test("Dropping the iteration cancels the page that is fetched ahead")
  func dropped() async throws {
    let cancelled = AsyncStream.makeStream(of: Void.self)
    let list = PagedSequence<Int> { token in
      if token.isEmpty { return .success(Page(items: [1], nextPageToken: "x")) }
      await withTaskCancellationHandler {
        try? await Task.sleep(for: .seconds(600))
      } onCancel: {
        cancelled.continuation.finish()
      }
      return .failure(DMSError(.cancelled, ""))
    }
    do {
      var iterator = list.makeAsyncIterator()
      _ = try await iterator.next()
    }
    for await _ in cancelled.stream {}
  }
}
