// The product's entry point and its specification.

#include <assert.h>

#include "kernels.h"

void akin_add_product(
    int64_t rows, int64_t columns, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c,
    int64_t cRow) {
  assert(rows >= 0 && columns >= 0 && depth >= 0 && bRow >= columns && cRow >= columns);
  akin_current_kernels()->add_product(rows, columns, depth, a, b, bRow, c, cRow);
}

void akin_reference_add_product(
    int64_t rows, int64_t columns, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c,
    int64_t cRow) {
  for (int64_t m = 0; m < rows; m++) {
    for (int64_t n = 0; n < columns; n++) {
      double sum = c[m * cRow + n];
      for (int64_t k = 0; k < depth; k++) sum += (double)a.start[m * a.row + k * a.column] * b[k * bRow + n];
      c[m * cRow + n] = (float)sum;
    }
  }
}
