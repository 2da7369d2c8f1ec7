// The part of bzip2 that Celerity uses: unpacking, piece by piece.
#ifndef CELERITY_BZIP2_H
#define CELERITY_BZIP2_H

#include <stddef.h>
#include <stdint.h>

/// Unpacks a bzip2 stream.
struct celerity_bunzip2;

/// A stream at its beginning; null when there is no memory for it.
struct celerity_bunzip2 *_Nullable celerity_bunzip2_open(void);

/// Takes up to `*taken` bytes and writes up to `*written`, and says there how many it were: 0 when the stream has ended,
/// 1 when it goes on, -1 when it is damaged.
int celerity_bunzip2_step(
    struct celerity_bunzip2 *_Nonnull stream, const uint8_t *_Nullable from, size_t *_Nonnull taken,
    uint8_t *_Nonnull to, size_t *_Nonnull written);

/// Gives the stream's memory back.
void celerity_bunzip2_close(struct celerity_bunzip2 *_Nonnull stream);

#endif
