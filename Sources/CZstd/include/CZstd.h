// The part of zstd that Celerity uses: unpacking, piece by piece.
#ifndef CELERITY_ZSTD_H
#define CELERITY_ZSTD_H

#include <stddef.h>
#include <stdint.h>

/// Unpacks a zstd frame (RFC 8878).
struct celerity_unzstd;

/// A stream at its beginning; null when there is no memory for it. A frame that asks for a window of more than
/// 2^`window_log` bytes is refused: the window is allocated before anything is unpacked.
struct celerity_unzstd *_Nullable celerity_unzstd_open(int window_log);

/// Takes up to `*taken` bytes and writes up to `*written`, and says there how many it were: 0 when the frame has ended,
/// 1 when it goes on, -1 when it is damaged.
int celerity_unzstd_step(
    struct celerity_unzstd *_Nonnull stream, const uint8_t *_Nullable from, size_t *_Nonnull taken,
    uint8_t *_Nonnull to, size_t *_Nonnull written);

/// Gives the stream's memory back.
void celerity_unzstd_close(struct celerity_unzstd *_Nonnull stream);

#endif
