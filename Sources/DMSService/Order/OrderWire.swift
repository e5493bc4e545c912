internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC

/// Orders on the wire.
enum OrderWire {
  /// An order as a change left it, at the revision of its write.
  static func message(_ order: DMSDomain.Order, revision: Int64, lines: Bool = true) -> DMSAPI.Order {
    let header = order.header
    return .with {
      $0.orderID = order.id.value
      $0.etag = Etag.text(version: order.version)
      $0.state = DMSAPI.OrderState(rawValue: Int32(order.state.rawValue))
      $0.dealerID = header.dealer.value
      $0.currencyCode = header.currency.value
      $0.businessDate = header.businessDate.description
      $0.requestedDeliveryDate = header.requestedDeliveryDate?.description ?? ""
      $0.shipTo = header.shipTo.map { DMSAPI.Address($0) }
      $0.paymentTerms = header.paymentTerms
      $0.customerReference = header.customerReference
      $0.shipPolicy = DMSAPI.ShipPolicy(rawValue: Int32(header.shipPolicy.rawValue))
      if lines { $0.lines = order.lines.enumerated().map { line($1, number: Int32($0 + 1)) } }
      $0.netMicros = order.totals.net.value
      $0.freightMicros = header.freight.value
      $0.taxMicros = order.totals.tax.value
      $0.totalMicros = order.totals.total.value
      $0.holds = order.holds.map { hold in
        .with {
          $0.kind = DMSAPI.HoldKind(rawValue: Int32(hold.kind.rawValue))
          $0.reason = hold.reason
          $0.setBy = hold.setBy.value
          $0.setTime = Timestamp(hold.setTime)
        }
      }
      $0.verdicts = order.verdicts.map { VerdictWire.message($0, currency: header.currency) }
      $0.ruleSetVersion = order.ruleSetVersion
      $0.contentHash = order.contentHash
      $0.approvedCeilingMicros = order.approvedCeiling.value
      $0.createdBy = order.createdBy.value
      $0.submittedBy = order.submittedBy?.value ?? ""
      $0.createTime = Timestamp(order.createTime)
      $0.updateTime = Timestamp(order.updateTime)
      $0.submitTime = order.submitTime.timestamp
      $0.revision = revision
      $0.note = header.note
      $0.reviewExpireTime = order.reviewExpireTime.timestamp
    }
  }

  private static func line(_ line: DMSDomain.OrderLine, number: Int32) -> DMSAPI.OrderLine {
    let quantities = line.quantities
    let price = line.price
    return .with {
      $0.lineNumber = number
      $0.sku = line.request.sku.value
      $0.enteredQuantity = line.request.entered.value
      $0.unit = line.request.unit?.value ?? ""
      $0.orderedQuantity = quantities.ordered.value
      $0.overShippedQuantity = quantities.overShipped.value
      $0.cancelledQuantity = quantities.cancelled.value
      $0.closedShortQuantity = quantities.closedShort.value
      $0.openQuantity = quantities.open.value
      $0.shippedQuantity = quantities.shipped.value
      $0.receivedQuantity = quantities.received.value
      $0.shortQuantity = quantities.short.value
      $0.damagedQuantity = quantities.damaged.value
      $0.refusedQuantity = quantities.refused.value
      $0.returnedQuantity = quantities.returned.value
      $0.reservedQuantity = quantities.reserved.value
      $0.backOrderedQuantity = quantities.backOrdered.value
      $0.reservations = line.reservations.map { reservation in
        .with {
          $0.warehouseID = reservation.warehouse.value
          $0.quantity = reservation.quantity.value
        }
      }
      $0.listUnitPriceMicros = price.listUnitPrice.value
      $0.unitPriceMicros = price.unitPrice.value
      $0.priceSource = DMSAPI.PriceSource(rawValue: Int32(price.source.rawValue))
      $0.priceListVersion = price.listVersion
      $0.agreedPriceReason = line.request.agreedPriceReason
      $0.discounts = price.discounts.map { discount in
        .with {
          $0.name = discount.name
          $0.amountMicros = discount.amount.value
        }
      }
      $0.grossMicros = price.gross.value
      $0.netMicros = price.net.value
      $0.taxCode = price.taxCode
      $0.taxRateBps = Int32(clamping: price.taxRate.value)
      $0.taxMicros = price.tax.value
      $0.customerLineReference = line.request.customerLineReference
      $0.expectedUnitPriceMicros = line.request.expectedUnitPrice?.value
    }
  }

  /// The change event of an order.
  static func event(_ order: DMSAPI.Order) throws -> ChangeEvent {
    ChangeEvent(
      kind: ChangeKind.order, key: order.orderID, dealerID: order.dealerID, payload: try order.encodedBytes())
  }
}
