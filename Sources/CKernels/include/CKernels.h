#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "CKernelsCodes.h"
#include "CKernelsMel.h"

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Instruction sets

/// The instruction sets that kernels exist for. The widest one that the processor supports is chosen at run time; the
/// environment variable `AKIN_INSTRUCTION_SET` (`portable`, `neon`, `avx2`, `avx512`, `avx512vnni`) chooses another
/// supported one. Packed weights are the same for all; results differ in rounding.
typedef enum {
  AKIN_PORTABLE,
  AKIN_NEON,
  AKIN_AVX2,
  AKIN_AVX512,
  AKIN_AVX512_VNNI,
  AKIN_INSTRUCTION_SET_COUNT  // their number; a new one stands before it, after the narrower ones
} akin_instructions;

/// The instruction set in use on the calling thread.
akin_instructions akin_instruction_set(void);

const char *akin_instruction_set_name(akin_instructions set);

bool akin_supports_instruction_set(akin_instructions set);

/// Makes the calling thread use `set`, for tests, which run side by side in one process. False, without effect, if the
/// processor does not support it.
bool akin_force_instruction_set(akin_instructions set);

/// Undoes `akin_force_instruction_set`.
void akin_unforce_instruction_set(void);

/// The loops of log-mel and MFCC for an instruction set that the processor supports.
const akin_mel_kernels *akin_mel_kernels_of(akin_instructions set);

// MARK: Convolution blocks

/// One block of the network: convolution (kernel 3 along time × 1 along frequency, stride 1, no padding), bias, ReLU,
/// max-pooling (size = stride; a remainder is dropped; at most 255 positions a pool). All sizes are positive, which
/// the functions assert. NaN in a sum may come out as 0: look for it in the loss instead.
///
/// All activations are channels-last: `[frames][bands][channels]`. The output has
/// `(inputFrames - 2) / poolFrames` × `inputBands / poolBands` × `outputChannels` values.
typedef struct {
  int32_t inputFrames, inputBands, inputChannels;
  int32_t outputChannels;
  int32_t poolFrames, poolBands;
} akin_conv_block;

/// Number of floats that `akin_conv_block_pack` writes.
int64_t akin_conv_block_packed_count(const akin_conv_block *block);

/// Arranges PyTorch's weights `[outputChannels][inputChannels][3][1]` as the kernels read them (opaque).
void akin_conv_block_pack(const akin_conv_block *block, const float *weights, float *packed);

/// The number of output frames that are computed together. A part of a song that begins at a multiple of it, and ends
/// at a multiple or with the song, has the same bits as in the whole song.
int32_t akin_conv_block_frame_step(const akin_conv_block *block);

/// The forward pass of one song. `winners` (one byte per output: the position of the maximum in its pool, row-major
/// over time × frequency, the first of equals) may be NULL if no backward pass follows.
void akin_conv_block_forward(
    const akin_conv_block *block, const float *input, const float *packed, const float *bias, float *output,
    uint8_t *winners);

/// Number of floats in the gradient buffer of `akin_conv_block_backward`.
int64_t akin_conv_block_gradient_count(const akin_conv_block *block);

/// The backward pass of one song, through the winners only. Adds the gradients of weights and bias to `gradient`
/// (opaque; zero it first); overwrites `inputGradient` unless it is NULL.
void akin_conv_block_backward(
    const akin_conv_block *block, const float *input, const float *packed, const float *output,
    const uint8_t *winners, const float *outputGradient, float *inputGradient, float *gradient);

/// Adds an opaque gradient to gradients in PyTorch's layout.
void akin_conv_block_unpack_gradient(
    const akin_conv_block *block, const float *gradient, float *weightGradient, float *biasGradient);

// MARK: Products

/// A matrix that is read through two strides, so that it may be a transpose.
typedef struct {
  const float *start;
  int64_t row, column;  // floats from one row, and from one column, to the next
} akin_operand;

/// C [rows][columns] += A [rows][depth] · B [depth][columns], for matrices that stay in the cache; `bRow` and `cRow`
/// are the floats from one row to the next. Each sum runs in the order of the depth, for all other sizes.
void akin_add_product(
    int64_t rows, int64_t columns, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c,
    int64_t cRow);

// MARK: Dot products

/// The number of lanes of a dot product's sum.
#define AKIN_DOT_LANES 16

/// The dot products of `x` with the vectors at `count` given `rows`. Vectors lie `length` floats apart, a multiple of
/// AKIN_DOT_LANES. The result for a pair is the same bits in every call, on every instruction set, and if the two
/// vectors are swapped.
void akin_dot_products(
    int64_t length, const float *x, const float *vectors, const int64_t *rows, int64_t count, float *results);

// MARK: Pooling

/// Max-pooling (size = stride; a remainder is dropped) of one channel `[frames][bands]` to
/// `[frames / poolFrames][bands / poolBands]`. `winners`, as in `akin_conv_block_forward`, may be NULL.
void akin_max_pool(
    int32_t frames, int32_t bands, int32_t poolFrames, int32_t poolBands, const float *input, float *output,
    uint8_t *winners);

// MARK: Decimation

/// A filter of which only every `factor`-th output is wanted. Input and taps are split into phases: phase p holds the
/// elements p, p + factor, p + 2 factor, …
typedef struct {
  int32_t factor, tapsPerPhase;
  /// From one phase to the next, in floats: at least `count + tapsPerPhase - 1 + AKIN_DECIMATION_SPARE`.
  int64_t phaseStride;
} akin_decimation;

/// Floats past a phase's last sample that are read, but have no effect.
enum { AKIN_DECIMATION_SPARE = 16 };

/// `output[n] = Σ taps[p][k] * phases[p][n + k]` over all `factor` phases p and `tapsPerPhase` taps k; each sum in the
/// same order, wherever a block of input begins.
void akin_decimate(
    const akin_decimation *decimation, const float *phases, const float *taps, float *output, int64_t count);

// MARK: GRU

/// One direction of a GRU in PyTorch's form (gates r, z, n; two biases), over a batch of songs of which only the
/// state after the last step is used. Inputs are `[steps][batch][inputSize]`; states begin at zero.
typedef struct {
  int32_t steps, batch, inputSize, hiddenSize;
} akin_gru;

/// The numbers of floats in the buffers: `packed` holds the weights, `saved` what the backward pass needs from the
/// forward pass, and `workspace` (one for each thread) temporary values.
int64_t akin_gru_packed_count(const akin_gru *gru);
int64_t akin_gru_saved_count(const akin_gru *gru);
int64_t akin_gru_workspace_count(const akin_gru *gru);

/// Arranges PyTorch's `weight_ih [3 × hidden][input]`, `weight_hh [3 × hidden][hidden]` and biases `[3 × hidden]` as
/// the kernels read them (opaque; `steps` and `batch` do not matter).
void akin_gru_pack(
    const akin_gru *gru, const float *weightInput, const float *weightHidden, const float *biasInput,
    const float *biasHidden, float *packed);

/// Writes the state after the last step to `lastState[song * lastStride + unit]`; if `reversed`, steps are visited
/// from the last to the first. `saved` may be NULL if no backward pass follows.
void akin_gru_forward(
    const akin_gru *gru, bool reversed, const float *input, const float *packed, float *lastState, int64_t lastStride,
    float *saved, float *workspace);

/// Gradients in PyTorch's layouts.
typedef struct {
  float *weightInput, *weightHidden, *biasInput, *biasHidden;
} akin_gru_gradient;

/// Adds to `gradient` and, unless it is NULL, to `inputGradient` (so that two directions can share it). Overwrites
/// `saved`.
void akin_gru_backward(
    const akin_gru *gru, bool reversed, const float *input, const float *packed, float *saved,
    const float *lastStateGradient, int64_t lastStride, float *inputGradient, akin_gru_gradient gradient,
    float *workspace);

#ifdef __cplusplus
}
#endif

#include "CKernelsReference.h"
