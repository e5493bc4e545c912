/// Verdicts in English: what is wrong in figures, and what would be right.
enum EnglishVerdicts {
  static func sentence(_ figures: FigureTexts) -> String {
    let sku = figures.sku
    switch figures.verdict.reason {
    case .notAuthorised where figures[.action] == "agree_price":
      return "\(figures[.principal]) may not order \(sku) at an agreed price of \(figures[.unitPrice]); "
        + "leave the agreed price out, or ask somebody who may agree prices."
    case .notAuthorised:
      return "\(figures[.principal]) may not order for dealer \(figures[.dealer])."
    case .aboveOrderLimit:
      return "The total of \(figures[.total]) is above \(figures[.limit]), which may be ordered without review."
    case .dealerInactive:
      return "Dealer \(figures[.dealer]) is \(figures[.status]) and cannot order."
    case .productNotSellable where figures[.status] == "UNKNOWN":
      return "Product \(sku) is not known; check the SKU."
    case .productNotSellable:
      return "Product \(sku) is \(figures[.status]) and cannot be ordered; remove it from the order."
    case .productNotAuthorised:
      return "Product \(sku) is not sold to dealer \(figures[.dealer]); remove it from the order."
    case .belowMinimum:
      return "\(figures[.asked]) of \(sku) is less than the minimum of \(figures[.minimum]); order at least that many."
    case .notAMultiple:
      return "\(figures[.asked]) of \(sku) is no multiple of \(figures[.multiple])."
    case .aboveMaximum:
      return "\(figures[.asked]) of \(sku) is more than the maximum of \(figures[.maximum]); order at most that many."
    case .currencyMismatch:
      return mismatch(figures)
    case .noPrice:
      return "No published price list has a price for \(figures[.asked]) of \(sku) on this date."
    case .priceChanged:
      return "The price of \(sku) is \(figures[.unitPrice]), not \(figures[.expectedUnitPrice]) as expected; "
        + "accept the new price and send the order again."
    case .belowFloorPrice where figures.isSet(.floorUnitPrice):
      return "The price of \(sku), \(figures[.unitPrice]), is below its floor of \(figures[.floorUnitPrice])."
    case .belowFloorPrice:
      return "The agreed price of \(sku) cannot be compared with its floor, which is in \(figures[.currency])."
    case .creditStop:
      return "The credit account is stopped; it must be released before anything can be ordered."
    case .creditExpired:
      return "The credit account expired on \(figures[.expiryDate]); it must be renewed."
    case .creditHold:
      return "The credit account is on hold."
    case .creditExceeded where figures.isSet(.documentLimit):
      return "The total of \(figures[.total]) is above \(figures[.documentLimit]), the greatest value of one order."
    case .creditExceeded:
      return "The total of \(figures[.total]) is above the available credit of \(figures[.availableCredit]): "
        + "limit \(figures[.limit]) less \(figures[.exposure]) drawn."
    case .creditOverdue:
      return "\(figures[.overdue]) is overdue by up to \(figures[.overdueDays]) days, more than the account allows."
    case .insufficientStock:
      return "\(figures[.asked]) of \(sku) asked for, \(figures[.available]) available."
    case .duplicateReference:
      return "Order \(figures[.otherOrder]) of this dealer has the same customer reference; "
        + "if this is another order, give it a reference of its own."
    case .duplicateContent:
      return "Order \(figures[.otherOrder]) of this dealer has the same products and quantities "
        + "within \(figures[.windowDays]) day(s)."
    }
  }

  private static func mismatch(_ figures: FigureTexts) -> String {
    switch figures[.holder] {
    case "dealer": "The order is in \(figures.currency), the dealer orders in \(figures[.currency])."
    case "credit_account": "The order is in \(figures.currency), its credit account in \(figures[.currency])."
    default:
      "The order is in \(figures.currency); the price of \(figures.sku) is in \(figures[.currency]) "
        + "(\(figures[.holder]))."
    }
  }
}
