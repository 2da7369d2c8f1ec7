#include "disk.h"

#include <stdlib.h>
#include <string.h>

bool crash_bytes_resize(crash_bytes *bytes, size_t size) {
  if (size > bytes->capacity) {
    size_t capacity = bytes->capacity * 2 > size ? bytes->capacity * 2 : size;
    unsigned char *data = realloc(bytes->data, capacity);
    if (!data) return false;
    bytes->data = data;
    bytes->capacity = capacity;
  }
  // Growth shows zeros, as a hole in a file does, whatever was there before a truncation.
  if (size > bytes->size) memset(bytes->data + bytes->size, 0, size - bytes->size);
  bytes->size = size;
  return true;
}

bool crash_bytes_write(crash_bytes *bytes, const void *data, size_t count, size_t offset) {
  if (offset + count > bytes->size && !crash_bytes_resize(bytes, offset + count)) return false;
  if (count > 0) memcpy(bytes->data + offset, data, count);
  return true;
}

crash_inode *crash_inode_new(void) {
  crash_inode *inode = calloc(1, sizeof *inode);
  if (!inode) return NULL;
  inode->references = 1;
  inode->end = &inode->first;
  return inode;
}

void crash_inode_release(crash_inode *inode) {
  if (!inode || --inode->references > 0) return;
  crash_inode_drop(inode);
  free(inode->durable.data);
  free(inode);
}

crash_change *crash_change_new(const void *data, int64_t count, int64_t offset) {
  size_t size = count > 0 ? (size_t)count : 0;
  crash_change *change = malloc(sizeof *change + size);
  if (!change) return NULL;
  change->next = NULL;
  change->offset = offset;
  change->count = count;
  if (size > 0) memcpy(change->data, data, size);
  return change;
}

bool crash_change_apply(const crash_change *change, crash_bytes *bytes) {
  if (change->count < 0) return crash_bytes_resize(bytes, (size_t)change->offset);
  return crash_bytes_write(bytes, change->data, (size_t)change->count, (size_t)change->offset);
}

void crash_inode_append(crash_inode *inode, crash_change *change) {
  *inode->end = change;
  inode->end = &change->next;
  inode->changes += 1;
  if (change->count > 0) inode->log_bytes += change->count;
}

/// Unlinks and frees the oldest change.
static void remove_first(crash_inode *inode) {
  crash_change *change = inode->first;
  inode->first = change->next;
  if (!inode->first) inode->end = &inode->first;
  inode->changes -= 1;
  if (change->count > 0) inode->log_bytes -= change->count;
  free(change);
}

/// Makes the oldest changes durable until at most `log_limit` bytes are left; a negative limit means all changes.
bool crash_inode_settle(crash_inode *inode, int64_t log_limit) {
  while (inode->first && inode->log_bytes > log_limit) {
    if (!crash_change_apply(inode->first, &inode->durable)) return false;
    remove_first(inode);
  }
  return true;
}

/// Forgets all changes: they will never be durable.
void crash_inode_drop(crash_inode *inode) {
  while (inode->first) remove_first(inode);
}
