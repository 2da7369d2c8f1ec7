// The fetched files as read-only data. SwiftPM does not see when they change, and the compiler can't know that a header
// which is missing now will be there later; scripts/fetch-assets therefore touches this file.
#if __has_include("assets.h")
#include "assets.h"
#endif

#ifndef CELERITY_SWAGGER_SCRIPT_LENGTH
#define CELERITY_SWAGGER_SCRIPT_LENGTH 0
#define CELERITY_SWAGGER_SCRIPT_HASH ""
#define CELERITY_SWAGGER_STYLE_LENGTH 0
#define CELERITY_SWAGGER_STYLE_HASH ""
#else
#define CELERITY_HAS_SWAGGER 1
#endif

#if defined(__APPLE__)
#define NAME(name) _##name
  .section __TEXT,__const
#else
#define NAME(name) name
  .section .rodata
#endif

  .globl NAME(celerity_swagger_script_begin)
  .globl NAME(celerity_swagger_script_end)
  .globl NAME(celerity_swagger_script_full_length)
  .globl NAME(celerity_swagger_script_hash)
  .globl NAME(celerity_swagger_style_begin)
  .globl NAME(celerity_swagger_style_end)
  .globl NAME(celerity_swagger_style_full_length)
  .globl NAME(celerity_swagger_style_hash)

  .balign 8
NAME(celerity_swagger_script_full_length):
  .quad CELERITY_SWAGGER_SCRIPT_LENGTH
NAME(celerity_swagger_style_full_length):
  .quad CELERITY_SWAGGER_STYLE_LENGTH
NAME(celerity_swagger_script_hash):
  .asciz CELERITY_SWAGGER_SCRIPT_HASH
NAME(celerity_swagger_style_hash):
  .asciz CELERITY_SWAGGER_STYLE_HASH
NAME(celerity_swagger_script_begin):
#ifdef CELERITY_HAS_SWAGGER
  .incbin "swagger-ui.js.gz"
#endif
NAME(celerity_swagger_script_end):
  .byte 0
NAME(celerity_swagger_style_begin):
#ifdef CELERITY_HAS_SWAGGER
  .incbin "swagger-ui.css.gz"
#endif
NAME(celerity_swagger_style_end):
  .byte 0

#if defined(__ELF__)
  .section .note.GNU-stack, "", %progbits
#endif
