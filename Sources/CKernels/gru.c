// The GRU's entry points: sizes, packing, and the choice of the kernel.

#include <assert.h>
#include <string.h>

#include "gru_layout.h"
#include "kernels.h"

static void check(const akin_gru *g) {
  assert(g->steps > 0 && g->batch > 0 && g->inputSize > 0 && g->hiddenSize > 0);
  (void)g;
}

int64_t akin_gru_packed_count(const akin_gru *g) {
  const int64_t gates = 3 * (int64_t)g->hiddenSize;
  return 2 * gates * (g->inputSize + g->hiddenSize) + 2 * gates;
}

int64_t akin_gru_saved_count(const akin_gru *g) {
  return gru_gates_count(g) + (int64_t)g->steps * g->batch * g->hiddenSize;
}

int64_t akin_gru_workspace_count(const akin_gru *g) {
  return (int64_t)g->batch * g->hiddenSize * (3 * gru_run_steps(g) + 3 + 1);
}

static void transpose(const float *from, int64_t rows, int64_t columns, float *to) {
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c];
  }
}

void akin_gru_pack(
    const akin_gru *g, const float *weightInput, const float *weightHidden, const float *biasInput,
    const float *biasHidden, float *packed) {
  check(g);
  const int64_t gates = 3 * (int64_t)g->hiddenSize;
  const gru_weights w = unpack_gru(g, packed);
  transpose(weightInput, gates, g->inputSize, packed + (w.inputTransposed - packed));
  transpose(weightHidden, gates, g->hiddenSize, packed + (w.hiddenTransposed - packed));
  memcpy(packed + (w.input - packed), weightInput, (size_t)(gates * g->inputSize) * sizeof(float));
  memcpy(packed + (w.hidden - packed), weightHidden, (size_t)(gates * g->hiddenSize) * sizeof(float));
  memcpy(packed + (w.inputBias - packed), biasInput, (size_t)gates * sizeof(float));
  memcpy(packed + (w.hiddenBias - packed), biasHidden, (size_t)gates * sizeof(float));
}

void akin_gru_forward(
    const akin_gru *gru, bool reversed, const float *input, const float *packed, float *lastState, int64_t lastStride,
    float *saved, float *workspace) {
  check(gru);
  akin_current_kernels()->gru_forward(gru, reversed, input, packed, lastState, lastStride, saved, workspace);
}

void akin_gru_backward(
    const akin_gru *gru, bool reversed, const float *input, const float *packed, float *saved,
    const float *lastStateGradient, int64_t lastStride, float *inputGradient, akin_gru_gradient gradient,
    float *workspace) {
  check(gru);
  akin_current_kernels()->gru_backward(
      gru, reversed, input, packed, saved, lastStateGradient, lastStride, inputGradient, gradient, workspace);
}
