import RPC
import Testing

@Suite("Encodings of header values")
struct HeaderEncodingTests {
  @Test(
    "A message is percent-encoded where it is not printable ASCII",
    arguments: [
      ("plain text", "plain text"),
      ("100%", "100%25"),
      ("a\nb", "a%0Ab"),
      (
        "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
        "%09%0Atest with whitespace%0D%0Aand Unicode BMP %E2%98%BA and non-BMP %F0%9F%98%88%09%0A"
      ),
      ("", ""),
    ])
  func percentEncoding(message: String, value: String) {
    #expect(PercentEncoding.encode(message) == value)
    #expect(PercentEncoding.decode(value.utf8) == message)
  }

  @Test("A broken escape stands for itself", arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("a%2", "a%2")])
  func brokenEscape(value: String, message: String) {
    #expect(PercentEncoding.decode(value.utf8) == message)
  }

  @Test("Bytes travel as base64 and come back", arguments: 0...9)
  func base64(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 250) }
    let text = Base64.encode(bytes)
    #expect(!text.contains("="))
    #expect(Base64.decode(text.utf8) == bytes)
  }

  @Test("Padded base64 is taken too", arguments: [("YQ==", "a"), ("YWI=", "ab"), ("YWJj", "abc"), ("YWI", "ab")])
  func paddedBase64(text: String, decoded: String) {
    #expect(Base64.decode(text.utf8) == Array(decoded.utf8))
  }

  @Test("What is no base64 is refused", arguments: ["Y", "YWJjZ", "Y=Q=", "YWJj=", "YW Jj", "YW_j", "===="])
  func notBase64(text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }

  @Test(
    "A timeout header gives a duration",
    arguments: [
      ("1S", Duration.seconds(1)), ("100m", .milliseconds(100)), ("5u", .microseconds(5)), ("7n", .nanoseconds(7)),
      ("2M", .seconds(120)), ("1H", .seconds(3600)), ("0n", .zero), ("99999999H", .seconds(99_999_999 * 3600)),
    ])
  func timeout(value: String, duration: Duration) {
    #expect(CallTimeout.parse(value.utf8) == duration)
  }

  @Test(
    "A malformed timeout is none", arguments: ["", "S", "1", "1s", "-1S", "1.5S", "123456789S", "1 S", "S1", "+1S"])
  func malformedTimeout(value: String) {
    #expect(CallTimeout.parse(value.utf8) == nil)
  }

  @Test(
    "A duration becomes a timeout that is never shorter, and longer by less than a unit",
    arguments: [
      Duration.nanoseconds(1), .nanoseconds(99_999_999), .nanoseconds(100_000_001), .milliseconds(1500), .seconds(30),
      .seconds(86_400), .seconds(99_999_999), .seconds(100_000_000), .seconds(1_000_000_000_000),
    ])
  func formattedTimeout(duration: Duration) throws {
    let value = CallTimeout.format(duration)
    #expect(value.utf8.count <= 9)
    let parsed = try #require(CallTimeout.parse(value.utf8))
    #expect(parsed >= duration || value.hasPrefix("99999999"))
    // Eight digits hold five at least in the unit that is chosen, hours excepted, which begin at 99,999,999 minutes.
    #expect(parsed - duration <= duration / 99_999 + .nanoseconds(1))
  }

  @Test("A duration that has passed is zero", arguments: [Duration.zero, .seconds(-1)])
  func passedTimeout(duration: Duration) {
    #expect(CallTimeout.format(duration) == "0n")
  }
}
