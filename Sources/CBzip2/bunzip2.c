#include "CBzip2.h"

#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>

struct celerity_bunzip2 {
  bz_stream stream;
};

struct celerity_bunzip2 *celerity_bunzip2_open(void) {
  struct celerity_bunzip2 *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  if (BZ2_bzDecompressInit(&self->stream, 0, 0) == BZ_OK) return self;
  free(self);
  return NULL;
}

int celerity_bunzip2_step(
    struct celerity_bunzip2 *self, const uint8_t *from, size_t *taken, uint8_t *to, size_t *written) {
  unsigned available = *taken > UINT_MAX ? UINT_MAX : (unsigned)*taken;
  unsigned room = *written > UINT_MAX ? UINT_MAX : (unsigned)*written;
  self->stream.next_in = (char *)from; // read only, bzlib.h lacks the const
  self->stream.avail_in = available;
  self->stream.next_out = (char *)to;
  self->stream.avail_out = room;
  int status = BZ2_bzDecompress(&self->stream);
  *taken = available - self->stream.avail_in;
  *written = room - self->stream.avail_out;
  if (status == BZ_STREAM_END) return 0;
  return status == BZ_OK ? 1 : -1;
}

void celerity_bunzip2_close(struct celerity_bunzip2 *self) {
  BZ2_bzDecompressEnd(&self->stream);
  free(self);
}
