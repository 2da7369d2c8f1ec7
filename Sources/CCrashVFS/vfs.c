#include "disk.h"

/// The VFS below, set once before the VFS is registered.
static sqlite3_vfs *real;

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags) {
  (void)vfs;
  const int kinds = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
  crash_directory *directory = path && (flags & kinds) ? crash_directory_for_path(path) : NULL;
  if (!directory) return real->xOpen(real, path, file, flags, out_flags);
  file->pMethods = NULL;
  pthread_mutex_lock(&directory->lock);
  int code = crash_file_open(real, directory, path, (struct crash_file *)file, flags, out_flags);
  pthread_mutex_unlock(&directory->lock);
  if (code != SQLITE_OK) crash_directory_release(directory);
  return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int sync_folder) {
  (void)vfs;
  crash_directory *directory = crash_directory_for_path(path);
  if (!directory) return real->xDelete(real, path, sync_folder);
  pthread_mutex_lock(&directory->lock);
  bool known = crash_find(directory, crash_relative(directory, path)) != NULL;
  int code = real->xDelete(real, path, 0);
  if (code == SQLITE_OK) crash_delete(directory, path, sync_folder != 0);
  if (code == SQLITE_OK && known) crash_count(directory, &directory->stats.deletions);
  pthread_mutex_unlock(&directory->lock);
  crash_directory_release(directory);
  return code;
}

static int access_file(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
  (void)vfs;
  return real->xAccess(real, path, flags, result);
}

static int full_path(sqlite3_vfs *vfs, const char *path, int size, char *result) {
  (void)vfs;
  return real->xFullPathname(real, path, size, result);
}

static void *open_library(sqlite3_vfs *vfs, const char *path) {
  (void)vfs;
  return real->xDlOpen(real, path);
}

static void library_error(sqlite3_vfs *vfs, int size, char *message) {
  (void)vfs;
  real->xDlError(real, size, message);
}

static void (*library_symbol(sqlite3_vfs *vfs, void *library, const char *symbol))(void) {
  (void)vfs;
  return real->xDlSym(real, library, symbol);
}

static void close_library(sqlite3_vfs *vfs, void *library) {
  (void)vfs;
  real->xDlClose(real, library);
}

static int randomness(sqlite3_vfs *vfs, int count, char *bytes) {
  (void)vfs;
  return real->xRandomness(real, count, bytes);
}

static int pause_for(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return real->xSleep(real, microseconds);
}

static int current_time(sqlite3_vfs *vfs, double *julian_day) {
  (void)vfs;
  return real->xCurrentTime(real, julian_day);
}

static int current_time_integer(sqlite3_vfs *vfs, sqlite3_int64 *milliseconds) {
  (void)vfs;
  return real->xCurrentTimeInt64(real, milliseconds);
}

static int last_error(sqlite3_vfs *vfs, int size, char *message) {
  (void)vfs;
  return real->xGetLastError(real, size, message);
}

static sqlite3_vfs crash_vfs = {
    .iVersion = 2,
    .zName = "crash",
    .xOpen = open_file,
    .xDelete = delete_file,
    .xAccess = access_file,
    .xFullPathname = full_path,
    .xDlOpen = open_library,
    .xDlError = library_error,
    .xDlSym = library_symbol,
    .xDlClose = close_library,
    .xRandomness = randomness,
    .xSleep = pause_for,
    .xCurrentTime = current_time,
    .xGetLastError = last_error,
    .xCurrentTimeInt64 = current_time_integer,
};

int crash_vfs_register(int make_default) {
  static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&once);
  if (!real) {
    sqlite3_vfs *unix_vfs = sqlite3_vfs_find("unix");
    if (unix_vfs) {
      crash_vfs.szOsFile = (int)crash_file_size(unix_vfs);
      crash_vfs.mxPathname = unix_vfs->mxPathname;
      real = unix_vfs;
    }
  }
  int code = real ? sqlite3_vfs_register(&crash_vfs, make_default != 0) : SQLITE_NOTFOUND;
  pthread_mutex_unlock(&once);
  return code;
}

int crash_leave_wal(sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
}
