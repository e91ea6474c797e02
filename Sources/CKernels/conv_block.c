// The convolution block's entry points: packing, and the choice of the kernel.

#include <assert.h>

#include "conv_block_layout.h"
#include "kernels.h"

static void check(const akin_conv_block *b) {
  assert(b->inputFrames > 0 && b->inputBands > 0 && b->inputChannels > 0 && b->outputChannels > 0);
  assert(b->poolFrames > 0 && b->poolBands > 0 && b->poolFrames * b->poolBands <= 256);
  (void)b;
}

int64_t akin_conv_block_packed_count(const akin_conv_block *b) { return forward_packed_count(b) + weight_count(b); }

/// 24 G of Winograd's F(4,3); see conv_block_strips.h.
static void pack_strips(const akin_conv_block *b, const float *weights, float *packed) {
  static const float matrix[STRIP_ROWS][KERNEL_FRAMES] = {
    {6, 0, 0}, {-4, -4, -4}, {-4, 4, -4}, {1, 2, 4}, {1, -2, 4}, {0, 0, 24},
  };
  const int64_t inputs = b->inputChannels;
  for (int64_t c = 0; c < channel_groups(b) * CHANNEL_GROUP; c++) {
    float *group = packed + c / CHANNEL_GROUP * STRIP_ROWS * inputs * CHANNEL_GROUP;
    for (int64_t r = 0; r < STRIP_ROWS; r++) {
      for (int64_t i = 0; i < inputs; i++) {
        float sum = 0;
        for (int k = 0; k < KERNEL_FRAMES && c < b->outputChannels; k++) {
          sum += matrix[r][k] * weights[(c * inputs + i) * KERNEL_FRAMES + k];
        }
        group[(r * inputs + i) * CHANNEL_GROUP + c % CHANNEL_GROUP] = sum;
      }
    }
  }
}

int32_t akin_conv_block_frame_step(const akin_conv_block *b) {
  return has_strips(b) ? STRIP_FRAMES / b->poolFrames : 1;
}

void akin_conv_block_pack(const akin_conv_block *b, const float *weights, float *packed) {
  const int64_t inputs = b->inputChannels, outputs = b->outputChannels;
  float *backward = packed + forward_packed_count(b);
  for (int64_t c = 0; c < channel_groups(b) * CHANNEL_GROUP; c++) {
    float *group = packed + c / CHANNEL_GROUP * inputs * KERNEL_FRAMES * CHANNEL_GROUP;
    for (int64_t i = 0; i < inputs; i++) {
      for (int64_t k = 0; k < KERNEL_FRAMES; k++) {
        float weight = c < outputs ? weights[(c * inputs + i) * KERNEL_FRAMES + k] : 0;
        group[(i * KERNEL_FRAMES + k) * CHANNEL_GROUP + c % CHANNEL_GROUP] = weight;
        if (c < outputs) backward[(c * KERNEL_FRAMES + k) * inputs + i] = weight;
      }
    }
  }
  if (has_strips(b)) pack_strips(b, weights, packed + direct_packed_count(b));
}

void akin_conv_block_forward(
    const akin_conv_block *block, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners) {
  check(block);
  akin_current_kernels()->conv_block_forward(block, input, packed, bias, output, winners);
}

int64_t akin_conv_block_gradient_count(const akin_conv_block *b) { return weight_count(b) + b->outputChannels; }

void akin_conv_block_backward(
    const akin_conv_block *block, const float *input, const float *packed, const float *output,
    const uint8_t *winners, const float *outputGradient, float *inputGradient, float *gradient) {
  check(block);
  assert((int64_t)block->inputFrames * block->inputBands * block->inputChannels <= INT32_MAX);
  akin_current_kernels()->conv_block_backward(
      block, input, packed, output, winners, outputGradient, inputGradient, gradient);
}

void akin_conv_block_unpack_gradient(
    const akin_conv_block *b, const float *gradient, float *weightGradient, float *biasGradient) {
  for (int64_t c = 0; c < b->outputChannels; c++) {
    for (int64_t i = 0; i < b->inputChannels; i++) {
      for (int64_t k = 0; k < KERNEL_FRAMES; k++) {
        weightGradient[(c * b->inputChannels + i) * KERNEL_FRAMES + k]
            += gradient[(c * KERNEL_FRAMES + k) * b->inputChannels + i];
      }
    }
    biasGradient[c] += gradient[weight_count(b) + c];
  }
}
