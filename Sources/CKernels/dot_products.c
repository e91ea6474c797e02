// The dot products' entry point and their specification.

#include <assert.h>

#include "kernels.h"

void akin_dot_products(
    int64_t length, const float *x, const float *vectors, const int64_t *rows, int64_t count, float *results) {
  assert(length >= 0 && length % AKIN_DOT_LANES == 0 && count >= 0);
  akin_current_kernels()->dot_products(length, x, vectors, rows, count, results);
}

void akin_reference_dot_products(
    int64_t length, const float *x, const float *vectors, const int64_t *rows, int64_t count, float *results) {
  for (int64_t i = 0; i < count; i++) {
    double sum = 0;
    for (int64_t j = 0; j < length; j++) sum += (double)x[j] * vectors[rows[i] * length + j];
    results[i] = (float)sum;
  }
}
