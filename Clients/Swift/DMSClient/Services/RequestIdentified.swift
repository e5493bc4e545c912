internal import DMSAPI

/// A request that writes, under an id that makes its repeats harmless.
package protocol RequestIdentified: Sendable {
  /// A UUID; empty until the client makes one.
  var requestID: String { get set }
}

extension RequestIdentified {
  /// The request under an id: its own when it has one, else a new one.
  func identified() -> Self {
    guard requestID.isEmpty else { return self }
    var request = self
    request.requestID = RequestID().text
    return request
  }
}

extension CreateOrderRequest: RequestIdentified {}
extension UpdateOrderRequest: RequestIdentified {}
extension SubmitOrderRequest: RequestIdentified {}
extension PlaceOrderRequest: RequestIdentified {}
extension BatchPlaceOrdersRequest: RequestIdentified {}
extension ReviewOrderRequest: RequestIdentified {}
extension CancelOrderRequest: RequestIdentified {}
extension PublishRuleSetRequest: RequestIdentified {}

extension AdjustStockRequest: RequestIdentified {}
extension SetStockRequest: RequestIdentified {}

extension UpsertDealersRequest: RequestIdentified {}
extension UpsertProductsRequest: RequestIdentified {}
extension UpsertWarehousesRequest: RequestIdentified {}
extension UpsertCreditAccountsRequest: RequestIdentified {}
extension SavePriceListDraftRequest: RequestIdentified {}
extension PublishPriceListRequest: RequestIdentified {}
extension UpsertPrincipalRequest: RequestIdentified {}
extension CreateApiKeyRequest: RequestIdentified {}
extension RevokeApiKeyRequest: RequestIdentified {}
