// Places five-line orders through the client, from many callers at once.
//
//   place-order-bench fill SERVER                    makes the dealers, products, prices and stock that orders need
//   place-order-bench load SERVER CALLERS SECONDS    places orders, each caller one after another, and prints the rate
//
// The API key is read from DMS_API_KEY.

internal import DMSClient
internal import Foundation

let arguments = CommandLine.arguments.dropFirst()
let key = ProcessInfo.processInfo.environment["DMS_API_KEY"]

func usage() -> Never {
  FileHandle.standardError.write(
    Data("usage: DMS_API_KEY=… place-order-bench fill SERVER | load SERVER CALLERS SECONDS\n".utf8))
  exit(2)
}

guard arguments.count >= 2, let key else { usage() }
let command = arguments[1]
let configuration = DMSClient.Configuration(server: arguments[2], apiKey: key)

switch command {
case "fill" where arguments.count == 2:
  try await DMSClient.withClient(configuration: configuration) { client in
    try await Catalogue.standard.fill(client)
  }
case "load" where arguments.count == 4:
  guard let callers = Int(arguments[3]), callers > 0, let seconds = Double(arguments[4]), seconds > 0 else { usage() }
  try await DMSClient.withClient(configuration: configuration) { client in
    let load = Load(client: client, catalogue: .standard, callers: callers)
    let outcome = try await load.run(for: .seconds(seconds))
    print(outcome.json)
  }
default:
  usage()
}
