internal import ArgumentParser

/// `dms order`.
struct OrderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order", abstract: "Places, follows, reviews and sums up orders.",
    subcommands: [
      PlaceOrderCommand.self, ValidateOrderCommand.self, SubmitOrderCommand.self, ReviewOrderCommand.self,
      CancelOrderCommand.self, ShowOrder.self, ListOrdersCommand.self, OrderTimeline.self, ImportOrders.self,
      SummariseOrders.self,
    ])
}
