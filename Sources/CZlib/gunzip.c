#include "CZlib.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

int celerity_gunzip(const uint8_t *from, size_t length, uint8_t *to, size_t capacity) {
  if (from == NULL || to == NULL || length > UINT_MAX || capacity > UINT_MAX) return -1;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  // 16 says that the wrapper is gzip's, not zlib's (zlib.h, inflateInit2).
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return -1;
  stream.next_in = (z_const Bytef *)from;
  stream.avail_in = (uInt)length;
  stream.next_out = to;
  stream.avail_out = (uInt)capacity;
  int status = inflate(&stream, Z_FINISH);
  int is_whole = status == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  return is_whole ? 0 : -1;
}
