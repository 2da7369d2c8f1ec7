// Files of others that are linked into the program: fetched by scripts/fetch-assets, compressed with gzip.
#ifndef CELERITY_ASSETS_H
#define CELERITY_ASSETS_H

#include <stddef.h>
#include <stdint.h>

/// A file. Where it was not fetched, `length` is 0 and the rest means nothing.
typedef struct {
  /// What gzip made of it.
  const uint8_t *_Nonnull bytes;
  size_t length;
  /// Its length before that.
  size_t fullLength;
  /// The first 16 hex digits of the SHA-256 of the file as it was before.
  const char *_Nonnull hash;
} CelerityAsset;

/// The script of Swagger UI.
CelerityAsset celerity_swagger_script(void);

/// The style sheet of Swagger UI.
CelerityAsset celerity_swagger_style(void);

#endif
