// Template of max-pooling for a single channel and pools two bands wide, as the network's recurrent branch has them.
// Vectors of whole rows are compared, and at the end the even and odd bands of the maxima. Plain loops took as long as
// a thirtieth of all convolutions; this takes as long as reading the input.

typedef float vector_pair __attribute__((ext_vector_type(2 * LANES)));
typedef float unaligned_pair __attribute__((ext_vector_type(2 * LANES), aligned(4)));

/// One row of pools from the input's `poolFrames` rows; returns how many it wrote, whole vectors of them.
static int64_t max_pool_row(int64_t bands, int32_t poolFrames, const float *input, float *output) {
  int64_t band = 0;
  for (; band + 2 * LANES <= bands; band += 2 * LANES) {
    vector_pair best = *(const unaligned_pair *)(input + band);
    for (int32_t f = 1; f < poolFrames; f++) {
      const vector_pair row = *(const unaligned_pair *)(input + f * bands + band);
      best = row > best ? row : best;
    }
    const vector even = best.even, odd = best.odd;
    store(output + band / 2, maximum(odd, even));
  }
  return band / 2;
}
