import DMSClient
import Testing

@Suite("Request ids")
struct RequestIDTests {
  @Test("A new id is a version 7 UUID in lower case, and reads back as itself")
  func newID() throws {
    let id = RequestID()
    let text = id.text
    #expect(text.count == 36)
    #expect(Array(text)[14] == "7")
    #expect("89ab".contains(Array(text)[19]))
    #expect(try RequestID(validating: text) == id)
  }

  @Test("A thousand new ids are all different")
  func distinct() {
    #expect(Set((0..<1_000).map { _ in RequestID() }).count == 1_000)
  }

  @Test("The time stands first, so that later ids sort later")
  func timeFirst() {
    let early = RequestID(milliseconds: 0x0123_4567_89ab, random: .max, .max)
    let late = RequestID(milliseconds: 0x0123_4567_89ac, random: 0, 0)
    #expect(early.text == "01234567-89ab-7fff-bfff-ffffffffffff")
    #expect(late.text == "01234567-89ac-7000-8000-000000000000")
  }

  @Test("Capitals are read, and written small")
  func capitals() throws {
    let id = try RequestID(validating: "0190D5A3-7C3E-7E9B-B1A5-0242AC120002")
    #expect(id.text == "0190d5a3-7c3e-7e9b-b1a5-0242ac120002")
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "4711", "0190d5a37c3e7e9bb1a50242ac120002", "0190d5a3-7c3e-7e9b-b1a5-0242ac12000",
      "0190d5a3-7c3e-7e9b-b1a5-0242ac1200022", "0190d5a3-7c3e-7e9b-b1a5_0242ac120002",
      "0190d5a3-7c3e-7e9b-b1a5-0242ac12000g", "{190d5a3-7c3e-7e9b-b1a5-0242ac12000}",
      "--------------------------------0000",
    ])
  func malformed(_ text: String) {
    #expect(throws: RequestIDError.malformed(text)) { try RequestID(validating: text) }
  }

  @Test(
    "A derived id is the version 5 UUID that other languages derive",
    arguments: [
      ("invoice/4711", "84160e1e-970e-53df-923f-b793942278f7"),
      ("", "0b56c299-3747-5640-b157-90697d22963f"),
      (String(repeating: "a", count: 55), "0e53a467-eb33-5636-8c2d-d52ed4cc0524"),
      ("订单/1", "5cf0cdcc-d9d8-5924-beb9-f954997be018"),
    ])
  func derived(_ name: String, _ expected: String) {
    #expect(RequestID(deriving: name).text == expected)
  }

  @Test("Another namespace derives another id, as RFC 9562 has it")
  func namespace() throws {
    let dns = try RequestID(validating: "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
    #expect(RequestID(deriving: "www.example.com", namespace: dns).text == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
  }
}
