#pragma once
// Search among vectors of length at most 1 by codes of 7 bits per value. A scan of the codes rules out the vectors
// whose product with a query is certainly not above a level; the caller computes the products of the others from the
// values.
//
// A vector x is s · c + r, with codes c from -63 to 63, a scale s that a block of vectors shares, and a remainder r.
// A query y is t · p + w in the same way. So
//
//     x · y  =  s t (c · p)  +  s c · w  +  r · y  <=  s t (c · p)  +  (1 + |r|) |w|  +  |r| |y|     (Cauchy–Schwarz)

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Vectors in a block.
#define AKIN_CODE_ROWS 32
/// Consecutive values of a vector that lie together.
#define AKIN_CODE_STEP 4
/// The number of steps whose products are summed in 16 bits.
#define AKIN_CODE_SEGMENT 8
/// The largest dimension, so that products are summed in 32 bits.
#define AKIN_CODE_LARGEST_DIMENSION 65536

/// The scale and the error of a block's codes.
typedef struct {
  /// One over s.
  float inverseScale;
  /// The largest |r| of the block, in units of s.
  float error;
} akin_code_block;

/// Vectors as codes: `[rows / 32, rounded up][dimension / 4, rounded up][32][4]`, each c + 64, and none
/// above 127.
typedef struct {
  int64_t rows;
  int32_t dimension;
  const uint8_t *codes;
  const akin_code_block *blocks;
} akin_codes;

/// Number of bytes of a block's codes.
int64_t akin_code_block_size(int32_t dimension);

/// Writes the codes of one block of `rows` vectors, at most 32, that lie `stride` values apart. Missing rows
/// become zeros.
void akin_codes_encode_block(
    int32_t rows, int32_t dimension, const float *vectors, int64_t stride, uint8_t *codes, akin_code_block *block);

/// A query and the level above which it looks for products.
typedef struct {
  /// `[dimension / 4, rounded up][4]`: p, as fine as 16-bit sums allow.
  const int8_t *codes;
  /// One over t, and 64 Σ p.
  double inverseScale;
  int32_t offset;
  /// |y| + |w| in units of t, the factor of |r|; and |w| plus all that rounding may add to a product.
  double weight, error;
  /// (level - error) in units of t.
  double level;
} akin_code_query;

/// Number of bytes that `akin_codes_encode_query` writes to `codes`.
int64_t akin_code_query_size(int32_t dimension);

/// Encodes a query, with the level -∞. `rounding` is the most by which the product that the caller computes from the
/// values may exceed the true one.
akin_code_query akin_codes_encode_query(int32_t dimension, const float *query, double rounding, int8_t *codes);

/// Makes scans search for products above `level`.
void akin_code_query_set_level(akin_code_query *query, double level);

/// A row that may be above a query's level.
typedef struct {
  int32_t row;    // from the first row of the scan's first block
  int32_t query;
} akin_code_candidate;

/// Finds in `blockCount` blocks from `firstBlock` on every row whose product with a query may be above the query's
/// level, and few others. Writes at most 32 · blockCount · queryCount candidates, each query's in ascending order, and
/// returns how many.
int64_t akin_codes_scan(
    const akin_codes *codes, int64_t firstBlock, int64_t blockCount, const akin_code_query *queries,
    int32_t queryCount, akin_code_candidate *candidates);

/// The specification of `akin_codes_scan` in plain loops.
int64_t akin_reference_codes_scan(
    const akin_codes *codes, int64_t firstBlock, int64_t blockCount, const akin_code_query *queries,
    int32_t queryCount, akin_code_candidate *candidates);

#ifdef __cplusplus
}
#endif
