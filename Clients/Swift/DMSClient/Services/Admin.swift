public import DMSAPI
public import RPC

extension DMSClient {
  /// Master data, prices, principals and keys.
  ///
  /// Every method throws ``DMSError``. A write makes its request id before the first try unless its
  /// request has one, keeps it over retries, and hands it out with the error when all tries failed.
  public struct Admin: Sendable {
    let core: CallCore
    let stub: AdminServiceClient

    init(core: CallCore) {
      self.core = core
      self.stub = AdminServiceClient(core.caller)
    }

    /// Every dealer that `request` asks for, by id, page by page as it is read.
    public func dealers(
      _ request: ListDealersRequest = ListDealersRequest(), options: CallOptions = CallOptions()
    ) -> PagedSequence<Dealer> {
      core.pages(request, options, stub.listDealers)
    }

    /// Every product that `request` asks for, by sku, page by page as it is read.
    public func products(
      _ request: ListProductsRequest = ListProductsRequest(), options: CallOptions = CallOptions()
    ) -> PagedSequence<Product> {
      core.pages(request, options, stub.listProducts)
    }

    /// Every warehouse by id, page by page as it is read.
    public func warehouses(
      _ request: ListWarehousesRequest = ListWarehousesRequest(), options: CallOptions = CallOptions()
    ) -> PagedSequence<Warehouse> {
      core.pages(request, options, stub.listWarehouses)
    }

    /// Every credit account by id, page by page as it is read.
    public func creditAccounts(
      _ request: ListCreditAccountsRequest = ListCreditAccountsRequest(),
      options: CallOptions = CallOptions()
    ) -> PagedSequence<CreditAccount> {
      core.pages(request, options, stub.listCreditAccounts)
    }

    /// Every price list by id, without its entries, page by page as it is read.
    public func priceLists(
      _ request: ListPriceListsRequest = ListPriceListsRequest(), options: CallOptions = CallOptions()
    ) -> PagedSequence<PriceList> {
      core.pages(request, options, stub.listPriceLists)
    }

    /// Every entry of the price list that `request` names, by sku, page by page as it is read.
    public func priceEntries(
      _ request: ListPriceEntriesRequest, options: CallOptions = CallOptions()
    ) -> PagedSequence<PriceEntry> {
      core.pages(request, options, stub.listPriceEntries)
    }

    /// Every principal by id, page by page as it is read.
    public func principals(
      _ request: ListPrincipalsRequest = ListPrincipalsRequest(), options: CallOptions = CallOptions()
    ) -> PagedSequence<Principal> {
      core.pages(request, options, stub.listPrincipals)
    }

    /// Every API key by id, without its secret, page by page as it is read.
    public func apiKeys(
      _ request: ListApiKeysRequest = ListApiKeysRequest(), options: CallOptions = CallOptions()
    ) -> PagedSequence<ApiKey> {
      core.pages(request, options, stub.listApiKeys)
    }
  }
}
