#pragma once
// How the opaque buffers of a convolution block are laid out. The layouts are the same for every instruction set, so
// that weights packed under one can be used under another.
//
// packed:    weights for the forward pass  [channelGroups][inputChannels][3][CHANNEL_GROUP]  (zero-padded), then
//            the same transformed          [channelGroups][6][inputChannels][CHANNEL_GROUP]  (only for strips), then
//            weights for the backward pass [outputChannels][3][inputChannels]
// gradient:  weights' [outputChannels][3][inputChannels], then bias's [outputChannels]

#include <stdbool.h>

#include "CKernels.h"

#define KERNEL_FRAMES 3
/// Output channels packed together: one AVX-512 vector, two of AVX2, four of NEON.
#define CHANNEL_GROUP 16

static inline int64_t channel_groups(const akin_conv_block *b) {
  return (b->outputChannels + CHANNEL_GROUP - 1) / CHANNEL_GROUP;
}

static inline int64_t direct_packed_count(const akin_conv_block *b) {
  return channel_groups(b) * b->inputChannels * KERNEL_FRAMES * CHANNEL_GROUP;
}

/// Frames that are computed together (see conv_block_strips.h), and the rows of the input that they need.
#define STRIP_FRAMES 4
#define STRIP_ROWS (STRIP_FRAMES + KERNEL_FRAMES - 1)
/// The most values of a row that are transformed together: all six rows take three quarters of a first-level cache.
#define STRIP_VALUES 1024

/// Whether a block is computed in strips: for few channels the transformation costs more than it saves.
static inline bool has_strips(const akin_conv_block *b) {
  return b->inputChannels >= 8 && b->inputChannels <= STRIP_VALUES / 8 && b->poolFrames == b->poolBands
      && (b->poolFrames == 2 || b->poolFrames == 4);
}

/// The most bands of a strip that are computed together: whole pools.
static inline int64_t strip_bands(const akin_conv_block *b) {
  const int64_t bands = STRIP_VALUES / b->inputChannels;
  return bands < 64 ? bands - bands % 4 : 64;
}

static inline int64_t forward_packed_count(const akin_conv_block *b) {
  const int64_t strips = has_strips(b) ? channel_groups(b) * STRIP_ROWS * b->inputChannels * CHANNEL_GROUP : 0;
  return direct_packed_count(b) + strips;
}

/// The transformed weights in `packed`.
static inline const float *strip_weights(const akin_conv_block *b, const float *packed) {
  return packed + direct_packed_count(b);
}

static inline int64_t weight_count(const akin_conv_block *b) {
  return (int64_t)b->outputChannels * KERNEL_FRAMES * b->inputChannels;
}

/// The part of `packed` that the backward pass reads: `[outputChannels][3][inputChannels]`.
static inline const float *backward_weights(const akin_conv_block *b, const float *packed) {
  return packed + forward_packed_count(b);
}

static inline int32_t output_frames(const akin_conv_block *b) {
  return (b->inputFrames - (KERNEL_FRAMES - 1)) / b->poolFrames;
}

static inline int32_t output_bands(const akin_conv_block *b) { return b->inputBands / b->poolBands; }
