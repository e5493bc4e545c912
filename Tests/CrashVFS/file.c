#include <stdlib.h>
#include <string.h>

#include "disk.h"

// An open file: reads what was written, notes what is written, makes it durable at a sync.

static handle *enter(sqlite3_file *file) {
  handle *self = (handle *)file;
  pthread_mutex_lock(&self->disk->mutex);
  return self;
}

static int leave(handle *self, int code) {
  pthread_mutex_unlock(&self->disk->mutex);
  return code;
}

static int permit(handle *self, unsigned call, bool is_change) {
  return disk_enter(self->disk, self->node, self->node->kind, call, is_change);
}

static int file_close(sqlite3_file *file) {
  memory_unmap(file, 0);
  file_unlock(file, SQLITE_LOCK_NONE);
  handle *self = enter(file);
  if (self->temporary_name != NULL && !self->node->is_dead) {
    disk_change_directory(self->disk, self->temporary_name, NULL);
  }
  free(self->temporary_name);
  return leave(self, SQLITE_OK);
}

static int file_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset) {
  handle *self = enter(file);
  int code = permit(self, CRASH_READ, false);
  if (code != SQLITE_OK) return leave(self, code);
  const buffer *live = &self->node->live;
  int64_t found = live->size - offset;
  if (found >= length) {
    memcpy(bytes, live->data + offset, (size_t)length);
    return leave(self, SQLITE_OK);
  }
  if (found < 0) found = 0;
  if (found > 0) memcpy(bytes, live->data + offset, (size_t)found);
  memset((uint8_t *)bytes + found, 0, (size_t)(length - found));
  return leave(self, SQLITE_IOERR_SHORT_READ);
}

static void put(handle *self, const void *bytes, int64_t length, int64_t offset) {
  if (length <= 0) return;
  buffer_write(&self->node->live, bytes, length, offset);
  node_note(self->node, false, bytes, length, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
  handle *self = enter(file);
  int code = permit(self, CRASH_WRITE, true);
  if (code != SQLITE_OK) {
    if (self->disk->has_power && !self->node->is_dead) {
      int64_t kept = self->disk->fault.kept_bytes;
      put(self, bytes, kept < length ? kept : length, offset);
    }
    return leave(self, code);
  }
  int64_t growth = offset + length - self->node->live.size;
  int64_t room = disk_room(self->disk);
  if (growth > room) {
    put(self, bytes, length - (growth - room), offset);
    return leave(self, SQLITE_FULL);
  }
  put(self, bytes, length, offset);
  return leave(self, SQLITE_OK);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  handle *self = enter(file);
  int code = permit(self, CRASH_TRUNCATE, true);
  if (code != SQLITE_OK) return leave(self, code);
  if (size < self->node->live.size) {
    buffer_resize(&self->node->live, size);
    node_note(self->node, true, NULL, 0, size);
  }
  return leave(self, SQLITE_OK);
}

static int file_sync(sqlite3_file *file, int flags) {
  (void)flags;
  handle *self = enter(file);
  if (self->sync_failed) self->disk->statistics.syncs_after_failure++;
  int code = permit(self, CRASH_SYNC, true);
  if (code != SQLITE_OK) {
    if (self->disk->has_power && !self->node->is_dead) {
      self->sync_failed = true;
      disk_fail_sync(self->disk, self->node);
    }
    return leave(self, code);
  }
  node_sync(self->node);
  if (self->syncs_directory) disk_sync_directory(self->disk);
  self->syncs_directory = false;
  return leave(self, SQLITE_OK);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  handle *self = enter(file);
  *size = self->node->live.size;
  return leave(self, self->node->is_dead ? SQLITE_IOERR_FSTAT : SQLITE_OK);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
  (void)file;
  (void)operation;
  (void)argument;
  return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *file) {
  (void)file;
  return CRASH_SECTOR_SIZE;
}

static int file_characteristics(sqlite3_file *file) {
  return ((handle *)file)->disk->powersafe_overwrite ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

// Version 2: shared memory, and no mapping of files into memory, which would go past this.
const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = memory_map,
    .xShmLock = memory_lock,
    .xShmBarrier = memory_barrier,
    .xShmUnmap = memory_unmap,
};
