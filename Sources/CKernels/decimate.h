// Template of filtering and decimation at once. Lanes are neighbouring outputs, so that no sum crosses lanes, and
// several vectors of outputs share each tap. Summing one output after another, as swresample does, waits for each
// addition.

enum { DECIMATE_VECTORS = 6 };

/// `vectors` vectors of outputs from output `n` on.
INLINE void decimate_tile(
    const akin_decimation *d, const float *phases, const float *taps, int64_t n, int vectors, vector *sums) {
  UNROLL for (int v = 0; v < vectors; v++) sums[v] = broadcast(0);
  for (int32_t phase = 0; phase < d->factor; phase++) {
    const float *input = phases + phase * d->phaseStride + n;
    for (int32_t k = 0; k < d->tapsPerPhase; k++) {
      const vector tap = broadcast(*taps++);
      UNROLL for (int v = 0; v < vectors; v++) sums[v] += load(input + k + v * LANES) * tap;
    }
  }
}

static void decimate(
    const akin_decimation *d, const float *phases, const float *taps, float *output, int64_t count) {
  vector sums[DECIMATE_VECTORS];
  int64_t n = 0;
  for (; n + DECIMATE_VECTORS * LANES <= count; n += DECIMATE_VECTORS * LANES) {
    decimate_tile(d, phases, taps, n, DECIMATE_VECTORS, sums);
    UNROLL for (int v = 0; v < DECIMATE_VECTORS; v++) store(output + n + v * LANES, sums[v]);
  }
  for (; n < count; n += LANES) {
    decimate_tile(d, phases, taps, n, 1, sums);
    store_first(output + n, sums[0], count - n);
  }
}
