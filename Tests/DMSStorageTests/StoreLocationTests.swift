import Testing

@testable import DMSStorage

@Suite("Where a store is")
struct StoreLocationTests {
  @Test("A location is read from text, and nothing else passes for one")
  func reading() {
    #expect(StoreLocation(text: "sqlite:/var/lib/dms.db") == .sqlite(path: "/var/lib/dms.db"))
    #expect(StoreLocation(text: "sqlite:dms.db").map { "\($0)" } == "sqlite:dms.db")
    for text in ["", "sqlite:", "dms.db", "mysql://x", "postgres", "host=db password=sesame"] {
      #expect(StoreLocation(text: text) == nil, "\(text)")
    }
  }

  @Test(
    "No password is shown, however the URL is written",
    arguments: [
      ("postgres://dms@db/dms", "postgres://dms@db/dms"),
      ("postgres://dms:sesame@db:5432/dms?sslmode=require", "postgres://dms:…@db:5432/dms?sslmode=require"),
      ("postgresql://dms:ses@ame/sesame@db/dms", "postgresql://dms:…@db/dms"),
      ("postgres://dms:se?same@db/dms", "postgres://dms:…@db/dms"),
      ("postgres:///dms?host=/run&password=sesame&user=x", "postgres:///dms?host=/run&password=…&user=x"),
      ("postgres://db/dms?sslpassword=sesame&PASSWORD=sesame", "postgres://db/dms?sslpassword=…&PASSWORD=…"),
      ("postgres://db/dms?password=ses@me&sslmode=require", "postgres://db/dms?password=…&sslmode=require"),
      ("postgres://db/dms?p%61ssword=sesame", "postgres://db/dms?p%61ssword=…"),
      ("postgres://dms:sesame\u{600}@db/dms", "postgres://dms:…@db/dms"),
      ("postgres://dms:sesame@\u{301}db/dms", "postgres://dms:…@\u{301}db/dms"),
      ("postgres://db/dms?password=\u{301}sesame", "postgres://db/dms?password=…"),
      ("postgers://dms:sesame@db/dms", "postgers://dms:…@db/dms"),
      ("host=db password=sesame", "…"),
      ("sqlite:dms.db", "sqlite:dms.db"),
    ])
  func masking(text: String, shown: String) {
    #expect(StoreLocation.masked(text) == shown)
  }
}
