#include "CZlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct celerity_inflate {
  z_stream stream;
};

struct celerity_inflate *celerity_inflate_open(void) {
  struct celerity_inflate *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  // 32 lets zlib tell its own wrapper and gzip's apart (zlib.h, inflateInit2).
  if (inflateInit2(&self->stream, 32 + MAX_WBITS) == Z_OK) return self;
  free(self);
  return NULL;
}

int celerity_inflate_step(
    struct celerity_inflate *self, const uint8_t *from, size_t *taken, uint8_t *to, size_t *written) {
  uInt available = *taken > UINT_MAX ? UINT_MAX : (uInt)*taken;
  uInt room = *written > UINT_MAX ? UINT_MAX : (uInt)*written;
  self->stream.next_in = (z_const Bytef *)from;
  self->stream.avail_in = available;
  self->stream.next_out = to;
  self->stream.avail_out = room;
  int status = inflate(&self->stream, Z_NO_FLUSH);
  *taken = available - self->stream.avail_in;
  *written = room - self->stream.avail_out;
  if (status == Z_STREAM_END) return 0;
  return status == Z_OK || status == Z_BUF_ERROR ? 1 : -1;
}

void celerity_inflate_close(struct celerity_inflate *self) {
  inflateEnd(&self->stream);
  free(self);
}
