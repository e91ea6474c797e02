// All kernels for one instruction set. The including file defines
//   LANES         floats in a vector
//   TILE_GROUPS   groups of 16 output channels in a register tile of the convolution
//   STRIP_TILE_BANDS  bands, 2 or 4, in a register tile of the convolution's strips
//   BACKWARD_VECTORS  vectors of input channels whose weights and gradients the backward pass keeps in registers
//   SCAN_QUERIES  queries in a register tile of the scan of codes
//   SCAN_SUMS_FOUR  only if an instruction multiplies and sums four bytes for the scan
//   KERNELS       name of the table
// and surrounds the inclusion with a `#pragma clang attribute` for the instruction set's target.

#include "vector.h"
#include "conv_block_tiles.h"
#include "conv_block_strips.h"
#include "conv_block_forward.h"
#include "conv_block_backward.h"
#include "matrix_product.h"
#include "dot_products.h"
#include "gru.h"
#include "max_pool.h"
#include "mel.h"
#include "decimate.h"
#include "codes_scan.h"

const akin_kernels KERNELS = {
  .conv_block_forward = conv_block_forward,
  .conv_block_backward = conv_block_backward,
  .gru_forward = gru_forward,
  .gru_backward = gru_backward,
  .codes_scan = codes_scan,
  .add_product = add_product,
  .dot_products = dot_products,
  .max_pool_row = max_pool_row,
  .mel = {
    .apply_window = mel_apply_window,
    .power_spectrum = mel_power_spectrum,
    .mel_decibels = mel_decibels,
    .maximum = mel_maximum,
    .subtract_and_floor = mel_subtract_and_floor,
    .project_rows = mel_project_rows,
  },
  .decimate = decimate,
};
