#include "CAssets.h"

// Defined in assets.S.
extern const uint8_t celerity_swagger_script_begin[], celerity_swagger_script_end[];
extern const uint8_t celerity_swagger_style_begin[], celerity_swagger_style_end[];
extern const uint64_t celerity_swagger_script_full_length, celerity_swagger_style_full_length;
extern const char celerity_swagger_script_hash[], celerity_swagger_style_hash[];

CelerityAsset celerity_swagger_script(void) {
  return (CelerityAsset){
      .bytes = celerity_swagger_script_begin,
      .length = (size_t)(celerity_swagger_script_end - celerity_swagger_script_begin),
      .fullLength = (size_t)celerity_swagger_script_full_length,
      .hash = celerity_swagger_script_hash,
  };
}

CelerityAsset celerity_swagger_style(void) {
  return (CelerityAsset){
      .bytes = celerity_swagger_style_begin,
      .length = (size_t)(celerity_swagger_style_end - celerity_swagger_style_begin),
      .fullLength = (size_t)celerity_swagger_style_full_length,
      .hash = celerity_swagger_style_hash,
  };
}
