#include "CZlib.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

int celerity_inflate(const uint8_t *from, size_t length, uint8_t *to, size_t *written) {
  if (from == NULL || to == NULL || length > UINT_MAX || *written > UINT_MAX) return -1;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  // 32 lets zlib tell its own wrapper and gzip's apart (zlib.h, inflateInit2).
  if (inflateInit2(&stream, 32 + MAX_WBITS) != Z_OK) return -1;
  stream.next_in = (z_const Bytef *)from;
  stream.avail_in = (uInt)length;
  stream.next_out = to;
  stream.avail_out = (uInt)*written;
  int status = inflate(&stream, Z_FINISH);
  int is_full = stream.avail_out == 0;
  *written -= stream.avail_out;
  inflateEnd(&stream);
  if (status == Z_STREAM_END) return 0;
  return status == Z_BUF_ERROR && is_full ? 1 : -1;
}
