// Kernels for AVX2 with fused multiply-add: 16 registers of 8 floats.

#include "kernels_includes.h"

#if defined(__x86_64__)
#define LANES 8
#define TILE_GROUPS 1
#define STRIP_TILE_BANDS 4
#define BACKWARD_VECTORS 2
#define SCAN_QUERIES 6
#define KERNELS akin_kernels_avx2

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels_template.h"
#pragma clang attribute pop
#endif
