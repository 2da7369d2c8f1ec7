#include "disk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static crash_directory *registry;
static crash_disk last_identifier;

static bool lies_below(const char *path, const char *root, size_t length) {
  return strncmp(path, root, length) == 0 && path[length] == '/';
}

crash_directory *crash_directory_for_path(const char *path) {
  pthread_mutex_lock(&registry_lock);
  crash_directory *found = registry;
  while (found && !(found->attached && lies_below(path, found->root, found->root_length))) found = found->next;
  if (found) found->references += 1;
  pthread_mutex_unlock(&registry_lock);
  return found;
}

static crash_directory *retain(crash_disk disk) {
  pthread_mutex_lock(&registry_lock);
  crash_directory *found = registry;
  while (found && !(found->attached && found->identifier == disk)) found = found->next;
  if (found) found->references += 1;
  pthread_mutex_unlock(&registry_lock);
  if (!found) errno = EINVAL;
  return found;
}

static void clear(crash_directory *directory) {
  while (directory->points) {
    crash_point *point = directory->points;
    directory->points = point->next;
    free(point);
  }
  while (directory->names) {
    crash_name *name = directory->names;
    directory->names = name->next;
    crash_inode_release(name->durable);
    crash_inode_release(name->current);
    free(name);
  }
}

void crash_directory_release(crash_directory *directory) {
  pthread_mutex_lock(&registry_lock);
  bool last = --directory->references == 0;
  if (last) {
    crash_directory **place = &registry;
    while (*place != directory) place = &(*place)->next;
    *place = directory->next;
  }
  pthread_mutex_unlock(&registry_lock);
  if (!last) return;
  clear(directory);
  pthread_mutex_destroy(&directory->lock);
  free(directory);
}

/// Whether an attached directory contains `root` or lies in it.
static bool overlaps(const char *root, size_t length) {
  for (crash_directory *other = registry; other; other = other->next) {
    if (!other->attached) continue;
    if (strcmp(other->root, root) == 0 || lies_below(root, other->root, other->root_length) ||
        lies_below(other->root, root, length))
      return true;
  }
  return false;
}

static crash_directory *new_directory(const char *root, size_t length) {
  crash_directory *directory = calloc(1, sizeof *directory + length + 1);
  if (!directory) return NULL;
  memcpy(directory->root, root, length);
  directory->root_length = length;
  directory->references = 1;
  directory->attached = true;
  directory->log_limit = 64 << 20;
  pthread_mutex_init(&directory->lock, NULL);
  return directory;
}

crash_disk crash_disk_attach(const char *path) {
  char *root = realpath(path, NULL);
  if (!root) return -1;
  size_t length = strlen(root);
  crash_directory *directory = new_directory(root, length);
  int error = directory ? 0 : ENOMEM;
  crash_disk identifier = -1;
  pthread_mutex_lock(&registry_lock);
  if (directory && overlaps(root, length)) error = EEXIST;
  if (!error) {
    identifier = directory->identifier = ++last_identifier;
    directory->next = registry;
    registry = directory;
  }
  pthread_mutex_unlock(&registry_lock);
  if (error) free(directory);
  free(root);
  if (error) errno = error;
  return identifier;
}

void crash_disk_detach(crash_disk disk) {
  crash_directory *directory = retain(disk);
  if (!directory) return;
  pthread_mutex_lock(&registry_lock);
  bool ours = directory->attached;  // another thread may have been faster
  directory->attached = false;
  pthread_mutex_unlock(&registry_lock);
  pthread_mutex_lock(&directory->lock);
  clear(directory);
  directory->stats.pending_points = 0;
  memset(directory->faults, 0, sizeof directory->faults);
  pthread_mutex_unlock(&directory->lock);
  crash_directory_release(directory);
  if (ours) crash_directory_release(directory);
}

static crash_directory *lock_disk(crash_disk disk) {
  crash_directory *directory = retain(disk);
  if (directory) pthread_mutex_lock(&directory->lock);
  return directory;
}

static void unlock_disk(crash_directory *directory) {
  pthread_mutex_unlock(&directory->lock);
  crash_directory_release(directory);
}

int64_t crash_operations(crash_disk disk) {
  crash_directory *directory = lock_disk(disk);
  if (!directory) return -1;
  int64_t operations = directory->stats.operations;
  unlock_disk(directory);
  return operations;
}

crash_stats crash_disk_stats(crash_disk disk) {
  crash_stats stats = {0};
  crash_directory *directory = lock_disk(disk);
  if (!directory) return stats;
  stats = directory->stats;
  for (const crash_name *name = directory->names; name; name = name->next) {
    if (name->current) stats.unsynced_bytes += name->current->log_bytes;
    if (name->durable && name->durable != name->current) stats.unsynced_bytes += name->durable->log_bytes;
  }
  unlock_disk(directory);
  return stats;
}

int64_t crash_materialise(crash_disk disk, const char *into, uint64_t seed, crash_mode mode) {
  crash_directory *directory = lock_disk(disk);
  if (!directory) return -1;
  int64_t operation = crash_write_image(directory, into, seed, mode);
  int error = errno;
  unlock_disk(directory);
  errno = error;
  return operation;
}

int crash_materialise_at(crash_disk disk, int64_t operation, const char *into, uint64_t seed, crash_mode mode) {
  crash_point *point = malloc(sizeof *point + strlen(into) + 1);
  if (!point) return -1;
  point->operation = operation;
  point->seed = seed;
  point->mode = mode;
  strcpy(point->into, into);
  crash_directory *directory = lock_disk(disk);
  if (!directory || operation <= directory->stats.operations) {
    if (directory) unlock_disk(directory);
    free(point);
    errno = EINVAL;
    return -1;
  }
  point->next = directory->points;
  directory->points = point;
  directory->stats.pending_points += 1;
  unlock_disk(directory);
  return 0;
}

int crash_fail(crash_disk disk, crash_call call, int64_t nth, int code, int from_then_on) {
  bool known = call == CRASH_WRITE || call == CRASH_SYNC;
  crash_directory *directory = known && nth >= 1 && code != SQLITE_OK ? lock_disk(disk) : NULL;
  if (!directory) {
    errno = EINVAL;
    return -1;
  }
  directory->faults[call] = (crash_fault){.countdown = nth, .code = code, .from_then_on = from_then_on != 0};
  unlock_disk(directory);
  return 0;
}

int crash_heal(crash_disk disk) {
  crash_directory *directory = lock_disk(disk);
  if (!directory) return -1;
  memset(directory->faults, 0, sizeof directory->faults);
  unlock_disk(directory);
  return 0;
}

int crash_limit_log(crash_disk disk, int64_t bytes) {
  crash_directory *directory = bytes >= 0 ? lock_disk(disk) : NULL;
  if (!directory) {
    errno = EINVAL;
    return -1;
  }
  directory->log_limit = bytes;
  unlock_disk(directory);
  return 0;
}
