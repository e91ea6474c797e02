// Kernels for AVX-512 with VNNI, which multiplies bytes and sums four products at once: faster scans of codes.

#include "kernels_includes.h"

#if defined(__x86_64__)
#define LANES 16
#define TILE_GROUPS 2
#define STRIP_TILE_BANDS 4
#define BACKWARD_VECTORS 2
#define SCAN_QUERIES 12
#define SCAN_SUMS_FOUR
#define KERNELS akin_kernels_avx512vnni

// Scripts/check-kernels checks this code on processors without AVX-512 too.
#ifdef AKIN_EMULATE_AVX512
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma"))), apply_to = function)
#endif
#include "kernels_template.h"
#pragma clang attribute pop
#endif
