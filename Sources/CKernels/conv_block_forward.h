// Template of the convolution block's forward pass: convolution, bias, ReLU and max-pooling in one go, so that the
// activation at full resolution (four or sixteen times the output) is never written.
//
// A block of no more than 16 output channels has tiles of one group, in every instruction set.

/// Strips where the block has them, and tiles for the rest.
INLINE void forward_with_vectors(
    const akin_conv_block *b, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners, const int V) {
  akin_conv_block rest = *b;
  if (has_strips(b)) {
    const int32_t step = STRIP_FRAMES / b->poolFrames, done = output_frames(b) / step * step;
    if (step > 1) {
      forward_in_strips(b, input, packed, bias, output, winners, 2, 2, V);
    } else {
      forward_in_strips(b, input, packed, bias, output, winners, 4, 4, V);
    }
    if (done == output_frames(b)) return;
    const int64_t place = (int64_t)done * output_bands(b) * b->outputChannels;
    rest.inputFrames -= done * b->poolFrames;
    input += (int64_t)done * b->poolFrames * b->inputBands * b->inputChannels;
    output += place;
    if (winners) winners += place;
  }
  forward_in_tiles(&rest, input, packed, bias, output, winners, V);
}

static void conv_block_forward(
    const akin_conv_block *b, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners) {
#if TILE_GROUPS > 1
  if (b->outputChannels <= CHANNEL_GROUP) {
    forward_with_vectors(b, input, packed, bias, output, winners, GROUP_VECTORS);
    return;
  }
#endif
  forward_with_vectors(b, input, packed, bias, output, winners, TILE_VECTORS);
}
