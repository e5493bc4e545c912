#include "disk.h"

// SQLite's five levels of a lock on a database file, among the connections of this process.

static handle *as_handle(sqlite3_file *file) { return (handle *)file; }

int file_lock(sqlite3_file *file, int level) {
  handle *self = as_handle(file);
  node *node = self->node;
  int code = SQLITE_OK;
  pthread_mutex_lock(&self->disk->mutex);
  if (node->is_dead) {
    code = SQLITE_IOERR_LOCK;
  } else if (self->level >= level) {
    code = SQLITE_OK;
  } else if (level == SQLITE_LOCK_SHARED) {
    if (node->pending != NULL || node->exclusive != NULL) {
      code = SQLITE_BUSY;
    } else {
      node->shared_count++;
      self->level = level;
    }
  } else if (node->reserved != NULL && node->reserved != self) {
    code = SQLITE_BUSY;
  } else if (level == SQLITE_LOCK_RESERVED) {
    node->reserved = self;
    self->level = level;
  } else if (node->pending != NULL && node->pending != self) {
    code = SQLITE_BUSY;
  } else {
    // New readers are kept out from here on, also if the old ones are still in.
    node->pending = self;
    self->level = SQLITE_LOCK_PENDING;
    if (node->shared_count > 1) {
      code = SQLITE_BUSY;
    } else {
      node->exclusive = self;
      self->level = SQLITE_LOCK_EXCLUSIVE;
    }
  }
  pthread_mutex_unlock(&self->disk->mutex);
  return code;
}

int file_unlock(sqlite3_file *file, int level) {
  handle *self = as_handle(file);
  node *node = self->node;
  pthread_mutex_lock(&self->disk->mutex);
  if (self->level > level) {
    if (node->reserved == self) node->reserved = NULL;
    if (node->pending == self) node->pending = NULL;
    if (node->exclusive == self) node->exclusive = NULL;
    if (level == SQLITE_LOCK_NONE) node->shared_count--;
    self->level = level;
  }
  pthread_mutex_unlock(&self->disk->mutex);
  return SQLITE_OK;
}

int file_check_reserved(sqlite3_file *file, int *result) {
  handle *self = as_handle(file);
  pthread_mutex_lock(&self->disk->mutex);
  *result = self->node->reserved != NULL;
  int code = self->node->is_dead ? SQLITE_IOERR_CHECKRESERVEDLOCK : SQLITE_OK;
  pthread_mutex_unlock(&self->disk->mutex);
  return code;
}
