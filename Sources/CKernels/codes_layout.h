#pragma once
// What all scans of codes share.

#include <stdint.h>

#include "CKernelsCodes.h"

/// Added to each code when it is stored, so that it is not negative.
#define CODE_OFFSET 64

static inline int64_t code_steps(int32_t dimension) { return (dimension + AKIN_CODE_STEP - 1) / AKIN_CODE_STEP; }

/// The largest sum of (c + 64) · p that is certainly not above the query's level. The result is a valid integer even if
/// a damaged file gives nonsensical numbers.
static inline int32_t code_threshold(const akin_code_query *query, akin_code_block block) {
  const double sum = query->level * (double)block.inverseScale - query->weight * (double)block.error;
  // Truncation, and rounding in this expression itself, add less than 2.
  const double threshold = sum - 2 + query->offset;
  if (!(threshold > INT32_MIN)) return INT32_MIN;
  return threshold < INT32_MAX ? (int32_t)threshold : INT32_MAX;
}

/// The number of rows of a block: 32, or fewer if it is the last one.
static inline int32_t code_block_rows(const akin_codes *codes, int64_t block) {
  const int64_t rows = codes->rows - block * AKIN_CODE_ROWS;
  return (int32_t)(rows < AKIN_CODE_ROWS ? rows : AKIN_CODE_ROWS);
}
