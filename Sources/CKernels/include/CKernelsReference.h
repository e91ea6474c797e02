#pragma once
// The kernels as plain loops: the specification, for tests and benchmarks.

#include "CKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/// As `akin_conv_block_forward`.
void akin_reference_conv_block_forward(
    const akin_conv_block *block, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners);

/// As `akin_conv_block_backward`.
void akin_reference_conv_block_backward(
    const akin_conv_block *block, const float *input, const float *packed, const float *output,
    const uint8_t *winners, const float *outputGradient, float *inputGradient, float *gradient);

/// As `akin_add_product`.
void akin_reference_add_product(
    int64_t rows, int64_t columns, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c,
    int64_t cRow);

/// As `akin_dot_products`, with sums in double precision.
void akin_reference_dot_products(
    int64_t length, const float *x, const float *vectors, const int64_t *rows, int64_t count, float *results);

/// As `akin_decimate`, with sums in double precision.
void akin_reference_decimate(
    const akin_decimation *decimation, const float *phases, const float *taps, float *output, int64_t count);

/// As `akin_gru_forward`.
void akin_reference_gru_forward(
    const akin_gru *gru, bool reversed, const float *input, const float *packed, float *lastState, int64_t lastStride,
    float *saved, float *workspace);

/// As `akin_gru_backward`.
void akin_reference_gru_backward(
    const akin_gru *gru, bool reversed, const float *input, const float *packed, float *saved,
    const float *lastStateGradient, int64_t lastStride, float *inputGradient, akin_gru_gradient gradient,
    float *workspace);

/// As `akin_mel_kernels_of`, with sums in double precision.
const akin_mel_kernels *akin_reference_mel_kernels(void);

#ifdef __cplusplus
}
#endif
