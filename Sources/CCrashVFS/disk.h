/// The disk model behind the VFS: directories, names, file contents. Shared by the C files of this target only.
#ifndef CRASH_DISK_H
#define CRASH_DISK_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700
#endif

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "CCrashVFS.h"

/// A growable array of bytes: the content of a file.
typedef struct crash_bytes {
  unsigned char *data;
  size_t size, capacity;
} crash_bytes;

bool crash_bytes_write(crash_bytes *bytes, const void *data, size_t count, size_t offset);
bool crash_bytes_resize(crash_bytes *bytes, size_t size);

/// One unsynced change. A negative `count` is a truncation to `offset`.
typedef struct crash_change {
  struct crash_change *next;
  int64_t offset, count;
  unsigned char data[];
} crash_change;

/// A file apart from its name: what is durable, and the changes since in order.
typedef struct crash_inode {
  int references;
  crash_bytes durable;
  crash_change *first, **end;
  int64_t changes, log_bytes;
} crash_inode;

crash_inode *crash_inode_new(void);
void crash_inode_release(crash_inode *inode);
crash_change *crash_change_new(const void *data, int64_t count, int64_t offset);
void crash_inode_append(crash_inode *inode, crash_change *change);
bool crash_inode_settle(crash_inode *inode, int64_t log_limit);
void crash_inode_drop(crash_inode *inode);
bool crash_change_apply(const crash_change *change, crash_bytes *bytes);

/// A directory entry: the inode it has durably, and the one it has for the running process. Either may be absent.
/// Incarnations between the two are forgotten, which bounds the memory.
typedef struct crash_name {
  struct crash_name *next;
  crash_inode *durable, *current;
  char path[];  // relative to the disk
} crash_name;

/// An image ordered in advance.
typedef struct crash_point {
  struct crash_point *next;
  int64_t operation;
  uint64_t seed;
  crash_mode mode;
  char into[];
} crash_point;

/// A fault; inactive while `code` is 0.
typedef struct crash_fault {
  int64_t countdown;
  int code;
  bool from_then_on;
} crash_fault;

/// An attached directory. `lock` guards everything below it; `next`, `references` and `attached` belong to the
/// registry's lock.
typedef struct crash_directory {
  struct crash_directory *next;
  crash_disk identifier;
  int references;
  bool attached;
  pthread_mutex_t lock;
  crash_name *names;
  crash_point *points;
  crash_fault faults[2];
  crash_stats stats;
  int64_t log_limit;
  size_t root_length;
  char root[];
} crash_directory;

/// Finds the disk that holds `path` and takes a reference to it, or returns NULL.
crash_directory *crash_directory_for_path(const char *path);
void crash_directory_release(crash_directory *directory);

// All of these expect `lock` to be held.
const char *crash_relative(const crash_directory *directory, const char *path);
crash_name *crash_find(crash_directory *directory, const char *relative);
crash_inode *crash_open_inode(crash_directory *directory, const char *path, bool existed);
bool crash_sync(crash_directory *directory, const char *path, crash_inode *inode, bool with_directory);
void crash_delete(crash_directory *directory, const char *path, bool with_directory);
int crash_take_fault(crash_directory *directory, crash_call call);
void crash_count(crash_directory *directory, int64_t *counter);
int64_t crash_write_image(crash_directory *directory, const char *into, uint64_t seed, crash_mode mode);

// The VFS side.
struct crash_file;
int crash_file_open(sqlite3_vfs *real, crash_directory *directory, const char *path, struct crash_file *file, int flags,
                    int *out_flags);
size_t crash_file_size(const sqlite3_vfs *real);

#endif
