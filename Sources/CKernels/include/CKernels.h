#pragma once
#include <stdint.h>
#include "CKernelsMel.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One block of the network: convolution (kernel 3 along time × 1 along frequency, stride 1, no padding), bias, ReLU,
/// max-pooling (size = stride; a remainder is dropped).
///
/// All activations are channels-last: `[frames][bands][channels]`. The output has
/// `(inputFrames - 2) / poolFrames` × `inputBands / poolBands` × `outputChannels` values.
typedef struct {
  int32_t inputFrames, inputBands, inputChannels;
  int32_t outputChannels;
  int32_t poolFrames, poolBands;
} akin_conv_block;

/// Number of floats that `akin_conv_block_pack` writes.
int64_t akin_conv_block_packed_count(const akin_conv_block *block);

/// Arranges PyTorch's weights `[outputChannels][inputChannels][3][1]` as the kernels read them (opaque).
void akin_conv_block_pack(const akin_conv_block *block, const float *weights, float *packed);

/// Forward for one song. `winners` (one byte an output: the place of the maximum in its pool, row-major over
/// time × frequency, the first of equals) may be NULL where no backward pass follows.
void akin_conv_block_forward(
    const akin_conv_block *block, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners);

/// Number of floats in the gradient buffer of `akin_conv_block_backward`.
int64_t akin_conv_block_gradient_count(const akin_conv_block *block);

/// Backward for one song, through the winners only. Adds to `gradient` (opaque; zero it first) the weights' and the
/// bias's; overwrites `inputGradient` unless it is NULL.
void akin_conv_block_backward(
    const akin_conv_block *block, const float *input, const float *packed, const float *output,
    const uint8_t *winners, const float *outputGradient, float *inputGradient, float *gradient);

/// Adds an opaque gradient to PyTorch's layout.
void akin_conv_block_unpack_gradient(
    const akin_conv_block *block, const float *gradient, float *weightGradient, float *biasGradient);

#ifdef __cplusplus
}
#endif
