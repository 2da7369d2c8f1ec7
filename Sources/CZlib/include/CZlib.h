// The part of zlib that Celerity uses, without the macros that Swift can't see.
#ifndef CELERITY_ZLIB_H
#define CELERITY_ZLIB_H

#include <stddef.h>
#include <stdint.h>

/// Unpacks one gzip member (RFC 1952) that holds exactly `capacity` bytes; 0 when it did, else -1.
int celerity_gunzip(const uint8_t *_Nullable from, size_t length, uint8_t *_Nullable to, size_t capacity);

/// Unpacks a zlib or gzip stream (RFC 1950, RFC 1952) piece by piece.
struct celerity_inflate;

/// A stream at its beginning; null when there is no memory for it.
struct celerity_inflate *_Nullable celerity_inflate_open(void);

/// Takes up to `*taken` bytes and writes up to `*written`, and says there how many it were: 0 when the stream has ended,
/// 1 when it goes on, -1 when it is damaged.
int celerity_inflate_step(
    struct celerity_inflate *_Nonnull stream, const uint8_t *_Nullable from, size_t *_Nonnull taken,
    uint8_t *_Nonnull to, size_t *_Nonnull written);

/// Gives the stream's memory back.
void celerity_inflate_close(struct celerity_inflate *_Nonnull stream);

#endif
