package import DMSAPI
internal import ProtobufC
package import RPC

/// Who may read a server's schemas from the server.
package enum ReflectionAccess: String, Sendable, CaseIterable {
  /// Everybody.
  case open
  /// Everybody with a good credential, whatever the roles.
  case authenticated
  /// Nobody: the service is not there.
  case off
}

/// `grpc.reflection.v1.ServerReflection`, and the same under its older name, `grpc.reflection.v1alpha`.
package struct ReflectionService: ServerReflectionHandler {
  private static let method = ServerReflectionMethods.serverReflectionInfo
  private static let alphaName = "grpc.reflection.v1alpha.ServerReflection"

  /// Full names of both.
  package static let names = [method.service, alphaName]

  private let schemas: SchemaIndex

  /// Answers out of `schemas`.
  package init(_ schemas: SchemaIndex) {
    self.schemas = schemas
  }

  /// Both services. Their messages are the same on the wire.
  package var serviceDefinitions: [ServiceDefinition] {
    let current = serviceDefinition
    let older = current.methods.map { method in
      ServerMethod(
        MethodDescriptor(
          service: Self.alphaName, method: method.descriptor.method, kind: method.descriptor.kind,
          idempotency: method.descriptor.idempotency),
        handler: method.handler)
    }
    return [current, ServiceDefinition(name: Self.alphaName, methods: older)]
  }

  package func serverReflectionInfo(
    _ requests: RequestStream<ServerReflectionRequest>, responses: ResponseWriter<ServerReflectionResponse>,
    context: ServerContext
  ) async throws {
    for try await request in requests {
      let response = answer(to: request.messageRequest)
      try await responses.write(
        .with {
          $0.validHost = request.host
          $0.originalRequest = request
          $0.messageResponse = response
        })
    }
  }

  private func answer(
    to question: ServerReflectionRequest.MessageRequest?
  ) -> ServerReflectionResponse.MessageResponse {
    switch question {
    case .listServices:
      .listServicesResponse(
        .with { response in
          response.service = schemas.services.map { name in ServiceResponse.with { $0.name = name } }
        })
    case .fileByFilename(let name):
      files(schemas.file(named: name), or: "There is no such file.")
    case .fileContainingSymbol(let symbol):
      files(schemas.file(declaring: symbol), or: "Nothing has this name.")
    case .fileContainingExtension:
      // The schemas are proto3, and extend nothing.
      error(.notFound, "There is no such extension.")
    case .allExtensionNumbersOfType(let name) where schemas.isMessage(name):
      .allExtensionNumbersResponse(.with { $0.baseTypeName = name })
    case .allExtensionNumbersOfType:
      error(.notFound, "No message has this name.")
    case nil:
      error(.invalidArgument, "The question is missing, or of a kind that is not known here.")
    }
  }

  private func files(_ files: [[UInt8]]?, or sentence: String) -> ServerReflectionResponse.MessageResponse {
    guard let files else { return error(.notFound, sentence) }
    return .fileDescriptorResponse(.with { $0.fileDescriptorProto = files })
  }

  private func error(_ code: StatusCode, _ sentence: String) -> ServerReflectionResponse.MessageResponse {
    .errorResponse(
      .with {
        $0.errorCode = Int32(truncatingIfNeeded: code.rawValue)
        $0.errorMessage = sentence
      })
  }
}
