internal import DMSAPI
internal import DMSClient

extension ParsedRows {
  /// Finds the rows whose product the server does not know, before anything is stored.
  ///
  /// When the server cannot be asked, what is wrong already goes before that; else throws ``DMSError``.
  mutating func checkProducts(_ client: DMSClient, sku: (Item) -> String) async throws(DMSError) {
    do {
      let unknown = try await Self.unknown(Set(entries.map { sku($0.item) }).sorted(), client)
      guard !unknown.isEmpty else { return }
      refuse { entry in
        unknown.contains(sku(entry.item))
          ? RowProblem(line: entry.line, column: "sku", reason: "there is no product \"\(sku(entry.item))\"") : nil
      }
    } catch {
      if problems.isEmpty { throw error }
    }
  }

  private static func unknown(_ skus: [String], _ client: DMSClient) async throws(DMSError) -> Set<String> {
    var unknown: Set<String> = []
    for start in stride(from: 0, to: skus.count, by: 1_000) {
      var request = GetAvailabilityRequest()
      request.skus = Array(skus[start..<min(start + 1_000, skus.count)])
      // Products that are not sold are among these, too: each is looked up.
      for sku in try await client.inventory.getAvailability(request).unknownSkus {
        var lookUp = GetProductRequest()
        lookUp.sku = sku
        do {
          _ = try await client.admin.getProduct(lookUp)
        } catch {
          guard error.code == .notFound else { throw error }
          unknown.insert(sku)
        }
      }
    }
    return unknown
  }
}
