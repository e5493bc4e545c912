// The peer of `place_order.sqlite`: the statements of an order's placement, in C, on SQLite itself, with nothing
// above it. What it leaves out is everything but the database: wire, messages, rules, permission.
//
//   raw_order DATABASE GROUP SECONDS
//
// DATABASE is one that dms-server made and the benchmark filled, so that tables, indices and rows are the ones our
// side works on. GROUP orders share a commit. Prints one line of JSON.

#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES = 5, SKU_MAX = 4096, DEALER_MAX = 1024 };

// Every statement of one placement, in the order in which it runs, and of the commit around a group of them.
// Brackets tell how often it runs for one order, where that is not once.
#define STATEMENTS(X)                                                                                              \
  X(REPLY_FIND, "SELECT revision, content_hash, reply, create_time FROM stored_reply"                              \
                " WHERE request_id = ?1 AND method = ?2 AND principal_id = ?3")                                    \
  X(DEALER_PLACE, "SELECT region, parent_dealer_id FROM dealer WHERE dealer_id = ?1")                              \
  X(DEALER, "SELECT dealer_id, name, tier, region, parent_dealer_id, status, currency_code, payment_terms,"        \
            " credit_account_id, price_list_id, territory, stock_authority, split_shipments_allowed,"              \
            " feed_max_age_seconds, address, version, create_time, update_time FROM dealer WHERE dealer_id = ?1")  \
  X(DEALER_WAREHOUSES, "SELECT warehouse_id FROM dealer_warehouse WHERE dealer_id = ?1 ORDER BY position")         \
  X(SERVING_WAREHOUSES, "SELECT w.warehouse_id, w.status FROM dealer_warehouse d"                                  \
                        " JOIN warehouse w ON w.warehouse_id = d.warehouse_id"                                     \
                        " WHERE d.dealer_id = ?1 ORDER BY d.position")                                             \
  X(PRODUCT, /* [lines] */                                                                                         \
    "SELECT sku, category_path, base_unit, pack_quantity, minimum_quantity, multiple_quantity, maximum_quantity,"  \
    " status, currency_code, unit_cost_micros, floor_unit_price_micros, lot_tracked, tax_code, tax_rate_bps,"      \
    " unit_count, audience_count, version, create_time, update_time FROM product WHERE sku = ?1")                  \
  X(RULE_SET, "SELECT version FROM rule_set ORDER BY version DESC LIMIT 1")                                        \
  X(PRICES, /* [lines] */                                                                                          \
    "SELECT e.sku, e.audience_kind, e.audience_key, e.priority, e.from_quantity, e.valid_from, e.valid_until,"     \
    " e.unit_price_micros, p.price_list_id, p.published_version, p.currency_code, p.tax_inclusive"                 \
    " FROM price_entry e JOIN price_list p ON p.price_list_id = e.price_list_id"                                   \
    " WHERE e.sku = ?1 AND e.is_current = 1")                                                                      \
  X(STOCK, /* [lines] */                                                                                           \
    "SELECT owner, location_id, sku, on_hand, reserved, as_of_time, revision FROM stock_balance"                   \
    " WHERE owner = ?1 AND location_id = ?2 AND sku = ?3 AND lot = '' AND status = 1")                             \
  X(BACK_ORDERS, /* [lines] */                                                                                     \
    "SELECT l.back_ordered_quantity FROM sales_order_line l JOIN sales_order o ON o.order_id = l.order_id"         \
    " WHERE l.sku = ?1 AND l.back_ordered_quantity > 0 AND o.state IN (2, 3, 4)")                                  \
  X(CREDIT, "SELECT credit_account_id, currency_code, mode, limit_micros, temporary_limit_micros,"                 \
            " temporary_limit_expire_time, status, expiry_date, document_limit_micros, overdue_days_max,"          \
            " overdue_micros_max, unshipped_micros, unbilled_micros, receivable_micros, version, create_time,"     \
            " update_time FROM credit_account WHERE credit_account_id = ?1")                                       \
  X(SAME_REFERENCE, "SELECT order_id FROM sales_order"                                                             \
                    " WHERE dealer_id = ?1 AND customer_reference = ?2 AND customer_reference <> ''"               \
                    " AND state NOT IN (8, 9) AND order_id <> ?3 LIMIT 1")                                         \
  X(SAME_CONTENT, "SELECT order_id FROM sales_order"                                                               \
                  " WHERE dealer_id = ?1 AND lines_hash = ?2 AND lines_hash IS NOT NULL AND +business_date >= ?3"  \
                  " AND state NOT IN (8, 9) AND order_id <> ?4 LIMIT 1")                                           \
  X(ORDER_EXISTS, "SELECT 1 FROM sales_order WHERE order_id = ?1")                                                 \
  X(ORDER_ADD, "INSERT INTO sales_order (order_id, dealer_id, state, currency_code, business_date,"                \
               " requested_delivery_date, ship_to, payment_terms, customer_reference, ship_policy, freight_micros," \
               " net_micros, tax_micros, total_micros, credit_account_id, booked_micros, approved_ceiling_micros," \
               " content_hash, lines_hash, rule_set_version, decision_sequence, timeline_count, line_count, note," \
               " created_by, submitted_by, create_time, update_time, submit_time, review_expire_time, version,"    \
               " revision, submit_revision, priority) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"  \
               " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31,"   \
               " ?32, ?33, 0)")                                                                                    \
  X(LINE_ADD, /* [lines] */                                                                                        \
    "INSERT INTO sales_order_line (order_id, line_number, sku, entered_quantity, unit, ordered_quantity,"          \
    " over_shipped_quantity, cancelled_quantity, closed_short_quantity, open_quantity, shipped_quantity,"          \
    " received_quantity, short_quantity, damaged_quantity, refused_quantity, returned_quantity, reserved_quantity," \
    " back_ordered_quantity, list_unit_price_micros, unit_price_micros, expected_unit_price_micros, price_source," \
    " price_list_version, agreed_unit_price_micros, agreed_price_reason, gross_micros, net_micros, tax_code,"      \
    " tax_rate_bps, tax_micros, customer_line_reference) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"    \
    " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)")        \
  X(RESERVATION_ADD, /* [lines] */                                                                                 \
    "INSERT INTO stock_reservation (order_id, line_number, warehouse_id, sku, quantity)"                           \
    " VALUES (?1, ?2, ?3, ?4, ?5)")                                                                                \
  X(STOCK_RESERVE, /* [lines] */                                                                                   \
    "UPDATE stock_balance SET reserved = reserved + ?4, revision = coalesce(?5, revision)"                         \
    " WHERE owner = ?1 AND location_id = ?2 AND sku = ?3 AND lot = '' AND status = 1"                              \
    " RETURNING owner, location_id, sku, on_hand, reserved, as_of_time, revision")                                 \
  X(CREDIT_ADD, "INSERT INTO credit_entry (entry_id, credit_account_id, kind, bucket, amount_micros, order_id,"    \
                " source, document_id, business_date, record_time, actor, revision)"                               \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL, ?7, ?8, ?9, ?10)")                                   \
  X(CREDIT_BOOK, "UPDATE credit_account SET"                                                                       \
                 " unshipped_micros = unshipped_micros + CASE WHEN ?2 = 1 THEN ?3 ELSE 0 END,"                     \
                 " unbilled_micros = unbilled_micros + CASE WHEN ?2 = 2 THEN ?3 ELSE 0 END,"                       \
                 " receivable_micros = receivable_micros + CASE WHEN ?2 = 3 THEN ?3 ELSE 0 END"                    \
                 " WHERE credit_account_id = ?1")                                                                  \
  X(TIMELINE_ADD, "INSERT INTO sales_order_timeline (order_id, sequence, kind, from_state, to_state, actor,"       \
                  " comment, rule_set_version, decision, record_time, revision)"                                   \
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")                                        \
  X(REPLY_ADD, "INSERT INTO stored_reply (revision, principal_id, method, request_id, content_hash, reply,"        \
               " create_time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                                \
  /* [1 + lines], before the commit: the order, and the balances that it moved */                                  \
  X(CHANGE_ADD, "INSERT INTO change_log (revision, position, kind, change_key, dealer_id, record_time, payload)"   \
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                                                            \
  /* once for each commit */                                                                                       \
  X(BEGIN, "BEGIN IMMEDIATE")                                                                                      \
  X(LOG_BYTES, "UPDATE store_state SET value = value + ?1 WHERE name = 'log_bytes'")                               \
  X(REVISION, "SELECT value FROM store_state WHERE name = 'revision'")                                             \
  X(REVISION_SET, "UPDATE store_state SET value = ?1 WHERE name = 'revision'")                                     \
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

// Steps a statement to its end and looks at every column of every row, as a reader would. Returns column `column` of
// the first row, or -1 when there is none.
static int64_t run(int statement, int column) {
  sqlite3_stmt *prepared = statements[statement];
  int64_t found = -1, seen = 0;
  int step, rows = 0;
  while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(prepared); ++i) seen += sqlite3_column_bytes(prepared, i);
    if (rows++ == 0 && column >= 0) found = sqlite3_column_int64(prepared, column);
  }
  check(step == SQLITE_DONE && seen >= 0, kStatements[statement]);
  sqlite3_reset(prepared);
  return found;
}

// Binds a row of values: a letter of `types` for each, `t` a text, `i` an int64_t, `b` bytes and their int size, `n`
// nothing for NULL.
static void bind(int statement, const char *types, ...) {
  va_list values;
  va_start(values, types);
  int bound = SQLITE_OK;
  for (int i = 0; types[i] != 0 && bound == SQLITE_OK; ++i) {
    sqlite3_stmt *prepared = statements[statement];
    switch (types[i]) {
      case 't': bound = sqlite3_bind_text(prepared, i + 1, va_arg(values, const char *), -1, SQLITE_STATIC); break;
      case 'i': bound = sqlite3_bind_int64(prepared, i + 1, va_arg(values, int64_t)); break;
      case 'b': {
        const void *bytes = va_arg(values, const void *);
        bound = sqlite3_bind_blob(prepared, i + 1, bytes, va_arg(values, int), SQLITE_STATIC);
        break;
      }
      default: bound = sqlite3_bind_null(prepared, i + 1);
    }
  }
  va_end(values);
  check(bound == SQLITE_OK, kStatements[statement]);
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

static char *skus[SKU_MAX], *dealers[DEALER_MAX], *warehouse[1];
static int sku_count, dealer_count;
static const char *const kPrincipal = "admin", *const kMethod = "/dms.order.v1.OrderService/PlaceOrder";
static const int64_t kPrice = 12500000, kZero = 0, kOne = 1, kFive = LINES, kApproved = 3;

// Stand-ins for encoded messages, of the sizes that the server's have.
enum { REPLY_BYTES = 602, ORDER_BYTES = 599, STOCK_BYTES = 52, DECISION_BYTES = 446, HASH_BYTES = 32 };
static unsigned char payload[8192];

// What a placed order leaves for the end of its group: its reply, and its changes, which are logged together.
typedef struct {
  char order_id[40], request_id[64], hash[HASH_BYTES];
  const char *dealer, *skus[LINES];
  int64_t revision;
} Placed;

static void place(int64_t number, int64_t revision, int64_t now, Placed *placed) {
  char reference[32];
  char *order_id = placed->order_id, *request_id = placed->request_id, *hash = placed->hash;
  snprintf(placed->order_id, sizeof placed->order_id, "SO-%016llX-RAW", (long long)number);
  snprintf(reference, sizeof reference, "RAW-%lld-%lld", (long long)(number % 64), (long long)(number / 64));
  snprintf(request_id, sizeof placed->request_id, "00000000-0000-4000-8000-%012lld", (long long)number);
  memset(hash, 0, HASH_BYTES);
  memcpy(hash, &number, sizeof number);
  const char *dealer = placed->dealer = dealers[number % dealer_count];
  const int64_t total = LINES * kPrice, date = now / 86400000000;
  placed->revision = revision;

  bind(REPLY_FIND, "ttt", request_id, kMethod, kPrincipal);
  run(REPLY_FIND, -1);
  for (int statement = DEALER_PLACE; statement <= SERVING_WAREHOUSES; ++statement) {
    bind(statement, "t", dealer);
    run(statement, -1);
  }
  for (int line = 0; line < LINES; ++line) {
    placed->skus[line] = skus[(number * 131 + line * 37) % sku_count];
    bind(PRODUCT, "t", placed->skus[line]);
    check(run(PRODUCT, 7) == 1, "a product is not sellable");
  }
  run(RULE_SET, -1);
  for (int line = 0; line < LINES; ++line) {
    bind(PRICES, "t", placed->skus[line]);
    check(run(PRICES, 7) == kPrice, "a product has another price");
  }
  for (int line = 0; line < LINES; ++line) {
    bind(STOCK, "ttt", "", warehouse[0], placed->skus[line]);
    check(run(STOCK, 3) > 0, "a product has no stock");
  }
  for (int line = 0; line < LINES; ++line) {
    bind(BACK_ORDERS, "t", placed->skus[line]);
    run(BACK_ORDERS, -1);
  }
  bind(CREDIT, "t", dealer);
  check(run(CREDIT, 3) > 0, "a dealer has no credit");
  bind(SAME_REFERENCE, "ttt", dealer, reference, order_id);
  check(run(SAME_REFERENCE, 0) < 0, "a reference is used twice");
  bind(SAME_CONTENT, "tbit", dealer, hash, HASH_BYTES, date - 1, order_id);
  run(SAME_CONTENT, -1);

  bind(ORDER_EXISTS, "t", order_id);
  check(run(ORDER_EXISTS, 0) < 0, "an order's id is used twice");
  bind(ORDER_ADD, "ttitinnttiiiiitiibbiiiittt" "iiiniii", order_id, dealer, kApproved, "USD", date, "", reference, kOne,
       kZero, total, kZero, total, dealer, total, kZero, hash, HASH_BYTES, hash, HASH_BYTES, kZero, kOne, kOne, kFive,
       "", kPrincipal, kPrincipal, now, now, now, kOne, revision, revision);
  run(ORDER_ADD, -1);
  for (int line = 0; line < LINES; ++line) {
    bind(LINE_ADD, "titit" "iiiii" "iiiii" "iiiii" "nitnt" "iitiit", order_id, (int64_t)(line + 1), placed->skus[line],
         kOne, "", kOne, kZero, kZero, kZero, kOne, kZero, kZero, kZero, kZero, kZero, kZero, kOne, kZero, kPrice, kPrice,
         kOne, "LIST@1", "", kPrice, kPrice, "", kZero, kZero, "");
    run(LINE_ADD, -1);
  }
  for (int line = 0; line < LINES; ++line) {
    bind(RESERVATION_ADD, "titti", order_id, (int64_t)(line + 1), warehouse[0], placed->skus[line], kOne);
    run(RESERVATION_ADD, -1);
  }
  for (int line = 0; line < LINES; ++line) {
    bind(STOCK_RESERVE, "tttii", "", warehouse[0], placed->skus[line], kOne, revision);
    run(STOCK_RESERVE, -1);
  }
  bind(CREDIT_ADD, "itiiitiiti", revision << 14, dealer, kOne, kOne, total, order_id, date, now, kPrincipal, revision);
  run(CREDIT_ADD, -1);
  bind(CREDIT_BOOK, "tii", dealer, kOne, total);
  run(CREDIT_BOOK, -1);
  bind(TIMELINE_ADD, "tiiiittibii", order_id, kOne, kOne, kZero, kApproved, kPrincipal, "", kZero, payload,
       DECISION_BYTES, now, revision);
  run(TIMELINE_ADD, -1);
}

static void keep_reply(const Placed *placed, int64_t now) {
  bind(REPLY_ADD, "itttbbi", placed->revision, kPrincipal, kMethod, placed->request_id, placed->hash, HASH_BYTES, payload,
       REPLY_BYTES, now);
  run(REPLY_ADD, -1);
}

static void log_changes(const Placed *placed, int64_t now) {
  bind(CHANGE_ADD, "iiittib", placed->revision, kZero, kOne, placed->order_id, placed->dealer, now, payload, ORDER_BYTES);
  run(CHANGE_ADD, -1);
  for (int line = 0; line < LINES; ++line) {
    char key[128];
    snprintf(key, sizeof key, "BRAND/%s/%s", warehouse[0], placed->skus[line]);
    bind(CHANGE_ADD, "iiitnib", placed->revision, (int64_t)(line + 1), (int64_t)2, key, now, payload, STOCK_BYTES);
    run(CHANGE_ADD, -1);
  }
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
                     "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 2000;"
                     "PRAGMA trusted_schema = OFF",
                     NULL, NULL, NULL) == SQLITE_OK,
        "pragmas");
  for (int i = 0; i < STATEMENT_COUNT; ++i)
    check(sqlite3_prepare_v3(database, kStatements[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) == SQLITE_OK,
          kStatements[i]);

  sku_count = names("SELECT sku FROM stock_balance WHERE owner = '' ORDER BY sku", skus, SKU_MAX);
  dealer_count = names("SELECT dealer_id FROM dealer ORDER BY dealer_id", dealers, DEALER_MAX);
  names("SELECT warehouse_id FROM warehouse", warehouse, 1);
  for (size_t i = 0; i < sizeof payload; ++i) payload[i] = (unsigned char)(i * 31);
  Placed *placed = calloc(group, sizeof *placed);
  check(placed != NULL, "memory");

  int64_t orders = 0;
  const double start = seconds_now();
  double taken;
  do {
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    const int64_t now = wall.tv_sec * 1000000LL + wall.tv_nsec / 1000;
    run(BEGIN, -1);
    int64_t revision = run(REVISION, 0);
    for (int i = 0; i < group; ++i) place(++orders, ++revision, now, &placed[i]);
    for (int i = 0; i < group; ++i) keep_reply(&placed[i], now);
    for (int i = 0; i < group; ++i) log_changes(&placed[i], now);
    bind(LOG_BYTES, "i", (int64_t)group * (ORDER_BYTES + LINES * STOCK_BYTES + (1 + LINES) * 64));
    run(LOG_BYTES, -1);
    bind(REVISION_SET, "i", revision);
    run(REVISION_SET, -1);
    run(COMMIT, -1);
    taken = seconds_now() - start;
  } while (taken < seconds);

  printf("{\"orders_per_second\": %.1f, \"orders\": %lld, \"group\": %d}\n", orders / taken, (long long)orders, group);
  for (int i = 0; i < STATEMENT_COUNT; ++i) sqlite3_finalize(statements[i]);
  free(placed);
  return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
