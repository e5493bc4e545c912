import DMSAPI
import DMSClient
import DMSDomain
import DMSService
import Foundation
import ProtobufC
import Synchronization
import Testing

/// The server as a program of its own that can be killed.
private final class ServerProcess: Sendable {
  let folder: String
  let port: Int
  private let process = Mutex<Process?>(nil)

  init() {
    folder = NSTemporaryDirectory() + "dms-crash-" + UUID().uuidString
    port = Int.random(in: 20_000..<30_000)
  }

  /// The program beside the tests that run.
  private static var program: URL {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    return tests.appendingPathComponent("dms-server")
  }

  /// Starts the server and returns once it listens.
  func start() throws {
    let server = Process()
    server.executableURL = Self.program
    server.arguments = ["--data", folder, "--port", String(port), "--log-level", "error"]
    let output = Pipe()
    server.standardError = output
    try server.run()
    process.withLock { $0 = server }
    // It says where it serves once it does, and ends its output when it cannot.
    var said = ""
    while !said.contains(" serves ") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw ServerDidNotStart(output: said) }
      said += String(decoding: data, as: UTF8.self)
    }
    output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
  }

  /// Ends the server as a power cut of the process would.
  func kill9() {
    let server = process.withLock { $0 }
    guard let server else { return }
    kill(server.processIdentifier, SIGKILL)
    server.waitUntilExit()
  }

  func remove() {
    kill9()
    try? FileManager.default.removeItem(atPath: folder)
  }
}

private struct ServerDidNotStart: Error {
  let output: String
}

@Suite("A server that is killed")
struct CrashTests {
  @Test("Killed with −9 in the middle of a replay and restarted while clients retry: every order is there once")
  func killedInAReplay() async throws {
    let server = ServerProcess()
    defer { server.remove() }
    try server.start()
    let key = try String(contentsOfFile: server.folder + "/admin.key", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    var configuration = DMSClient.Configuration(server: "http://127.0.0.1:\(server.port)", apiKey: key)
    configuration.retries.attemptsMax = 100
    configuration.retries.backoffMax = .milliseconds(200)
    configuration.retries.retriesBurst = 10_000
    let client = try DMSClient(configuration: configuration)
    try await CrashWorld.make(client)

    let orders = 600
    let workers = 32
    let placed = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<workers {
        group.addTask {
          for number in stride(from: worker, to: orders, by: workers) {
            let order = try await client.orders.place(CrashWorld.draft(number), requestID: RequestID())
            #expect(order.customerReference == "R\(number)")
            placed.increase()
          }
        }
      }
      for share in [100, 250, 450] {
        // Waits for progress, not for time.
        while placed.value < share { await Task.yield() }
        server.kill9()
        try server.start()
      }
      try await group.waitForAll()
    }

    var references: Set<String> = []
    var count = 0
    var total: Int64 = 0
    for try await order in client.orders.list() {
      references.insert(order.customerReference)
      total += order.totalMicros
      count += 1
    }
    #expect(count == orders)
    #expect(references.count == orders)
    let expected = (0..<orders).reduce(Int64(0)) { $0 + Int64($1 % 5 + 1) * 10_000_000 }
    #expect(total == expected)
    let ledgers = try await client.inventory.verifyLedgers()
    #expect(ledgers.differenceCount == 0)
    #expect(ledgers.orderLineCount == Int64(orders))
    await client.close()
  }
}

/// Counts what several tasks have done.
private final class Counter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  func increase() {
    count.withLock { $0 += 1 }
  }
}

/// What the replay needs: one dealer with credit, one product with stock.
private enum CrashWorld {
  static func make(_ client: DMSClient) async throws {
    _ = try await client.admin.upsertWarehouses(
      .with {
        $0.warehouses = [
          .with {
            $0.warehouseID = "MAIN"
            $0.name = "Main"
          }
        ]
      })
    _ = try await client.admin.upsertProducts(
      .with {
        $0.products = [
          .with {
            $0.sku = "P1"
            $0.names = ["en": "Product"]
          }
        ]
      })
    _ = try await client.admin.upsertDealers(
      .with {
        $0.dealers = [
          .with {
            $0.dealerID = "D1"
            $0.name = "Dealer"
            $0.currencyCode = "USD"
          }
        ]
      })
    _ = try await client.admin.upsertCreditAccounts(
      .with {
        $0.creditAccounts = [
          .with {
            $0.creditAccountID = "D1"
            $0.currencyCode = "USD"
            $0.mode = .unlimited
          }
        ]
      })
    _ = try await client.admin.savePriceListDraft(
      .with {
        $0.priceList = .with {
          $0.priceListID = "LIST"
          $0.name = "List"
          $0.currencyCode = "USD"
        }
        $0.entries = [
          .with {
            $0.sku = "P1"
            $0.unitPriceMicros = 10_000_000
          }
        ]
      })
    _ = try await client.admin.publishPriceList(.with { $0.priceListID = "LIST" })
    _ = try await client.inventory.setStock(
      .with {
        $0.location = .with { $0.locationID = "MAIN" }
        $0.lines = [
          .with {
            $0.sku = "P1"
            $0.quantity = 1_000_000
          }
        ]
      })
  }

  static func draft(_ number: Int) -> OrderDraft {
    .with {
      $0.dealerID = "D1"
      $0.customerReference = "R\(number)"
      $0.lines = [
        .with {
          $0.sku = "P1"
          $0.quantity = Int64(number % 5 + 1)
        }
      ]
    }
  }
}
