import DMSAPI
import DMSClient
import ProtobufC
import RPC
import Testing

@Suite("Typed errors")
struct DMSErrorTests {
  @Test("Every detail of a status is decoded")
  func details() throws {
    let status = try errorStatus(
      .failedPrecondition, "the order is blocked", reason: "RULE_BLOCKED",
      metadata: ["rule_set_version": "3"],
      details: [
        PreconditionFailure.with { failure in
          failure.violations = [
            .with {
              $0.type = "CREDIT_STOP"
              $0.subject = "account/4711"
              $0.description = "The account is stopped: ask the credit controller."
            }
          ]
        },
        BadRequest.with { request in
          request.fieldViolations = [
            .with {
              $0.field = "order.lines[3].quantity"
              $0.description = "The quantity is 0: write at least 1."
            }
          ]
        },
        RetryInfo.with { info in
          info.retryDelay = .with {
            $0.seconds = 1
            $0.nanos = 500_000_000
          }
        },
        ResourceInfo.with {
          $0.resourceType = "order"
          $0.resourceName = "A-1"
        },
      ])
    let error = DMSError(RPCError(.failedPrecondition, "the order is blocked", detailsBin: try status.encodedBytes()))
    #expect(error.code == .failedPrecondition)
    #expect(error.reason == .ruleBlocked)
    #expect(error.reasonName == "RULE_BLOCKED")
    #expect(error.message == "the order is blocked")
    #expect(error.metadata == ["rule_set_version": "3"])
    #expect(
      error.preconditionViolations == [
        .init(
          rule: "CREDIT_STOP", subject: "account/4711",
          description: "The account is stopped: ask the credit controller.")
      ])
    #expect(
      error.fieldViolations == [
        .init(field: "order.lines[3].quantity", description: "The quantity is 0: write at least 1.")
      ])
    #expect(error.retryDelay == .milliseconds(1_500))
    #expect(error.resource == .init(type: "order", name: "A-1"))
  }

  @Test("A reason that is newer than the client stays as text")
  func unknownReason() throws {
    let status = try errorStatus(.aborted, "new", reason: "MOON_IN_WRONG_PHASE")
    let error = DMSError(RPCError(.aborted, "new", detailsBin: try status.encodedBytes()))
    #expect(error.reason == nil)
    #expect(error.reasonName == "MOON_IN_WRONG_PHASE")
  }

  @Test(
    "Damaged details leave the code and the message",
    arguments: [[0xFF], [0x1A, 0x05, 0x0A], Array(repeating: 0x08, count: 40)])
  func damaged(_ bytes: [UInt8]) {
    let error = DMSError(RPCError(.notFound, "no such order", detailsBin: bytes))
    #expect(error.code == .notFound)
    #expect(error.message == "no such order")
    #expect(error.reasonName.isEmpty)
  }

  @Test(
    "A delay beyond reason is bounded, and one below zero is none",
    arguments: [(Int64.max, Duration.seconds(86_400)), (Int64.min, .zero)])
  func delays(_ seconds: Int64, _ expected: Duration) throws {
    let status = try errorStatus(
      .resourceExhausted, "", reason: "OVERLOADED",
      details: [RetryInfo.with { $0.retryDelay = .with { $0.seconds = seconds } }])
    let error = DMSError(RPCError(.resourceExhausted, "", detailsBin: try status.encodedBytes()))
    #expect(error.retryDelay == expected)
  }

  @Test("Every reason that a caller can act on has a remedy")
  func remedies() {
    #expect(DMSError(.outOfRange, "", reason: .revisionCompacted).remedy?.contains("List everything again") == true)
    #expect(DMSError(.aborted, "", reason: .fenced).remedy != nil)
    #expect(DMSError(.unavailable, "").remedy != nil)
    #expect(DMSError(.failedPrecondition, "", reason: .ruleBlocked).remedy == nil)
  }

  @Test("A cancelled task is a cancelled call")
  func cancellation() {
    #expect(DMSError(CancellationError()).code == .cancelled)
  }
}
