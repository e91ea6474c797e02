#pragma once
// Everything that the kernel templates use, included before a target is set.

#include <assert.h>
#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "codes_layout.h"
#include "conv_block_layout.h"
#include "gru_layout.h"
#include "kernels.h"
