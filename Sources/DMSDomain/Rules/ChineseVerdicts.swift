/// Verdicts in Chinese: what is wrong in figures, and what would be right.
enum ChineseVerdicts {
  static func sentence(_ figures: FigureTexts) -> String {
    let sku = figures.sku
    switch figures.verdict.reason {
    case .notAuthorised where figures[.action] == "agree_price":
      return "\(figures[.principal]) 无权以协议价 \(figures[.unitPrice]) 订购 \(sku)；请去掉协议价，或由有权限的人员提交。"
    case .notAuthorised:
      return "\(figures[.principal]) 无权为经销商 \(figures[.dealer]) 下单。"
    case .aboveOrderLimit:
      return "订单总额 \(figures[.total]) 超过免审额度 \(figures[.limit])。"
    case .dealerInactive:
      return "经销商 \(figures[.dealer]) 的状态为 \(figures[.status])，不能下单。"
    case .productNotSellable where figures[.status] == "UNKNOWN":
      return "商品 \(sku) 不存在；请核对编码。"
    case .productNotSellable:
      return "商品 \(sku) 的状态为 \(figures[.status])，不能订购；请从订单中移除。"
    case .productNotAuthorised:
      return "商品 \(sku) 未授权给经销商 \(figures[.dealer])；请从订单中移除。"
    case .belowMinimum:
      return "\(sku) 订购 \(figures[.asked])，低于起订量 \(figures[.minimum])；请至少订购起订量。"
    case .notAMultiple:
      return "\(sku) 订购 \(figures[.asked])，不是 \(figures[.multiple]) 的整数倍。"
    case .aboveMaximum:
      return "\(sku) 订购 \(figures[.asked])，超过上限 \(figures[.maximum])；请减少数量。"
    case .currencyMismatch:
      return mismatch(figures)
    case .noPrice:
      return "已发布的价目表在该日期没有 \(sku) 数量为 \(figures[.asked]) 的价格。"
    case .priceChanged:
      return "\(sku) 的价格为 \(figures[.unitPrice])，与预期的 \(figures[.expectedUnitPrice]) 不同；请确认新价格后重新提交。"
    case .belowFloorPrice where figures.isSet(.floorUnitPrice):
      return "\(sku) 的价格 \(figures[.unitPrice]) 低于最低价 \(figures[.floorUnitPrice])。"
    case .belowFloorPrice:
      return "\(sku) 的协议价无法与以 \(figures[.currency]) 计的最低价比较。"
    case .creditStop:
      return "信用账户已停用；须先解除停用才能下单。"
    case .creditExpired:
      return "信用账户已于 \(figures[.expiryDate]) 到期；须先续期。"
    case .creditHold:
      return "信用账户被冻结，订单须审核。"
    case .creditExceeded where figures.isSet(.documentLimit):
      return "订单总额 \(figures[.total]) 超过单笔上限 \(figures[.documentLimit])。"
    case .creditExceeded:
      return "订单总额 \(figures[.total]) 超过可用信用 \(figures[.availableCredit])：额度 \(figures[.limit])，"
        + "已占用 \(figures[.exposure])。"
    case .creditOverdue:
      return "逾期金额 \(figures[.overdue])，最长逾期 \(figures[.overdueDays]) 天，超过账户允许的范围。"
    case .insufficientStock:
      return "\(sku) 需要 \(figures[.asked])，可供 \(figures[.available])。"
    case .duplicateReference:
      return "该经销商的订单 \(figures[.otherOrder]) 已使用相同的客户单号；如为新订单，请使用新的单号。"
    case .duplicateContent:
      return "该经销商的订单 \(figures[.otherOrder]) 在 \(figures[.windowDays]) 天内有相同的商品和数量。"
    }
  }

  private static func mismatch(_ figures: FigureTexts) -> String {
    switch figures[.holder] {
    case "dealer": "订单币种为 \(figures.currency)，经销商币种为 \(figures[.currency])。"
    case "credit_account": "订单币种为 \(figures.currency)，信用账户币种为 \(figures[.currency])。"
    default: "订单币种为 \(figures.currency)，\(figures.sku) 的价格以 \(figures[.currency]) 计（\(figures[.holder])）。"
    }
  }
}
