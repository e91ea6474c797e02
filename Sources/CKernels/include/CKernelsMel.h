#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A mel filter bank as the kernels read it: each band is a run of neighbouring bins.
///
/// Every run is padded with zero weights to a multiple of `akin_mel_lane_count`, and the number of bands with bands
/// of length 0; so `power` must be readable (and finite) for that many floats past its last bin.
typedef struct {
  /// Number of bands, a multiple of `akin_mel_lane_count`.
  int32_t paddedBandCount;
  /// First bin of each band.
  const int32_t *firstBins;
  /// Weights of each band, a multiple of `akin_mel_lane_count`.
  const int32_t *weightCounts;
  /// All bands' weights, one after another.
  const float *weights;
} akin_mel_bank;

enum { akin_mel_lane_count = 8 };

/// The loops between samples and decibels, for one instruction set.
typedef struct {
  /// The instruction set's name, for benchmarks and messages.
  const char *name;

  /// `output[i] = samples[i] * window[i]`.
  void (*apply_window)(const float *samples, const float *window, float *output, int64_t count);

  /// Power spectrum of a real signal of `2 * half` samples from the complex transform of `half` pairs of them.
  ///
  /// `transform` holds `half` pairs (real, imaginary); `cosines` and `sines` are of the angles `π k / half` for
  /// k in 0…half/2; `power` receives `half + 1` values.
  void (*power_spectrum)(
      const float *transform, const float *cosines, const float *sines, float *power, int64_t half);

  /// `decibels[band] = 10 log10(max(1e-10, Σ weights · power))`, for all padded bands. Always finite: not-a-number
  /// counts as the least power, infinity as the largest float.
  void (*mel_decibels)(const akin_mel_bank *bank, const float *power, float *decibels);
} akin_mel_kernels;

/// What every processor runs.
const akin_mel_kernels *akin_mel_kernels_portable(void);

/// The fastest that this processor runs.
const akin_mel_kernels *akin_mel_kernels_fastest(void);

#ifdef __cplusplus
}
#endif
