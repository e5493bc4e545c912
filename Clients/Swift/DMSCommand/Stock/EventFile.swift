internal import DMSAPI
internal import DMSClient

/// Stock events of many dealers, as a file holds them.
struct EventFile: Sendable {
  /// A dealer's events in the order of the file, and the line of each.
  struct Feed: Sendable {
    let dealerID: String
    var events: [InventoryEvent] = []
    var lines: [Int] = []
  }

  /// The feeds in the order in which their dealers come first.
  private(set) var feeds: [Feed] = []
  private(set) var problems: [RowProblem]

  static let columns = [
    ColumnSpec("dealer_id", required: true), ColumnSpec("date"), ColumnSpec("event_time"),
    ColumnSpec("kind", required: true), ColumnSpec("sku", required: true), ColumnSpec("quantity", required: true),
    ColumnSpec("expected_quantity"), ColumnSpec("location_id"), ColumnSpec("document_id"),
  ]

  /// Reads every row of a file.
  init(_ file: CSVFile, _ map: ColumnMap) {
    problems = file.problems
    var places: [String: Int] = [:]
    for row in file.rows {
      var reader = RowReader(row, map)
      let dealer = reader.required("dealer_id")
      let event = Self.event(&reader)
      guard reader.problems.isEmpty else {
        problems += reader.problems
        continue
      }
      let place: Int
      if let known = places[dealer] {
        place = known
      } else {
        place = feeds.count
        places[dealer] = place
        feeds.append(Feed(dealerID: dealer))
      }
      feeds[place].events.append(event)
      feeds[place].lines.append(row.line)
    }
    problems.sort { $0.line < $1.line }
  }

  /// An event: `SET` reports a balance, every other kind a change of it.
  static func event(_ row: inout RowReader) -> InventoryEvent {
    var event = InventoryEvent()
    event.sku = row.required("sku")
    event.locationID = row.text("location_id")
    event.documentID = row.text("document_id")
    event.businessDate = row.date("date")
    event.eventTime = time(&row, date: event.businessDate)
    if row.required("kind").uppercased() == "SET" {
      var set = SetEvent()
      set.quantity = row.requiredInteger("quantity", in: Int64.min...Int64.max)
      if !row.text("expected_quantity").isEmpty {
        set.expectedQuantity = row.integer("expected_quantity", in: Int64.min...Int64.max)
      }
      event.change = .set(set)
    } else {
      var movement = MovementEvent()
      movement.kind = row.word("kind")
      movement.quantity = movement.kind.signed(row.requiredInteger("quantity", in: Int64.min...Int64.max))
      if movement.quantity == 0 { row.note("quantity", "is zero: nothing would change") }
      event.change = .movement(movement)
    }
    return event
  }

  /// When it happened: its time, else noon of its date in UTC.
  private static func time(_ row: inout RowReader, date: String) -> Timestamp? {
    let text = row.text("event_time")
    guard !text.isEmpty || !date.isEmpty else {
      row.note("date", "is empty, and so is event_time")
      return nil
    }
    do {
      var time = Timestamp()
      time.seconds =
        text.isEmpty ? try CalendarDate(date).days * 86_400 + 43_200 : try InstantText.seconds(text, now: 0)
      return time
    } catch {
      row.note("event_time", error.description)
      return nil
    }
  }
}
