// Template of the convolution block's forward pass by plain sums, in tiles that stay in registers.
//
// A register tile holds the sums of TF × TB positions of one pool for TILE_VECTORS vectors of output channels.
// Consecutive frames share rows of the input across the three taps: a tile of 2 × 2 positions and 16 channels takes 6
// loads of weights and 8 of inputs for 24 fused multiply-adds. Only the maximum of a finished tile (and the winner)
// leaves the registers. Pools larger than a tile keep a running maximum.
//
// Used for blocks of few channels, for uncommon pools, and for what strips leave over. In the first block, with its
// single channel, winners take as long as the convolution. Tiles of 6 positions, which need at least 16 registers,
// reached half of the peak, since the compiler spills.

#define TILE_CHANNELS (TILE_GROUPS * CHANNEL_GROUP)
#define TILE_VECTORS (TILE_CHANNELS / LANES)
#define GROUP_VECTORS (CHANNEL_GROUP / LANES)

/// The maxima of a pool so far and, if winners are wanted, their positions in the pool.
typedef struct {
  vector best[TILE_VECTORS];
  mask winner[TILE_VECTORS];
} pool_state;

/// The inputs of a pool: its first input, strides in floats, the weights of the tile's channels.
typedef struct {
  const float *input;
  int64_t frameStride, bandStride;
  const float *weights;  // groups of [inputChannels][3][CHANNEL_GROUP]
  int64_t groupStride;   // from the tile's first group to its second
} pool_source;

/// The address of a tile's vector of channels in weights that are packed in groups, `groupStride` apart.
INLINE const float *weight_vector(const float *weights, int64_t groupStride, int v) {
  return weights + v * LANES / CHANNEL_GROUP * groupStride + v * LANES % CHANNEL_GROUP;
}

/// The biases of a tile's `count` channels.
INLINE void load_bias(const float *bias, int64_t count, const int V, vector biases[TILE_VECTORS]) {
  float padded[TILE_CHANNELS] = {0};
  memcpy(padded, bias, (size_t)count * sizeof(float));
  UNROLL for (int v = 0; v < V; v++) biases[v] = load(padded + v * LANES);
}

/// Updates the maxima of a pool with the sums at one position. Of equal sums, the one at the smaller position is kept;
/// if positions come `inOrder`, that is the earlier one.
INLINE void take_sum(pool_state *state, int v, vector sum, mask here, const bool winners, const bool inOrder) {
  if (winners) {
    mask better = sum > state->best[v];
    if (!inOrder) better |= (sum == state->best[v]) & (here < state->winner[v]);
    state->winner[v] = better ? here : state->winner[v];
  }
  state->best[v] = maximum(sum, state->best[v]);
}

/// Adds one input channel's contribution to the sums of a tile.
INLINE void accumulate_channel(
    pool_source s, int64_t channel, const int TF, const int TB, const int V, vector sums[][TILE_VECTORS]) {
  vector weights[KERNEL_FRAMES][TILE_VECTORS];
  UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
    UNROLL for (int v = 0; v < V; v++) {
      weights[k][v] = load(weight_vector(s.weights, s.groupStride, v) + (channel * KERNEL_FRAMES + k) * CHANNEL_GROUP);
    }
  }
  UNROLL for (int row = 0; row < TF + KERNEL_FRAMES - 1; row++) {
    UNROLL for (int band = 0; band < TB; band++) {
      vector x = broadcast(s.input[row * s.frameStride + band * s.bandStride + channel]);
      UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
        int frame = row - k;
        if (frame < 0 || frame >= TF) continue;
        UNROLL for (int v = 0; v < V; v++) sums[frame * TB + band][v] += x * weights[k][v];
      }
    }
  }
}

/// Updates the running maxima with a tile whose first position is `position` (row-major within a pool of `poolBands`
/// bands). Tiles do not come in row-major order, so of equal values the one at the smaller position is kept.
INLINE void pool_tile(
    pool_source s, int64_t channels, const vector bias[TILE_VECTORS], const int TF, const int TB, const int V,
    const bool winners, const bool single, int position, int poolBands, pool_state *state) {
  vector sums[TF * TB][TILE_VECTORS];
  UNROLL for (int p = 0; p < TF * TB; p++) {
    UNROLL for (int v = 0; v < V; v++) sums[p][v] = bias[v];
  }
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < channels; i++) accumulate_channel(s, i, TF, TB, V, sums);
  UNROLL for (int p = 0; p < TF * TB; p++) {
    mask here = (mask)(position + p / TB * poolBands + p % TB);
    UNROLL for (int v = 0; v < V; v++) {
      vector sum = sums[p][v];
      if (single && p == 0) {
        state->best[v] = sum;
        state->winner[v] = here;
        continue;
      }
      take_sum(state, v, sum, here, winners, single);
    }
  }
}

/// Writes `count` channels of a finished pool.
INLINE void store_pool(const int V, const pool_state *state, int64_t count, float *output, uint8_t *winners) {
  float values[TILE_CHANNELS];
  uint8_t positions[TILE_CHANNELS];
  const bool whole = count == V * LANES;
  UNROLL for (int v = 0; v < V; v++) {
    store((whole ? output : values) + v * LANES, maximum(state->best[v], broadcast(0)));
    if (winners) store_bytes((whole ? winners : positions) + v * LANES, state->winner[v]);
  }
  if (whole) return;
  memcpy(output, values, (size_t)count * sizeof(float));
  if (winners) memcpy(winners, positions, (size_t)count);
}

/// One row of pools for the channels of one tile.
INLINE void pool_row(
    const akin_conv_block *b, pool_source s, int64_t channels, const vector bias[TILE_VECTORS], const int TF,
    const int TB, const int V, const bool single, int64_t count, float *output, uint8_t *winners) {
  const int32_t poolFrames = single ? TF : b->poolFrames, poolBands = single ? TB : b->poolBands;
  const int64_t bands = output_bands(b);
  for (int64_t band = 0; band < bands; band++) {
    pool_state state;
    UNROLL for (int v = 0; v < V; v++) {
      state.best[v] = broadcast(-__builtin_inff());
      state.winner[v] = (mask)0;
    }
    for (int f = 0; f < poolFrames; f += TF) {
      for (int d = 0; d < poolBands; d += TB) {
        pool_source tile = s;
        tile.input += f * s.frameStride + d * s.bandStride;
        pool_tile(tile, channels, bias, TF, TB, V, winners != NULL, single, f * poolBands + d, poolBands, &state);
      }
    }
    store_pool(V, &state, count, output, winners);
    s.input += poolBands * s.bandStride;
    output += b->outputChannels;
    if (winners) winners += b->outputChannels;
  }
}

/// All pools, a row at a time, so that the row's inputs and then the tile's weights stay in the first-level cache.
INLINE void forward_tiled(
    const akin_conv_block *b, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners, int64_t channels, const int TF, const int TB, const int V, const bool single) {
  const int64_t frameStride = (int64_t)b->inputBands * channels;
  const int64_t groupStride = channels * KERNEL_FRAMES * CHANNEL_GROUP;
  const int64_t outputs = b->outputChannels;
  for (int64_t frame = 0; frame < output_frames(b); frame++) {
    for (int64_t c = 0; c < outputs; c += V * LANES) {
      const int64_t count = outputs - c < V * LANES ? outputs - c : V * LANES;
      const int64_t offset = frame * output_bands(b) * outputs + c;
      vector biases[TILE_VECTORS];
      load_bias(bias + c, count, V, biases);
      pool_source source = {
        .input = input + frame * b->poolFrames * frameStride, .frameStride = frameStride, .bandStride = channels,
        .weights = packed + c / CHANNEL_GROUP * groupStride,
        .groupStride = count > CHANNEL_GROUP ? groupStride : 0,  // 0: no second group, do not read past the end
      };
      float *out = output + offset;
      if (winners) {
        pool_row(b, source, channels, biases, TF, TB, V, single, count, out, winners + offset);
      } else {
        pool_row(b, source, channels, biases, TF, TB, V, single, count, out, NULL);
      }
    }
  }
}

/// The tile's shape for a block's pools: a whole pool of 2 × 2, or parts of larger ones.
INLINE void forward_in_tiles(
    const akin_conv_block *b, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners, const int V) {
  const int64_t channels = b->inputChannels;
  if (b->poolFrames == 2 && b->poolBands == 2) {
    if (channels == 1) {
      forward_tiled(b, input, packed, bias, output, winners, 1, 2, 2, V, true);
    } else {
      forward_tiled(b, input, packed, bias, output, winners, channels, 2, 2, V, true);
    }
  } else if (b->poolFrames % 4 == 0) {
    forward_tiled(b, input, packed, bias, output, winners, channels, 4, 1, V, false);
  } else {
    forward_tiled(b, input, packed, bias, output, winners, channels, 1, 1, V, false);
  }
}
