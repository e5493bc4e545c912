/// The business tables of the first migration.
///
/// The text is common to both databases but for the words that the dialect replaces:
/// `{INT}` a 64-bit integer, `{BYTES}` a byte string, `{KEY}` a text compared by its bytes, and
/// `{TABLE}` / `{CLUSTERED}` the end of a table (STRICT, and stored in the order of its key).
///
/// Times are microseconds since 1970 (UTC), dates are days since 1970-01-01, amounts are
/// millionths of the currency unit, quantities are base units. A `version` counts the changes of a
/// row and is what its etag is made of. An empty owner is the brand.
enum Migration0001Tables {
  static let statements: [String] =
    masterData + prices + credit + principals + orders + stock + feeds

  private static let masterData = [
    """
    CREATE TABLE warehouse (
      warehouse_id {KEY} NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      region {KEY} NOT NULL,
      status {INT} NOT NULL CHECK (status BETWEEN 1 AND 2),
      address {BYTES},
      version {INT} NOT NULL CHECK (version > 0),
      create_time {INT} NOT NULL,
      update_time {INT} NOT NULL
    ) {TABLE}
    """,
    """
    CREATE TABLE credit_account (
      credit_account_id {KEY} NOT NULL PRIMARY KEY,
      currency_code {KEY} NOT NULL,
      mode {INT} NOT NULL CHECK (mode BETWEEN 1 AND 3),
      limit_micros {INT} NOT NULL CHECK (limit_micros >= 0),
      temporary_limit_micros {INT} NOT NULL CHECK (temporary_limit_micros >= 0),
      temporary_limit_expire_time {INT},
      status {INT} NOT NULL CHECK (status IN (1, 3, 4)),
      expiry_date {INT},
      document_limit_micros {INT} NOT NULL CHECK (document_limit_micros >= 0),
      overdue_days_max {INT} NOT NULL CHECK (overdue_days_max >= 0),
      overdue_micros_max {INT} NOT NULL CHECK (overdue_micros_max >= 0),
      unshipped_micros {INT} NOT NULL CHECK (unshipped_micros >= 0),
      unbilled_micros {INT} NOT NULL CHECK (unbilled_micros >= 0),
      receivable_micros {INT} NOT NULL,
      version {INT} NOT NULL CHECK (version > 0),
      create_time {INT} NOT NULL,
      update_time {INT} NOT NULL
    ) {UPDATED}
    """,
    """
    CREATE TABLE dealer (
      dealer_id {KEY} NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      tier {KEY} NOT NULL,
      region {KEY} NOT NULL,
      parent_dealer_id {KEY} REFERENCES dealer (dealer_id),
      status {INT} NOT NULL CHECK (status BETWEEN 1 AND 3),
      currency_code {KEY} NOT NULL,
      payment_terms TEXT NOT NULL,
      credit_account_id {KEY} NOT NULL REFERENCES credit_account (credit_account_id),
      price_list_id {KEY},
      territory {KEY} NOT NULL,
      stock_authority {INT} NOT NULL CHECK (stock_authority BETWEEN 1 AND 2),
      split_shipments_allowed {INT} NOT NULL CHECK (split_shipments_allowed IN (0, 1)),
      feed_max_age_seconds {INT} NOT NULL CHECK (feed_max_age_seconds > 0),
      address {BYTES},
      version {INT} NOT NULL CHECK (version > 0),
      create_time {INT} NOT NULL,
      update_time {INT} NOT NULL,
      CHECK (parent_dealer_id <> dealer_id)
    ) {TABLE}
    """,
    "CREATE INDEX dealer_by_region ON dealer (region, dealer_id)",
    "CREATE INDEX dealer_by_parent ON dealer (parent_dealer_id)",
    """
    CREATE TABLE dealer_warehouse (
      dealer_id {KEY} NOT NULL REFERENCES dealer (dealer_id),
      position {INT} NOT NULL CHECK (position >= 0),
      warehouse_id {KEY} NOT NULL REFERENCES warehouse (warehouse_id),
      PRIMARY KEY (dealer_id, position),
      UNIQUE (dealer_id, warehouse_id)
    ) {CLUSTERED}
    """,
    """
    CREATE TABLE product (
      sku {KEY} NOT NULL PRIMARY KEY,
      category_path {KEY} NOT NULL,
      base_unit TEXT NOT NULL,
      pack_quantity {INT} NOT NULL CHECK (pack_quantity > 0),
      minimum_quantity {INT} NOT NULL CHECK (minimum_quantity >= 0),
      multiple_quantity {INT} NOT NULL CHECK (multiple_quantity > 0),
      maximum_quantity {INT} NOT NULL CHECK (maximum_quantity >= 0),
      status {INT} NOT NULL CHECK (status BETWEEN 1 AND 3),
      currency_code {KEY} NOT NULL,
      unit_cost_micros {INT} NOT NULL CHECK (unit_cost_micros >= 0),
      floor_unit_price_micros {INT} NOT NULL CHECK (floor_unit_price_micros >= 0),
      lot_tracked {INT} NOT NULL CHECK (lot_tracked IN (0, 1)),
      tax_code TEXT NOT NULL,
      tax_rate_bps {INT} NOT NULL CHECK (tax_rate_bps BETWEEN 0 AND 10000),
      unit_count {INT} NOT NULL CHECK (unit_count >= 0),
      audience_count {INT} NOT NULL CHECK (audience_count >= 0),
      version {INT} NOT NULL CHECK (version > 0),
      create_time {INT} NOT NULL,
      update_time {INT} NOT NULL
    ) {TABLE}
    """,
    "CREATE INDEX product_by_category ON product (category_path, sku)",
    """
    CREATE TABLE product_name (
      sku {KEY} NOT NULL REFERENCES product (sku),
      language {KEY} NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (sku, language)
    ) {CLUSTERED}
    """,
    """
    CREATE TABLE product_unit (
      sku {KEY} NOT NULL REFERENCES product (sku),
      unit {KEY} NOT NULL,
      numerator {INT} NOT NULL CHECK (numerator > 0),
      denominator {INT} NOT NULL CHECK (denominator > 0),
      PRIMARY KEY (sku, unit)
    ) {CLUSTERED}
    """,
    // audience_kind: 1 region, 2 tier, 3 dealer.
    """
    CREATE TABLE product_audience (
      sku {KEY} NOT NULL REFERENCES product (sku),
      audience_kind {INT} NOT NULL CHECK (audience_kind BETWEEN 1 AND 3),
      audience_key {KEY} NOT NULL,
      PRIMARY KEY (sku, audience_kind, audience_key)
    ) {CLUSTERED}
    """,
  ]

  private static let prices = [
    """
    CREATE TABLE price_list (
      price_list_id {KEY} NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      currency_code {KEY} NOT NULL,
      tax_inclusive {INT} NOT NULL CHECK (tax_inclusive IN (0, 1)),
      published_version {INT} NOT NULL CHECK (published_version >= 0),
      has_draft {INT} NOT NULL CHECK (has_draft IN (0, 1)),
      publish_time {INT},
      version {INT} NOT NULL CHECK (version > 0),
      create_time {INT} NOT NULL,
      update_time {INT} NOT NULL
    ) {TABLE}
    """,
    // list_version 0 is the draft; is_current marks the published version that prices orders.
    // audience_kind: 0 everyone, 1 region, 2 tier, 3 dealer. valid_from is the first day, valid_until
    // the first day after; the ends of time stand for «always».
    """
    CREATE TABLE price_entry (
      price_list_id {KEY} NOT NULL REFERENCES price_list (price_list_id),
      list_version {INT} NOT NULL CHECK (list_version >= 0),
      sku {KEY} NOT NULL REFERENCES product (sku),
      audience_kind {INT} NOT NULL CHECK (audience_kind BETWEEN 0 AND 3),
      audience_key {KEY} NOT NULL,
      priority {INT} NOT NULL CHECK (priority BETWEEN 0 AND 1000),
      from_quantity {INT} NOT NULL CHECK (from_quantity > 0),
      valid_from {INT} NOT NULL,
      valid_until {INT} NOT NULL,
      unit_price_micros {INT} NOT NULL CHECK (unit_price_micros >= 0),
      is_current {INT} NOT NULL CHECK (is_current IN (0, 1)),
      PRIMARY KEY (price_list_id, list_version, sku, audience_kind, audience_key, priority, from_quantity, valid_from),
      CHECK (valid_from < valid_until)
    ) {CLUSTERED}
    """,
    "CREATE INDEX price_entry_current ON price_entry (sku) WHERE is_current = 1",
  ]

  private static let credit = [
    // bucket: 1 unshipped, 2 unbilled, 3 receivable. An account's balance of a bucket is the sum of
    // its entries.
    """
    CREATE TABLE credit_entry (
      entry_id {INT} NOT NULL PRIMARY KEY,
      credit_account_id {KEY} NOT NULL REFERENCES credit_account (credit_account_id),
      kind {INT} NOT NULL CHECK (kind > 0),
      bucket {INT} NOT NULL CHECK (bucket BETWEEN 1 AND 3),
      amount_micros {INT} NOT NULL CHECK (amount_micros <> 0),
      order_id {KEY},
      source {KEY},
      document_id {KEY},
      business_date {INT} NOT NULL,
      record_time {INT} NOT NULL,
      actor {KEY} NOT NULL,
      revision {INT} NOT NULL
    ) {TABLE}
    """,
    "CREATE INDEX credit_entry_by_account ON credit_entry (credit_account_id, entry_id)",
    """
    CREATE UNIQUE INDEX credit_entry_by_document ON credit_entry (source, document_id)
      WHERE source IS NOT NULL
    """,
  ]

  private static let principals = [
    """
    CREATE TABLE principal (
      principal_id {KEY} NOT NULL PRIMARY KEY,
      display_name TEXT NOT NULL,
      dealer_id {KEY} REFERENCES dealer (dealer_id),
      order_limit_micros {INT} NOT NULL CHECK (order_limit_micros >= 0),
      agreed_prices_allowed {INT} NOT NULL CHECK (agreed_prices_allowed IN (0, 1)),
      disabled {INT} NOT NULL CHECK (disabled IN (0, 1)),
      version {INT} NOT NULL CHECK (version > 0),
      create_time {INT} NOT NULL,
      update_time {INT} NOT NULL
    ) {TABLE}
    """,
    // scope_kind: 0 the role's own reach, 1 region, 2 a dealer and those below it, 3 one dealer, 4 everywhere.
    """
    CREATE TABLE principal_grant (
      principal_id {KEY} NOT NULL REFERENCES principal (principal_id),
      position {INT} NOT NULL CHECK (position >= 0),
      role {INT} NOT NULL CHECK (role BETWEEN 1 AND 9),
      level {INT} NOT NULL CHECK (level BETWEEN 0 AND 9),
      scope_kind {INT} NOT NULL CHECK (scope_kind BETWEEN 0 AND 4),
      scope_key {KEY} NOT NULL,
      PRIMARY KEY (principal_id, position)
    ) {CLUSTERED}
    """,
    """
    CREATE TABLE api_key (
      key_id {KEY} NOT NULL PRIMARY KEY,
      principal_id {KEY} NOT NULL REFERENCES principal (principal_id),
      secret_hash {BYTES} NOT NULL,
      description TEXT NOT NULL,
      create_time {INT} NOT NULL,
      expire_time {INT},
      last_use_time {INT},
      revoke_time {INT}
    ) {TABLE}
    """,
    "CREATE INDEX api_key_by_principal ON api_key (principal_id, key_id)",
  ]

  private static let orders = [
    """
    CREATE TABLE rule_set (
      version {INT} NOT NULL PRIMARY KEY CHECK (version > 0),
      document {BYTES} NOT NULL,
      published_by {KEY} NOT NULL,
      publish_time {INT} NOT NULL
    ) {TABLE}
    """,
    """
    CREATE TABLE sales_order (
      order_id {KEY} NOT NULL PRIMARY KEY,
      dealer_id {KEY} NOT NULL REFERENCES dealer (dealer_id),
      state {INT} NOT NULL CHECK (state BETWEEN 1 AND 9),
      currency_code {KEY} NOT NULL,
      business_date {INT} NOT NULL,
      requested_delivery_date {INT},
      ship_to {BYTES},
      payment_terms TEXT NOT NULL,
      customer_reference {KEY} NOT NULL,
      ship_policy {INT} NOT NULL CHECK (ship_policy BETWEEN 1 AND 3),
      freight_micros {INT} NOT NULL CHECK (freight_micros >= 0),
      net_micros {INT} NOT NULL,
      tax_micros {INT} NOT NULL CHECK (tax_micros >= 0),
      total_micros {INT} NOT NULL,
      credit_account_id {KEY} NOT NULL REFERENCES credit_account (credit_account_id),
      booked_micros {INT} NOT NULL CHECK (booked_micros >= 0),
      approved_ceiling_micros {INT} NOT NULL CHECK (approved_ceiling_micros >= 0),
      content_hash {BYTES},
      lines_hash {BYTES},
      rule_set_version {INT} NOT NULL CHECK (rule_set_version >= 0),
      decision_sequence {INT} NOT NULL CHECK (decision_sequence >= 0),
      timeline_count {INT} NOT NULL CHECK (timeline_count >= 0),
      line_count {INT} NOT NULL CHECK (line_count >= 0),
      note TEXT NOT NULL,
      created_by {KEY} NOT NULL,
      submitted_by {KEY},
      create_time {INT} NOT NULL,
      update_time {INT} NOT NULL,
      submit_time {INT},
      submit_revision {INT},
      priority {INT} NOT NULL,
      review_expire_time {INT},
      version {INT} NOT NULL CHECK (version > 0),
      revision {INT} NOT NULL,
      CHECK (state IN (2, 3, 4) OR booked_micros = 0)
    ) {UPDATED}
    """,
    "CREATE INDEX sales_order_by_date ON sales_order (business_date, order_id)",
    "CREATE INDEX sales_order_by_dealer ON sales_order (dealer_id, business_date, order_id)",
    "CREATE INDEX sales_order_by_creation ON sales_order (create_time, order_id)",
    // Live orders only: what a new order may duplicate, what waits for a reviewer, what lapses.
    """
    CREATE INDEX sales_order_by_reference ON sales_order (dealer_id, customer_reference)
      WHERE customer_reference <> '' AND state NOT IN (8, 9)
    """,
    """
    CREATE INDEX sales_order_by_content ON sales_order (dealer_id, lines_hash)
      WHERE lines_hash IS NOT NULL
    """,
    "CREATE INDEX sales_order_in_review ON sales_order (business_date, order_id) WHERE state = 2",
    """
    CREATE INDEX sales_order_review_expiry ON sales_order (review_expire_time)
      WHERE review_expire_time IS NOT NULL
    """,
    """
    CREATE TABLE sales_order_line (
      order_id {KEY} NOT NULL REFERENCES sales_order (order_id),
      line_number {INT} NOT NULL CHECK (line_number BETWEEN 1 AND 5000),
      sku {KEY} NOT NULL REFERENCES product (sku),
      entered_quantity {INT} NOT NULL CHECK (entered_quantity > 0),
      unit {KEY} NOT NULL,
      ordered_quantity {INT} NOT NULL CHECK (ordered_quantity > 0),
      over_shipped_quantity {INT} NOT NULL CHECK (over_shipped_quantity >= 0),
      cancelled_quantity {INT} NOT NULL CHECK (cancelled_quantity >= 0),
      closed_short_quantity {INT} NOT NULL CHECK (closed_short_quantity >= 0),
      open_quantity {INT} NOT NULL CHECK (open_quantity >= 0),
      shipped_quantity {INT} NOT NULL CHECK (shipped_quantity >= 0),
      received_quantity {INT} NOT NULL CHECK (received_quantity >= 0),
      short_quantity {INT} NOT NULL CHECK (short_quantity >= 0),
      damaged_quantity {INT} NOT NULL CHECK (damaged_quantity >= 0),
      refused_quantity {INT} NOT NULL CHECK (refused_quantity >= 0),
      returned_quantity {INT} NOT NULL CHECK (returned_quantity >= 0),
      reserved_quantity {INT} NOT NULL CHECK (reserved_quantity >= 0),
      back_ordered_quantity {INT} NOT NULL CHECK (back_ordered_quantity >= 0),
      list_unit_price_micros {INT} NOT NULL CHECK (list_unit_price_micros >= 0),
      unit_price_micros {INT} NOT NULL CHECK (unit_price_micros >= 0),
      expected_unit_price_micros {INT},
      price_source {INT} NOT NULL CHECK (price_source BETWEEN 0 AND 2),
      price_list_version {KEY} NOT NULL,
      agreed_unit_price_micros {INT},
      agreed_price_reason TEXT NOT NULL,
      gross_micros {INT} NOT NULL,
      net_micros {INT} NOT NULL,
      tax_code TEXT NOT NULL,
      tax_rate_bps {INT} NOT NULL,
      tax_micros {INT} NOT NULL,
      customer_line_reference TEXT NOT NULL,
      PRIMARY KEY (order_id, line_number),
      CHECK (ordered_quantity + over_shipped_quantity
             = cancelled_quantity + closed_short_quantity + open_quantity + shipped_quantity),
      CHECK (received_quantity + short_quantity + damaged_quantity + refused_quantity <= shipped_quantity),
      CHECK (returned_quantity <= received_quantity),
      CHECK (reserved_quantity + back_ordered_quantity <= open_quantity)
    ) {CLUSTERED}
    """,
    // The queue of back-orders: which lines wait for a product.
    """
    CREATE INDEX sales_order_line_back_ordered ON sales_order_line (sku, order_id, line_number)
      WHERE back_ordered_quantity > 0
    """,
    """
    CREATE TABLE sales_order_discount (
      order_id {KEY} NOT NULL,
      line_number {INT} NOT NULL,
      position {INT} NOT NULL CHECK (position >= 0),
      name TEXT NOT NULL,
      amount_micros {INT} NOT NULL,
      PRIMARY KEY (order_id, line_number, position),
      FOREIGN KEY (order_id, line_number) REFERENCES sales_order_line (order_id, line_number)
    ) {CLUSTERED}
    """,
    """
    CREATE TABLE stock_reservation (
      order_id {KEY} NOT NULL,
      line_number {INT} NOT NULL,
      warehouse_id {KEY} NOT NULL REFERENCES warehouse (warehouse_id),
      sku {KEY} NOT NULL,
      quantity {INT} NOT NULL CHECK (quantity > 0),
      PRIMARY KEY (order_id, line_number, warehouse_id),
      FOREIGN KEY (order_id, line_number) REFERENCES sales_order_line (order_id, line_number)
    ) {CLUSTERED}
    """,
    "CREATE INDEX stock_reservation_by_stock ON stock_reservation (warehouse_id, sku)",
    """
    CREATE TABLE sales_order_hold (
      order_id {KEY} NOT NULL REFERENCES sales_order (order_id),
      kind {INT} NOT NULL CHECK (kind BETWEEN 1 AND 4),
      reason TEXT NOT NULL,
      set_by {KEY} NOT NULL,
      set_time {INT} NOT NULL,
      PRIMARY KEY (order_id, kind)
    ) {CLUSTERED}
    """,
    // decision: rule-set version, inputs and verdicts, kept for ever; NULL where nothing was judged.
    """
    CREATE TABLE sales_order_timeline (
      order_id {KEY} NOT NULL REFERENCES sales_order (order_id),
      sequence {INT} NOT NULL CHECK (sequence > 0),
      kind {INT} NOT NULL CHECK (kind > 0),
      from_state {INT} NOT NULL CHECK (from_state >= 0),
      to_state {INT} NOT NULL CHECK (to_state > 0),
      actor {KEY} NOT NULL,
      comment TEXT NOT NULL,
      rule_set_version {INT} NOT NULL CHECK (rule_set_version >= 0),
      decision {BYTES},
      record_time {INT} NOT NULL,
      revision {INT} NOT NULL,
      PRIMARY KEY (order_id, sequence)
    ) {CLUSTERED}
    """,
  ]

  private static let stock = [
    // Brand stock never falls below zero nor below what is reserved; a dealer's may be reported so.
    """
    CREATE TABLE stock_balance (
      owner {KEY} NOT NULL,
      location_id {KEY} NOT NULL,
      sku {KEY} NOT NULL REFERENCES product (sku),
      lot {KEY} NOT NULL,
      status {INT} NOT NULL CHECK (status > 0),
      on_hand {INT} NOT NULL,
      reserved {INT} NOT NULL CHECK (reserved >= 0),
      as_of_time {INT} NOT NULL,
      revision {INT} NOT NULL,
      PRIMARY KEY (owner, location_id, sku, lot, status),
      CHECK (owner <> '' OR on_hand >= reserved)
    ) {UPDATED_CLUSTERED}
    """,
    "CREATE INDEX stock_balance_by_sku ON stock_balance (sku, owner, location_id)",
    """
    CREATE TABLE stock_movement (
      movement_id {INT} NOT NULL PRIMARY KEY,
      owner {KEY} NOT NULL,
      location_id {KEY} NOT NULL,
      sku {KEY} NOT NULL REFERENCES product (sku),
      lot {KEY} NOT NULL,
      status {INT} NOT NULL CHECK (status > 0),
      kind {INT} NOT NULL CHECK (kind BETWEEN 1 AND 11),
      quantity {INT} NOT NULL CHECK (quantity <> 0),
      balance {INT} NOT NULL,
      cause {KEY} NOT NULL,
      cause_id {KEY} NOT NULL,
      document_id {KEY} NOT NULL,
      business_date {INT} NOT NULL,
      event_time {INT} NOT NULL,
      record_time {INT} NOT NULL,
      actor {KEY} NOT NULL,
      note TEXT NOT NULL,
      revision {INT} NOT NULL
    ) {TABLE}
    """,
    """
    CREATE INDEX stock_movement_by_stock
      ON stock_movement (owner, location_id, sku, movement_id)
    """,
  ]

  private static let feeds = [
    // fence: grows with every opened stream; only the newest may write.
    """
    CREATE TABLE feed_source (
      dealer_id {KEY} NOT NULL REFERENCES dealer (dealer_id),
      source {KEY} NOT NULL,
      epoch {INT} NOT NULL CHECK (epoch > 0),
      fence {INT} NOT NULL CHECK (fence > 0),
      last_sequence {INT} NOT NULL CHECK (last_sequence >= 0),
      last_event_time {INT},
      last_arrival_time {INT} NOT NULL,
      PRIMARY KEY (dealer_id, source)
    ) {CLUSTERED}
    """,
    """
    CREATE TABLE feed_rejection (
      rejection_id {INT} NOT NULL PRIMARY KEY,
      dealer_id {KEY} NOT NULL REFERENCES dealer (dealer_id),
      source {KEY} NOT NULL,
      epoch {INT} NOT NULL,
      sequence {INT} NOT NULL,
      sku {KEY} NOT NULL,
      reason {KEY} NOT NULL,
      message TEXT NOT NULL,
      record_time {INT} NOT NULL
    ) {TABLE}
    """,
    "CREATE INDEX feed_rejection_by_dealer ON feed_rejection (dealer_id, rejection_id)",
  ]
}
