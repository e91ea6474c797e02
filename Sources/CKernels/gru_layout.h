#pragma once
// How the opaque buffers of a GRU are laid out, the same for all instruction sets.
//
// packed:    weight_ih transposed [input][3 × hidden], weight_hh transposed [hidden][3 × hidden], then as in PyTorch
//            weight_ih [3 × hidden][input], weight_hh [3 × hidden][hidden], bias_ih, bias_hh [3 × hidden] each
// saved:     r, z, n, and n's hidden part before r [steps][batch][4 × hidden], then the states before each step
//            [steps][batch][hidden]
// workspace: projections of the inputs of a run of steps [run × batch][3 × hidden], of the state [batch][3 × hidden],
//            and the state or its gradient [batch][hidden]

#include "CKernels.h"

typedef struct {
  const float *inputTransposed, *hiddenTransposed, *input, *hidden, *inputBias, *hiddenBias;
} gru_weights;

static inline gru_weights unpack_gru(const akin_gru *g, const float *packed) {
  const int64_t gates = 3 * (int64_t)g->hiddenSize;
  gru_weights w;
  w.inputTransposed = packed;
  w.hiddenTransposed = w.inputTransposed + gates * g->inputSize;
  w.input = w.hiddenTransposed + gates * g->hiddenSize;
  w.hidden = w.input + gates * g->inputSize;
  w.inputBias = w.hidden + gates * g->hiddenSize;
  w.hiddenBias = w.inputBias + gates;
  return w;
}

/// The time step that the recurrence visits as its `index`-th.
static inline int64_t gru_time(const akin_gru *g, bool reversed, int64_t index) {
  return reversed ? g->steps - 1 - index : index;
}

static inline int64_t gru_gates_count(const akin_gru *g) {
  return (int64_t)g->steps * g->batch * 4 * g->hiddenSize;
}

/// Steps whose inputs are projected in one product: as many as keep its result in the second-level cache.
static inline int64_t gru_run_steps(const akin_gru *g) {
  const int64_t rows = 64;
  return g->batch < rows ? rows / g->batch : 1;
}
