// Sends one order over and over, many calls at once on one connection, and compares every reply with it:
//
//   echo-client PORT ORDER SECONDS CALLS [loop]
//
// ORDER holds an encoded order; CALLS are under way at once. With `loop` the calling tasks run on the client's event
// loop, without it wherever the process runs its tasks.

internal import BenchAPI
internal import Foundation
internal import NIOCore
internal import ProtobufC
internal import RPC

struct Arguments {
  let port: Int
  let order: Order
  let seconds: Double
  let calls: Int
  let isOnLoop: Bool

  init?(_ words: [String]) throws {
    guard words.count == 5 || (words.count == 6 && words[5] == "loop"), let port = Int(words[1]),
      let bytes = FileManager.default.contents(atPath: words[2]), let seconds = Double(words[3]),
      let calls = Int(words[4]), calls > 0
    else { return nil }
    self.port = port
    self.order = try Order(decoding: ByteBuffer(bytes: bytes))
    self.seconds = seconds
    self.calls = calls
    self.isOnLoop = words.count == 6
  }
}

struct WrongReply: Error {}

guard let arguments = try Arguments(CommandLine.arguments) else {
  FileHandle.standardError.write(Data("usage: echo-client PORT ORDER SECONDS CALLS [loop]\n".utf8))
  exit(2)
}
let client = try RPCClient(target: .hostPort("127.0.0.1", arguments.port))
let echo = EchoServiceClient(client)

/// Keeps the calls under way for so long; returns how many a second there were.
func rate(for duration: Duration) async throws -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  let end = start + duration
  let order = arguments.order
  let answered = try await withThrowingTaskGroup(of: Int.self) { group in
    for _ in 0..<arguments.calls {
      group.addTask(executorPreference: arguments.isOnLoop ? client.taskExecutor : nil) {
        var answered = 0
        // A look at the clock now and then is enough.
        while answered % 16 != 0 || clock.now < end {
          guard try await echo.echo(order) == order else { throw WrongReply() }
          answered += 1
        }
        return answered
      }
    }
    return try await group.reduce(0, +)
  }
  return Double(answered) / ((clock.now - start) / .seconds(1))
}

_ = try await rate(for: .seconds(arguments.seconds / 4))
let measured = try await rate(for: .seconds(arguments.seconds))
await client.close()
print("{\"calls_per_second\": \(measured)}")
