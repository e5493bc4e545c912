#ifndef CRASH_DISK_H
#define CRASH_DISK_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "crash_vfs.h"

// What the files of this target share. Everything here is guarded by the disk's mutex.

/// Bytes that grow; what was never written is zero.
typedef struct {
  uint8_t *data;
  int64_t size;
  int64_t capacity;
} buffer;

/// A write or truncation that no sync has made durable.
typedef struct operation {
  struct operation *next;
  bool is_truncation;
  /// Where a write begins, or the size after a truncation.
  int64_t offset;
  int64_t length;
  uint8_t bytes[];
} operation;

struct handle;

/// A file without its name. It lives as long as the disk.
typedef struct node {
  struct node *next;
  unsigned kind;
  /// Set once the power was cut: no handle on it works any more.
  bool is_dead;
  /// What readers see.
  buffer live;
  /// What the last sync made durable.
  buffer durable;
  /// What came since, in order.
  operation *first;
  operation *last;

  // Locks of the file (file_locks.c).
  int shared_count;
  struct handle *reserved;
  struct handle *pending;
  struct handle *exclusive;

  // The index of the log, shared by connections (shared_memory.c).
  void **regions;
  int region_count;
  int memory_users;
  /// For each lock the number of those who share it, or −1.
  int slots[SQLITE_SHM_NLOCK];
} node;

/// A name and its file; as a change of the directory, no file means a deletion.
typedef struct {
  char *name;
  node *node;
} entry;

/// Entries in no order, or changes in the order in which they came.
typedef struct {
  entry *entries;
  int count;
} directory;

struct crash_disk {
  sqlite3_vfs vfs;
  sqlite3_vfs *platform;
  pthread_mutex_t mutex;
  bool powersafe_overwrite;
  bool has_power;
  uint64_t random;
  /// In how many changing calls the power is cut; 0 for never.
  uint64_t cut_in;
  uint64_t cut_seed;
  /// The process ends instead.
  bool cut_is_kill;
  crash_fault fault;
  int64_t limit;
  node *nodes;
  directory live;
  directory durable;
  directory changes;
  crash_statistics statistics;
};

/// An open file, as SQLite knows it.
typedef struct handle {
  sqlite3_file base;
  crash_disk *disk;
  node *node;
  int level;
  /// The next sync is one of the directory, too: the platform's file system does the same for a new log or journal.
  bool syncs_directory;
  bool sync_failed;
  /// Deleted when it is closed.
  char *temporary_name;
  bool has_memory;
  unsigned shared_slots;
  unsigned exclusive_slots;
} handle;

// disk.c
node *disk_add_node(crash_disk *disk, unsigned kind);
void buffer_write(buffer *buffer, const void *bytes, int64_t length, int64_t offset);
void buffer_resize(buffer *buffer, int64_t size);
void node_note(node *node, bool is_truncation, const void *bytes, int64_t length, int64_t offset);
void operation_carry_out(const operation *operation, buffer *target);
void node_sync(node *node);
void node_drop_operations(node *node);
void node_forget(node *node);
node *directory_find(const directory *directory, const char *name);
void directory_set(directory *directory, const char *name, node *node);
void directory_replace(directory *directory, const node *old, node *renewed);
void directory_clear(directory *directory);
void disk_change_directory(crash_disk *disk, const char *name, node *node);
void disk_sync_directory(crash_disk *disk);

// power.c
uint64_t disk_random(crash_disk *disk, uint64_t below);
void disk_cut_power(crash_disk *disk, uint64_t seed);
void disk_kill(crash_disk *disk);
void disk_fail_sync(crash_disk *disk, node *node);

// fault.c
int disk_enter(crash_disk *disk, const node *node, unsigned kind, unsigned call, bool is_change);
int64_t disk_room(crash_disk *disk);

// file.c, file_locks.c, shared_memory.c
extern const sqlite3_io_methods file_methods;
int file_lock(sqlite3_file *file, int level);
int file_unlock(sqlite3_file *file, int level);
int file_check_reserved(sqlite3_file *file, int *result);
int memory_map(sqlite3_file *file, int region, int size, int extend, void volatile **place);
int memory_lock(sqlite3_file *file, int offset, int count, int flags);
void memory_barrier(sqlite3_file *file);
int memory_unmap(sqlite3_file *file, int is_deletion);

// vfs.c
void vfs_fill(crash_disk *disk, const char *name);

#endif
