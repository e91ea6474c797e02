// Max-pooling of a single channel, for the branch of the network that reads the spectrogram itself.

#include <assert.h>
#include <stddef.h>

#include "kernels.h"

/// The maximum of one pool, and its position if `winner` is not NULL.
static float pool_maximum(
    const float *input, int64_t bands, int32_t poolFrames, int32_t poolBands, uint8_t *winner) {
  float best = input[0];
  int position = 0;
  for (int32_t f = 0; f < poolFrames; f++) {
    for (int32_t b = 0; b < poolBands; b++) {
      const float value = input[f * bands + b];
      if (value > best) {
        best = value;
        position = f * poolBands + b;
      }
    }
  }
  if (winner) *winner = (uint8_t)position;
  return best;
}

void akin_max_pool(
    int32_t frames, int32_t bands, int32_t poolFrames, int32_t poolBands, const float *input, float *output,
    uint8_t *winners) {
  assert(frames > 0 && bands > 0 && poolFrames > 0 && poolBands > 0 && poolFrames * poolBands <= 256);
  const int64_t outputs = bands / poolBands;
  const akin_kernels *kernels = akin_current_kernels();
  const bool vectors = poolBands == 2 && !winners;
  for (int64_t frame = 0; frame < frames / poolFrames; frame++) {
    const float *rows = input + frame * poolFrames * bands;
    int64_t band = vectors ? kernels->max_pool_row(bands, poolFrames, rows, output + frame * outputs) : 0;
    for (; band < outputs; band++) {
      const int64_t at = frame * outputs + band;
      output[at] = pool_maximum(rows + band * poolBands, bands, poolFrames, poolBands, winners ? winners + at : NULL);
    }
  }
}
