#pragma once
// Everything that the kernel templates use, included before a target is set.

#include <assert.h>
#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "conv_block_layout.h"
#include "gru_layout.h"
#include "kernels.h"
