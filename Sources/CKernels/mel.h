// Template of the loops from a frame of samples to decibels and cepstral coefficients, in vectors of eight floats,
// which the compiler splits for the instruction set.

// No vector crosses a call: every function that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float lanes __attribute__((vector_size(32)));
typedef int32_t integer_lanes __attribute__((vector_size(32)));

#define AKIN_SELECT(mask, a, b) ((lanes)(((mask) & (integer_lanes)(a)) | (~(mask) & (integer_lanes)(b))))
#define AKIN_LOAD(pointer) (*(const unaligned_lanes *)(pointer))

typedef float unaligned_lanes __attribute__((vector_size(32), aligned(4), may_alias));

static void mel_apply_window(const float *samples, const float *window, float *output, int64_t count) {
  int64_t i = 0;
  for (; i + akin_mel_lane_count <= count; i += akin_mel_lane_count) {
    *(unaligned_lanes *)(output + i) = AKIN_LOAD(samples + i) * AKIN_LOAD(window + i);
  }
  for (; i < count; i++) output[i] = samples[i] * window[i];
}

// With z[n] = x[2n] + i x[2n+1], its transform Z of `half` points and w = exp(-iπk/half):
//   E = (Z[k] + conj Z[half-k]) / 2        the transform of the even samples
//   O = (Z[k] - conj Z[half-k]) / 2i       the transform of the odd ones
//   X[k] = E + w O,   X[half-k] = conj(E - w O)
// The halves are left out below; the power is divided by four instead.
#define AKIN_POWER_PAIR(aRe, aIm, bRe, bIm, cosine, sine, low, high) \
  do {                                                               \
    evenRe = (aRe) + (bRe);                                          \
    evenIm = (aIm) - (bIm);                                          \
    oddRe = (aIm) + (bIm);                                           \
    oddIm = (bRe) - (aRe);                                           \
    turnedRe = (cosine) * oddRe + (sine) * oddIm;                    \
    turnedIm = (cosine) * oddIm - (sine) * oddRe;                    \
    sumRe = evenRe + turnedRe;                                       \
    sumIm = evenIm + turnedIm;                                       \
    differenceRe = evenRe - turnedRe;                                \
    differenceIm = evenIm - turnedIm;                                \
    low = (sumRe * sumRe + sumIm * sumIm) * 0.25f;                   \
    high = (differenceRe * differenceRe + differenceIm * differenceIm) * 0.25f; \
  } while (0)

static void mel_power_spectrum(
    const float *transform, const float *cosines, const float *sines, float *power, int64_t half) {
  const float sum = transform[0] + transform[1], difference = transform[0] - transform[1];
  power[0] = sum * sum;
  power[half] = difference * difference;

  int64_t k = 1;
  // Eight bins from below with their eight mirror images from above, until the two meet.
  for (; 2 * (k + akin_mel_lane_count - 1) < half; k += akin_mel_lane_count) {
    const int64_t mirror = half - k - (akin_mel_lane_count - 1);
    const lanes a0 = AKIN_LOAD(transform + 2 * k), a1 = AKIN_LOAD(transform + 2 * k + 8);
    const lanes b0 = AKIN_LOAD(transform + 2 * mirror), b1 = AKIN_LOAD(transform + 2 * mirror + 8);
    const lanes aRe = __builtin_shufflevector(a0, a1, 0, 2, 4, 6, 8, 10, 12, 14);
    const lanes aIm = __builtin_shufflevector(a0, a1, 1, 3, 5, 7, 9, 11, 13, 15);
    const lanes bRe = __builtin_shufflevector(b0, b1, 14, 12, 10, 8, 6, 4, 2, 0);
    const lanes bIm = __builtin_shufflevector(b0, b1, 15, 13, 11, 9, 7, 5, 3, 1);
    const lanes cosine = AKIN_LOAD(cosines + k), sine = AKIN_LOAD(sines + k);
    lanes evenRe, evenIm, oddRe, oddIm, turnedRe, turnedIm, sumRe, sumIm, differenceRe, differenceIm, low, high;
    AKIN_POWER_PAIR(aRe, aIm, bRe, bIm, cosine, sine, low, high);
    *(unaligned_lanes *)(power + k) = low;
    *(unaligned_lanes *)(power + mirror) = __builtin_shufflevector(high, high, 7, 6, 5, 4, 3, 2, 1, 0);
  }
  for (; 2 * k <= half; k++) {
    const float *a = transform + 2 * k, *b = transform + 2 * (half - k);
    float evenRe, evenIm, oddRe, oddIm, turnedRe, turnedIm, sumRe, sumIm, differenceRe, differenceIm, low, high;
    AKIN_POWER_PAIR(a[0], a[1], b[0], b[1], cosines[k], sines[k], low, high);
    power[half - k] = high;
    power[k] = low;
  }
}

// 10 log10 x for normal positive x: x = m 2^e with m in [√½, √2), and log m = 2 artanh s with s = (m - 1) / (m + 1),
// |s| < 0.172, whose series is below float's precision after s⁹.
INLINE lanes decibels_of(lanes x) {
  const integer_lanes rootHalf = {0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3,
                                  0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3};
  const integer_lanes bits = (integer_lanes)x;
  const integer_lanes exponent = (bits - rootHalf) & (int32_t)0xff800000;
  const lanes m = (lanes)(bits - exponent);
  const lanes s = (m - 1.0f) / (m + 1.0f);
  const lanes t = s * s;
  const lanes tail = t * (1.0f / 3 + t * (1.0f / 5 + t * (1.0f / 7 + t * (1.0f / 9))));
  const float nepersToDecibels = 4.342944819f, octaveDecibels = 3.010299957f;
  const lanes mantissa = (s + s * tail) * (2 * nepersToDecibels);
  return __builtin_convertvector(exponent >> 23, lanes) * octaveDecibels + mantissa;
}

INLINE lanes interleaved_sum(lanes a, lanes b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
      + __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}

INLINE lanes paired_sum(lanes a, lanes b) {
  return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
      + __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}

INLINE lanes halves_sum(lanes a, lanes b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
      + __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}

static void mel_decibels(const akin_mel_bank *bank, const float *power, float *decibels) {
  const float *weights = bank->weights;
  for (int32_t band = 0; band < bank->paddedBandCount; band += akin_mel_lane_count) {
    // Eight independent sums hide each other's latency, and share one loop count.
    const int32_t *firstBins = bank->firstBins + band;
    const int32_t count = bank->weightCounts[band / akin_mel_lane_count];
    lanes sums[akin_mel_lane_count] = {{0}};
    for (int32_t i = 0; i < count; i += akin_mel_lane_count) {
#pragma clang loop unroll(full)
      for (int32_t row = 0; row < akin_mel_lane_count; row++) {
        sums[row] += AKIN_LOAD(weights) * AKIN_LOAD(power + firstBins[row] + i);
        weights += akin_mel_lane_count;
      }
    }
    // The sums over the lanes of eight vectors, as one vector.
    const lanes first = paired_sum(interleaved_sum(sums[0], sums[1]), interleaved_sum(sums[2], sums[3]));
    const lanes second = paired_sum(interleaved_sum(sums[4], sums[5]), interleaved_sum(sums[6], sums[7]));
    lanes energy = halves_sum(first, second);
    const lanes least = {1e-10f, 1e-10f, 1e-10f, 1e-10f, 1e-10f, 1e-10f, 1e-10f, 1e-10f};
    const lanes most = {FLT_MAX, FLT_MAX, FLT_MAX, FLT_MAX, FLT_MAX, FLT_MAX, FLT_MAX, FLT_MAX};
    // Comparisons with NaN are false, so that this order turns it into the smallest power.
    energy = AKIN_SELECT(energy > least, energy, least);
    energy = AKIN_SELECT(energy < most, energy, most);
    *(unaligned_lanes *)(decibels + band) = decibels_of(energy);
  }
}

static float mel_maximum(const float *values, int64_t count) {
  float result = values[0];
  int64_t i = 0;
  if (count >= akin_mel_lane_count) {
    lanes greatest = AKIN_LOAD(values);
    for (; i + akin_mel_lane_count <= count; i += akin_mel_lane_count) {
      const lanes next = AKIN_LOAD(values + i);
      greatest = AKIN_SELECT(next > greatest, next, greatest);
    }
    for (int lane = 0; lane < akin_mel_lane_count; lane++) {
      if (greatest[lane] > result) result = greatest[lane];
    }
  }
  for (; i < count; i++) {
    if (values[i] > result) result = values[i];
  }
  return result;
}

static void mel_subtract_and_floor(const float *values, float subtrahend, float least, float *output, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    const float difference = values[i] - subtrahend;
    output[i] = difference > least ? difference : least;
  }
}

// `row_count` rows by one vector of coefficients; called with constants, so that the sums live in registers.
INLINE void project_block(
    const float *rows, int64_t row_count, int64_t input_count, const float *basis, int64_t kept,
    int64_t output_stride, float *output) {
  lanes sums[akin_mel_lane_count] = {{0}};
  for (int64_t i = 0; i < input_count; i++) {
    const lanes factors = AKIN_LOAD(basis + i * akin_mel_lane_count);
#pragma clang loop unroll(full)
    for (int64_t row = 0; row < row_count; row++) sums[row] += rows[row * input_count + i] * factors;
  }
#pragma clang loop unroll(full)
  for (int64_t row = 0; row < row_count; row++) {
    memcpy(output + row * output_stride, &sums[row], (size_t)kept * sizeof(float));
  }
}

static void mel_project_rows(
    const float *rows, int64_t row_count, int64_t input_count, const float *basis, int64_t coefficient_count,
    float *output) {
  for (int64_t first = 0; first < coefficient_count; first += akin_mel_lane_count) {
    const int64_t remaining = coefficient_count - first;
    const int64_t kept = remaining < akin_mel_lane_count ? remaining : akin_mel_lane_count;
    const float *block = basis + first * input_count;
    int64_t row = 0;
    for (; row + 8 <= row_count; row += 8) {
      project_block(
          rows + row * input_count, 8, input_count, block, kept, coefficient_count,
          output + row * coefficient_count + first);
    }
    for (; row < row_count; row++) {
      project_block(
          rows + row * input_count, 1, input_count, block, kept, coefficient_count,
          output + row * coefficient_count + first);
    }
  }
}
