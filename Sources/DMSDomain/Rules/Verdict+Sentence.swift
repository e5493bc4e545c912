/// A language in which people read verdicts. Codes never change with it.
public enum Language: String, Hashable, Sendable, CaseIterable {
  /// English.
  case english = "en"
  /// Chinese.
  case chinese = "zh"
}

extension Verdict {
  /// The verdict as a sentence with its remedy. `currency` is the order's.
  public func sentence(in language: Language = .english, currency: CurrencyCode) -> String {
    guard outcome != .pass else {
      switch language {
      case .english: return "Nothing speaks against the order here."
      case .chinese: return "此项未发现问题。"
      }
    }
    let figures = FigureTexts(verdict: self, currency: currency)
    switch language {
    case .english: return EnglishVerdicts.sentence(figures)
    case .chinese: return ChineseVerdicts.sentence(figures)
    }
  }
}

/// The figures of a verdict as texts, for sentences of any language; a missing figure is «?».
struct FigureTexts {
  let verdict: Verdict
  let currency: CurrencyCode

  /// The product that the verdict concerns.
  var sku: String { verdict.sku?.value ?? "?" }

  /// A figure as a text.
  subscript(name: FigureName) -> String {
    switch verdict[name] {
    case .amount(let amount): amount.text(in: currency)
    case .quantity(let quantity): quantity.description
    case .count(let count): String(count)
    case .date(let date): date.description
    case .text(let text): text
    case nil: "?"
    }
  }

  /// A figure that is there and not 0.
  func isSet(_ name: FigureName) -> Bool {
    guard let value = verdict[name] else { return false }
    return value.integer != 0
  }
}
