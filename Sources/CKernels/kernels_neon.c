// Kernels for NEON: 32 registers of 4 floats. Every arm64 processor has it.

#include "kernels_includes.h"

#if defined(__aarch64__)
#define LANES 4
#define TILE_GROUPS 1
#define STRIP_TILE_BANDS 4
#define BACKWARD_VECTORS 4
#define SCAN_QUERIES 6
#define KERNELS akin_kernels_neon

#include "kernels_template.h"
#endif
