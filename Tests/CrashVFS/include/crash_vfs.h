#ifndef CRASH_VFS_H
#define CRASH_VFS_H

#include <stdint.h>

// A disk in memory whose power can be cut, and whose calls can fail; SQLite uses it as a virtual file system.
//
// The disk knows, for every file, what is durable and which writes and truncations came since the last sync. When the
// power is cut, all that is durable stays, and of the rest a part that a seed decides: operations are dropped, a later
// one stays without an earlier, one is torn at a sector or leaves garbage in it. A file made or deleted without a sync
// of its directory is there or not. All files are in one directory.
//
// Every function may be called from any thread.

/// The sector: a torn write is torn at its multiples.
#define CRASH_SECTOR_SIZE 512

typedef struct crash_disk crash_disk;

/// What SQLite asks of a disk; as a set, a sum of them.
enum crash_call {
  CRASH_OPEN = 1,
  CRASH_READ = 2,
  CRASH_WRITE = 4,
  CRASH_TRUNCATE = 8,
  CRASH_SYNC = 16,
  CRASH_DELETE = 32,
};

/// What a file is to SQLite; as a set, a sum of them.
enum crash_file {
  CRASH_DATABASE = 1,
  CRASH_WAL = 2,
  CRASH_JOURNAL = 4,
};

/// Calls that are to fail.
typedef struct {
  /// Which calls, a set of `crash_call`.
  unsigned calls;
  /// On which files, a set of `crash_file`.
  unsigned files;
  /// How many such calls succeed before.
  int64_t skip;
  /// How many fail then; all if it is negative.
  int64_t times;
  /// SQLite's code for the failure, such as SQLITE_IOERR_WRITE.
  int code;
  /// How many of a write's bytes are written all the same.
  int64_t kept_bytes;
} crash_fault;

/// What happened on a disk so far.
typedef struct {
  /// Calls that change something: writes, truncations, syncs, deletions, and openings that make a file.
  uint64_t changing_calls;
  /// Calls that failed as `crash_disk_fail` wished.
  uint64_t faults;
  /// Operations that were not durable when the power was cut.
  uint64_t unsynced_operations;
  /// Those of them that were lost or torn.
  uint64_t lost_operations;
  /// Syncs through a handle whose sync had failed before. They promise nothing: what failed to reach the disk is no
  /// longer tried.
  uint64_t syncs_after_failure;
  /// How often a database file was opened.
  uint64_t databases_opened;
} crash_statistics;

/// An empty disk, registered with SQLite as the virtual file system `name`; NULL without memory.
///
/// With `powersafe_overwrite` a torn write harms no byte beside those that it writes, and SQLite is told so; without,
/// the whole sector may hold garbage, and SQLite is told that nothing is sure.
crash_disk *crash_disk_new(const char *name, int powersafe_overwrite);

/// Removes the disk. Every connection to it must be closed.
void crash_disk_free(crash_disk *disk);

/// Cuts the power: `seed` decides what stays. Every open handle fails from now on, and nothing can be opened.
void crash_disk_cut_power(crash_disk *disk, uint64_t seed);

/// Cuts the power instead of the `calls`-th changing call from now on, counted from 1.
void crash_disk_cut_power_at(crash_disk *disk, uint64_t calls, uint64_t seed);

/// Ends the process instead of the `calls`-th changing call from now on, counted from 1, or at once with 0: every open
/// handle fails and nothing can be opened, but what was written stays in the memory of the system, synced or not.
void crash_disk_kill_at(crash_disk *disk, uint64_t calls);

/// Lets files be opened again, and the power stay on. Handles opened before stay dead.
void crash_disk_restore_power(crash_disk *disk);

/// Whether files can be opened: there was no cut and no kill since the last restoration.
int crash_disk_has_power(crash_disk *disk);

/// Lets calls fail, instead of those asked for before. A failed sync is one for good: it leaves a part of the
/// unsynced operations durable, that `seed` decides, and no later sync makes the others so, though they can be read.
void crash_disk_fail(crash_disk *disk, crash_fault fault, uint64_t seed);

/// Lets no call fail.
void crash_disk_heal(crash_disk *disk);

/// How many bytes all files together may have from now on; no limit if it is negative. A write for which there is no
/// room fills the room that is left and fails with SQLITE_FULL.
void crash_disk_limit(crash_disk *disk, int64_t bytes);

/// How many bytes all files together have.
int64_t crash_disk_used(crash_disk *disk);

/// What happened so far.
crash_statistics crash_disk_statistics(crash_disk *disk);

#endif
