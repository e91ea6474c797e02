// All kernels for one instruction set. The including file defines
//   LANES         floats in a vector
//   TILE_GROUPS   groups of 16 output channels in a register tile of the convolution
//   KERNELS       name of the table
// and surrounds the inclusion with a `#pragma clang attribute` for the instruction set's target.

#include "vector.h"
#include "conv_block_forward.h"

const akin_kernels KERNELS = {
  .conv_block_forward = conv_block_forward,
};
