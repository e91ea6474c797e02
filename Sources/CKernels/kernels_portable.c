// Kernels for what every processor of the architecture supports (SSE2 on x86-64): the fallback.

#include "kernels_includes.h"

#define LANES 4
#define TILE_GROUPS 1
#define STRIP_TILE_BANDS 2
#define BACKWARD_VECTORS 2
#define SCAN_QUERIES 2
#define KERNELS akin_kernels_portable

#include "kernels_template.h"
