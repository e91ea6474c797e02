// Template of dot products of one vector with several rows, which share each load of the vector.
//
// A sum has 16 lanes and a fixed order, and is rounded after each product, on every instruction set: the result for a
// pair is the same bits everywhere. (Memory is the limit: fused multiply-adds would gain nothing.)

#define DOT_VECTORS (AKIN_DOT_LANES / LANES)
/// Rows at a time: four sums or eight, to hide the latency of an addition.
#define DOT_ROWS (LANES < 8 ? 2 : 4)

INLINE void dot_rows(const int R, int64_t length, const float *x, const float *const rows[DOT_ROWS], float *results) {
#pragma clang fp contract(off)
  vector sums[DOT_ROWS][DOT_VECTORS];
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int v = 0; v < DOT_VECTORS; v++) sums[r][v] = broadcast(0);
  }
  for (int64_t i = 0; i < length; i += AKIN_DOT_LANES) {
    UNROLL for (int v = 0; v < DOT_VECTORS; v++) {
      const vector values = load(x + i + v * LANES);
      UNROLL for (int r = 0; r < R; r++) sums[r][v] += values * load(rows[r] + i + v * LANES);
    }
  }
  UNROLL for (int r = 0; r < R; r++) {
    float lanes[AKIN_DOT_LANES];
    UNROLL for (int v = 0; v < DOT_VECTORS; v++) store(lanes + v * LANES, sums[r][v]);
    UNROLL for (int half = AKIN_DOT_LANES / 2; half > 0; half /= 2) {
      UNROLL for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
    }
    results[r] = lanes[0];
  }
}

static void dot_products(
    int64_t length, const float *x, const float *vectors, const int64_t *rows, int64_t count, float *results) {
  int64_t i = 0;
  for (; i < count; i += DOT_ROWS) {
    const int64_t left = count - i < DOT_ROWS ? count - i : DOT_ROWS;
    const float *starts[DOT_ROWS];
    for (int64_t r = 0; r < left; r++) starts[r] = vectors + rows[i + r] * length;
    if (left == DOT_ROWS) {
      dot_rows(DOT_ROWS, length, x, starts, results + i);
    } else {
      for (int64_t r = 0; r < left; r++) dot_rows(1, length, x, starts + r, results + i + r);
    }
  }
}
