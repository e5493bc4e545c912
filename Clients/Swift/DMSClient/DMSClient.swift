package import RPC

/// A connection to a DMS server with everything that a careful caller would otherwise write itself:
/// request ids made before the first try, retries, deadlines, typed errors, lists as sequences,
/// watches and uploads that resume.
///
/// One client serves a whole program; it may be used from any number of tasks at once. Nothing
/// connects before the first call. Close it when done, or use ``withClient(configuration:_:)``.
///
/// ```swift
/// let client = try DMSClient(configuration: .init(server: "http://localhost:7443", apiKey: key))
/// let order = try await client.orders.place(draft)
/// for try await dealer in client.admin.dealers() { … }
/// ```
public final class DMSClient: Sendable {
  /// Orders, from draft to completion.
  public let orders: Orders
  /// Stock of the brand and of its dealers.
  public let inventory: Inventory
  /// Master data, principals and keys.
  public let admin: Admin

  private let connection: RPCClient?

  /// A client of the server that `configuration` names; it connects with the first call.
  ///
  /// Throws ``ConfigurationError`` when the address cannot be read, the roots cannot be loaded, or
  /// the key would travel in plain text to another machine.
  public convenience init(configuration: Configuration) throws(ConfigurationError) {
    let connection = try configuration.makeConnection()
    self.init(caller: connection, connection: connection, settings: configuration.callSettings)
  }

  /// A client over any caller; the caller stays its owner's to close.
  package convenience init(caller: any RPCCaller, settings: CallSettings = CallSettings()) {
    self.init(caller: caller, connection: nil, settings: settings)
  }

  private init(caller: any RPCCaller, connection: RPCClient?, settings: CallSettings) {
    let core = CallCore(caller: caller, settings: settings)
    self.connection = connection
    self.admin = Admin(core: core)
    self.orders = Orders(core: core)
    self.inventory = Inventory(core: core)
  }

  /// Closes the connection; calls under way end with UNAVAILABLE.
  public func close() async {
    await connection?.close()
  }

  /// Runs `body` with a client that is closed when `body` returns or throws.
  public static func withClient<Result: Sendable>(
    configuration: Configuration,
    _ body: (DMSClient) async throws -> Result
  ) async throws -> Result {
    let client = try DMSClient(configuration: configuration)
    do {
      let result = try await body(client)
      await client.close()
      return result
    } catch {
      await client.close()
      throw error
    }
  }
}
