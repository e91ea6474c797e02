// Kernels for AVX-512: 32 registers of 16 floats.

#include "kernels_includes.h"

#if defined(__x86_64__)
#define LANES 16
#define TILE_GROUPS 2
#define BACKWARD_VECTORS 2
#define KERNELS akin_kernels_avx512

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#include "kernels_template.h"
#pragma clang attribute pop
#endif
