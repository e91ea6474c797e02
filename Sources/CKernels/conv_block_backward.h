// Template of the convolution block's backward pass, through the winner of each pool only: the dense gradient, of which
// only one value in four or sixteen is not zero, is never formed.
//
// The outputs are processed in runs. For each channel and each chunk of input channels, the weights and weight
// gradients of the three taps stay in registers while the active winners (outputs above 0) of the channel in the run
// are visited, by the bits of a word: two loads, a store and two fused multiply-adds for each tap and vector. Winners
// of one channel lie in different pools, so that the read-modify-writes of the input's gradient rarely wait for each
// other. The rows of the input and of its gradient under a run just about fit the first-level cache, so all channels
// are visited for one chunk of input channels before the next one: 8 % less time, and no outliers that take half as
// long again.
//
// Measured, and slower: the active winners as lists, written before they are visited; lists of equal length, with a
// gradient of 0 for inactive ones; one list for each position in a pool, with the input's gradient in registers (a
// mispredicted branch for every few winners; faster only from 64 output channels on, by a quarter); separate passes for
// the two gradients. Prefetching the rows of a run, or clearing the gradient row by row, changes nothing.
// (docs/decisions/network-kernels.md)

/// Outputs and channels visited at a time: few enough that the inputs under them stay in the first-level cache.
#define RUN_POSITIONS 16
#define RUN_CHANNELS 32

/// For every output of a run: the offset of its winner's first input, in floats from the song's first, and its
/// gradient. For each channel: its active outputs, one bit each.
typedef struct {
  int32_t offsets[RUN_POSITIONS][RUN_CHANNELS];
  float gradients[RUN_POSITIONS][RUN_CHANNELS];
  int32_t active[RUN_CHANNELS];
} winner_run;

/// The arrays of one song that the backward pass reads and writes.
typedef struct {
  const float *input, *output, *outputGradient;
  const uint8_t *winners;
  float *inputGradient;
} backward_arrays;

/// Finds the winners of one pool, whose first input has the offset `pool`, for `channels` channels.
INLINE void find_winners(
    const akin_conv_block *b, int32_t pool, const float *output, const float *gradient, const uint8_t *winners,
    int64_t channels, winner_run *run, int64_t n) {
  const int32_t bands = b->poolBands, inputs = b->inputChannels;
  const int32_t inverse = 65536 / bands + 1;  // x · inverse >> 16 is x / bands for any byte x
  for (int64_t c = 0; c < channels; c += LANES) {
    const int64_t left = channels - c;
    const mask winner = load_first_bytes(winners + c, left), frame = (winner * inverse) >> 16;
    const mask offset = pool + winner * inputs + frame * (b->inputBands - bands) * inputs;
    store_mask(&run->offsets[n][c], offset);
    store(&run->gradients[n][c], load_first(gradient + c, left));
    const mask active = load_first(output + c, left) > 0;
    store_mask(&run->active[c], load_mask(&run->active[c]) | (active & (1 << n)));
  }
}

/// Visits the winners of channel `c` of a run, for `V` vectors of input channels from `i` on.
INLINE void walk_vectors(
    backward_arrays a, int64_t frameStride, int64_t channels, int64_t i, const winner_run *run, int64_t c,
    const float *weights, float *weightGradient, const bool wantsInput, const int V) {
  vector w[KERNEL_FRAMES][V], sums[KERNEL_FRAMES][V];
  UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
    UNROLL for (int v = 0; v < V; v++) {
      w[k][v] = load(weights + k * channels + i + v * LANES);
      sums[k][v] = load(weightGradient + k * channels + i + v * LANES);
    }
  }
  for (uint32_t left = (uint32_t)run->active[c]; left != 0; left &= left - 1) {
    const int n = __builtin_ctz(left);
    const int64_t offset = run->offsets[n][c];
    const float *input = a.input + offset + i;
    float *inputGradient = wantsInput ? a.inputGradient + offset + i : NULL;
    vector g = broadcast(run->gradients[n][c]);
    UNROLL for (int v = 0; v < V; v++) {
      // Rows of the network's blocks are 4096 bytes apart, and processors compare only the low 12 bits of addresses to
      // decide whether a load must wait for a store: so the loads of all three taps come first (a tenth faster).
      vector changed[KERNEL_FRAMES];
      UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
        const int64_t at = k * frameStride + v * LANES;
        sums[k][v] += g * load(input + at);
        if (wantsInput) changed[k] = load(inputGradient + at) + g * w[k][v];
      }
      if (!wantsInput) continue;
      UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) store(inputGradient + k * frameStride + v * LANES, changed[k]);
    }
  }
  UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
    UNROLL for (int v = 0; v < V; v++) store(weightGradient + k * channels + i + v * LANES, sums[k][v]);
  }
}

/// The same for a single input channel: the remainder of a number that is not a multiple of LANES.
INLINE void walk_single(
    backward_arrays a, int64_t frameStride, int64_t channels, int64_t i, const winner_run *run, int64_t c,
    const float *weights, float *weightGradient) {
  for (uint32_t left = (uint32_t)run->active[c]; left != 0; left &= left - 1) {
    const int n = __builtin_ctz(left);
    for (int k = 0; k < KERNEL_FRAMES; k++) {
      const int64_t at = run->offsets[n][c] + k * frameStride + i;
      weightGradient[k * channels + i] += run->gradients[n][c] * a.input[at];
      if (a.inputGradient) a.inputGradient[at] += run->gradients[n][c] * weights[k * channels + i];
    }
  }
}

/// Adds the contributions of the winners of a run's channels, for `V` vectors of input channels from `i` on.
INLINE void walk_chunk(
    const akin_conv_block *b, backward_arrays a, int64_t i, int64_t channels, const winner_run *run,
    const float *weights, float *gradient, const bool wantsInput, const int V) {
  const int64_t inputs = b->inputChannels, frameStride = b->inputBands * inputs;
  for (int64_t c = 0; c < channels; c++) {
    const int64_t at = c * KERNEL_FRAMES * inputs;
    walk_vectors(a, frameStride, inputs, i, run, c, weights + at, gradient + at, wantsInput, V);
  }
}

/// Adds all contributions of the winners of a run's channels. All channels are visited for a chunk of input channels
/// before the next chunk, so that the inputs and gradients under a run stay in the first-level cache.
INLINE void walk_winners(
    const akin_conv_block *b, backward_arrays a, int64_t channels, const winner_run *run, const float *weights,
    float *gradient, const bool wantsInput) {
  const int64_t inputs = b->inputChannels, frameStride = b->inputBands * inputs;
  int64_t i = 0;
  for (; i + BACKWARD_VECTORS * LANES <= inputs; i += BACKWARD_VECTORS * LANES) {
    walk_chunk(b, a, i, channels, run, weights, gradient, wantsInput, BACKWARD_VECTORS);
  }
  for (; i + LANES <= inputs; i += LANES) {
    walk_chunk(b, a, i, channels, run, weights, gradient, wantsInput, 1);
  }
  for (; i < inputs; i++) {
    for (int64_t c = 0; c < channels; c++) {
      const int64_t at = c * KERNEL_FRAMES * inputs;
      walk_single(a, frameStride, inputs, i, run, c, weights + at, gradient + at);
    }
  }
}

/// The gradient of the bias: the sum over the active outputs.
INLINE void backward_bias(
    const akin_conv_block *b, backward_arrays a, int64_t first, int64_t count, float *biasGradient) {
  const int64_t outputs = b->outputChannels;
  int64_t c = 0;
  for (; c + LANES <= outputs; c += LANES) {
    vector sum = load(biasGradient + c);
    for (int64_t at = first * outputs + c; at < (first + count) * outputs; at += outputs) {
      sum += load(a.output + at) > 0 ? load(a.outputGradient + at) : broadcast(0);
    }
    store(biasGradient + c, sum);
  }
  for (; c < outputs; c++) {
    for (int64_t at = first * outputs + c; at < (first + count) * outputs; at += outputs) {
      if (a.output[at] > 0) biasGradient[c] += a.outputGradient[at];
    }
  }
}

/// Both gradients from the outputs at `first ..< first + count` of the channels at `channel ..< channel + channels`.
INLINE void backward_run(
    const akin_conv_block *b, backward_arrays a, int64_t first, int64_t count, int64_t channel, int64_t channels,
    const float *weights, float *gradient) {
  const int64_t bands = output_bands(b), weightsEach = (int64_t)KERNEL_FRAMES * b->inputChannels;
  winner_run run;
  memset(run.active, 0, sizeof run.active);
  for (int64_t n = 0; n < count; n++) {
    const int64_t frame = (first + n) / bands * b->poolFrames, band = (first + n) % bands * b->poolBands;
    const int64_t at = (first + n) * b->outputChannels + channel;
    const int32_t pool = (int32_t)((frame * b->inputBands + band) * b->inputChannels);
    find_winners(b, pool, a.output + at, a.outputGradient + at, a.winners + at, channels, &run, n);
  }
  const float *w = weights + channel * weightsEach;
  float *g = gradient + channel * weightsEach;
  if (a.inputGradient) {
    walk_winners(b, a, channels, &run, w, g, true);
  } else {
    walk_winners(b, a, channels, &run, w, g, false);
  }
}

static void backward_runs(const akin_conv_block *b, backward_arrays a, const float *weights, float *gradient) {
  const int64_t positions = (int64_t)output_frames(b) * output_bands(b), outputs = b->outputChannels;
  for (int64_t first = 0; first < positions; first += RUN_POSITIONS) {
    const int64_t count = positions - first < RUN_POSITIONS ? positions - first : RUN_POSITIONS;
    backward_bias(b, a, first, count, gradient + weight_count(b));
    for (int64_t c = 0; c < outputs; c += RUN_CHANNELS) {
      const int64_t channels = outputs - c < RUN_CHANNELS ? outputs - c : RUN_CHANNELS;
      backward_run(b, a, first, count, c, channels, weights, gradient);
    }
  }
}

/// Adds one pool's contribution to the sums of a group of output channels, of which `left` exist from `at` on.
INLINE void add_single_channel_pool(
    backward_arrays a, const float *input, int64_t at, int64_t left, int64_t inputBands, const int poolFrames,
    const int poolBands, vector sums[KERNEL_FRAMES][CHANNEL_GROUP / LANES]) {
  UNROLL for (int v = 0; v < CHANNEL_GROUP / LANES; v++, at += LANES, left -= LANES) {
    const vector outputGradient = load_first(a.outputGradient + at, left);
    const vector active = load_first(a.output + at, left) > 0 ? outputGradient : broadcast(0);
    const mask winners = load_first_bytes(a.winners + at, left);
    for (int p = 0; p < poolFrames * poolBands; p++) {
      const float *x = input + p / poolBands * inputBands + p % poolBands;
      const vector g = winners == (mask)p ? active : broadcast(0);
      UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) sums[k][v] += g * broadcast(x[k * inputBands]);
    }
  }
}

/// The weight gradient of a group of output channels for a block with a single input channel: a vector runs over output
/// channels, and every position of the pool is added, masked to the winners.
INLINE void backward_single_channel(
    const akin_conv_block *b, backward_arrays a, int64_t c, const int poolFrames, const int poolBands,
    float *gradient) {
  const int64_t left = b->outputChannels - c, bands = output_bands(b);
  vector sums[KERNEL_FRAMES][CHANNEL_GROUP / LANES];
  UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
    UNROLL for (int v = 0; v < CHANNEL_GROUP / LANES; v++) sums[k][v] = broadcast(0);
  }
  for (int64_t frame = 0; frame < output_frames(b); frame++) {
    for (int64_t band = 0; band < bands; band++) {
      const int64_t at = (frame * bands + band) * b->outputChannels + c;
      const float *input = a.input + frame * poolFrames * b->inputBands + band * poolBands;
      add_single_channel_pool(a, input, at, left, b->inputBands, poolFrames, poolBands, sums);
    }
  }
  for (int64_t d = 0; d < (left < CHANNEL_GROUP ? left : CHANNEL_GROUP); d++) {
    for (int k = 0; k < KERNEL_FRAMES; k++) {
      gradient[(c + d) * KERNEL_FRAMES + k] += sums[k][d / LANES][d % LANES];
    }
  }
}

static void conv_block_backward(
    const akin_conv_block *b, const float *input, const float *packed, const float *output, const uint8_t *winners,
    const float *outputGradient, float *inputGradient, float *gradient) {
  backward_arrays arrays = {input, output, outputGradient, winners, inputGradient};
  if (b->inputChannels == 1 && !inputGradient) {
    backward_bias(
        b, arrays, 0, (int64_t)output_frames(b) * output_bands(b), gradient + weight_count(b));
    for (int64_t c = 0; c < b->outputChannels; c += CHANNEL_GROUP) {
      if (b->poolFrames == 2 && b->poolBands == 2) {
        backward_single_channel(b, arrays, c, 2, 2, gradient);
      } else {
        backward_single_channel(b, arrays, c, b->poolFrames, b->poolBands, gradient);
      }
    }
    return;
  }
  if (inputGradient) {
    const int64_t inputs = (int64_t)b->inputFrames * b->inputBands * b->inputChannels;
    memset(inputGradient, 0, (size_t)inputs * sizeof(float));
  }
  backward_runs(b, arrays, backward_weights(b, packed), gradient);
}
