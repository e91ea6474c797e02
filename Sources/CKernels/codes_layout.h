#pragma once
// What the scans of codes share.

#include <stdint.h>

#include "CKernelsCodes.h"

/// A code is stored with this added, so that it is not negative.
#define CODE_OFFSET 64

static inline int64_t code_steps(int32_t dimension) { return (dimension + AKIN_CODE_STEP - 1) / AKIN_CODE_STEP; }

/// The largest sum of (c + 64) · p that is certainly not above the query's level. Whatever a damaged file makes of
/// the numbers, the result is one.
static inline int32_t code_threshold(const akin_code_query *query, akin_code_block block) {
  const double sum = query->level * (double)block.inverseScale - query->weight * (double)block.error;
  // Truncation and the rounding of this very expression add less than 2.
  const double threshold = sum - 2 + query->offset;
  if (!(threshold > INT32_MIN)) return INT32_MIN;
  return threshold < INT32_MAX ? (int32_t)threshold : INT32_MAX;
}

/// The rows that a block has: 32, or fewer where it is the last one.
static inline int32_t code_block_rows(const akin_codes *codes, int64_t block) {
  const int64_t rows = codes->rows - block * AKIN_CODE_ROWS;
  return (int32_t)(rows < AKIN_CODE_ROWS ? rows : AKIN_CODE_ROWS);
}
