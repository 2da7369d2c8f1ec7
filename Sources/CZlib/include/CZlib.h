// The part of zlib that Celerity uses, without the macros that Swift can't see.
#ifndef CELERITY_ZLIB_H
#define CELERITY_ZLIB_H

#include <stddef.h>
#include <stdint.h>

/// Unpacks one gzip member (RFC 1952) that holds exactly `capacity` bytes; 0 when it did, else -1.
int celerity_gunzip(const uint8_t *_Nullable from, size_t length, uint8_t *_Nullable to, size_t capacity);

/// Unpacks a zlib or gzip stream (RFC 1950, RFC 1952) into `*written` bytes at most and says there how many it were:
/// 0 when it was whole, 1 when it is longer, else -1.
int celerity_inflate(const uint8_t *_Nullable from, size_t length, uint8_t *_Nullable to, size_t *_Nonnull written);

#endif
