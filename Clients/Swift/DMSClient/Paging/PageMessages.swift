package import DMSAPI

/// A request for a page of a list.
package protocol PageRequest: Sendable {
  /// Where the page starts; empty for the first.
  var pageToken: String { get set }
  /// Items on a page; 0 leaves it to the server.
  var pageSize: Int32 { get set }
}

/// An answer that is a page of a list.
package protocol PageResponse: Sendable {
  associatedtype Item: Sendable
  /// What stands on the page.
  var pageItems: [Item] { get }
  /// Where the next page starts; empty on the last one.
  var nextPageToken: String { get }
  /// The store's revision of the first page; 0 for lists that have none.
  var revision: Int64 { get }
}

extension PageResponse {
  package var revision: Int64 { 0 }

  var page: Page<Item> {
    Page(items: pageItems, nextPageToken: nextPageToken, revision: revision)
  }
}

extension ListOrdersRequest: PageRequest {}
extension ListOrdersResponse: PageResponse { package var pageItems: [Order] { orders } }
extension GetOrderTimelineRequest: PageRequest {}
extension GetOrderTimelineResponse: PageResponse { package var pageItems: [TimelineEntry] { entries } }

extension ListNetworkStockRequest: PageRequest {}
extension ListNetworkStockResponse: PageResponse { package var pageItems: [StockLevel] { levels } }
extension ListMovementsRequest: PageRequest {}
extension ListMovementsResponse: PageResponse { package var pageItems: [StockMovement] { movements } }
extension ListRejectedEventsRequest: PageRequest {}
extension ListRejectedEventsResponse: PageResponse { package var pageItems: [RejectedEvent] { events } }

extension ListDealersRequest: PageRequest {}
extension ListDealersResponse: PageResponse { package var pageItems: [Dealer] { dealers } }
extension ListProductsRequest: PageRequest {}
extension ListProductsResponse: PageResponse { package var pageItems: [Product] { products } }
extension ListWarehousesRequest: PageRequest {}
extension ListWarehousesResponse: PageResponse { package var pageItems: [Warehouse] { warehouses } }
extension ListCreditAccountsRequest: PageRequest {}
extension ListCreditAccountsResponse: PageResponse { package var pageItems: [CreditAccount] { creditAccounts } }
extension ListPriceListsRequest: PageRequest {}
extension ListPriceListsResponse: PageResponse { package var pageItems: [PriceList] { priceLists } }
extension ListPriceEntriesRequest: PageRequest {}
extension ListPriceEntriesResponse: PageResponse { package var pageItems: [PriceEntry] { entries } }
extension ListPrincipalsRequest: PageRequest {}
extension ListPrincipalsResponse: PageResponse { package var pageItems: [Principal] { principals } }
extension ListApiKeysRequest: PageRequest {}
extension ListApiKeysResponse: PageResponse { package var pageItems: [ApiKey] { apiKeys } }
