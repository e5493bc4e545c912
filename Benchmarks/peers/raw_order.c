// The peer of `place_order.sqlite`: the statements of an order's placement, in C, on SQLite itself, with nothing
// above it. What it leaves out is everything but the database: wire, messages, rules, permission.
//
//   raw_order DATABASE GROUP SECONDS
//
// DATABASE is one that dms-server made and the benchmark filled, so that tables, indices and rows are the ones our
// side works on. GROUP orders share a commit. Prints one line of JSON.

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES = 5, SKU_MAX = 4096, DEALER_MAX = 1024 };

// Every statement of one placement, in the order in which it runs. Where a comment says so, it runs for each line.
#define STATEMENTS(X)                                                                                              \
  X(SAVE, "SAVEPOINT w")                                                                                           \
  X(REPLY_FIND, "SELECT revision, content_hash, reply, create_time FROM stored_reply"                              \
                " WHERE request_id = ?1 AND method = ?2 AND principal_id = ?3")                                    \
  X(DEALER_FIND, "SELECT d.tier, d.region, d.status, d.currency_code, d.credit_account_id, d.price_list_id,"       \
                 " c.mode, c.limit_micros, c.temporary_limit_micros, c.status, c.unshipped_micros,"                \
                 " c.unbilled_micros, c.receivable_micros, c.version"                                              \
                 " FROM dealer d JOIN credit_account c ON c.credit_account_id = d.credit_account_id"               \
                 " WHERE d.dealer_id = ?1")                                                                        \
  X(WAREHOUSES, "SELECT warehouse_id FROM dealer_warehouse WHERE dealer_id = ?1 ORDER BY position")                \
  X(ORDER_FIND, "SELECT 1 FROM sales_order WHERE order_id = ?1")                                                   \
  /* each line */                                                                                                  \
  X(PRODUCT, "SELECT status, pack_quantity, minimum_quantity, multiple_quantity, maximum_quantity, base_unit,"     \
             " floor_unit_price_micros, tax_code, tax_rate_bps FROM product WHERE sku = ?1")                       \
  X(PRICES, "SELECT price_list_id, list_version, audience_kind, audience_key, priority, from_quantity, valid_from," \
            " valid_until, unit_price_micros FROM price_entry WHERE sku = ?1 AND is_current = 1")                  \
  X(STOCK_FIND, "SELECT on_hand, reserved FROM stock_balance"                                                      \
                " WHERE owner = '' AND location_id = ?1 AND sku = ?2 AND lot = '' AND status = 1")                 \
  /* once */                                                                                                       \
  X(SAME_REFERENCE, "SELECT order_id FROM sales_order WHERE dealer_id = ?1 AND customer_reference = ?2"            \
                    " AND customer_reference <> '' AND state NOT IN (8, 9) LIMIT 1")                               \
  X(SAME_CONTENT, "SELECT order_id FROM sales_order WHERE dealer_id = ?1 AND lines_hash = ?2 LIMIT 1")             \
  X(ORDER_ADD, "INSERT INTO sales_order (order_id, dealer_id, state, currency_code, business_date, payment_terms," \
               " customer_reference, ship_policy, freight_micros, net_micros, tax_micros, total_micros,"           \
               " credit_account_id, booked_micros, approved_ceiling_micros, content_hash, lines_hash,"             \
               " rule_set_version, decision_sequence, timeline_count, line_count, note, created_by, submitted_by," \
               " create_time, update_time, submit_time, version, revision)"                                        \
               " VALUES (?1, ?2, 3, 'USD', ?3, '', ?4, 1, 0, ?5, 0, ?5, ?6, ?5, 0, ?7, ?8, 1, 1, 1, ?9, '', ?10,"  \
               " ?10, ?11, ?11, ?11, 1, ?12)")                                                                     \
  /* each line */                                                                                                  \
  X(LINE_ADD, "INSERT INTO sales_order_line (order_id, line_number, sku, entered_quantity, unit, ordered_quantity," \
              " over_shipped_quantity, cancelled_quantity, closed_short_quantity, open_quantity, shipped_quantity," \
              " received_quantity, short_quantity, damaged_quantity, refused_quantity, returned_quantity,"         \
              " reserved_quantity, back_ordered_quantity, list_unit_price_micros, unit_price_micros, price_source," \
              " price_list_version, agreed_price_reason, gross_micros, net_micros, tax_code, tax_rate_bps,"        \
              " tax_micros, customer_line_reference)"                                                              \
              " VALUES (?1, ?2, ?3, ?4, 'PIECE', ?4, 0, 0, 0, ?4, 0, 0, 0, 0, 0, 0, ?4, 0, ?5, ?5, 1, 'LIST/1', '',"  \
              " ?6, ?6, '', 0, 0, '')")                                                                            \
  X(RESERVATION_ADD, "INSERT INTO stock_reservation (order_id, line_number, warehouse_id, sku, quantity)"          \
                     " VALUES (?1, ?2, ?3, ?4, ?5)")                                                               \
  X(STOCK_RESERVE, "UPDATE stock_balance SET reserved = ?3, revision = ?4"                                         \
                   " WHERE owner = '' AND location_id = ?1 AND sku = ?2 AND lot = '' AND status = 1")              \
  /* once */                                                                                                       \
  X(CREDIT_BOOK, "UPDATE credit_account SET unshipped_micros = ?2, version = version + 1, update_time = ?3"        \
                 " WHERE credit_account_id = ?1")                                                                  \
  X(CREDIT_ADD, "INSERT INTO credit_entry (credit_account_id, kind, bucket, amount_micros, order_id,"              \
                " business_date, record_time, actor, revision) VALUES (?1, 1, 1, ?2, ?3, ?4, ?5, ?6, ?7)")         \
  X(TIMELINE_ADD, "INSERT INTO sales_order_timeline (order_id, sequence, kind, from_state, to_state, actor,"       \
                  " comment, rule_set_version, decision, record_time, revision)"                                   \
                  " VALUES (?1, 1, 1, 0, 3, ?2, '', 1, ?3, ?4, ?5)")                                               \
  X(CHANGE_ADD, "INSERT INTO change_log (revision, position, kind, change_key, dealer_id, record_time, payload)"   \
                " VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6)")                                                             \
  X(REPLY_ADD, "INSERT INTO stored_reply (principal_id, method, request_id, content_hash, reply, create_time,"     \
               " revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                                   \
  X(RELEASE, "RELEASE w")                                                                                          \
  /* once for each commit */                                                                                       \
  X(BEGIN, "BEGIN IMMEDIATE")                                                                                      \
  X(REVISION, "UPDATE store_state SET value = ?1 WHERE name = 'revision'")                                             \
  X(COMMIT, "COMMIT")

#define NAME(name, sql) name,
enum { STATEMENTS(NAME) STATEMENT_COUNT };
#undef NAME

#define SQL(name, sql) sql,
static const char *const kStatements[] = {STATEMENTS(SQL)};
#undef SQL

static sqlite3 *database;
static sqlite3_stmt *statements[STATEMENT_COUNT];

static void check(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "raw_order: %s: %s\n", what, sqlite3_errmsg(database));
  exit(1);
}

static void bind_text(int statement, int index, const char *text) {
  check(sqlite3_bind_text(statements[statement], index, text, -1, SQLITE_STATIC) == SQLITE_OK, "bind");
}

static void bind_int(int statement, int index, int64_t value) {
  check(sqlite3_bind_int64(statements[statement], index, value) == SQLITE_OK, "bind");
}

static void bind_blob(int statement, int index, const void *bytes, int size) {
  check(sqlite3_bind_blob(statements[statement], index, bytes, size, SQLITE_STATIC) == SQLITE_OK, "bind");
}

// Steps a statement to its end. The first row's column `column`, where there is one, is returned as a number, and
// every column of every row is looked at, as a reader would.
static int64_t run(int statement, int column) {
  sqlite3_stmt *prepared = statements[statement];
  int64_t first = -1, seen = 0;
  int step;
  while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) seen += sqlite3_column_bytes(prepared, i);
    if (first < 0 && column >= 0) first = sqlite3_column_int64(prepared, column);
  }
  check(step == SQLITE_DONE && seen >= 0, kStatements[statement]);
  sqlite3_reset(prepared);
  return first;
}

// The first column of all rows of `sql`, as strings that live as long as the program.
static int names(const char *sql, char **into, int max) {
  sqlite3_stmt *query;
  int count = 0;
  check(sqlite3_prepare_v2(database, sql, -1, &query, NULL) == SQLITE_OK, sql);
  while (count < max && sqlite3_step(query) == SQLITE_ROW) into[count++] = strdup((const char *)sqlite3_column_text(query, 0));
  sqlite3_finalize(query);
  check(count > 0, "the database has no rows for this");
  return count;
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static char *skus[SKU_MAX], *dealers[DEALER_MAX];
static int sku_count, dealer_count;
static const char *const kPrincipal = "bench", *const kMethod = "dms.order.v1.OrderService/PlaceOrder";
static const int64_t kPrice = 12500000, kQuantity = 1;
static unsigned char payload[1024]; // an encoded order as it stands in log and reply, a decision

enum { ORDER_BYTES = 700, DECISION_BYTES = 300, HASH_BYTES = 32 };

static void place(int64_t number, int64_t revision, int64_t now, const char *warehouse) {
  char order_id[32], reference[32], request_id[64], hash[HASH_BYTES];
  snprintf(order_id, sizeof order_id, "SO-%010lld", (long long)number);
  snprintf(reference, sizeof reference, "PO-%010lld", (long long)number);
  snprintf(request_id, sizeof request_id, "00000000-0000-4000-8000-%012lld", (long long)number);
  memset(hash, 0, sizeof hash);
  memcpy(hash, &number, sizeof number);
  const char *dealer = dealers[number % dealer_count];
  const int64_t total = LINES * kPrice * kQuantity, date = now / 86400000000;

  run(SAVE, -1);
  bind_text(REPLY_FIND, 1, request_id), bind_text(REPLY_FIND, 2, kMethod), bind_text(REPLY_FIND, 3, kPrincipal);
  run(REPLY_FIND, -1);
  bind_text(DEALER_FIND, 1, dealer);
  const int64_t unshipped = run(DEALER_FIND, 10);
  check(unshipped >= 0, "no such dealer");
  bind_text(WAREHOUSES, 1, dealer);
  run(WAREHOUSES, -1);
  bind_text(ORDER_FIND, 1, order_id);
  run(ORDER_FIND, -1);

  const char *chosen[LINES];
  int64_t reserved[LINES];
  for (int line = 0; line < LINES; ++line) {
    const char *sku = chosen[line] = skus[(number * 7919 + line * 131) % sku_count];
    bind_text(PRODUCT, 1, sku);
    run(PRODUCT, 0);
    bind_text(PRICES, 1, sku);
    run(PRICES, 8);
    bind_text(STOCK_FIND, 1, warehouse), bind_text(STOCK_FIND, 2, sku);
    reserved[line] = run(STOCK_FIND, 1);
    check(reserved[line] >= 0, "no stock of a product");
  }

  bind_text(SAME_REFERENCE, 1, dealer), bind_text(SAME_REFERENCE, 2, reference);
  run(SAME_REFERENCE, -1);
  bind_text(SAME_CONTENT, 1, dealer), bind_blob(SAME_CONTENT, 2, hash, HASH_BYTES);
  run(SAME_CONTENT, -1);

  bind_text(ORDER_ADD, 1, order_id), bind_text(ORDER_ADD, 2, dealer), bind_int(ORDER_ADD, 3, date);
  bind_text(ORDER_ADD, 4, reference), bind_int(ORDER_ADD, 5, total), bind_text(ORDER_ADD, 6, dealer);
  bind_blob(ORDER_ADD, 7, hash, HASH_BYTES), bind_blob(ORDER_ADD, 8, hash, HASH_BYTES), bind_int(ORDER_ADD, 9, LINES);
  bind_text(ORDER_ADD, 10, kPrincipal), bind_int(ORDER_ADD, 11, now), bind_int(ORDER_ADD, 12, revision);
  run(ORDER_ADD, -1);

  for (int line = 0; line < LINES; ++line) {
    bind_text(LINE_ADD, 1, order_id), bind_int(LINE_ADD, 2, line + 1), bind_text(LINE_ADD, 3, chosen[line]);
    bind_int(LINE_ADD, 4, kQuantity), bind_int(LINE_ADD, 5, kPrice), bind_int(LINE_ADD, 6, kPrice * kQuantity);
    run(LINE_ADD, -1);
    bind_text(RESERVATION_ADD, 1, order_id), bind_int(RESERVATION_ADD, 2, line + 1);
    bind_text(RESERVATION_ADD, 3, warehouse), bind_text(RESERVATION_ADD, 4, chosen[line]);
    bind_int(RESERVATION_ADD, 5, kQuantity);
    run(RESERVATION_ADD, -1);
    bind_text(STOCK_RESERVE, 1, warehouse), bind_text(STOCK_RESERVE, 2, chosen[line]);
    bind_int(STOCK_RESERVE, 3, reserved[line] + kQuantity), bind_int(STOCK_RESERVE, 4, revision);
    run(STOCK_RESERVE, -1);
  }

  bind_text(CREDIT_BOOK, 1, dealer), bind_int(CREDIT_BOOK, 2, unshipped + total), bind_int(CREDIT_BOOK, 3, now);
  run(CREDIT_BOOK, -1);
  bind_text(CREDIT_ADD, 1, dealer), bind_int(CREDIT_ADD, 2, total), bind_text(CREDIT_ADD, 3, order_id);
  bind_int(CREDIT_ADD, 4, date), bind_int(CREDIT_ADD, 5, now), bind_text(CREDIT_ADD, 6, kPrincipal);
  bind_int(CREDIT_ADD, 7, revision);
  run(CREDIT_ADD, -1);
  bind_text(TIMELINE_ADD, 1, order_id), bind_text(TIMELINE_ADD, 2, kPrincipal);
  bind_blob(TIMELINE_ADD, 3, payload, DECISION_BYTES), bind_int(TIMELINE_ADD, 4, now);
  bind_int(TIMELINE_ADD, 5, revision);
  run(TIMELINE_ADD, -1);
  bind_int(CHANGE_ADD, 1, revision), bind_int(CHANGE_ADD, 2, 1), bind_text(CHANGE_ADD, 3, order_id);
  bind_text(CHANGE_ADD, 4, dealer), bind_int(CHANGE_ADD, 5, now), bind_blob(CHANGE_ADD, 6, payload, ORDER_BYTES);
  run(CHANGE_ADD, -1);
  bind_text(REPLY_ADD, 1, kPrincipal), bind_text(REPLY_ADD, 2, kMethod), bind_text(REPLY_ADD, 3, request_id);
  bind_blob(REPLY_ADD, 4, hash, HASH_BYTES), bind_blob(REPLY_ADD, 5, payload, ORDER_BYTES);
  bind_int(REPLY_ADD, 6, now), bind_int(REPLY_ADD, 7, revision);
  run(REPLY_ADD, -1);
  run(RELEASE, -1);
}

int main(int argc, char **argv) {
  if (argc != 4 || atoi(argv[2]) < 1 || atof(argv[3]) <= 0) {
    fprintf(stderr, "usage: raw_order DATABASE GROUP SECONDS\n");
    return 2;
  }
  const int group = atoi(argv[2]);
  const double seconds = atof(argv[3]);

  check(sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK, argv[1]);
  check(sqlite3_exec(database,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                     "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 2000",
                     NULL, NULL, NULL) == SQLITE_OK,
        "pragmas");
  for (int i = 0; i < STATEMENT_COUNT; ++i)
    check(sqlite3_prepare_v3(database, kStatements[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) == SQLITE_OK,
          kStatements[i]);

  sku_count = names("SELECT sku FROM stock_balance WHERE owner = '' ORDER BY sku", skus, SKU_MAX);
  dealer_count = names("SELECT dealer_id FROM dealer ORDER BY dealer_id", dealers, DEALER_MAX);
  char *warehouse[1];
  names("SELECT warehouse_id FROM warehouse", warehouse, 1);
  for (size_t i = 0; i < sizeof payload; ++i) payload[i] = (unsigned char)(i * 31);

  int64_t orders = 0, revision = 1000000000;
  const double start = seconds_now();
  double taken;
  do {
    run(BEGIN, -1);
    for (int i = 0; i < group; ++i) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      place(++orders, ++revision, now.tv_sec * 1000000LL + now.tv_nsec / 1000, warehouse[0]);
    }
    bind_int(REVISION, 1, revision);
    run(REVISION, -1);
    run(COMMIT, -1);
    taken = seconds_now() - start;
  } while (taken < seconds);

  printf("{\"orders_per_second\": %.1f, \"orders\": %lld, \"group\": %d}\n", orders / taken, (long long)orders, group);
  for (int i = 0; i < STATEMENT_COUNT; ++i) sqlite3_finalize(statements[i]);
  return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
