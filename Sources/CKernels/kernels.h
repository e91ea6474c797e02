#pragma once
// The table of kernels, one for each instruction set.

#include "CKernels.h"

typedef struct {
  void (*conv_block_forward)(
      const akin_conv_block *, const float *input, const float *packed, const float *bias, float *output,
      uint8_t *winners);
  void (*conv_block_backward)(
      const akin_conv_block *, const float *input, const float *packed, const float *output, const uint8_t *winners,
      const float *outputGradient, float *inputGradient, float *gradient);
  void (*gru_forward)(
      const akin_gru *, bool reversed, const float *input, const float *packed, float *lastState, int64_t lastStride,
      float *saved, float *workspace);
  void (*gru_backward)(
      const akin_gru *, bool reversed, const float *input, const float *packed, float *saved,
      const float *lastStateGradient, int64_t lastStride, float *inputGradient, akin_gru_gradient gradient,
      float *workspace);
  int64_t (*codes_scan)(
      const akin_codes *, int64_t firstBlock, int64_t blockCount, const akin_code_query *queries, int32_t queryCount,
      akin_code_candidate *candidates);
  void (*add_product)(
      int64_t rows, int64_t columns, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c,
      int64_t cRow);
  void (*dot_products)(
      int64_t length, const float *x, const float *vectors, const int64_t *rows, int64_t count, float *results);
  int64_t (*max_pool_row)(int64_t bands, int32_t poolFrames, const float *input, float *output);
  akin_mel_kernels mel;
  void (*decimate)(const akin_decimation *, const float *phases, const float *taps, float *output, int64_t count);
} akin_kernels;

extern const akin_kernels akin_kernels_portable, akin_kernels_neon, akin_kernels_avx2, akin_kernels_avx512,
    akin_kernels_avx512vnni;

/// The kernels of an instruction set that the processor supports.
const akin_kernels *akin_kernels_of(akin_instructions set);

/// The kernels of the instruction set in use.
const akin_kernels *akin_current_kernels(void);
