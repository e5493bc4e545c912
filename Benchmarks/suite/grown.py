"""A store as years of business leave it, made by SQL in the file of a stopped server.

    python3 -m suite.grown DATABASE ORDERS      run in Benchmarks/
"""

import contextlib
import sqlite3
import sys
import time

DAYS = 600  # over which the orders are spread: the last hundredth is younger than changes and replies live
DAY_MICROS = 86_400_000_000
UNIT_PRICE = 12_500_000
TOTAL = 2 * UNIT_PRICE

# Orders of two lines: n counts them from 0 to :orders. All but the last ones are completed, long ago: shipped,
# received, paid. The last ones are approved and wait for shipment, and have their replies and their part of the change
# log. Rows are those that the server writes, with a decision and messages of a real order's size.
ORDERS = """
    WITH RECURSIVE
      counter (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < :orders),
      o AS (
        SELECT n, printf('SO-0%014d', n) AS order_id, printf('D-%d', 1000 + n % 100) AS dealer_id,
          n >= :orders - :live_orders AS live, :now - (:orders - n) * :step AS time, :revision + 1 + n AS revision
        FROM counter
      )
"""
LINES = """
      , line (place, gap) AS (VALUES (1, 0), (2, 37))
      , l AS (
        SELECT o.*, place, printf('SKU-%d', 10000 + (n + gap) % 500) AS sku,
          -- How often this product was taken before, as either line.
          n / 500 + CASE place WHEN 1 THEN (n + 463) / 500 ELSE (n + 37) / 500 END AS taken
        FROM o CROSS JOIN line
      )
"""

TABLES = [
    ORDERS + """
    INSERT INTO sales_order (order_id, dealer_id, state, currency_code, business_date, payment_terms,
      customer_reference, ship_policy, freight_micros, net_micros, tax_micros, total_micros, credit_account_id,
      booked_micros, approved_ceiling_micros, content_hash, lines_hash, rule_set_version, decision_sequence,
      timeline_count, line_count, note, created_by, submitted_by, create_time, update_time, submit_time,
      submit_revision, priority, version, revision)
    SELECT order_id, dealer_id, iif(live, 3, 7), 'USD', time / :day, '', printf('PO-%d', n), 1, 0, :total, 0, :total,
      dealer_id, iif(live, :total, 0), 0, randomblob(32), randomblob(32), 0, 1, 1, 2, '', 'admin',
      'admin', time, time, time, revision, 0, iif(live, 1, 2), revision
    FROM o
    """,
    ORDERS + LINES + """
    INSERT INTO sales_order_line (order_id, line_number, sku, entered_quantity, unit, ordered_quantity,
      over_shipped_quantity, cancelled_quantity, closed_short_quantity, open_quantity, shipped_quantity,
      received_quantity, short_quantity, damaged_quantity, refused_quantity, returned_quantity, reserved_quantity,
      back_ordered_quantity, list_unit_price_micros, unit_price_micros, price_source, price_list_version,
      agreed_price_reason, gross_micros, net_micros, tax_code, tax_rate_bps, tax_micros, customer_line_reference)
    SELECT order_id, place, sku, 1, '', 1, 0, 0, 0, live, NOT live, NOT live, 0, 0, 0, 0, live, 0, :price, :price, 1,
      'LIST@1', '', :price, :price, '', 0, 0, ''
    FROM l
    """,
    ORDERS + LINES + """
    INSERT INTO stock_reservation (order_id, line_number, warehouse_id, sku, quantity)
    SELECT order_id, place, 'MAIN', sku, 1 FROM l WHERE live
    """,
    ORDERS + """
    INSERT INTO sales_order_timeline (order_id, sequence, kind, from_state, to_state, actor, comment, rule_set_version,
      decision, record_time, revision)
    SELECT order_id, 1, 3, 0, 3, 'admin', '', 0, :decision, time, revision FROM o
    """,
    ORDERS + """
    INSERT INTO credit_entry (entry_id, credit_account_id, kind, bucket, amount_micros, order_id, business_date,
      record_time, actor, revision)
    SELECT revision << 14 | place, dealer_id, 1 + place, 1, iif(place = 0, :total, -:total), order_id, time / :day,
      time, 'admin', revision
    FROM o CROSS JOIN (SELECT 0 AS place UNION ALL SELECT 1) WHERE place = 0 OR NOT live
    """,
    ORDERS + LINES + """
    INSERT INTO stock_movement (movement_id, owner, location_id, sku, lot, status, kind, quantity, balance, cause,
      cause_id, document_id, business_date, event_time, record_time, actor, note, revision)
    SELECT revision << 14 | place, '', 'MAIN', sku, '', 1, 4, -1, 1000000000 - taken - 1, 'shipment', order_id, '',
      time / :day, time, time, 'admin', '', revision
    FROM l WHERE NOT live
    """,
    ORDERS + """
    INSERT INTO change_log (revision, position, kind, change_key, dealer_id, record_time, payload)
    SELECT revision, 0, 1, order_id, dealer_id, time, :message FROM o WHERE live
    """,
    ORDERS + """
    INSERT INTO stored_reply (revision, principal_id, method, request_id, content_hash, reply, create_time)
    SELECT revision, 'admin', '/dms.order.v1.OrderService/PlaceOrder', printf('01800000-0000-7000-8000-%012d', n),
      randomblob(32), :message, time
    FROM o WHERE live
    """,
]

# Balances from their ledgers, and what the store knows of itself.
BALANCES = [
    """
    UPDATE stock_balance SET on_hand = 1000000000 + moved.quantity
    FROM (SELECT sku, sum(quantity) AS quantity FROM stock_movement WHERE kind = 4 GROUP BY sku) AS moved
    WHERE stock_balance.sku = moved.sku
    """,
    """
    UPDATE stock_balance SET reserved = held.quantity
    FROM (SELECT sku, sum(quantity) AS quantity FROM stock_reservation GROUP BY sku) AS held
    WHERE stock_balance.sku = held.sku
    """,
    """
    UPDATE credit_account SET unshipped_micros = booked.micros
    FROM (SELECT credit_account_id, sum(booked_micros) AS micros FROM sales_order WHERE booked_micros > 0
      GROUP BY credit_account_id) AS booked
    WHERE credit_account.credit_account_id = booked.credit_account_id
    """,
    "UPDATE store_state SET value = value + :orders WHERE name = 'revision'",
    """
    UPDATE store_state
    SET value = (SELECT sum(length(payload) + length(change_key) + 64) FROM change_log) WHERE name = 'log_bytes'
    """,
]


def grow(path, orders, live_share=0.01):
    """Adds `orders` orders to a store that place-order-bench filled and in which it has placed at least one.

    `live_share` of them, the newest, wait for shipment.
    """
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        # Nothing here need survive a crash: a store half made is made again.
        for pragma in ("journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE",
                       "cache_size = -2000000", "foreign_keys = OFF", "threads = 4"):
            database.execute(f"PRAGMA {pragma}").fetchall()
        revision, = database.execute("SELECT value FROM store_state WHERE name = 'revision'").fetchone()
        decision, = database.execute("SELECT decision FROM sales_order_timeline LIMIT 1").fetchone()
        message, = database.execute("SELECT payload FROM change_log WHERE kind = 1 LIMIT 1").fetchone()
        values = {
            "orders": orders, "live_orders": int(orders * live_share), "now": time.time_ns() // 1000,
            "step": DAYS * DAY_MICROS // orders, "day": DAY_MICROS, "revision": revision, "decision": decision,
            "message": message, "total": TOTAL, "price": UNIT_PRICE}
        # Indices are made at the end, each in one sort.
        indices = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
        indices = indices.fetchall()
        database.execute("BEGIN")
        for name, _ in indices:
            database.execute(f"DROP INDEX {name}")
        for statement in TABLES + BALANCES:
            database.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
        for _, sql in indices:
            database.execute(sql)
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL").fetchall()


if __name__ == "__main__":
    grow(sys.argv[1], int(sys.argv[2]))
