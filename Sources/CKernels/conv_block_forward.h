// Template of the convolution block's forward pass: convolution, bias, ReLU and max-pooling at once, so that the
// activation at full resolution (four or sixteen times the output) is never written.
//
// A block of at most 16 output channels has tiles of one group, on every instruction set.

/// In strips if the block allows them, and the rest in tiles.
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
    const int64_t offset = (int64_t)done * output_bands(b) * b->outputChannels;
    rest.inputFrames -= done * b->poolFrames;
    input += (int64_t)done * b->poolFrames * b->inputBands * b->inputChannels;
    output += offset;
    if (winners) winners += offset;
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
