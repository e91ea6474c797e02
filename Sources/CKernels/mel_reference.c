// The specification of the loops of log-mel and MFCC in plain loops, with which the fast ones are compared.

#include <float.h>
#include <math.h>

#include "CKernelsReference.h"

static void apply_window(const float *samples, const float *window, float *output, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = samples[i] * window[i];
}

// With z[n] = x[2n] + i x[2n+1] and its transform Z, E = (Z[k] + conj Z[half-k]) / 2 is the transform of the even
// samples and O = (Z[k] - conj Z[half-k]) / 2i that of the odd ones: X[k] = E + exp(-iπk/half) O.
static void power_spectrum(
    const float *transform, const float *cosines, const float *sines, float *power, int64_t half) {
  for (int64_t k = 0; k <= half; k++) {
    const float *a = transform + 2 * (k % half), *b = transform + 2 * ((half - k) % half);
    const double evenRe = ((double)a[0] + b[0]) / 2, evenIm = ((double)a[1] - b[1]) / 2;
    const double oddRe = ((double)a[1] + b[1]) / 2, oddIm = ((double)b[0] - a[0]) / 2;
    // The angles are tabulated up to a right angle; beyond it the cosine changes its sign.
    const int64_t index = 2 * k <= half ? k : half - k;
    const double cosine = 2 * k <= half ? cosines[index] : -cosines[index], sine = sines[index];
    const double re = evenRe + cosine * oddRe + sine * oddIm, im = evenIm + cosine * oddIm - sine * oddRe;
    power[k] = (float)(re * re + im * im);
  }
}

static void mel_decibels(const akin_mel_bank *bank, const float *power, float *decibels) {
  const float *weights = bank->weights;
  for (int32_t group = 0; group < bank->paddedBandCount / akin_mel_lane_count; group++) {
    const int32_t count = bank->weightCounts[group];
    for (int32_t row = 0; row < akin_mel_lane_count; row++) {
      const int32_t band = group * akin_mel_lane_count + row;
      double energy = 0;
      for (int32_t i = 0; i < count; i++) {
        const int32_t block = i / akin_mel_lane_count, lane = i % akin_mel_lane_count;
        const float weight = weights[(block * akin_mel_lane_count + row) * akin_mel_lane_count + lane];
        energy += (double)weight * power[bank->firstBins[band] + i];
      }
      decibels[band] = (float)(10 * log10(fmin(FLT_MAX, fmax(1e-10, energy))));
    }
    weights += count * akin_mel_lane_count;
  }
}

static float maximum(const float *values, int64_t count) {
  float result = values[0];
  for (int64_t i = 1; i < count; i++) result = values[i] > result ? values[i] : result;
  return result;
}

static void subtract_and_floor(const float *values, float subtrahend, float least, float *output, int64_t count) {
  for (int64_t i = 0; i < count; i++) output[i] = fmaxf(values[i] - subtrahend, least);
}

static void project_rows(
    const float *rows, int64_t row_count, int64_t input_count, const float *basis, int64_t coefficient_count,
    float *output) {
  for (int64_t row = 0; row < row_count; row++) {
    for (int64_t k = 0; k < coefficient_count; k++) {
      const int64_t block = k / akin_mel_lane_count, lane = k % akin_mel_lane_count;
      const float *column = basis + block * input_count * akin_mel_lane_count + lane;
      double sum = 0;
      for (int64_t i = 0; i < input_count; i++) {
        sum += (double)rows[row * input_count + i] * column[i * akin_mel_lane_count];
      }
      output[row * coefficient_count + k] = (float)sum;
    }
  }
}

const akin_mel_kernels *akin_reference_mel_kernels(void) {
  static const akin_mel_kernels kernels = {
    .apply_window = apply_window,
    .power_spectrum = power_spectrum,
    .mel_decibels = mel_decibels,
    .maximum = maximum,
    .subtract_and_floor = subtract_and_floor,
    .project_rows = project_rows,
  };
  return &kernels;
}
