#include <stdlib.h>

#include "disk.h"

// The memory in which connections share the index of the write-ahead log, and its eight locks. It is never on disk:
// after a crash SQLite makes it anew.

int memory_map(sqlite3_file *file, int region, int size, int extend, void volatile **place) {
  handle *self = (handle *)file;
  node *node = self->node;
  int code = SQLITE_OK;
  *place = NULL;
  pthread_mutex_lock(&self->disk->mutex);
  if (node->is_dead) {
    code = SQLITE_IOERR_SHMMAP;
  } else {
    if (!self->has_memory) {
      self->has_memory = true;
      node->memory_users++;
    }
    while (extend && node->region_count <= region) {
      void **regions = realloc(node->regions, sizeof(void *) * (size_t)(node->region_count + 1));
      void *added = calloc(1, (size_t)size);
      if (regions == NULL || added == NULL) abort();
      regions[node->region_count] = added;
      node->regions = regions;
      node->region_count++;
    }
    if (region < node->region_count) *place = node->regions[region];
  }
  pthread_mutex_unlock(&self->disk->mutex);
  return code;
}

static void release(handle *self, int slot) {
  unsigned bit = 1u << slot;
  if (self->exclusive_slots & bit) {
    self->node->slots[slot] = 0;
    self->exclusive_slots &= ~bit;
  } else if (self->shared_slots & bit) {
    self->node->slots[slot]--;
    self->shared_slots &= ~bit;
  }
}

static int take_shared(handle *self, int slot) {
  unsigned bit = 1u << slot;
  if (self->shared_slots & bit) return SQLITE_OK;
  if (self->node->slots[slot] < 0) return SQLITE_BUSY;
  self->node->slots[slot]++;
  self->shared_slots |= bit;
  return SQLITE_OK;
}

static int take_exclusive(handle *self, int offset, int count) {
  for (int slot = offset; slot < offset + count; slot++) {
    if (self->node->slots[slot] != 0 && !(self->exclusive_slots & (1u << slot))) return SQLITE_BUSY;
  }
  for (int slot = offset; slot < offset + count; slot++) {
    self->node->slots[slot] = -1;
    self->exclusive_slots |= 1u << slot;
  }
  return SQLITE_OK;
}

int memory_lock(sqlite3_file *file, int offset, int count, int flags) {
  handle *self = (handle *)file;
  int code = SQLITE_OK;
  pthread_mutex_lock(&self->disk->mutex);
  if (flags & SQLITE_SHM_UNLOCK) {
    for (int slot = offset; slot < offset + count; slot++) release(self, slot);
  } else if (self->node->is_dead) {
    code = SQLITE_IOERR_SHMLOCK;
  } else if (flags & SQLITE_SHM_SHARED) {
    code = take_shared(self, offset);
  } else {
    code = take_exclusive(self, offset, count);
  }
  pthread_mutex_unlock(&self->disk->mutex);
  return code;
}

void memory_barrier(sqlite3_file *file) {
  handle *self = (handle *)file;
  pthread_mutex_lock(&self->disk->mutex);
  pthread_mutex_unlock(&self->disk->mutex);
}

int memory_unmap(sqlite3_file *file, int is_deletion) {
  (void)is_deletion;
  handle *self = (handle *)file;
  node *node = self->node;
  pthread_mutex_lock(&self->disk->mutex);
  if (self->has_memory) {
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) release(self, slot);
    self->has_memory = false;
    node->memory_users--;
    if (node->memory_users == 0) {
      for (int region = 0; region < node->region_count; region++) free(node->regions[region]);
      free(node->regions);
      node->regions = NULL;
      node->region_count = 0;
    }
  }
  pthread_mutex_unlock(&self->disk->mutex);
  return SQLITE_OK;
}
