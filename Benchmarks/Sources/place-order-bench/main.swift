// Speaks to DMS servers as their users would, and prints what came of it as one line of JSON.
//
//   place-order-bench fill SERVER                     makes the dealers, products, prices and stock that orders need
//   place-order-bench load SERVERS CALLERS SECONDS    places five-line orders, each caller one after another
//   place-order-bench page SERVER NUMBER ROUNDS       compares that page of the lists with the first one
//   place-order-bench flood SERVER CALLERS SECONDS    offers more orders than the server takes
//   place-order-bench fill-watch SERVER               makes the dealers and products that watches need
//   place-order-bench watch SERVER COUNT SECONDS      feeds that many watches of stock; the server's process is DMS_PID
//
// SERVERS is one address or several with commas between. The API key is read from DMS_API_KEY.

internal import DMSClient
internal import Foundation

let arguments = Array(CommandLine.arguments.dropFirst())
let key = ProcessInfo.processInfo.environment["DMS_API_KEY"]

func usage() -> Never {
  FileHandle.standardError.write(
    Data("usage: DMS_API_KEY=… place-order-bench fill|load|page|flood|fill-watch|watch SERVER [COUNT AMOUNT]\n".utf8))
  exit(2)
}

guard arguments.count >= 2, let key else { usage() }
let (command, server) = (arguments[0], arguments[1])

/// The two numbers after the server's address; both are above 0.
func numbers() -> (count: Int, amount: Double) {
  guard arguments.count == 4, let count = Int(arguments[2]), count > 0, let amount = Double(arguments[3]), amount > 0
  else { usage() }
  return (count, amount)
}

switch command {
case "fill" where arguments.count == 2:
  try await Servers.with(server, key: key) { servers in
    try await Catalogue.standard.fill(servers[0])
  }
case "load":
  let (callers, seconds) = numbers()
  try await Servers.with(server, key: key) { servers in
    let outcome = try await Load(servers: servers, catalogue: .standard, callers: callers).run(for: .seconds(seconds))
    if let first = outcome.errors.first { FileHandle.standardError.write(Data("an error: \(first)\n".utf8)) }
    print(outcome.json)
  }
case "page":
  let (number, rounds) = numbers()
  try await Servers.with(server, key: key) { servers in
    try await Paging(client: servers[0]).run(number: number, rounds: Int(rounds))
  }
case "flood":
  let (callers, seconds) = numbers()
  // A client has 4 connections and the server takes 100 calls on each.
  try await Servers.with(server, key: key, clientsEach: (callers + 399) / 400, timeout: .seconds(120)) { servers in
    try await Flood(servers: servers, catalogue: .standard, callers: callers).run(for: .seconds(seconds))
  }
case "fill-watch" where arguments.count == 2:
  try await WatchLoad(server: server, key: key, serverPID: 0).fill()
case "watch":
  let (count, seconds) = numbers()
  guard let process = ProcessInfo.processInfo.environment["DMS_PID"].flatMap({ Int($0) }) else { usage() }
  try await WatchLoad(server: server, key: key, serverPID: process).run(watchers: count, seconds: seconds)
default:
  usage()
}
