#include "disk.h"

#include <unistd.h>

/// A tracked open file; the file of the real VFS follows it in memory.
typedef struct crash_file {
  sqlite3_file base;
  crash_directory *directory;
  crash_inode *inode;
  const char *path;  // SQLite keeps it valid until xClose
  bool sync_folder;  // the first sync is to include the folder
} crash_file;

size_t crash_file_size(const sqlite3_vfs *real) { return sizeof(crash_file) + (size_t)real->szOsFile; }

static crash_file *tracked(sqlite3_file *file) { return (crash_file *)file; }
static sqlite3_file *real_file(sqlite3_file *file) { return (sqlite3_file *)(tracked(file) + 1); }
static const sqlite3_io_methods *real_methods(sqlite3_file *file) { return real_file(file)->pMethods; }

static int close_file(sqlite3_file *file) {
  crash_directory *directory = tracked(file)->directory;
  int code = real_methods(file)->xClose(real_file(file));
  pthread_mutex_lock(&directory->lock);
  crash_inode_release(tracked(file)->inode);
  pthread_mutex_unlock(&directory->lock);
  crash_directory_release(directory);
  return code;
}

/// Writes to the real file and to the log. A full disk takes the first half of the data, in whole sectors.
static int write_through(sqlite3_file *file, const void *data, int count, sqlite3_int64 offset) {
  crash_change *change = crash_change_new(data, count, offset);
  if (!change) return SQLITE_IOERR_NOMEM;
  int code = real_methods(file)->xWrite(real_file(file), data, count, offset);
  // Also after a failure of the real disk: any part may have been stored.
  crash_inode_append(tracked(file)->inode, change);
  if (!crash_inode_settle(tracked(file)->inode, tracked(file)->directory->log_limit)) return SQLITE_IOERR_NOMEM;
  return code;
}

static int write_file(sqlite3_file *file, const void *data, int count, sqlite3_int64 offset) {
  crash_directory *directory = tracked(file)->directory;
  pthread_mutex_lock(&directory->lock);
  int fault = crash_take_fault(directory, CRASH_WRITE);
  if (fault != SQLITE_OK) count = fault == SQLITE_FULL ? count / 1024 * 512 : 0;
  int code = count > 0 ? write_through(file, data, count, offset) : SQLITE_OK;
  crash_count(directory, &directory->stats.writes);
  pthread_mutex_unlock(&directory->lock);
  return fault != SQLITE_OK ? fault : code;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
  crash_directory *directory = tracked(file)->directory;
  pthread_mutex_lock(&directory->lock);
  crash_change *change = crash_change_new(NULL, -1, size);
  int code = change ? real_methods(file)->xTruncate(real_file(file), size) : SQLITE_IOERR_NOMEM;
  if (change) crash_inode_append(tracked(file)->inode, change);
  crash_count(directory, &directory->stats.truncations);
  pthread_mutex_unlock(&directory->lock);
  return code;
}

/// Makes the changes durable in the model only: syncing the real file would cost time and prove nothing.
static int sync_file(sqlite3_file *file, int flags) {
  (void)flags;
  crash_file *handle = tracked(file);
  crash_directory *directory = handle->directory;
  pthread_mutex_lock(&directory->lock);
  int code = crash_take_fault(directory, CRASH_SYNC);
  if (code != SQLITE_OK) {
    crash_inode_drop(handle->inode);
  } else if (crash_sync(directory, handle->path, handle->inode, handle->sync_folder)) {
    handle->sync_folder = false;
  } else {
    code = SQLITE_IOERR_NOMEM;
  }
  crash_count(directory, &directory->stats.syncs);
  pthread_mutex_unlock(&directory->lock);
  return code;
}

static int control_file(sqlite3_file *file, int operation, void *argument) {
  switch (operation) {
    case SQLITE_FCNTL_CHUNK_SIZE:
    case SQLITE_FCNTL_SIZE_HINT:
      return SQLITE_OK;  // hints that would change the length of the real file behind the model's back
    case SQLITE_FCNTL_MMAP_SIZE:
      return SQLITE_NOTFOUND;
    default:
      break;
  }
  int code = real_methods(file)->xFileControl(real_file(file), operation, argument);
  if (operation == SQLITE_FCNTL_VFSNAME && code == SQLITE_OK)
    *(char **)argument = sqlite3_mprintf("crash/%z", *(char **)argument);
  return code;
}

static int device_characteristics(sqlite3_file *file) {
  // Atomic batches bypass xWrite.
  return real_methods(file)->xDeviceCharacteristics(real_file(file)) & ~SQLITE_IOCAP_BATCH_ATOMIC;
}

static int read_file(sqlite3_file *file, void *data, int count, sqlite3_int64 offset) {
  return real_methods(file)->xRead(real_file(file), data, count, offset);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return real_methods(file)->xFileSize(real_file(file), size);
}

static int lock_file(sqlite3_file *file, int level) { return real_methods(file)->xLock(real_file(file), level); }

static int unlock_file(sqlite3_file *file, int level) { return real_methods(file)->xUnlock(real_file(file), level); }

static int check_reserved_lock(sqlite3_file *file, int *reserved) {
  return real_methods(file)->xCheckReservedLock(real_file(file), reserved);
}

static int sector_size(sqlite3_file *file) { return real_methods(file)->xSectorSize(real_file(file)); }

static int map_memory(sqlite3_file *file, int page, int page_size, int extend, void volatile **memory) {
  return real_methods(file)->xShmMap(real_file(file), page, page_size, extend, memory);
}

static int lock_memory(sqlite3_file *file, int offset, int count, int flags) {
  return real_methods(file)->xShmLock(real_file(file), offset, count, flags);
}

static void memory_barrier(sqlite3_file *file) { real_methods(file)->xShmBarrier(real_file(file)); }

static int unmap_memory(sqlite3_file *file, int delete) {
  return real_methods(file)->xShmUnmap(real_file(file), delete);
}

/// Version 2: without xFetch, which would let SQLite read and write through a memory map.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = map_memory,
    .xShmLock = lock_memory,
    .xShmBarrier = memory_barrier,
    .xShmUnmap = unmap_memory,
};

/// Opens a file of `directory`, whose reference passes to the open file. The lock must be held.
int crash_file_open(sqlite3_vfs *real, crash_directory *directory, const char *path, crash_file *handle, int flags,
                    int *out_flags) {
  sqlite3_file *inner = (sqlite3_file *)(handle + 1);
  bool existed = access(path, F_OK) == 0;
  inner->pMethods = NULL;
  int code = real->xOpen(real, path, inner, flags, out_flags);
  if (code != SQLITE_OK) {
    if (inner->pMethods) inner->pMethods->xClose(inner);
    return code;
  }
  handle->inode = crash_open_inode(directory, path, existed);
  if (!handle->inode) {
    inner->pMethods->xClose(inner);
    return SQLITE_IOERR_NOMEM;
  }
  handle->directory = directory;
  handle->path = path;
  handle->sync_folder = (flags & SQLITE_OPEN_CREATE) && !(flags & SQLITE_OPEN_MAIN_DB);
  handle->base.pMethods = &methods;
  return SQLITE_OK;
}
