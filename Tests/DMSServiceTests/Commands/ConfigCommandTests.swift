import Foundation
import Testing

@Suite("The settings of the program")
struct ConfigCommandTests {
  @Test("Every setting is shown with its source")
  func shown() throws {
    let program = try Program("config", environment: ["DMS_ADMIN_PORT": "9421", "DMS_LOG_FORMAT": "json"])
    #expect(program.code == 0, "\(program.errors)")
    #expect(program.value("admin.port")?.hasPrefix("9421") == true)
    #expect(program.value("admin.port")?.contains("DMS_ADMIN_PORT") == true)
    #expect(program.value("log.format")?.hasPrefix("json") == true)
    #expect(program.value("tls.reload.seconds")?.hasPrefix("60") == true)
    #expect(program.value("tls.client.certificates")?.hasPrefix("required") == true)
    #expect(program.value("limits.calls.per.second")?.hasPrefix("0") == true)
  }

  @Test(
    "A value that cannot be is refused, with where it comes from and what would be right",
    arguments: [
      ("DMS_LOG_FORMAT", "xml", "text or json"), ("DMS_ADMIN_PORT", "70000", "from 0 to 65535"),
      ("DMS_LIMITS_CALLS_BURST", "0", "from 1 to"), ("DMS_TLS_RELOAD_SECONDS", "-1", "from 0 to"),
      ("DMS_TLS_CLIENT_CERTIFICATES", "maybe", "required or optional"),
    ])
  func refused(variable: String, value: String, remedy: String) throws {
    let program = try Program(
      "config",
      environment: [
        variable: value, "DMS_TLS_CERTIFICATE": "/c.pem", "DMS_TLS_KEY": "/k.pem",
        "DMS_TLS_CLIENT_AUTHORITIES": "/a.pem",
      ])
    #expect(program.code != 0)
    #expect(program.errors.contains(variable) && program.errors.contains(remedy), "\(program.errors)")
  }
}
