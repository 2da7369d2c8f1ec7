#include "disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void replace(crash_inode **place, crash_inode *inode) {
  if (inode) inode->references += 1;
  crash_inode_release(*place);
  *place = inode;
}

const char *crash_relative(const crash_directory *directory, const char *path) {
  return path + directory->root_length + 1;
}

crash_name *crash_find(crash_directory *directory, const char *relative) {
  crash_name *name = directory->names;
  while (name && strcmp(name->path, relative) != 0) name = name->next;
  return name;
}

/// Removes names that are neither durable nor visible.
static void remove_empty_names(crash_directory *directory) {
  crash_name **place = &directory->names;
  while (*place) {
    crash_name *name = *place;
    if (name->durable || name->current) {
      place = &name->next;
    } else {
      *place = name->next;
      directory->stats.files -= 1;
      free(name);
    }
  }
}

static crash_name *find_or_add(crash_directory *directory, const char *relative) {
  crash_name *name = crash_find(directory, relative);
  if (name) return name;
  name = calloc(1, sizeof *name + strlen(relative) + 1);
  if (!name) return NULL;
  strcpy(name->path, relative);
  name->next = directory->names;
  directory->names = name;
  directory->stats.files += 1;
  return name;
}

/// Reads a file that came to be without this VFS.
static bool load(const char *path, crash_bytes *bytes) {
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  unsigned char buffer[65536];
  bool complete = true;
  size_t count;
  while (complete && (count = fread(buffer, 1, sizeof buffer, file)) > 0)
    complete = crash_bytes_write(bytes, buffer, count, bytes->size);
  complete = complete && !ferror(file);
  fclose(file);
  return complete;
}

/// The inode behind `path`, which has just been opened, with a reference for the caller; NULL without memory or
/// if the file cannot be read. `existed` says whether the file was there before.
crash_inode *crash_open_inode(crash_directory *directory, const char *path, bool existed) {
  crash_name *name = find_or_add(directory, crash_relative(directory, path));
  if (!name) return NULL;
  if (!name->current || !existed) {
    crash_inode *inode = crash_inode_new();
    if (!inode || (existed && !load(path, &inode->durable))) {
      crash_inode_release(inode);
      remove_empty_names(directory);
      return NULL;
    }
    replace(&name->current, inode);
    if (existed) replace(&name->durable, inode);
    crash_inode_release(inode);
    if (!existed) crash_count(directory, &directory->stats.creations);
  }
  name->current->references += 1;
  return name->current;
}

static bool in_same_folder(const char *first, const char *second) {
  const char *a = strrchr(first, '/'), *b = strrchr(second, '/');
  size_t length = a ? (size_t)(a - first) : 0;
  return length == (b ? (size_t)(b - second) : 0) && memcmp(first, second, length) == 0;
}

/// fsync(2) on the folder of `relative`: what the process sees there becomes durable, names only.
static void sync_folder(crash_directory *directory, const char *relative) {
  for (crash_name *name = directory->names; name; name = name->next)
    if (in_same_folder(name->path, relative)) replace(&name->durable, name->current);
}

/// Makes all changes of a file durable, with its name. Returns false without memory.
bool crash_sync(crash_directory *directory, const char *path, crash_inode *inode, bool with_directory) {
  if (!crash_inode_settle(inode, -1)) return false;
  crash_name *name = crash_find(directory, crash_relative(directory, path));
  if (name && name->current == inode) replace(&name->durable, inode);
  if (with_directory) {
    sync_folder(directory, crash_relative(directory, path));
    remove_empty_names(directory);
  }
  return true;
}

/// Records that a file has been deleted; on the disk it may remain until its folder is synced.
void crash_delete(crash_directory *directory, const char *path, bool with_directory) {
  crash_name *name = crash_find(directory, crash_relative(directory, path));
  if (name) replace(&name->current, NULL);
  if (with_directory) sync_folder(directory, crash_relative(directory, path));
  remove_empty_names(directory);
}

/// The result code a call must fail with now, or SQLITE_OK.
int crash_take_fault(crash_directory *directory, crash_call call) {
  crash_fault *fault = &directory->faults[call];
  if (fault->code == SQLITE_OK) return SQLITE_OK;
  if (fault->countdown > 1) {
    fault->countdown -= 1;
    return SQLITE_OK;
  }
  int code = fault->code;
  if (!fault->from_then_on) fault->code = SQLITE_OK;
  directory->stats.faults += 1;
  return code;
}

/// Ends an operation: counts it and writes the images ordered for this moment.
void crash_count(crash_directory *directory, int64_t *counter) {
  *counter += 1;
  int64_t now = directory->stats.operations += 1;
  crash_point **place = &directory->points;
  while (*place) {
    crash_point *point = *place;
    if (point->operation != now) {
      place = &point->next;
      continue;
    }
    *place = point->next;
    directory->stats.pending_points -= 1;
    int error = errno;
    crash_write_image(directory, point->into, point->seed, point->mode);
    errno = error;
    free(point);
  }
}
