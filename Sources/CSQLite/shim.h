#include <sqlite3.h>

// Calls that Swift cannot make itself, because they take a variable number of arguments.

/// Lets SQLite allocate memory without counting it, and so without a lock for every allocation. Returns a result code;
/// works only before the process first uses SQLite.
static inline int csqlite_disable_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
