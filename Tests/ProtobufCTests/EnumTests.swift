import ProtobufC
import TestAPI
import Testing

@Suite("Enumerations")
struct EnumTests {
  @Test(
    "Cases have the schema's numbers and names",
    arguments: [
      (Color.unspecified, 0, "COLOR_UNSPECIFIED"), (.red, 1, "COLOR_RED"), (.darkBlue, 2, "COLOR_DARK_BLUE"),
      (.infrared, -1, "COLOR_INFRARED"), (.unrecognized(7), 7, "7"),
    ] as [(Color, Int32, String)])
  func names(_ color: Color, _ number: Int32, _ name: String) {
    #expect(color.rawValue == number)
    #expect(Color(rawValue: number) == color)
    #expect(color.name == name)
  }

  @Test("Names are found, aliases among them; others are not")
  func lookup() {
    #expect(Color(name: "COLOR_RED") == .red)
    #expect(Color(name: "COLOR_NAVY") == .darkBlue)
    #expect(Color(name: "RED") == nil)
    #expect(Color(name: "") == nil)
  }

  @Test("A second name of a number is another name of the same case")
  func alias() {
    #expect(Color.navy == .darkBlue)
    #expect(Color.allCases == [.unspecified, .red, .darkBlue, .infrared])
  }

  @Test("The same number is the same value")
  func equality() {
    #expect(Color.unrecognized(1) == .red)
    #expect(Set([Color.unrecognized(1), .red]).count == 1)
  }
}
