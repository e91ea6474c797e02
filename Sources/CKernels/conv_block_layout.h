#pragma once
// How the opaque buffers of a convolution block are laid out. The layouts are the same for every instruction set, so
// that weights packed under one can be used under another.
//
// packed:    weights for the forward pass  [channelGroups][inputChannels][3][CHANNEL_GROUP]  (zero-padded), then
//            weights for the backward pass [outputChannels][3][inputChannels]
// gradient:  weights' [outputChannels][3][inputChannels], then bias's [outputChannels]

#include "CKernels.h"

#define KERNEL_FRAMES 3
/// Output channels packed together: one AVX-512 vector, two of AVX2, four of NEON.
#define CHANNEL_GROUP 16

static inline int64_t channel_groups(const akin_conv_block *b) {
  return (b->outputChannels + CHANNEL_GROUP - 1) / CHANNEL_GROUP;
}

static inline int64_t forward_packed_count(const akin_conv_block *b) {
  return channel_groups(b) * b->inputChannels * KERNEL_FRAMES * CHANNEL_GROUP;
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
