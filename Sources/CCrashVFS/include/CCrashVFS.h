/// A SQLite VFS for tests that can say what a disk would hold if the power failed now.
///
/// The VFS "crash" lies over SQLite's own "unix" VFS. For files below an attached directory (a "disk") it keeps the
/// content as of the last successful sync plus the writes since, and composes *crash images* from them while the
/// process under test keeps running. Files outside attached directories go to "unix" untouched, so the VFS may stay
/// the default of a whole test process.
///
/// The model (terms of https://www.sqlite.org/vfs.html, https://www.sqlite.org/atomiccommit.html and fsync(2)):
/// - A successful xSync makes a file's content durable, and the name of a new file with it. Until then any part of
///   what was written may be missing, in units of 512-byte sectors.
/// - A deleted file may come back, and a new one may be absent, until its directory was synced. As in "unix", the
///   directory is synced with the first sync of a new journal or WAL and by an xDelete that asks for it.
/// - A write never harms bytes outside its own range (SQLITE_IOCAP_POWERSAFE_OVERWRITE, the default of "unix").
/// - After a failed sync the data it covered never reach the disk, although they stay readable: on Linux the kernel
///   marks such pages clean, so a later sync succeeds without them (fsync(2), errors of write-back).
/// - The shared memory of WAL mode (-shm) and temporary files are not on the disk at all.
///
/// Every function may be called from any thread. Real syncs are skipped: the images, not the machine, are the truth.
/// Memory map I/O is switched off for tracked files.
#ifndef CCRASHVFS_H
#define CCRASHVFS_H

#include <sqlite3.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An attached directory. Valid values are positive and never used twice.
typedef int crash_disk;

/// Which of the unsynced changes an image contains. All synced data are in every image.
typedef enum crash_mode {
  CRASH_DROP_UNSYNCED = 0,  ///< None of them.
  CRASH_KEEP_PREFIX = 1,    ///< Per file the oldest few, in order; how many depends on the seed.
  CRASH_TORN_SUBSET = 2,    ///< Per file any of them, some torn at sector borders, by the seed.
  CRASH_KEEP_ALL = 3        ///< All of them: the control case, and the one a mere process kill leaves.
} crash_mode;

/// Which calls a fault hits.
typedef enum crash_call {
  CRASH_WRITE = 0,  ///< xWrite. SQLITE_FULL still stores the first half, as a disk that fills up does.
  CRASH_SYNC = 1    ///< xSync. See the model above for what becomes of the data.
} crash_call;

/// Extended result codes for faults, as constants because Swift does not import their macros.
static const int crash_ioerr_write = SQLITE_IOERR_WRITE;
static const int crash_ioerr_fsync = SQLITE_IOERR_FSYNC;

/// Counters of one disk since it was attached, and its present size.
typedef struct crash_stats {
  int64_t operations;       ///< Sum of the five below: the clock that crash points refer to.
  int64_t writes;           ///< xWrite calls, failed ones included.
  int64_t truncations;      ///< xTruncate calls.
  int64_t syncs;            ///< xSync calls, failed ones included.
  int64_t creations;        ///< Files created.
  int64_t deletions;        ///< Files deleted.
  int64_t faults;           ///< Injected faults that fired.
  int64_t files;            ///< Names the disk knows now.
  int64_t unsynced_bytes;   ///< Bytes in the logs of unsynced writes now.
  int64_t images;           ///< Images written, by call or at a crash point.
  int64_t image_failures;   ///< Images that could not be written.
  int64_t pending_points;   ///< Crash points not reached yet.
} crash_stats;

/// Registers the VFS "crash", as the default if `make_default` is not 0; calling it again changes only that.
/// Returns a SQLite result code.
int crash_vfs_register(int make_default);

/// Starts tracking the files SQLite opens below `directory`, which must exist. Files already in it count as durable.
/// Returns -1 and sets errno on failure: EEXIST if it overlaps an attached directory, or what realpath(3) reports.
crash_disk crash_disk_attach(const char *directory);

/// Forgets a disk and its crash points. Its connections should be closed first; open ones keep working, untracked.
void crash_disk_detach(crash_disk disk);

/// The number of operations so far: read it after a commit to learn from which point on that commit must survive.
/// Returns -1 for an unknown disk.
int64_t crash_operations(crash_disk disk);

/// All counters. They are zero for an unknown disk.
crash_stats crash_disk_stats(crash_disk disk);

/// Writes an image of this moment into the directory `into`, which is created if missing, must be empty, and lies
/// outside the disk. The same state, seed and mode give the same image. Returns the number of operations the image
/// includes; commits seen as done at or before that number must be in it. Returns -1 and sets errno on failure.
int64_t crash_materialise(crash_disk disk, const char *into, uint64_t seed, crash_mode mode);

/// Orders an image of the moment right after operation number `operation` (the first is 1). Any number of points may
/// be pending, also several for one operation. Returns 0, or -1 with errno EINVAL if that operation has passed.
int crash_materialise_at(crash_disk disk, int64_t operation, const char *into, uint64_t seed, crash_mode mode);

/// Makes the `nth` call of that kind from now (1 is the next) return `code`, for example SQLITE_FULL or
/// `crash_ioerr_fsync`; with `from_then_on` all later ones as well. Replaces an earlier fault of the same kind.
/// Returns 0, or -1 with errno EINVAL.
int crash_fail(crash_disk disk, crash_call call, int64_t nth, int code, int from_then_on);

/// Removes the faults of both kinds. Returns 0, or -1 with errno EINVAL.
int crash_heal(crash_disk disk);

/// Limits the log of unsynced writes of each file, 64 MiB at first. Beyond it the oldest become durable without a
/// sync, as write-back by a kernel does. Returns 0, or -1 with errno EINVAL.
int crash_limit_log(crash_disk disk, int64_t bytes);

/// Makes a connection leave WAL and database as they are when it is closed, as the death of its process does; without
/// it the last connection to close copies the WAL into the database and deletes it. Returns a SQLite result code.
int crash_leave_wal(sqlite3 *connection);

#ifdef __cplusplus
}
#endif

#endif
