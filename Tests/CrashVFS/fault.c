#include "disk.h"

// Calls that fail: for want of power, by wish, or for want of room.

/// Accounts for a call before it is carried out: SQLITE_OK, or why it fails. `node` is NULL for a file that is not
/// open.
int disk_enter(crash_disk *disk, const node *node, unsigned kind, unsigned call, bool is_change) {
  if (node != NULL && node->is_dead) return SQLITE_IOERR;
  if (!disk->has_power) return call == CRASH_OPEN ? SQLITE_CANTOPEN : SQLITE_IOERR;
  if (is_change) {
    disk->statistics.changing_calls++;
    if (disk->cut_in > 0) {
      disk->cut_in--;
      if (disk->cut_in == 0) {
        if (disk->cut_is_kill) {
          disk_kill(disk);
        } else {
          disk_cut_power(disk, disk->cut_seed);
        }
        return SQLITE_IOERR;
      }
    }
  }
  crash_fault *fault = &disk->fault;
  if ((fault->calls & call) == 0 || (fault->files & kind) == 0 || fault->times == 0) return SQLITE_OK;
  if (fault->skip > 0) {
    fault->skip--;
    return SQLITE_OK;
  }
  if (fault->times > 0) fault->times--;
  disk->statistics.faults++;
  return fault->code;
}

static int64_t used(const crash_disk *disk) {
  int64_t sum = 0;
  for (int place = 0; place < disk->live.count; place++) sum += disk->live.entries[place].node->live.size;
  return sum;
}

/// By how many bytes files may grow.
int64_t disk_room(crash_disk *disk) {
  if (disk->limit < 0) return INT64_MAX;
  int64_t room = disk->limit - used(disk);
  return room < 0 ? 0 : room;
}

void crash_disk_fail(crash_disk *disk, crash_fault fault, uint64_t seed) {
  pthread_mutex_lock(&disk->mutex);
  disk->fault = fault;
  disk->random = seed;
  pthread_mutex_unlock(&disk->mutex);
}

void crash_disk_heal(crash_disk *disk) {
  pthread_mutex_lock(&disk->mutex);
  disk->fault = (crash_fault){0};
  pthread_mutex_unlock(&disk->mutex);
}

void crash_disk_limit(crash_disk *disk, int64_t bytes) {
  pthread_mutex_lock(&disk->mutex);
  disk->limit = bytes;
  pthread_mutex_unlock(&disk->mutex);
}

int64_t crash_disk_used(crash_disk *disk) {
  pthread_mutex_lock(&disk->mutex);
  int64_t bytes = used(disk);
  pthread_mutex_unlock(&disk->mutex);
  return bytes;
}

crash_statistics crash_disk_statistics(crash_disk *disk) {
  pthread_mutex_lock(&disk->mutex);
  crash_statistics statistics = disk->statistics;
  pthread_mutex_unlock(&disk->mutex);
  return statistics;
}
