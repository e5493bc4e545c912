#include "disk.h"

#include <stdlib.h>
#include <string.h>

// Files and names: what is there, what of it is durable, and what came since.

static void *must(void *memory) {
  // A test without memory has nothing to say.
  if (memory == NULL) abort();
  return memory;
}

// MARK: Bytes

static void buffer_reserve(buffer *buffer, int64_t size) {
  if (size <= buffer->capacity) return;
  int64_t capacity = buffer->capacity < 4096 ? 4096 : buffer->capacity;
  while (capacity < size) capacity *= 2;
  buffer->data = must(realloc(buffer->data, (size_t)capacity));
  buffer->capacity = capacity;
}

void buffer_resize(buffer *buffer, int64_t size) {
  if (size > buffer->size) {
    buffer_reserve(buffer, size);
    memset(buffer->data + buffer->size, 0, (size_t)(size - buffer->size));
  }
  buffer->size = size;
}

void buffer_write(buffer *buffer, const void *bytes, int64_t length, int64_t offset) {
  if (length <= 0) return;
  if (offset + length > buffer->size) buffer_resize(buffer, offset + length);
  memcpy(buffer->data + offset, bytes, (size_t)length);
}

static void buffer_free(buffer *emptied) {
  free(emptied->data);
  *emptied = (buffer){0};
}

// MARK: Files

node *disk_add_node(crash_disk *disk, unsigned kind) {
  node *added = must(calloc(1, sizeof(node)));
  added->kind = kind;
  added->next = disk->nodes;
  disk->nodes = added;
  return added;
}

void node_note(node *node, bool is_truncation, const void *bytes, int64_t length, int64_t offset) {
  size_t kept = is_truncation ? 0 : (size_t)length;
  operation *noted = must(malloc(sizeof(operation) + kept));
  *noted = (operation){.is_truncation = is_truncation, .offset = offset, .length = (int64_t)kept};
  if (kept > 0) memcpy(noted->bytes, bytes, kept);
  if (node->last != NULL) {
    node->last->next = noted;
  } else {
    node->first = noted;
  }
  node->last = noted;
}

void node_drop_operations(node *node) {
  for (operation *each = node->first; each != NULL;) {
    operation *next = each->next;
    free(each);
    each = next;
  }
  node->first = NULL;
  node->last = NULL;
}

void operation_carry_out(const operation *operation, buffer *target) {
  if (!operation->is_truncation) {
    buffer_write(target, operation->bytes, operation->length, operation->offset);
  } else if (operation->offset < target->size) {
    buffer_resize(target, operation->offset);
  }
}

void node_sync(node *node) {
  for (const operation *each = node->first; each != NULL; each = each->next) operation_carry_out(each, &node->durable);
  node_drop_operations(node);
}

void node_forget(node *node) {
  node_drop_operations(node);
  buffer_free(&node->live);
  buffer_free(&node->durable);
}

// MARK: Names

static int directory_place(const directory *directory, const char *name) {
  for (int place = 0; place < directory->count; place++) {
    if (strcmp(directory->entries[place].name, name) == 0) return place;
  }
  return -1;
}

static void directory_append(directory *directory, const char *name, node *node) {
  directory->entries = must(realloc(directory->entries, sizeof(entry) * (size_t)(directory->count + 1)));
  directory->entries[directory->count] = (entry){.name = must(strdup(name)), .node = node};
  directory->count++;
}

node *directory_find(const directory *directory, const char *name) {
  int place = directory_place(directory, name);
  return place < 0 ? NULL : directory->entries[place].node;
}

void directory_set(directory *directory, const char *name, node *node) {
  int place = directory_place(directory, name);
  if (node == NULL) {
    if (place < 0) return;
    free(directory->entries[place].name);
    directory->count--;
    directory->entries[place] = directory->entries[directory->count];
  } else if (place >= 0) {
    directory->entries[place].node = node;
  } else {
    directory_append(directory, name, node);
  }
}

void directory_replace(directory *directory, const node *old, node *renewed) {
  for (int place = 0; place < directory->count; place++) {
    if (directory->entries[place].node == old) directory->entries[place].node = renewed;
  }
}

void directory_clear(directory *directory) {
  for (int place = 0; place < directory->count; place++) free(directory->entries[place].name);
  free(directory->entries);
  directory->entries = NULL;
  directory->count = 0;
}

void disk_change_directory(crash_disk *disk, const char *name, node *node) {
  directory_set(&disk->live, name, node);
  directory_append(&disk->changes, name, node);
}

void disk_sync_directory(crash_disk *disk) {
  for (int place = 0; place < disk->changes.count; place++) {
    directory_set(&disk->durable, disk->changes.entries[place].name, disk->changes.entries[place].node);
  }
  directory_clear(&disk->changes);
}

// MARK: The disk

crash_disk *crash_disk_new(const char *name, int powersafe_overwrite) {
  crash_disk *disk = calloc(1, sizeof(crash_disk));
  if (disk == NULL) return NULL;
  disk->powersafe_overwrite = powersafe_overwrite != 0;
  disk->has_power = true;
  disk->limit = -1;
  pthread_mutex_init(&disk->mutex, NULL);
  vfs_fill(disk, must(strdup(name)));
  if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) abort();
  return disk;
}

void crash_disk_free(crash_disk *disk) {
  sqlite3_vfs_unregister(&disk->vfs);
  directory_clear(&disk->live);
  directory_clear(&disk->durable);
  directory_clear(&disk->changes);
  for (node *each = disk->nodes; each != NULL;) {
    node *next = each->next;
    node_forget(each);
    free(each);
    each = next;
  }
  pthread_mutex_destroy(&disk->mutex);
  free((void *)disk->vfs.zName);
  free(disk);
}
