// The specification of the GRU in plain loops, with which the fast kernels are compared.

#include <math.h>
#include <string.h>

#include "gru_layout.h"
#include "CKernelsReference.h"

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static double affine(const float *row, const float *x, int64_t count, float bias) {
  double sum = bias;
  for (int64_t i = 0; i < count; i++) sum += (double)row[i] * (double)x[i];
  return sum;
}

void akin_reference_gru_forward(
    const akin_gru *g, bool reversed, const float *input, const float *packed, float *lastState, int64_t lastStride,
    float *saved, float *workspace) {
  const int64_t H = g->hiddenSize, I = g->inputSize, B = g->batch;
  const gru_weights w = unpack_gru(g, packed);
  float *state = workspace, *next = workspace + B * H;
  memset(state, 0, (size_t)(B * H) * sizeof(float));
  for (int64_t s = 0; s < g->steps; s++) {
    const int64_t t = gru_time(g, reversed, s);
    for (int64_t b = 0; b < B; b++) {
      const float *x = input + (t * B + b) * I, *h = state + b * H;
      for (int64_t j = 0; j < H; j++) {
        double in[3], hidden[3];
        for (int64_t gate = 0; gate < 3; gate++) {
          const int64_t row = gate * H + j;
          in[gate] = affine(w.input + row * I, x, I, w.inputBias[row]);
          hidden[gate] = affine(w.hidden + row * H, h, H, w.hiddenBias[row]);
        }
        const double r = sigmoid(in[0] + hidden[0]), z = sigmoid(in[1] + hidden[1]);
        const double n = tanh(in[2] + r * hidden[2]);
        next[b * H + j] = (float)((1 - z) * n + z * (double)h[j]);
        if (!saved) continue;
        float *gates = saved + (t * B + b) * 4 * H + j;
        gates[0] = (float)r;
        gates[H] = (float)z;
        gates[2 * H] = (float)n;
        gates[3 * H] = (float)hidden[2];
        saved[gru_gates_count(g) + (t * B + b) * H + j] = h[j];
      }
    }
    memcpy(state, next, (size_t)(B * H) * sizeof(float));
  }
  for (int64_t b = 0; b < B; b++) memcpy(lastState + b * lastStride, state + b * H, (size_t)H * sizeof(float));
}

/// Adds the contributions of one gate's gradient (before its activation) to the gradients of a row of a weight matrix,
/// of its bias, and of what the row is multiplied with.
static void backward_affine(
    double gradient, const float *row, const float *x, int64_t count, float *rowGradient, float *bias,
    float *xGradient) {
  *bias += (float)gradient;
  for (int64_t i = 0; i < count; i++) {
    rowGradient[i] += (float)(gradient * (double)x[i]);
    if (xGradient) xGradient[i] += (float)(gradient * (double)row[i]);
  }
}

void akin_reference_gru_backward(
    const akin_gru *g, bool reversed, const float *input, const float *packed, float *saved,
    const float *lastStateGradient, int64_t lastStride, float *inputGradient, akin_gru_gradient gradient,
    float *workspace) {
  const int64_t H = g->hiddenSize, I = g->inputSize, B = g->batch;
  const gru_weights w = unpack_gru(g, packed);
  float *dh = workspace, *previous = workspace + B * H;
  for (int64_t b = 0; b < B; b++) memcpy(dh + b * H, lastStateGradient + b * lastStride, (size_t)H * sizeof(float));
  for (int64_t s = g->steps - 1; s >= 0; s--) {
    const int64_t t = gru_time(g, reversed, s);
    memset(previous, 0, (size_t)(B * H) * sizeof(float));
    for (int64_t b = 0; b < B; b++) {
      const float *x = input + (t * B + b) * I, *h = saved + gru_gates_count(g) + (t * B + b) * H;
      float *dx = inputGradient ? inputGradient + (t * B + b) * I : NULL;
      for (int64_t j = 0; j < H; j++) {
        const float *gates = saved + (t * B + b) * 4 * H + j;
        const double r = gates[0], z = gates[H], n = gates[2 * H], hidden = gates[3 * H], d = dh[b * H + j];
        const double dn = d * (1 - z) * (1 - n * n), dz = d * ((double)h[j] - n) * z * (1 - z);
        const double dr = dn * hidden * r * (1 - r);
        const double in[3] = {dr, dz, dn}, state[3] = {dr, dz, dn * r};
        previous[b * H + j] += (float)(d * z);
        for (int64_t gate = 0; gate < 3; gate++) {
          const int64_t row = gate * H + j;
          backward_affine(
              in[gate], w.input + row * I, x, I, gradient.weightInput + row * I, gradient.biasInput + row, dx);
          backward_affine(
              state[gate], w.hidden + row * H, h, H, gradient.weightHidden + row * H, gradient.biasHidden + row,
              previous + b * H);
        }
      }
    }
    memcpy(dh, previous, (size_t)(B * H) * sizeof(float));
  }
}
