// Filtering and decimation, for resampling to a whole fraction of the rate.

#include <assert.h>

#include "kernels.h"

void akin_decimate(
    const akin_decimation *decimation, const float *phases, const float *taps, float *output, int64_t count) {
  assert(decimation->factor > 0 && decimation->tapsPerPhase > 0 && count >= 0);
  assert(decimation->phaseStride >= count + decimation->tapsPerPhase - 1 + AKIN_DECIMATION_SPARE);
  akin_current_kernels()->decimate(decimation, phases, taps, output, count);
}
