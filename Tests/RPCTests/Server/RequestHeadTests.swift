import Testing

@testable import RPC

@Suite("The head of a request")
struct RequestHeadTests {
  private let methods = MethodTable([
    ServiceDefinition(
      name: "test.Service",
      methods: [
        ServerMethod(
          MethodDescriptor(service: "test.Service", method: "Echo", kind: .unary), handler: .unary { bytes, _ in bytes }
        )
      ])
  ])

  @Test(
    "gRPC's content types are served",
    arguments: [
      "application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8",
    ])
  func contentTypes(contentType: String) {
    guard case .call(let method) = verdict(contentType: contentType) else {
      Issue.record("\(contentType) is served")
      return
    }
    #expect(method.descriptor.method == "Echo")
  }

  @Test(
    "Other content types are answered 415",
    arguments: [
      "application/json", "application/grpc-web", "application/grpcx", "", "text/html",
    ])
  func foreignContentTypes(contentType: String) {
    guard case .http(status: "415") = verdict(contentType: contentType) else {
      Issue.record("\(contentType) is not served")
      return
    }
  }

  @Test("Another HTTP method than POST is answered 405", arguments: ["GET", "PUT", "post"])
  func httpMethods(method: String) {
    guard case .http(status: "405") = verdict(method: method) else {
      Issue.record("\(method) is not served")
      return
    }
  }

  @Test(
    "A refusal names what is wrong",
    arguments: [
      ("/test.Service/Nope", [], StatusCode.unimplemented, "unknown method Nope of service test.Service"),
      ("/nope.Service/Echo", [], .unimplemented, "unknown service nope.Service"),
      ("/Echo", [], .unimplemented, "malformed method name /Echo"),
      ("/test.Service/Echo", [("grpc-encoding", "snappy")], .unimplemented, "grpc-encoding snappy is not supported"),
      ("/test.Service/Echo", [("grpc-timeout", "soon")], .internal, "malformed grpc-timeout soon"),
      ("/test.Service/Echo", [("a-bin", "***")], .internal, "the value of a-bin is not base64"),
    ] as [(String, [(String, String)], StatusCode, String)])
  func refusals(path: String, fields: [(String, String)], code: StatusCode, message: String) {
    guard case .refused(let error) = verdict(path: path, fields: fields) else {
      Issue.record("\(path) is refused")
      return
    }
    #expect(error.code == code)
    #expect(error.message == message)
  }

  @Test("What gRPC does not read is metadata")
  func metadata() {
    var head = RequestHead()
    add([("user-agent", "test"), ("te", "trailers"), ("a-bin", "AQI"), ("grpc-timeout", "5S")], to: &head)
    #expect(head.metadata.map(\.name) == ["user-agent", "a-bin"])
    #expect(head.metadata.firstBinary("a-bin") == [1, 2])
    #expect(head.timeout == .seconds(5))
  }

  private func verdict(
    method: String = "POST", path: String = "/test.Service/Echo", contentType: String = "application/grpc",
    fields: [(String, String)] = []
  ) -> RequestHead.Verdict {
    var head = RequestHead()
    add([(":method", method), (":path", path), ("content-type", contentType)] + fields, to: &head)
    return head.verdict(methods: methods)
  }

  private func add(_ fields: [(String, String)], to head: inout RequestHead) {
    for (name, value) in fields {
      Array(name.utf8).withUnsafeBytes { name in
        Array(value.utf8).withUnsafeBytes { value in
          head.add(KnownHeader(name), name: name, value: value, methods: methods)
        }
      }
    }
  }
}
