#include <string.h>

#include "disk.h"

// The cut of the power, and what it leaves of what was not durable; the end of the process; the failed sync.

/// A number from 0 up to `below`, exclusive; SplitMix64.
uint64_t disk_random(crash_disk *disk, uint64_t below) {
  disk->random += 0x9E3779B97F4A7C15;
  uint64_t mixed = disk->random;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  mixed ^= mixed >> 31;
  return below == 0 ? mixed : mixed % below;
}

static bool one_in(crash_disk *disk, uint64_t count) { return disk_random(disk, count) == 0; }

/// Fills [from, to) with garbage, without making the file longer than the writes to it did.
static void spoil(crash_disk *disk, buffer *target, int64_t from, int64_t to) {
  for (int64_t place = from; place < to; place++) {
    uint8_t byte = (uint8_t)disk_random(disk, 256);
    buffer_write(target, &byte, 1, place);
  }
}

/// Carries out a write sector by sector: each is new, stays as it was, or holds garbage.
static void tear(crash_disk *disk, buffer *target, const operation *write) {
  int64_t end = write->offset + write->length;
  for (int64_t from = write->offset; from < end;) {
    int64_t sector = from - from % CRASH_SECTOR_SIZE;
    int64_t to = sector + CRASH_SECTOR_SIZE < end ? sector + CRASH_SECTOR_SIZE : end;
    uint64_t fate = disk_random(disk, 8);
    if (fate < 4) {
      buffer_write(target, write->bytes + (from - write->offset), to - from, from);
    } else if (fate == 4) {
      if (disk->powersafe_overwrite) {
        spoil(disk, target, from, to);
      } else {
        int64_t sector_end = sector + CRASH_SECTOR_SIZE;
        int64_t last = target->size < sector_end ? target->size : sector_end;
        spoil(disk, target, sector, last > to ? last : to);
      }
    }
    from = to;
  }
  // The size is kept apart from the bytes, and may be durable without them.
  if (end > target->size && one_in(disk, 4)) buffer_resize(target, end);
}

/// What stays of a file: all that is durable, and some of the rest.
static void survive(crash_disk *disk, const node *old, buffer *target) {
  enum { NOTHING, EVERYTHING, BEGINNING, ANY, MANNERS };
  buffer_write(target, old->durable.data, old->durable.size, 0);
  uint64_t count = 0;
  for (const operation *each = old->first; each != NULL; each = each->next) count++;
  uint64_t manner = disk_random(disk, MANNERS);
  uint64_t beginning = disk_random(disk, count + 1);
  uint64_t place = 0;
  for (const operation *each = old->first; each != NULL; each = each->next, place++) {
    bool stays = manner == EVERYTHING || (manner == BEGINNING && place < beginning) ||
                 (manner == ANY && one_in(disk, 2));
    bool is_torn = !each->is_truncation && ((manner == BEGINNING && place == beginning) ||
                                            (stays && manner == ANY && one_in(disk, 3)));
    disk->statistics.unsynced_operations++;
    if (is_torn || !stays) disk->statistics.lost_operations++;
    if (is_torn) {
      tear(disk, target, each);
    } else if (stays) {
      operation_carry_out(each, target);
    }
  }
}

void disk_cut_power(crash_disk *disk, uint64_t seed) {
  disk->has_power = false;
  disk->cut_in = 0;
  disk->random = seed;
  for (int place = 0; place < disk->changes.count; place++) {
    entry change = disk->changes.entries[place];
    if (one_in(disk, 2)) directory_set(&disk->durable, change.name, change.node);
  }
  // The same files as new nodes: handles on the old ones are dead, with their locks and their shared memory.
  node *old_nodes = disk->nodes;
  while (disk->live.count > 0) directory_set(&disk->live, disk->live.entries[0].name, NULL);
  for (int place = 0; place < disk->durable.count; place++) {
    entry *kept = &disk->durable.entries[place];
    node *renewed = disk_add_node(disk, kept->node->kind);
    survive(disk, kept->node, &renewed->durable);
    buffer_write(&renewed->live, renewed->durable.data, renewed->durable.size, 0);
    kept->node = renewed;
    directory_set(&disk->live, kept->name, renewed);
  }
  for (node *each = old_nodes; each != NULL; each = each->next) {
    each->is_dead = true;
    node_forget(each);
  }
  directory_clear(&disk->changes);
}

/// The end of the process: handles are dead, and all that was written is still in the memory of the system.
void disk_kill(crash_disk *disk) {
  if (!disk->has_power) return;
  disk->has_power = false;
  disk->cut_in = 0;
  node *old_nodes = disk->nodes;
  for (node *each = old_nodes; each != NULL; each = each->next) {
    if (each->is_dead) continue;
    node *renewed = disk_add_node(disk, each->kind);
    renewed->live = each->live;
    renewed->durable = each->durable;
    renewed->first = each->first;
    renewed->last = each->last;
    each->live = (buffer){0};
    each->durable = (buffer){0};
    each->first = NULL;
    each->last = NULL;
    each->is_dead = true;
    directory_replace(&disk->live, each, renewed);
    directory_replace(&disk->durable, each, renewed);
    directory_replace(&disk->changes, each, renewed);
  }
}

/// The system tries the writes, says that it failed, and tries none of them again: a part has become durable, and the
/// rest is only in its cache, where it can be read.
void disk_fail_sync(crash_disk *disk, node *failed) {
  for (const operation *each = failed->first; each != NULL; each = each->next) {
    if (one_in(disk, 2)) operation_carry_out(each, &failed->durable);
  }
  node_drop_operations(failed);
}

void crash_disk_cut_power(crash_disk *disk, uint64_t seed) {
  pthread_mutex_lock(&disk->mutex);
  disk_cut_power(disk, seed);
  pthread_mutex_unlock(&disk->mutex);
}

void crash_disk_cut_power_at(crash_disk *disk, uint64_t calls, uint64_t seed) {
  pthread_mutex_lock(&disk->mutex);
  disk->cut_in = calls;
  disk->cut_seed = seed;
  disk->cut_is_kill = false;
  pthread_mutex_unlock(&disk->mutex);
}

void crash_disk_kill_at(crash_disk *disk, uint64_t calls) {
  pthread_mutex_lock(&disk->mutex);
  disk->cut_in = calls;
  disk->cut_is_kill = true;
  if (calls == 0) disk_kill(disk);
  pthread_mutex_unlock(&disk->mutex);
}

void crash_disk_restore_power(crash_disk *disk) {
  pthread_mutex_lock(&disk->mutex);
  disk->has_power = true;
  disk->cut_in = 0;
  pthread_mutex_unlock(&disk->mutex);
}

int crash_disk_has_power(crash_disk *disk) {
  pthread_mutex_lock(&disk->mutex);
  int has_power = disk->has_power;
  pthread_mutex_unlock(&disk->mutex);
  return has_power;
}
