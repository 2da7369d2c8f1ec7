#include "CZstd.h"

#include <stdlib.h>
#include <zstd.h>

struct celerity_unzstd {
  ZSTD_DStream *stream;
};

struct celerity_unzstd *celerity_unzstd_open(int window_log) {
  struct celerity_unzstd *self = calloc(1, sizeof *self);
  if (self == NULL) return NULL;
  self->stream = ZSTD_createDStream();
  if (self->stream != NULL &&
      !ZSTD_isError(ZSTD_DCtx_setParameter(self->stream, ZSTD_d_windowLogMax, window_log)))
    return self;
  ZSTD_freeDStream(self->stream);
  free(self);
  return NULL;
}

int celerity_unzstd_step(
    struct celerity_unzstd *self, const uint8_t *from, size_t *taken, uint8_t *to, size_t *written) {
  ZSTD_inBuffer in = {from, *taken, 0};
  ZSTD_outBuffer out = {to, *written, 0};
  size_t status = ZSTD_decompressStream(self->stream, &out, &in);
  *taken = in.pos;
  *written = out.pos;
  if (ZSTD_isError(status)) return -1;
  return status == 0 ? 0 : 1;
}

void celerity_unzstd_close(struct celerity_unzstd *self) {
  ZSTD_freeDStream(self->stream);
  free(self);
}
