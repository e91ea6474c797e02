// The specification of the convolution block in plain loops, with which the fast kernels are compared.

#include <string.h>

#include "conv_block_layout.h"
#include "CKernelsReference.h"

/// Convolution and bias at one position, before the ReLU. `weights` is `[3][inputChannels]`.
static float convolve(
    const akin_conv_block *b, const float *input, const float *weights, float bias, int64_t frame, int64_t band) {
  double sum = bias;
  for (int64_t k = 0; k < KERNEL_FRAMES; k++) {
    for (int64_t i = 0; i < b->inputChannels; i++) {
      sum += (double)weights[k * b->inputChannels + i]
          * (double)input[((frame + k) * b->inputBands + band) * b->inputChannels + i];
    }
  }
  return (float)sum;
}

void akin_reference_conv_block_forward(
    const akin_conv_block *b, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners) {
  const float *weights = backward_weights(b, packed);
  int64_t at = 0;
  for (int64_t frame = 0; frame < output_frames(b); frame++) {
    for (int64_t band = 0; band < output_bands(b); band++) {
      for (int64_t c = 0; c < b->outputChannels; c++, at++) {
        float best = 0;
        int winner = 0;
        for (int p = 0; p < b->poolFrames * b->poolBands; p++) {
          float value = convolve(
              b, input, weights + c * KERNEL_FRAMES * b->inputChannels, bias[c],
              frame * b->poolFrames + p / b->poolBands, band * b->poolBands + p % b->poolBands);
          if (p == 0 || value > best) {
            best = value;
            winner = p;
          }
        }
        output[at] = best > 0 ? best : 0;
        if (winners) winners[at] = (uint8_t)winner;
      }
    }
  }
}

void akin_reference_conv_block_backward(
    const akin_conv_block *b, const float *input, const float *packed, const float *output, const uint8_t *winners,
    const float *outputGradient, float *inputGradient, float *gradient) {
  const float *weights = backward_weights(b, packed);
  float *biasGradient = gradient + weight_count(b);
  int64_t inputs = (int64_t)b->inputFrames * b->inputBands * b->inputChannels;
  if (inputGradient) memset(inputGradient, 0, (size_t)inputs * sizeof(float));
  int64_t at = 0;
  for (int64_t frame = 0; frame < output_frames(b); frame++) {
    for (int64_t band = 0; band < output_bands(b); band++) {
      for (int64_t c = 0; c < b->outputChannels; c++, at++) {
        if (!(output[at] > 0)) continue;
        float g = outputGradient[at];
        int64_t t = frame * b->poolFrames + winners[at] / b->poolBands;
        int64_t f = band * b->poolBands + winners[at] % b->poolBands;
        biasGradient[c] += g;
        for (int64_t k = 0; k < KERNEL_FRAMES; k++) {
          for (int64_t i = 0; i < b->inputChannels; i++) {
            int64_t in = ((t + k) * b->inputBands + f) * b->inputChannels + i;
            int64_t w = (c * KERNEL_FRAMES + k) * b->inputChannels + i;
            gradient[w] += g * input[in];
            if (inputGradient) inputGradient[in] += g * weights[w];
          }
        }
      }
    }
  }
}
