import NIOCore
import Testing

@testable import RPC

@Suite("The stages of a call at the server")
struct ServerCallStateTests {
  @Test("A unary call starts when its client has ended, with its message")
  func unary() {
    var state = ServerCallState()
    #expect(state.accept(streamsRequests: false) == false)
    #expect(state.receive(FramedMessage(ByteBuffer(string: "a"))) == .keep)
    guard case .start(let message) = state.requestsEnded() else {
      Issue.record("the handler starts")
      return
    }
    #expect(message == FramedMessage(ByteBuffer(string: "a")))
    #expect(state.answer() == .trailersOnly)
    #expect(state.answer() == .ignore)
  }

  @Test("A second message for a unary method is refused")
  func secondMessage() {
    var state = ServerCallState()
    _ = state.accept(streamsRequests: false)
    _ = state.receive(FramedMessage(ByteBuffer()))
    #expect(state.receive(FramedMessage(ByteBuffer())) == .refuse)
  }

  @Test("A unary call without a message is noticed")
  func noMessage() {
    var state = ServerCallState()
    _ = state.accept(streamsRequests: false)
    guard case .missing = state.requestsEnded() else {
      Issue.record("the message is missing")
      return
    }
  }

  @Test("A stream of requests starts at once, and its messages are delivered until there is an answer")
  func stream() {
    var state = ServerCallState()
    #expect(state.accept(streamsRequests: true) == true)
    #expect(state.receive(FramedMessage(ByteBuffer())) == .deliver)
    #expect(state.send() == true)
    #expect(state.send() == false)
    #expect(state.answer() == .trailers)
    #expect(state.receive(FramedMessage(ByteBuffer())) == .ignore)
    #expect(state.send() == nil)
    #expect(state.close() == false)
  }

  @Test("Closing while the handler runs cancels it, and leaves nothing to answer")
  func closing() {
    var state = ServerCallState()
    _ = state.accept(streamsRequests: true)
    #expect(state.close() == true)
    #expect(state.answer() == .ignore)
    #expect(state.send() == nil)
  }
}
