#include "disk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { sector = 512 };

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static bool flip(uint64_t *random) { return next_random(random) >> 63; }

/// A generator of its own for each file (FNV-1a over its name), so that the order of files does not matter.
static uint64_t generator(uint64_t seed, const char *path) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (; *path; path++) hash = (hash ^ (unsigned char)*path) * 0x100000001B3u;
  hash ^= seed;
  next_random(&hash);
  return hash;
}

/// Lets each sector of a write land or not.
static bool land_torn(const crash_change *change, crash_bytes *bytes, uint64_t *random) {
  for (int64_t start = 0, end; start < change->count; start = end) {
    end = ((change->offset + start) / sector + 1) * sector - change->offset;
    if (end > change->count) end = change->count;
    if (!flip(random)) continue;
    size_t count = (size_t)(end - start), offset = (size_t)(change->offset + start);
    if (!crash_bytes_write(bytes, change->data + start, count, offset)) return false;
  }
  return true;
}

/// Applies one change wholly, in part or not at all; in `weight` of four cases wholly.
static bool land_some(const crash_change *change, crash_bytes *bytes, uint64_t *random, uint64_t weight) {
  if (next_random(random) % 4 < weight) return crash_change_apply(change, bytes);
  if (change->count < 0) return true;
  if (flip(random) && !land_torn(change, bytes, random)) return false;
  // The length of a file is metadata of its own: it may have grown although the data are not there.
  size_t end = (size_t)(change->offset + change->count);
  return bytes->size >= end || !flip(random) || crash_bytes_resize(bytes, end);
}

/// The content a file has after the crash. The caller frees its data, also after a failure.
static bool compose(const crash_inode *inode, crash_mode mode, uint64_t *random, crash_bytes *bytes) {
  if (!crash_bytes_write(bytes, inode->durable.data, inode->durable.size, 0)) return false;
  int64_t limit = inode->changes;
  if (mode == CRASH_DROP_UNSYNCED) limit = 0;
  if (mode == CRASH_KEEP_PREFIX) limit = (int64_t)(next_random(random) % (uint64_t)(inode->changes + 1));
  // From nearly nothing to everything: with one fixed share, long logs would always look alike.
  uint64_t weight = next_random(random) % 5;
  const crash_change *change = inode->first;
  for (int64_t index = 0; index < limit; index++, change = change->next) {
    bool applied = mode == CRASH_TORN_SUBSET ? land_some(change, bytes, random, weight)
                                             : crash_change_apply(change, bytes);
    if (!applied) return false;
  }
  return true;
}

/// Which inode a name leads to after the crash.
static const crash_inode *surviving(const crash_name *name, crash_mode mode, uint64_t *random) {
  if (mode == CRASH_DROP_UNSYNCED) return name->durable;
  if (mode == CRASH_KEEP_ALL) return name->current;
  return flip(random) ? name->durable : name->current;
}

/// Creates the folders a relative path needs below `into`. `path` is changed and restored.
static bool make_folders(char *path, size_t into_length) {
  for (char *slash = strchr(path + into_length + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    int failed = mkdir(path, 0700) != 0 && errno != EEXIST;
    *slash = '/';
    if (failed) return false;
  }
  return true;
}

static bool store(const char *into, const char *relative, const crash_bytes *bytes) {
  size_t length = strlen(into), size = length + strlen(relative) + 2;
  char *path = malloc(size);
  if (!path) return false;
  snprintf(path, size, "%s/%s", into, relative);
  FILE *file = make_folders(path, length) ? fopen(path, "wb") : NULL;
  free(path);
  if (!file) return false;
  bool written = bytes->size == 0 || fwrite(bytes->data, 1, bytes->size, file) == bytes->size;
  return fclose(file) == 0 && written;
}

/// Makes sure that `into` is an empty directory: a file of an older image would falsify this one.
static bool prepare(const char *into) {
  if (mkdir(into, 0700) == 0) return true;
  if (errno != EEXIST) return false;
  DIR *listing = opendir(into);
  if (!listing) return false;
  int entries = 0;
  while (readdir(listing)) entries += 1;
  closedir(listing);
  if (entries > 2) errno = ENOTEMPTY;  // more than "." and ".."
  return entries <= 2;
}

static bool write_files(const crash_directory *directory, const char *into, uint64_t seed, crash_mode mode) {
  for (const crash_name *name = directory->names; name; name = name->next) {
    uint64_t random = generator(seed, name->path);
    const crash_inode *inode = surviving(name, mode, &random);
    if (!inode) continue;
    crash_bytes bytes = {0};
    bool stored = compose(inode, mode, &random, &bytes) && store(into, name->path, &bytes);
    free(bytes.data);
    if (!stored) return false;
  }
  return true;
}

int64_t crash_write_image(crash_directory *directory, const char *into, uint64_t seed, crash_mode mode) {
  if (!prepare(into) || !write_files(directory, into, seed, mode)) {
    directory->stats.image_failures += 1;
    return -1;
  }
  directory->stats.images += 1;
  return directory->stats.operations;
}
