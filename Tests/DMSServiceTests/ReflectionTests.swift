import DMSAPI
import DMSService
import Foundation
import NIOCore
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("Reflection")
struct ReflectionTests {
  @Test("The services are listed, and every name that a schema declares leads to its file and what it imports")
  func names() async throws {
    try await withServer(on: .sqlite) { server, _ in
      try await server.calling(with: nil) { clients in
        let client = ServerReflectionClient(clients.raw)
        try await client.serverReflectionInfo { requests, responses in
          var answers = responses.makeAsyncIterator()
          func ask(
            _ question: ServerReflectionRequest.MessageRequest?
          ) async throws -> ServerReflectionResponse.MessageResponse? {
            let request = ServerReflectionRequest.with {
              $0.host = "here"
              $0.messageRequest = question
            }
            try await requests.write(request)
            let answer = try await answers.next()
            #expect(answer?.validHost == "here")
            #expect(answer?.originalRequest == request)
            return answer?.messageResponse
          }
          func files(_ question: ServerReflectionRequest.MessageRequest) async throws -> [[UInt8]] {
            guard case .fileDescriptorResponse(let response) = try await ask(question) else { return [] }
            return response.fileDescriptorProto
          }
          func failure(_ question: ServerReflectionRequest.MessageRequest?) async throws -> Int32? {
            guard case .errorResponse(let response) = try await ask(question) else { return nil }
            #expect(!response.errorMessage.isEmpty)
            return response.errorCode
          }

          guard case .listServicesResponse(let list) = try await ask(.listServices("*")) else {
            Issue.record("no list")
            return
          }
          #expect(
            list.service.map(\.name) == [
              "dms.admin.v1.AdminService", "dms.inventory.v1.InventoryService", "dms.order.v1.OrderService",
              "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
              "grpc.reflection.v1alpha.ServerReflection",
            ])

          let order = try await files(.fileByFilename("dms/order/v1/order_service.proto"))
          #expect(order.count > 1)
          #expect(Set(order).count == order.count)
          for symbol in [
            "dms.order.v1.OrderService", "dms.order.v1.OrderService.PlaceOrder", "dms.order.v1.Order",
            "dms.order.v1.Order.order_id", "dms.order.v1.OrderState", "dms.order.v1.ORDER_STATE_UNSPECIFIED",
          ] {
            #expect(try await files(.fileContainingSymbol(symbol)) == order, "\(symbol)")
          }
          let health = try await files(.fileByFilename("grpc/health/v1/health.proto"))
          for symbol in [
            "grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc.health.v1.HealthCheckResponse.SERVING",
          ] {
            #expect(try await files(.fileContainingSymbol(symbol)) == health, "\(symbol)")
          }
          #expect(try await files(.fileByFilename("google/protobuf/timestamp.proto")).count == 1)

          let missing = Int32(StatusCode.notFound.rawValue)
          #expect(try await failure(.fileByFilename("dms/nothing.proto")) == missing)
          #expect(try await failure(.fileContainingSymbol("dms.Nothing")) == missing)
          #expect(try await failure(.allExtensionNumbersOfType("dms.Nothing")) == missing)
          #expect(try await failure(.fileContainingExtension(.with { $0.extensionNumber = 1 })) == missing)
          #expect(try await failure(nil) == Int32(StatusCode.invalidArgument.rawValue))
          guard
            case .allExtensionNumbersResponse(let numbers) =
              try await ask(.allExtensionNumbersOfType("dms.order.v1.Order"))
          else {
            Issue.record("no numbers")
            return
          }
          #expect(numbers.baseTypeName == "dms.order.v1.Order")
          #expect(numbers.extensionNumber.isEmpty)
        }
      }
    }
  }

  @Test("Who may read the schemas is what the server was told", arguments: ReflectionAccess.allCases)
  func access(reflection: ReflectionAccess) async throws {
    try await withServer(on: .sqlite, reflection: reflection) { server, _ in
      func ask(with key: String?) async throws -> StatusCode? {
        try await server.calling(with: key) { clients in
          await refusal {
            try await ServerReflectionClient(clients.raw).serverReflectionInfo { requests, responses in
              try await requests.write(.with { $0.messageRequest = .listServices("") })
              for try await _ in responses { break }
            }
          }?.code
        }
      }
      let (stranger, administrator): (StatusCode?, StatusCode?) =
        switch reflection {
        case .open: (nil, nil)
        case .authenticated: (.unauthenticated, nil)
        case .off: (.unimplemented, .unimplemented)
        }
      let withoutKey = try await ask(with: nil)
      let withKey = try await ask(with: server.adminKey)
      #expect(withoutKey == stranger)
      #expect(withKey == administrator)
    }
  }

  @Test("Stock Python finds a method by reflection alone and calls it, and sees the server's health")
  func stockPython() async throws {
    try await withServer(on: .sqlite) { server, _ in
      let program = StockPython.programs + "/reflection_client.py"
      let result = try await StockPython.run([program, "127.0.0.1:\(server.address.port)", server.adminKey])
      #expect(result.code == 0 && result.output.hasSuffix("ok\n"), "\(result.output)")
    }
  }
}
