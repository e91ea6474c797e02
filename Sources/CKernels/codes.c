// The codes' entry points: encoding, and the choice of the kernel.

#include <assert.h>
#include <math.h>
#include <string.h>

#include "codes_layout.h"
#include "kernels.h"

/// The largest code of a row, and of a query.
enum { LARGEST_ROW = 63, LARGEST_QUERY = 127 };

/// By how much a vector's length may exceed 1, and what rounding a bound to float may take from it.
static const double margin = 1e-6;

int64_t akin_code_block_size(int32_t dimension) {
  return code_steps(dimension) * AKIN_CODE_STEP * AKIN_CODE_ROWS;
}

int64_t akin_code_query_size(int32_t dimension) { return code_steps(dimension) * AKIN_CODE_STEP; }

static float largest_magnitude(const float *values, int32_t count) {
  float largest = 0;
  for (int32_t i = 0; i < count; i++) largest = fmaxf(largest, fabsf(values[i]));
  return largest;
}

/// Writes the codes of one row, 128 bytes from step to step, and returns |r| in units of s.
static double encode_row(int32_t dimension, const float *vector, float inverseScale, uint8_t *codes) {
  double squares = 0;
  for (int32_t i = 0; i < dimension; i++) {
    const float scaled = vector[i] * inverseScale;
    const int32_t code = (int32_t)(scaled + copysignf(0.5f, scaled));
    const double left = (double)vector[i] * (double)inverseScale - (double)code;
    squares += left * left;
    codes[i / AKIN_CODE_STEP * AKIN_CODE_STEP * AKIN_CODE_ROWS + i % AKIN_CODE_STEP] = (uint8_t)(code + CODE_OFFSET);
  }
  return sqrt(squares);
}

void akin_codes_encode_block(
    int32_t rows, int32_t dimension, const float *vectors, int64_t stride, uint8_t *codes, akin_code_block *block) {
  assert(rows >= 0 && rows <= AKIN_CODE_ROWS && dimension > 0 && dimension <= AKIN_CODE_LARGEST_DIMENSION);
  float largest = 0;
  for (int32_t row = 0; row < rows; row++) {
    largest = fmaxf(largest, largest_magnitude(vectors + row * stride, dimension));
  }
  // Below this, all products are smaller than their rounding errors.
  const float inverseScale = LARGEST_ROW / fmaxf(largest, 1e-30f);
  double error = 0;
  memset(codes, CODE_OFFSET, (size_t)akin_code_block_size(dimension));
  for (int32_t row = 0; row < rows; row++) {
    error = fmax(error, encode_row(dimension, vectors + row * stride, inverseScale, codes + row * AKIN_CODE_STEP));
  }
  block->inverseScale = inverseScale;
  block->error = (float)(error * (1 + margin));
}

/// The smallest t at which no 16-bit sum overflows: a lane sums two of each four values of a segment.
static double query_scale(int32_t dimension, const float *query) {
  enum { SEGMENT = AKIN_CODE_SEGMENT * AKIN_CODE_STEP };
  // Rounding may make each code of a lane half a unit larger than its value.
  const double largestSum = INT16_MAX / (LARGEST_ROW + CODE_OFFSET) - (AKIN_CODE_SEGMENT + 1);
  double scale = (double)largest_magnitude(query, dimension) / LARGEST_QUERY;
  for (int32_t start = 0; start < dimension; start += SEGMENT) {
    double sums[2] = {0, 0};
    for (int32_t i = start; i < dimension && i < start + SEGMENT; i++) sums[i % 4 / 2] += fabs((double)query[i]);
    scale = fmax(scale, fmax(sums[0], sums[1]) / largestSum);
  }
  return scale;
}

akin_code_query akin_codes_encode_query(int32_t dimension, const float *query, double rounding, int8_t *codes) {
  assert(dimension > 0 && dimension <= AKIN_CODE_LARGEST_DIMENSION);
  const double scale = fmax(query_scale(dimension, query), 1e-30);
  double squares = 0, left = 0;
  int32_t sum = 0;
  memset(codes, 0, (size_t)akin_code_query_size(dimension));
  for (int32_t i = 0; i < dimension; i++) {
    const double value = (double)query[i];
    const int32_t code = (int32_t)lrint(value / scale);
    codes[i] = (int8_t)code;
    sum += code;
    squares += value * value;
    left += (value - scale * code) * (value - scale * code);
  }
  akin_code_query result = {
    .codes = codes,
    .inverseScale = 1 / scale,
    .offset = CODE_OFFSET * sum,
    .weight = (sqrt(squares) + sqrt(left)) * (1 + margin) / scale,
    .error = sqrt(left) * (1 + margin) + rounding,
  };
  akin_code_query_set_level(&result, -INFINITY);
  return result;
}

void akin_code_query_set_level(akin_code_query *query, double level) {
  query->level = (level - query->error) * query->inverseScale;
}

int64_t akin_codes_scan(
    const akin_codes *codes, int64_t firstBlock, int64_t blockCount, const akin_code_query *queries,
    int32_t queryCount, akin_code_candidate *candidates) {
  assert(firstBlock >= 0 && (firstBlock + blockCount - 1) * AKIN_CODE_ROWS < codes->rows);
  return akin_current_kernels()->codes_scan(codes, firstBlock, blockCount, queries, queryCount, candidates);
}
