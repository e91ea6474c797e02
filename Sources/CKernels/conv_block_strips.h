// Template of the convolution block's forward pass for blocks of many channels, by Winograd's minimal filtering F(4,3)
// (Lavin and Gray 2016, with the points 0, ±1, ±2, ∞): four consecutive frames take 6 products per input channel
// instead of 12. The pools are formed in the same pass.
//
//     sums = Aᵀ [(G w) · (Bᵀ x)] / 24
//
// G is multiplied by 24, so that its entries are integers: for small integers the sums are then exactly those of the
// plain loops. A strip is 4 frames of all bands. Its input is transformed once; then, for the channels of a tile, each
// of the 6 products is a small matrix product [bands][inputs] · [inputs][tile], whose operands stay in the first-level
// cache; then the pools are formed.

/// One of the 6 products, for `P` bands and the channels of a tile: at least eight sums, to hide the latency of a
/// multiply-add.
INLINE void strip_tile(
    const int P, const int V, int64_t channels, const float *x, const float *weights, int64_t groupStride,
    float *products) {
  vector sums[P][TILE_VECTORS];
  UNROLL for (int p = 0; p < P; p++) {
    UNROLL for (int v = 0; v < V; v++) sums[p][v] = broadcast(0);
  }
  for (int64_t i = 0; i < channels; i++) {
    vector w[TILE_VECTORS];
    UNROLL for (int v = 0; v < V; v++) {
      w[v] = load(weight_vector(weights, groupStride, v) + i * CHANNEL_GROUP);
    }
    UNROLL for (int p = 0; p < P; p++) {
      const vector value = broadcast(x[p * channels + i]);
      UNROLL for (int v = 0; v < V; v++) sums[p][v] += value * w[v];
    }
  }
  UNROLL for (int p = 0; p < P; p++) {
    UNROLL for (int v = 0; v < V; v++) store(products + (p * V + v) * LANES, sums[p][v]);
  }
}

/// Bᵀ x for a vector of values from each of the strip's 6 rows, of which the first `count` are in memory.
INLINE void strip_transform_vector(const float *input, int64_t rowStride, int64_t count, float *transformed) {
  vector d[STRIP_ROWS], t[STRIP_ROWS];
  UNROLL for (int r = 0; r < STRIP_ROWS; r++) d[r] = load_first(input + r * rowStride, count);
  const vector even = d[4] - d[2] * 4, odd = d[3] - d[1] * 4, outer = d[4] - d[2], inner = d[3] - d[1];
  t[0] = d[0] * 4 + (d[4] - d[2] * 5);
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = outer + inner * 2;
  t[4] = outer - inner * 2;
  t[5] = d[1] * 4 + (d[5] - d[3] * 5);
  UNROLL for (int r = 0; r < STRIP_ROWS; r++) store(transformed + r * STRIP_VALUES, t[r]);
}

/// The same for `count` values, no more than STRIP_VALUES, a multiple of LANES.
INLINE void strip_transform(const float *input, int64_t rowStride, int64_t count, float *transformed) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) strip_transform_vector(input + i, rowStride, LANES, transformed + i);
  if (i < count) strip_transform_vector(input + i, rowStride, count - i, transformed + i);
}

/// Aᵀ of one band's products: the sums (24 times) at the strip's four frames.
INLINE void strip_sums(const float *products, int64_t productStride, vector sums[STRIP_FRAMES]) {
  vector m[STRIP_ROWS];
  UNROLL for (int r = 0; r < STRIP_ROWS; r++) m[r] = load(products + r * productStride);
  const vector one = m[1] + m[2], oneOdd = m[1] - m[2], two = m[3] + m[4], twoOdd = m[3] - m[4];
  sums[0] = m[0] + one + two;
  sums[1] = oneOdd + twoOdd * 2;
  sums[2] = one + two * 4;
  sums[3] = m[5] + (oneOdd + twoOdd * 8);
}

/// The pools of `PF` × `PB` positions of one strip, for `bands` bands and the `count` channels of a tile.
INLINE void strip_pools(
    const int PF, const int PB, const int V, int64_t bands, const float *products, const vector bias[TILE_VECTORS],
    int64_t count, int64_t outputs, int64_t outputRow, float *output, uint8_t *winners) {
  for (int64_t band = 0; band < bands; band += PB) {
    pool_state state[STRIP_FRAMES];
    UNROLL for (int v = 0; v < V; v++) {
      UNROLL for (int d = 0; d < PB; d++) {
        vector sums[STRIP_FRAMES];
        strip_sums(products + ((band + d) * V + v) * LANES, STRIP_VALUES * TILE_GROUPS, sums);
        UNROLL for (int f = 0; f < STRIP_FRAMES; f++) {
          pool_state *pool = &state[f / PF];
          const mask here = (mask)(f % PF * PB + d);
          if (f % PF == 0 && d == 0) {
            pool->best[v] = sums[f];
            pool->winner[v] = here;
            continue;
          }
          take_sum(pool, v, sums[f], here, winners != NULL, false);
        }
      }
      // Divided, not multiplied by the reciprocal, which would not be exact for integer sums.
      UNROLL for (int row = 0; row < STRIP_FRAMES / PF; row++) {
        state[row].best[v] = state[row].best[v] / 24 + bias[v];
      }
    }
    UNROLL for (int row = 0; row < STRIP_FRAMES / PF; row++) {
      const int64_t offset = row * outputRow + band / PB * outputs;
      store_pool(V, &state[row], count, output + offset, winners ? winners + offset : NULL);
    }
  }
}

/// All pools of whole strips; the remaining frames are left to the caller.
INLINE void forward_in_strips(
    const akin_conv_block *b, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners, const int PF, const int PB, const int V) {
  const int64_t channels = b->inputChannels, outputs = b->outputChannels;
  const int64_t rowStride = b->inputBands * channels, groupStride = STRIP_ROWS * channels * CHANNEL_GROUP;
  const int64_t outputRow = output_bands(b) * outputs, bands = (int64_t)output_bands(b) * PB;
  const int64_t most = strip_bands(b);
  float transformed[STRIP_ROWS * STRIP_VALUES], products[STRIP_ROWS * STRIP_VALUES * TILE_GROUPS];
  for (int64_t frame = 0; frame + STRIP_FRAMES / PF <= output_frames(b); frame += STRIP_FRAMES / PF) {
    for (int64_t first = 0; first < bands; first += most) {
      const int64_t part = bands - first < most ? bands - first : most;
      const int64_t offset = frame * outputRow + first / PB * outputs;
      strip_transform(input + frame * PF * rowStride + first * channels, rowStride, part * channels, transformed);
      for (int64_t c = 0; c < outputs; c += V * LANES) {
        const int64_t count = outputs - c < V * LANES ? outputs - c : V * LANES;
        const float *weights = strip_weights(b, packed) + c / CHANNEL_GROUP * groupStride;
        // 0: there is no second group, and reading it would go past the end.
        const int64_t further = count > CHANNEL_GROUP ? groupStride : 0;
        for (int r = 0; r < STRIP_ROWS; r++) {
          const float *x = transformed + r * STRIP_VALUES, *w = weights + r * channels * CHANNEL_GROUP;
          float *m = products + r * STRIP_VALUES * TILE_GROUPS;
          int64_t p = 0;
          for (; p + STRIP_TILE_BANDS <= part; p += STRIP_TILE_BANDS) {
            strip_tile(STRIP_TILE_BANDS, V, channels, x + p * channels, w, further, m + p * V * LANES);
          }
          for (; p < part; p += 2) strip_tile(2, V, channels, x + p * channels, w, further, m + p * V * LANES);
        }
        vector biases[TILE_VECTORS];
        load_bias(bias + c, count, V, biases);
        float *out = output + offset + c;
        if (winners) {
          strip_pools(PF, PB, V, part, products, biases, count, outputs, outputRow, out, winners + offset + c);
        } else {
          strip_pools(PF, PB, V, part, products, biases, count, outputs, outputRow, out, NULL);
        }
      }
    }
  }
}
