// Template of a small matrix product, C += A · B, for matrices that stay in the cache.
//
// A register tile is 4 rows of A by 2 vectors of columns of B, or a single row by 8 vectors: eight sums in either case,
// to hide the latency of a multiply-add. A is read through two strides, so that it may be a transpose.

#define PRODUCT_ROWS 4
#define PRODUCT_VECTORS 2
#define SINGLE_ROW_VECTORS 8
/// Depth after which the sums go back to C, so that the part of A and B in use stays in the cache.
#define PRODUCT_DEPTH 128

INLINE void product_tile(
    const int M, const int V, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c, int64_t cRow) {
  vector sums[M][V];
  UNROLL for (int m = 0; m < M; m++) {
    UNROLL for (int v = 0; v < V; v++) sums[m][v] = load(c + m * cRow + v * LANES);
  }
  for (int64_t k = 0; k < depth; k++) {
    UNROLL for (int m = 0; m < M; m++) {
      vector x = broadcast(a.start[m * a.row + k * a.column]);
      UNROLL for (int v = 0; v < V; v++) sums[m][v] += x * load(b + k * bRow + v * LANES);
    }
  }
  UNROLL for (int m = 0; m < M; m++) {
    UNROLL for (int v = 0; v < V; v++) store(c + m * cRow + v * LANES, sums[m][v]);
  }
}

/// `V` vectors of columns for rows in tiles of `M`, of which `rows` is a multiple.
INLINE void product_strip(
    const int M, const int V, int64_t rows, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c,
    int64_t cRow) {
  for (int64_t m = 0; m < rows; m += M) {
    akin_operand tile = {a.start + m * a.row, a.row, a.column};
    product_tile(M, V, depth, tile, b, bRow, c + m * cRow, cRow);
  }
}

/// All columns for rows in tiles of `M` × `V`.
INLINE void product_rows(
    const int M, const int V, int64_t rows, int64_t columns, int64_t depth, akin_operand a, const float *b,
    int64_t bRow, float *c, int64_t cRow) {
  int64_t n = 0;
  for (; n + V * LANES <= columns; n += V * LANES) product_strip(M, V, rows, depth, a, b + n, bRow, c + n, cRow);
  for (; n + LANES <= columns; n += LANES) product_strip(M, 1, rows, depth, a, b + n, bRow, c + n, cRow);
  for (; n < columns; n++) {
    for (int64_t m = 0; m < rows; m++) {
      for (int64_t d = 0; d < depth; d++) c[m * cRow + n] += a.start[m * a.row + d * a.column] * b[d * bRow + n];
    }
  }
}

/// C [rows][columns] += A [rows][depth] · B [depth][columns].
static void add_product(
    int64_t rows, int64_t columns, int64_t depth, akin_operand a, const float *b, int64_t bRow, float *c,
    int64_t cRow) {
  const int64_t tiled = rows - rows % PRODUCT_ROWS;
  for (int64_t k = 0; k < depth; k += PRODUCT_DEPTH) {
    const int64_t part = depth - k < PRODUCT_DEPTH ? depth - k : PRODUCT_DEPTH;
    const akin_operand slice = {a.start + k * a.column, a.row, a.column};
    const akin_operand rest = {slice.start + tiled * a.row, a.row, a.column};
    product_rows(PRODUCT_ROWS, PRODUCT_VECTORS, tiled, columns, part, slice, b + k * bRow, bRow, c, cRow);
    product_rows(
        1, SINGLE_ROW_VECTORS, rows - tiled, columns, part, rest, b + k * bRow, bRow, c + tiled * cRow, cRow);
  }
}
