internal import DMSAPI
internal import DMSDomain
internal import ProtobufC

/// Verdicts and decisions on the wire.
enum VerdictWire {
  static func message(_ verdict: Verdict, currency: CurrencyCode) -> RuleVerdict {
    .with {
      $0.reason = verdict.reason.code
      $0.outcome = outcome(verdict.outcome)
      if case .review(let requirement) = verdict.outcome {
        $0.reviewRole = requirement.role.name
        $0.reviewLevel = requirement.level
      }
      $0.lineNumber = verdict.line ?? 0
      $0.sku = verdict.sku?.value ?? ""
      for figure in verdict.figures {
        if let number = figure.value.integer {
          $0.figures[figure.name.rawValue] = number
        } else if case .text(let text) = figure.value {
          $0.names[figure.name.rawValue] = text
        }
      }
      $0.message = verdict.sentence(currency: currency)
    }
  }

  static func outcome(_ outcome: DMSDomain.VerdictOutcome) -> DMSAPI.VerdictOutcome {
    switch outcome {
    case .pass: .pass
    case .warn: .warn
    case .review: .review
    case .block: .block
    }
  }

  static func message(_ decision: DMSDomain.Decision) -> DMSAPI.Decision {
    let inputs = decision.inputs
    return .with {
      $0.ruleSetVersion = decision.ruleSetVersion
      $0.verdicts = decision.verdicts.map { message($0, currency: inputs.currency) }
      $0.inputs = .with {
        $0.decideTime = Timestamp(inputs.decidedAt)
        $0.principalID = inputs.principal.value
        $0.orderLimitMicros = inputs.orderLimit.value
        $0.dealerID = inputs.dealer.value
        $0.tier = inputs.tier?.value ?? ""
        $0.region = inputs.region?.value ?? ""
        $0.dealerStatus = inputs.dealerStatus.code
        $0.businessDate = inputs.businessDate.description
        $0.currencyCode = inputs.currency.value
        $0.shipPolicy = DMSAPI.ShipPolicy(rawValue: Int32(inputs.shipPolicy.rawValue))
        $0.totalMicros = inputs.total.value
        $0.creditLimitMicros = inputs.creditLimit?.value
        $0.creditStatus = inputs.creditStatus.code
        $0.unshippedMicros = inputs.exposure.unshipped.value
        $0.unbilledMicros = inputs.exposure.unbilled.value
        $0.receivableMicros = inputs.exposure.receivable.value
        $0.products = inputs.products.map { product in
          .with {
            $0.sku = product.sku.value
            $0.askedQuantity = product.asked.value
            $0.promisableQuantity = product.promisable.value
            $0.known = product.isKnown
            $0.status = product.status.code
            $0.authorised = product.isAuthorised
            $0.minimumQuantity = product.quantities.minimum.value
            $0.multipleQuantity = product.quantities.multiple.value
            $0.maximumQuantity = product.quantities.maximum.value
            $0.priceListVersion = product.listVersion
            $0.listUnitPriceMicros = product.listUnitPrice.value
            $0.floorUnitPriceMicros = product.floorUnitPrice.value
          }
        }
      }
    }
  }

  /// The verdicts that block, as violations of an error.
  static func violations(_ decision: DMSDomain.Decision) -> [PreconditionViolation] {
    decision.blocks.map { verdict in
      var figures: [String: Int64] = [:]
      for figure in verdict.figures { figures[figure.name.rawValue] = figure.value.integer }
      return PreconditionViolation(
        type: verdict.reason.code, subject: verdict.line.map { "order.lines[\($0 - 1)]" } ?? "order",
        description: verdict.sentence(currency: decision.inputs.currency), figures: figures)
    }
  }
}
