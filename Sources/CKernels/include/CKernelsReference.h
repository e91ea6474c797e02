#pragma once
// The kernels' plain loops under their own names: the specification, for tests and benchmarks.

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

#ifdef __cplusplus
}
#endif
