import DMSAPI
import TestAPI

@testable import ProtobufC

extension FuzzTarget {
  /// The decoder of messages: two bytes choose the message, the rest is decoded.
  static let messages = FuzzTarget("messages", words: MessageChecks.words) { input in
    var reader = InputReader(input)
    let type = MessageChecks.types[reader.short() % MessageChecks.types.count]
    try MessageChecks.check(type, reader.bytes)
  }
}

enum MessageChecks {
  /// What is decoded: every request, which comes from clients; then responses, and messages with every kind of field.
  static let types: [any Message.Type] =
    requests + [
      GetOrderResponse.self, WatchOrdersResponse.self, WatchInventoryResponse.self, BatchPlaceOrdersResponse.self,
      StreamInventoryResponse.self, ListProductsResponse.self, RpcStatus.self, Scalars.self, Optionals.self,
      Repeated.self, Unpacked.self,
      Maps.self, Choice.self, Nested.self, Nothing.self, Amplifier.self, Awkward.self,
    ]

  static let requests: [any Message.Type] = [
    AdjustStockRequest.self, BatchPlaceOrdersRequest.self, CancelOrderRequest.self, CreateApiKeyRequest.self,
    CreateOrderRequest.self, GetAvailabilityRequest.self, GetCreditAccountRequest.self, GetDealerRequest.self,
    GetOrderRequest.self, GetOrderTimelineRequest.self, GetPriceListRequest.self, GetPrincipalRequest.self,
    GetProductRequest.self, GetRuleSetRequest.self, GetWarehouseRequest.self, HealthCheckRequest.self,
    HealthListRequest.self, ListApiKeysRequest.self, ListCreditAccountsRequest.self, ListDealersRequest.self,
    ListMovementsRequest.self, ListNetworkStockRequest.self, ListOrdersRequest.self, ListPriceEntriesRequest.self,
    ListPriceListsRequest.self, ListPrincipalsRequest.self, ListProductsRequest.self, ListRejectedEventsRequest.self,
    ListWarehousesRequest.self, PlaceOrderRequest.self, PublishPriceListRequest.self, PublishRuleSetRequest.self,
    ReviewOrderRequest.self, RevokeApiKeyRequest.self, SavePriceListDraftRequest.self, ServerReflectionRequest.self,
    SetStockRequest.self, StreamInventoryRequest.self, SubmitOrderRequest.self, UpdateOrderRequest.self,
    UpsertCreditAccountsRequest.self, UpsertDealersRequest.self, UpsertPrincipalRequest.self,
    UpsertProductsRequest.self, UpsertWarehousesRequest.self, ValidateOrderRequest.self, VerifyLedgersRequest.self,
    WatchInventoryRequest.self, WatchOrdersRequest.self, WhoAmIRequest.self,
  ]

  /// Tags of the first fields by wire type, lengths, and numbers at their ends.
  static let words: [[UInt8]] = [
    [0x08, 0x01], [0x0A, 0x00], [0x0A, 0x02, 0x0A, 0x00], [0x12, 0x00], [0x12, 0x02, 0x08, 0x01], [0x1A, 0x01, 0x41],
    [0x22, 0x03, 0xE2, 0x82, 0xAC], [0x2A, 0x00, 0x2A, 0x00], [0x32, 0x00], [0x3A, 0x00], [0x42, 0x00], [0x4A, 0x00],
    [0x09, 0, 0, 0, 0, 0, 0, 0, 0x80], [0x0D, 0, 0, 0xC0, 0x7F], [0x0B, 0x0C],
    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
    [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFA, 0xFF, 0xFF, 0xFF, 0x0F, 0x00],
  ]

  static func check(_ type: any Message.Type, _ bytes: [UInt8]) throws {
    try checkRoundTrip(type, bytes)
    try checkMemory(type, bytes)
  }

  /// What is decoded, encoded and decoded again is the same; so is what a tighter limit lets through.
  private static func checkRoundTrip<M: Message>(_ type: M.Type, _ bytes: [UInt8]) throws {
    let message: M
    do throws(DecodingError) {
      message = try M(decoding: bytes)
    } catch {
      let again = Result { () throws(DecodingError) in try M(decoding: bytes) }
      try require(again == .failure(error), "\(M.fullName): refused with \(error), then \(again)")
      return
    }
    let encoded = try message.encodedBytes()
    let decoded: M
    do {
      decoded = try M(decoding: encoded)
    } catch {
      throw BrokenProperty(description: "\(M.fullName): what was encoded is refused: \(error)")
    }
    // Messages that hold NaN are never equal, but their bytes are.
    let isEqual = try decoded == message || decoded != M(decoding: encoded)
    try require(isEqual, "\(M.fullName): \(message) became \(decoded)")
    try require(try decoded.encodedBytes() == encoded, "\(M.fullName): equal messages gave different bytes")
    for limits in [DecodingLimits(memoryMultiple: 1, memoryFloorBytes: 0), DecodingLimits(memoryMultiple: 8)] {
      switch Result(catching: { () throws(DecodingError) in try M(decoding: bytes, limits: limits) }) {
      case .success(let limited):
        try require(try limited.encodedBytes() == encoded, "\(M.fullName): a limit changed the message")
      case .failure(let error):
        try require(error.isResourceLimit, "\(M.fullName): a limit made it \(error)")
      }
    }
  }

  /// The C runtime's memory stays within the limit for the size.
  private static func checkMemory<M: Message>(_ type: M.Type, _ bytes: [UInt8]) throws {
    let arena = MessageArena.lend()
    defer { arena.giveBack() }
    let limits = DecodingLimits(memoryMultiple: 32, memoryFloorBytes: 0)
    _ = bytes.withUnsafeBytes { arena.unpack(M._descriptor, $0, limits) }
    let used = arena.state.pointee.totalBytes - MessageArena.homeBytes
    // A merge of repeated fields is decoded anew, from bytes that may be a few more.
    try require(
      used <= max(0, limits.memoryBytes(for: bytes.count) - MessageArena.homeBytes),
      "\(M.fullName): \(bytes.count) bytes took \(used) bytes beyond the arena's first block")
  }
}
