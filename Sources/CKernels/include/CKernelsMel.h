#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A mel filter bank as the kernels read it: each band is a run of consecutive bins, and `akin_mel_lane_count`
/// consecutive bands form a group whose runs are padded with zero weights to the same length.
///
/// Runs may reach past the last bin, up to the next multiple of `akin_mel_lane_count`; `power` must be readable and
/// finite up to there.
typedef struct {
  /// Number of bands, a multiple of `akin_mel_lane_count`.
  int32_t paddedBandCount;
  /// First bin of each band's run.
  const int32_t *firstBins;
  /// Length of the runs of each group, a multiple of `akin_mel_lane_count`.
  const int32_t *weightCounts;
  /// Group by group: the first `akin_mel_lane_count` weights of each band, the next ones of each band, and so on.
  const float *weights;
} akin_mel_bank;

enum { akin_mel_lane_count = 8 };

/// The loops from samples to decibels and on to coefficients, for one instruction set.
typedef struct {
  /// `output[i] = samples[i] * window[i]`.
  void (*apply_window)(const float *samples, const float *window, float *output, int64_t count);

  /// Power spectrum of a real signal of `2 * half` samples from the complex transform of `half` pairs of them.
  ///
  /// `transform` holds `half` pairs (real, imaginary); `cosines` and `sines` are of the angles `π k / half` for
  /// k in 0…half/2; `power` receives `half + 1` values.
  void (*power_spectrum)(
      const float *transform, const float *cosines, const float *sines, float *power, int64_t half);

  /// `decibels[band] = 10 log10(max(1e-10, Σ weights · power))`, for all padded bands. Always finite: NaN
  /// counts as the smallest power, infinity as the largest float.
  void (*mel_decibels)(const akin_mel_bank *bank, const float *power, float *decibels);

  /// The largest of `count` (≥ 1) finite values.
  float (*maximum)(const float *values, int64_t count);

  /// `output[i] = max(values[i] - subtrahend, least)`; `output` may be `values`.
  void (*subtract_and_floor)(const float *values, float subtrahend, float least, float *output, int64_t count);

  /// `output[row][k] = Σ rows[row][i] * basis[k / lanes][i][k % lanes]`, where lanes is `akin_mel_lane_count` and the
  /// basis is padded with zeros to whole lanes.
  void (*project_rows)(
      const float *rows, int64_t row_count, int64_t input_count, const float *basis, int64_t coefficient_count,
      float *output);
} akin_mel_kernels;

#ifdef __cplusplus
}
#endif
