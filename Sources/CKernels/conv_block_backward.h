// Template of the convolution block's backward pass, through the winner of each pool only: the dense gradient, of which one
// value in four or sixteen is not zero, is never formed.
//
// A run of outputs is sorted by channel into lists of winners (place in the input, gradient); the dead ones are left out.
// For each channel and each chunk of input channels, three taps' weights and weight gradients then stay in registers while
// the list is walked: a load, a load, a store and two fused multiply-adds a tap and vector. Winners of one channel lie in
// different pools, so that the read-modify-writes of the input's gradient rarely wait for each other.

/// Outputs sorted at a time; with RUN_CHANNELS their lists take 8 KB.
#define RUN_POSITIONS 32
#define RUN_CHANNELS 32

typedef struct {
  int32_t place;  // the winner's first input, in floats from the song's first
  float gradient;
} winner;

typedef struct {
  winner winners[RUN_CHANNELS][RUN_POSITIONS];
  int32_t counts[RUN_CHANNELS];
} winner_lists;

/// Arrays of one song that the backward pass reads and writes.
typedef struct {
  const float *input, *output, *outputGradient;
  const uint8_t *winners;
  float *inputGradient;
} backward_arrays;

/// Sorts the outputs at `first ..< first + count` of the channels at `channel ..< channel + channels`.
INLINE void list_winners(
    const akin_conv_block *b, backward_arrays a, const int32_t places[256], int64_t first, int64_t count,
    int64_t channel, int64_t channels, winner_lists *lists) {
  memset(lists->counts, 0, sizeof lists->counts);
  const int64_t bands = output_bands(b);
  for (int64_t position = first; position < first + count; position++) {
    const int64_t frame = position / bands * b->poolFrames, band = position % bands * b->poolBands;
    const int32_t pool = (int32_t)((frame * b->inputBands + band) * b->inputChannels);
    const int64_t start = position * b->outputChannels + channel;
    const float *output = a.output + start, *gradient = a.outputGradient + start;
    const uint8_t *winners = a.winners + start;
    for (int64_t c = 0; c < channels; c++) {
      winner w = {pool + places[winners[c]], gradient[c]};
      lists->winners[c][lists->counts[c]] = w;
      lists->counts[c] += output[c] > 0;
    }
  }
}

/// Walks one channel's list for `V` vectors of input channels from `i` on.
INLINE void walk_vectors(
    backward_arrays a, int64_t frameStride, int64_t channels, int64_t i, const winner *list, int32_t count,
    const float *weights, float *weightGradient, const bool wantsInput, const int V) {
  vector w[KERNEL_FRAMES][V], sums[KERNEL_FRAMES][V];
  UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
    UNROLL for (int v = 0; v < V; v++) {
      w[k][v] = load(weights + k * channels + i + v * LANES);
      sums[k][v] = load(weightGradient + k * channels + i + v * LANES);
    }
  }
  for (int32_t n = 0; n < count; n++) {
    const float *input = a.input + list[n].place + i;
    float *inputGradient = wantsInput ? a.inputGradient + list[n].place + i : NULL;
    vector g = broadcast(list[n].gradient);
    UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
      UNROLL for (int v = 0; v < V; v++) {
        const int64_t at = k * frameStride + v * LANES;
        sums[k][v] += g * load(input + at);
        if (wantsInput) store(inputGradient + at, load(inputGradient + at) + g * w[k][v]);
      }
    }
  }
  UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
    UNROLL for (int v = 0; v < V; v++) store(weightGradient + k * channels + i + v * LANES, sums[k][v]);
  }
}

/// The same for a single input channel: what is left of a number that is not a multiple of the vector.
INLINE void walk_single(
    backward_arrays a, int64_t frameStride, int64_t channels, int64_t i, const winner *list, int32_t count,
    const float *weights, float *weightGradient) {
  for (int32_t n = 0; n < count; n++) {
    for (int k = 0; k < KERNEL_FRAMES; k++) {
      const int64_t at = list[n].place + k * frameStride + i;
      weightGradient[k * channels + i] += list[n].gradient * a.input[at];
      if (a.inputGradient) a.inputGradient[at] += list[n].gradient * weights[k * channels + i];
    }
  }
}

/// Everything that one channel's list adds.
INLINE void walk_list(
    const akin_conv_block *b, backward_arrays a, const winner *list, int32_t count, const float *weights,
    float *weightGradient, const bool wantsInput) {
  const int64_t channels = b->inputChannels, frameStride = b->inputBands * channels;
  int64_t i = 0;
  for (; i + BACKWARD_VECTORS * LANES <= channels; i += BACKWARD_VECTORS * LANES) {
    walk_vectors(
        a, frameStride, channels, i, list, count, weights, weightGradient, wantsInput, BACKWARD_VECTORS);
  }
  for (; i + LANES <= channels; i += LANES) {
    walk_vectors(a, frameStride, channels, i, list, count, weights, weightGradient, wantsInput, 1);
  }
  for (; i < channels; i++) walk_single(a, frameStride, channels, i, list, count, weights, weightGradient);
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

static void backward_lists(
    const akin_conv_block *b, backward_arrays a, const float *weights, float *gradient) {
  int32_t places[256] = {0};
  for (int32_t p = 0; p < b->poolFrames * b->poolBands; p++) {
    places[p] = (p / b->poolBands * b->inputBands + p % b->poolBands) * b->inputChannels;
  }
  const int64_t positions = (int64_t)output_frames(b) * output_bands(b), outputs = b->outputChannels;
  const int64_t weightsEach = (int64_t)KERNEL_FRAMES * b->inputChannels;
  winner_lists lists;
  for (int64_t first = 0; first < positions; first += RUN_POSITIONS) {
    const int64_t count = positions - first < RUN_POSITIONS ? positions - first : RUN_POSITIONS;
    backward_bias(b, a, first, count, gradient + weight_count(b));
    for (int64_t c = 0; c < outputs; c += RUN_CHANNELS) {
      const int64_t channels = outputs - c < RUN_CHANNELS ? outputs - c : RUN_CHANNELS;
      list_winners(b, a, places, first, count, c, channels, &lists);
      for (int64_t d = 0; d < channels; d++) {
        const float *w = weights + (c + d) * weightsEach;
        float *g = gradient + (c + d) * weightsEach;
        if (a.inputGradient) {
          walk_list(b, a, lists.winners[d], lists.counts[d], w, g, true);
        } else {
          walk_list(b, a, lists.winners[d], lists.counts[d], w, g, false);
        }
      }
    }
  }
}

/// Weight gradient of a group of output channels from the block's only input channel. With one input channel a vector runs
/// over output channels, and every position of the pool is added, masked by where the winners are.
INLINE void backward_single_channel(
    const akin_conv_block *b, backward_arrays a, int64_t c, const int poolFrames, const int poolBands,
    float *gradient) {
  enum { V = CHANNEL_GROUP / LANES };
  const int64_t outputs = b->outputChannels, left = outputs - c, bands = output_bands(b);
  const float *row = a.input;
  vector sums[KERNEL_FRAMES][V];
  UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) {
    UNROLL for (int v = 0; v < V; v++) sums[k][v] = broadcast(0);
  }
  for (int64_t position = 0, band = 0; position < output_frames(b) * bands; position++, band++) {
    const int64_t at = position * outputs + c;
    if (band == bands) {
      band = 0;
      row += poolFrames * b->inputBands;
    }
    const float *input = row + band * poolBands;
    vector alive[V];
    mask winners[V];
    UNROLL for (int v = 0; v < V; v++) {
      const int64_t lanes = left - v * LANES;
      vector g = load_first(a.outputGradient + at + v * LANES, lanes);
      alive[v] = load_first(a.output + at + v * LANES, lanes) > 0 ? g : broadcast(0);
      winners[v] = load_first_bytes(a.winners + at + v * LANES, lanes);
    }
    for (int p = 0; p < poolFrames * poolBands; p++) {
      const float *x = input + p / poolBands * b->inputBands + p % poolBands;
      UNROLL for (int v = 0; v < V; v++) {
        vector g = winners[v] == (mask)p ? alive[v] : broadcast(0);
        UNROLL for (int k = 0; k < KERNEL_FRAMES; k++) sums[k][v] += g * broadcast(x[k * b->inputBands]);
      }
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
  backward_lists(b, arrays, backward_weights(b, packed), gradient);
}
