// Filtering and decimation, for resampling to a whole fraction of the rate: the entry point and its specification.

#include <assert.h>

#include "kernels.h"

void akin_decimate(
    const akin_decimation *decimation, const float *phases, const float *taps, float *output, int64_t count) {
  assert(decimation->factor > 0 && decimation->tapsPerPhase > 0 && count >= 0);
  assert(decimation->phaseStride >= count + decimation->tapsPerPhase - 1 + AKIN_DECIMATION_SPARE);
  akin_current_kernels()->decimate(decimation, phases, taps, output, count);
}

void akin_reference_decimate(
    const akin_decimation *decimation, const float *phases, const float *taps, float *output, int64_t count) {
  for (int64_t n = 0; n < count; n++) {
    double sum = 0;
    for (int32_t phase = 0; phase < decimation->factor; phase++) {
      for (int32_t k = 0; k < decimation->tapsPerPhase; k++) {
        sum += (double)taps[phase * decimation->tapsPerPhase + k] * phases[phase * decimation->phaseStride + n + k];
      }
    }
    output[n] = (float)sum;
  }
}
