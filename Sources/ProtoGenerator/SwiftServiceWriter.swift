extension SwiftFileWriter {
  /// The file with the stubs of the services; nil when the schema declares none.
  func services() -> GeneratedFile? {
    if file.services.isEmpty { return nil }
    var source = SourceWriter()
    writeHead(to: &source)
    source.line("internal import NIOCore")
    source.line("internal import ProtobufC")
    source.line("public import RPC")
    for service in file.services {
      let writer = SwiftServiceWriter(service: service, names: names)
      source.line()
      writer.writeMethods(to: &source)
      source.line()
      writer.writeHandler(to: &source)
      source.line()
      writer.writeDefinition(to: &source)
      source.line()
      writer.writeClient(to: &source)
    }
    return GeneratedFile(name: CNames.fileStem(file.path) + ".rpc.swift", content: source.text)
  }
}

/// Writes the stubs of a service: its methods by name, the protocol that a server implements, and the client.
struct SwiftServiceWriter {
  let service: SchemaService
  let names: SwiftNames

  private var methods: String { "\(service.name)Methods" }
  private var handler: String { "\(service.name)Handler" }
  private var client: String { "\(service.name)Client" }

  private func function(_ method: SchemaMethod) -> String { SwiftNames.escaped(SwiftNames.method(method.name)) }
  private func input(_ method: SchemaMethod) -> String { names.type(method.input) }
  private func output(_ method: SchemaMethod) -> String { names.type(method.output) }

  private func kind(_ method: SchemaMethod) -> String {
    switch (method.clientStreams, method.serverStreams) {
    case (false, false): "unary"
    case (true, false): "clientStreaming"
    case (false, true): "serverStreaming"
    case (true, true): "bidirectional"
    }
  }

  // MARK: - Methods

  func writeMethods(to source: inout SourceWriter) {
    source.line("/// The methods of `\(service.fullName)` as the wire knows them.")
    source.block("public enum \(methods) {") { source in
      for method in service.methods {
        source.line("/// `\(service.fullName)/\(method.name)`.")
        source.line(
          "public static let \(function(method)) = MethodDescriptor(service: \"\(service.fullName)\", method: \"\(method.name)\", kind: .\(kind(method)), idempotency: .\(method.idempotency))"
        )
      }
      source.line("/// All of them, in the order of the schema.")
      source.line(
        "public static let all: [MethodDescriptor] = [\(service.methods.map(function).joined(separator: ", "))]")
    }
  }

  // MARK: - Server

  func writeHandler(to source: inout SourceWriter) {
    source.documentation(service.comment, fallback: "Serves `\(service.fullName)`.")
    source.block("public protocol \(handler): Sendable {") { source in
      for method in service.methods {
        source.documentation(method.comment, fallback: "Serves `\(method.name)`.")
        source.line(serverFunction(method))
      }
    }
  }

  private func serverFunction(_ method: SchemaMethod) -> String {
    let request =
      method.clientStreams
      ? "_ requests: RequestStream<\(input(method))>" : "_ request: \(input(method))"
    let result =
      method.serverStreams
      ? ", responses: ResponseWriter<\(output(method))>, context: ServerContext) async throws"
      : ", context: ServerContext) async throws -> \(output(method))"
    return "func \(function(method))(\(request)\(result)"
  }

  func writeDefinition(to source: inout SourceWriter) {
    source.block("extension \(handler) {") { source in
      source.line(
        "/// The service as a server registers it: bytes are decoded, this handler is called, its answers are encoded.")
      source.block("public var serviceDefinition: ServiceDefinition {") { source in
        source.line("ServiceDefinition(name: \"\(service.fullName)\", methods: [")
        for method in service.methods { writeServerMethod(method, to: &source) }
        source.line("])")
      }
    }
  }

  private func writeServerMethod(_ method: SchemaMethod, to source: inout SourceWriter) {
    let decoding = "try RPCCodec.request(\(input(method)).self, bytes)"
    let requests = "RequestStream(requests) { bytes in \(decoding) }"
    let responses = "ResponseWriter(responses) { message, buffer in try RPCCodec.append(message, to: &buffer) }"
    source.line("  ServerMethod(\(methods).\(function(method)), handler: .\(kind(method)) {")
    switch (method.clientStreams, method.serverStreams) {
    case (false, false):
      source.line("    bytes, context in")
      source.line("    try RPCCodec.encoded(await self.\(function(method))(\(decoding), context: context))")
    case (true, false):
      source.line("    requests, context in")
      source.line("    try RPCCodec.encoded(await self.\(function(method))(\(requests), context: context))")
    case (false, true):
      source.line("    bytes, responses, context in")
      source.line("    try await self.\(function(method))(\(decoding), responses: \(responses), context: context)")
    case (true, true):
      source.line("    requests, responses, context in")
      source.line("    try await self.\(function(method))(\(requests), responses: \(responses), context: context)")
    }
    source.line("  }),")
  }

  // MARK: - Client

  func writeClient(to source: inout SourceWriter) {
    source.line("/// Calls `\(service.fullName)`. Every error of a call is an `RPCError`.")
    source.block("public struct \(client): Sendable {") { source in
      source.line("private let caller: any RPCCaller")
      source.line()
      source.line("/// A client whose calls `client` makes.")
      source.block("public init(_ client: any RPCCaller) {") { $0.line("caller = client") }
      for method in service.methods {
        source.line()
        source.documentation(method.comment, fallback: "Calls `\(method.name)`.")
        writeClientFunction(method, to: &source)
      }
    }
  }

  private func writeClientFunction(_ method: SchemaMethod, to source: inout SourceWriter) {
    let name = function(method)
    let input = input(method)
    let output = output(method)
    let descriptor = "\(methods).\(name)"
    let decode = "{ bytes in try RPCCodec.response(\(output).self, bytes) }"
    let encode = "{ message, buffer in try RPCCodec.append(message, to: &buffer) }"
    switch (method.clientStreams, method.serverStreams) {
    case (false, false):
      source.block(
        "public func \(name)(_ request: \(input), options: CallOptions = CallOptions()) async throws -> \(output) {"
      ) { source in
        source.line(
          "try RPCCodec.response(\(output).self, await caller.unary(\(descriptor), RPCCodec.encoded(request), options: options))"
        )
      }
    case (false, true):
      source.block(
        "public func \(name)(_ request: \(input), options: CallOptions = CallOptions()) -> ResponseStream<\(output)> {"
      ) { source in
        source.line(
          "ResponseStream(caller.serverStreaming(\(descriptor), RPCCodec.encodedOrUnreadable(request), options: options)) \(decode)"
        )
      }
    case (true, false):
      source.block(
        "public func \(name)(options: CallOptions = CallOptions(), _ body: @Sendable (RequestWriter<\(input)>) async throws -> Void) async throws -> \(output) {"
      ) { source in
        source.line("let bytes = try await caller.clientStreaming(\(descriptor), options: options) { writer in")
        source.line("  try await body(RequestWriter(writer) \(encode))")
        source.line("}")
        source.line("return try RPCCodec.response(\(output).self, bytes)")
      }
    case (true, true):
      source.block(
        "public func \(name)<Result: Sendable>(options: CallOptions = CallOptions(), _ body: (RequestWriter<\(input)>, ResponseStream<\(output)>) async throws -> Result) async throws -> Result {"
      ) { source in
        source.line("try await caller.bidirectional(\(descriptor), options: options) { writer, responses in")
        source.line("  try await body(RequestWriter(writer) \(encode), ResponseStream(responses) \(decode))")
        source.line("}")
      }
    }
  }
}
