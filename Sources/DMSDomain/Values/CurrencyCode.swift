/// A currency in circulation, by its ISO 4217 code.
public struct CurrencyCode: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Three capital letters, such as `CNY`.
  public let value: String

  /// Digits after the point of the currency's minor unit: 2 for `USD`, 0 for `JPY`, 3 for `KWD`.
  public let minorUnitDigits: Int

  /// Finds a currency by its code; throws when ISO 4217 has none of this code in circulation. Case-sensitive.
  public init(validating code: String) throws(CurrencyError) {
    guard let digits = Self.digitsByCode[code] else { throw .unknown(code) }
    value = code
    minorUnitDigits = digits
  }

  /// The minor unit in micros: 10,000 for a cent. A power of ten from 100 to 1,000,000.
  public var minorUnitMicros: Int64 {
    switch minorUnitDigits {
    case 0: 1_000_000
    case 1: 100_000
    case 2: 10_000
    case 3: 1_000
    default: 100
    }
  }

  /// The code.
  public var description: String { value }

  /// Orders by code.
  public static func < (left: CurrencyCode, right: CurrencyCode) -> Bool {
    left.value < right.value
  }

  /// Micros, given as a fraction, rounded half-even to the minor unit; throws when they do not fit, as a fraction over
  /// zero or less never does.
  func rounded(_ dividend: Int128, over divisor: Int128) throws(ArithmeticError) -> Micros {
    let unit = Int128(minorUnitMicros)
    let (scaledDivisor, overflow) = divisor.multipliedReportingOverflow(by: unit)
    guard !overflow, scaledDivisor > 0 else { throw .overflow }
    let (micros, tooLarge) = HalfEven.divide(dividend, by: scaledDivisor).multipliedReportingOverflow(by: unit)
    guard !tooLarge, let value = Int64(exactly: micros) else { throw .overflow }
    return Micros(value)
  }
}

/// Why a text is no currency.
public enum CurrencyError: Error, Hashable, Sendable {
  /// ISO 4217 has no currency of this code in circulation.
  case unknown(String)
}

extension CurrencyCode {
  /// ISO 4217, the currencies with a minor unit; metals, test codes and baskets are left out.
  private static let digitsByCode: [String: Int] = {
    let codesByDigits: [(digits: Int, codes: String)] = [
      (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
      (
        2,
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
        CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
        HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR \
        MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK \
        SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD \
        XCG YER ZAR ZMW ZWG
        """
      ),
      (3, "BHD IQD JOD KWD LYD OMR TND"),
      (4, "CLF UYW"),
    ]
    var digitsByCode: [String: Int] = [:]
    for (digits, codes) in codesByDigits {
      for code in codes.split(separator: " ") {
        digitsByCode[String(code)] = digits
      }
    }
    return digitsByCode
  }()
}
