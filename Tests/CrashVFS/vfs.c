#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"

// The disk as SQLite sees it: names are opened, deleted and looked up.

static crash_disk *as_disk(sqlite3_vfs *vfs) { return (crash_disk *)vfs->pAppData; }

static int leave(crash_disk *disk, int code) {
  pthread_mutex_unlock(&disk->mutex);
  return code;
}

static unsigned kind_of(int flags) {
  if (flags & SQLITE_OPEN_MAIN_DB) return CRASH_DATABASE;
  if (flags & SQLITE_OPEN_WAL) return CRASH_WAL;
  return CRASH_JOURNAL;
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *given) {
  crash_disk *disk = as_disk(vfs);
  file->pMethods = NULL;
  unsigned kind = kind_of(flags);
  pthread_mutex_lock(&disk->mutex);
  node *found = name == NULL ? NULL : directory_find(&disk->live, name);
  if (found == NULL && !(flags & SQLITE_OPEN_CREATE)) return leave(disk, SQLITE_CANTOPEN);
  int code = disk_enter(disk, NULL, kind, CRASH_OPEN, found == NULL);
  if (code != SQLITE_OK) return leave(disk, code);
  if (found == NULL) {
    found = disk_add_node(disk, kind);
    if (name != NULL) disk_change_directory(disk, name, found);
  }
  if (kind == CRASH_DATABASE) disk->statistics.databases_opened++;
  handle *self = (handle *)file;
  *self = (handle){.base.pMethods = &file_methods, .disk = disk, .node = found};
  // As SQLite's own file systems do for the kinds of file that a transaction rests on, new or not.
  self->syncs_directory =
      (flags & SQLITE_OPEN_CREATE) && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL));
  if (name != NULL && (flags & SQLITE_OPEN_DELETEONCLOSE)) self->temporary_name = strdup(name);
  if (given != NULL) *given = flags;
  return leave(disk, SQLITE_OK);
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int syncs_directory) {
  crash_disk *disk = as_disk(vfs);
  pthread_mutex_lock(&disk->mutex);
  node *found = directory_find(&disk->live, name);
  if (found == NULL) return leave(disk, disk->has_power ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE);
  int code = disk_enter(disk, found, found->kind, CRASH_DELETE, true);
  if (code != SQLITE_OK) return leave(disk, code);
  disk_change_directory(disk, name, NULL);
  if (syncs_directory) disk_sync_directory(disk);
  return leave(disk, SQLITE_OK);
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
  (void)flags;
  crash_disk *disk = as_disk(vfs);
  pthread_mutex_lock(&disk->mutex);
  const node *found = directory_find(&disk->live, name);
  // As the platform does: an empty file counts for nothing where it is asked for a journal or a log.
  *result = found != NULL && (flags != SQLITE_ACCESS_EXISTS || found->live.size > 0);
  return leave(disk, disk->has_power ? SQLITE_OK : SQLITE_IOERR_ACCESS);
}

static int disk_full_pathname(sqlite3_vfs *vfs, const char *name, int size, char *full) {
  (void)vfs;
  int length = snprintf(full, (size_t)size, "%s", name);
  return length >= 0 && length < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int disk_randomness(sqlite3_vfs *vfs, int count, char *bytes) {
  sqlite3_vfs *platform = as_disk(vfs)->platform;
  return platform->xRandomness(platform, count, bytes);
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds) {
  sqlite3_vfs *platform = as_disk(vfs)->platform;
  return platform->xSleep(platform, microseconds);
}

static int disk_current_time(sqlite3_vfs *vfs, double *time) {
  sqlite3_vfs *platform = as_disk(vfs)->platform;
  return platform->xCurrentTime(platform, time);
}

static int disk_last_error(sqlite3_vfs *vfs, int size, char *message) {
  (void)vfs;
  (void)size;
  (void)message;
  return 0;
}

void vfs_fill(crash_disk *disk, const char *name) {
  disk->platform = sqlite3_vfs_find(NULL);
  disk->vfs = (sqlite3_vfs){
      .iVersion = 1,
      .szOsFile = sizeof(handle),
      .mxPathname = 512,
      .zName = name,
      .pAppData = disk,
      .xOpen = disk_open,
      .xDelete = disk_delete,
      .xAccess = disk_access,
      .xFullPathname = disk_full_pathname,
      .xRandomness = disk_randomness,
      .xSleep = disk_sleep,
      .xCurrentTime = disk_current_time,
      .xGetLastError = disk_last_error,
  };
}
