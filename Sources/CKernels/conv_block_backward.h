// Template of the convolution block's backward pass, through the winner of each pool only: the dense gradient, of
// which one value in four or sixteen is not zero, is never formed.
//
// The outputs are taken in runs. For each channel and each chunk of input channels, three taps' weights and weight gradients
// stay in registers while the channel's living winners in the run are walked, by the bits of a word: a load, a load, a
// store and two fused multiply-adds a tap and vector. Winners of one channel lie in different pools, so that the
// read-modify-writes of the input's gradient rarely wait for each other. A run's rows of the input and of its gradient are
// just about the first-level cache, so all channels are walked for one chunk of input channels before the next: 8 % less
// time, and no more runs that take half as long again.
//
// Measured against it, and slower: the living winners as lists, written before they are walked; lists of one length, the dead
// with a gradient of 0; one list for each place of a pool, with the input's gradient in registers (a mispredicted branch for
// every few winners; faster only from 64 output channels on, by a quarter); both gradients in passes of their own. Fetching
// a run's rows ahead, and clearing the gradient row by row, change nothing. (docs/decisions/network-kernels.md)

/// Outputs and channels walked at a time: few enough that the inputs under them stay in the first-level cache.
#define RUN_POSITIONS 16
#define RUN_CHANNELS 32

/// Every output of a run: where its winner's first input is, in floats from the song's first, and its gradient; of each
/// channel, the outputs that live, a bit each.
typedef struct {
  int32_t places[RUN_POSITIONS][RUN_CHANNELS];
  float gradients[RUN_POSITIONS][RUN_CHANNELS];
  int32_t alive[RUN_CHANNELS];
} winner_run;

/// Arrays of one song that the backward pass reads and writes.
typedef struct {
  const float *input, *output, *outputGradient;
  const uint8_t *winners;
  float *inputGradient;
} backward_arrays;

/// Finds the winners of one pool, whose first input is `pool`, for channels from the arrays' first on.
INLINE void find_winners(
    const akin_conv_block *b, int32_t pool, const float *output, const float *gradient, const uint8_t *winners,
    int64_t channels, winner_run *run, int64_t n) {
  const int32_t bands = b->poolBands, inputs = b->inputChannels;
  const int32_t inverse = 65536 / bands + 1;  // x · inverse >> 16 is x / bands for any byte x
  for (int64_t c = 0; c < channels; c += LANES) {
    const int64_t left = channels - c;
    const mask winner = load_first_bytes(winners + c, left), frame = (winner * inverse) >> 16;
    const mask place = pool + winner * inputs + frame * (b->inputBands - bands) * inputs;
    store_mask(&run->places[n][c], place);
    store(&run->gradients[n][c], load_first(gradient + c, left));
    const mask alive = load_first(output + c, left) > 0;
    store_mask(&run->alive[c], load_mask(&run->alive[c]) | (alive & (1 << n)));
  }
}

/// Walks the winners of channel `c` of a run for `V` vectors of input channels from `i` on.
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
  for (uint32_t left = (uint32_t)run->alive[c]; left != 0; left &= left - 1) {
    const int n = __builtin_ctz(left);
    const int64_t place = run->places[n][c];
    const float *input = a.input + place + i;
    float *inputGradient = wantsInput ? a.inputGradient + place + i : NULL;
    vector g = broadcast(run->gradients[n][c]);
    UNROLL for (int v = 0; v < V; v++) {
      // Rows of the network's blocks are 4096 bytes apart, which processors take for the same place when they look
      // whether a load must wait for a store: so the loads of all three come first (a tenth faster).
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

/// The same for a single input channel: what is left of a number that is not a multiple of the vector.
INLINE void walk_single(
    backward_arrays a, int64_t frameStride, int64_t channels, int64_t i, const winner_run *run, int64_t c,
    const float *weights, float *weightGradient) {
  for (uint32_t left = (uint32_t)run->alive[c]; left != 0; left &= left - 1) {
    const int n = __builtin_ctz(left);
    for (int k = 0; k < KERNEL_FRAMES; k++) {
      const int64_t at = run->places[n][c] + k * frameStride + i;
      weightGradient[k * channels + i] += run->gradients[n][c] * a.input[at];
      if (a.inputGradient) a.inputGradient[at] += run->gradients[n][c] * weights[k * channels + i];
    }
  }
}

/// What the winners of a run's channels add for `V` vectors of input channels from `i` on.
INLINE void walk_chunk(
    const akin_conv_block *b, backward_arrays a, int64_t i, int64_t channels, const winner_run *run,
    const float *weights, float *gradient, const bool wantsInput, const int V) {
  const int64_t inputs = b->inputChannels, frameStride = b->inputBands * inputs;
  for (int64_t c = 0; c < channels; c++) {
    const int64_t at = c * KERNEL_FRAMES * inputs;
    walk_vectors(a, frameStride, inputs, i, run, c, weights + at, gradient + at, wantsInput, V);
  }
}

/// Everything that the winners of a run's channels add. All channels are walked for a chunk of input channels before the
/// next chunk, so that the inputs and gradients under a run stay in the first-level cache.
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

/// The bias's gradient: the sum over the outputs that live.
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
  memset(run.alive, 0, sizeof run.alive);
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

/// Adds one pool's part to the sums of a group of output channels, `left` of which exist from `at` on.
INLINE void add_single_channel_pool(
    backward_arrays a, const float *input, int64_t at, int64_t left, int64_t inputBands, const int poolFrames,
    const int poolBands, vector sums[KERNEL_FRAMES][CHANNEL_GROUP / LANES]) {
  UNROLL for (int v = 0; v < CHANNEL_GROUP / LANES; v++, at += LANES, left -= LANES) {
    const vector outputGradient = load_first(a.outputGradient + at, left);
    const vector alive = load_first(a.output + at, left) > 0 ? outputGradient : broadcast(0);
    const mask winners = load_first_bytes(a.winners + at, left);
    for (int p = 0; p < poolFrames * poolBands; p++) {
      const float *x = input + p / poolBands * inputBands + p % poolBands;
      const vector g = winners == (mask)p ? alive : broadcast(0);
      UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) sums[k][v] += g * broadcast(x[k * inputBands]);
    }
  }
}

/// Weight gradient of a group of output channels from the block's only input channel. With one input channel a vector
/// runs over output channels, and every position of the pool is added, masked by where the winners are.
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
