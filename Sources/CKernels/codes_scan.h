// Template of the scan of codes. A vector of bytes holds four values of each of LANES rows. Products of two
// neighbouring values are summed in 16 bits, and at the end of a segment the two sums of a row in 32 bits, so that each
// lane is a row.
//
// That takes two instructions for four values of each row, while floating point takes four; and only one if the
// instruction set multiplies and sums four bytes at once (SCAN_SUMS_FOUR). A register tile is several queries by two
// vectors of rows.

typedef uint8_t code_bytes __attribute__((ext_vector_type(4 * LANES)));
typedef int8_t code_signed_bytes __attribute__((ext_vector_type(4 * LANES)));
typedef int16_t code_words __attribute__((ext_vector_type(2 * LANES)));
typedef uint8_t unaligned_code_bytes __attribute__((ext_vector_type(4 * LANES), aligned(1)));

#if defined(__x86_64__) && LANES == 16 && !defined(AKIN_EMULATE_AVX512)
INLINE code_words code_products(code_bytes rows, code_signed_bytes query) {
  return (code_words)_mm512_maddubs_epi16((__m512i)rows, (__m512i)query);
}
INLINE mask code_sums(code_words w) { return (mask)_mm512_madd_epi16((__m512i)w, _mm512_set1_epi16(1)); }
#elif defined(__x86_64__) && LANES == 8
INLINE code_words code_products(code_bytes rows, code_signed_bytes query) {
  return (code_words)_mm256_maddubs_epi16((__m256i)rows, (__m256i)query);
}
INLINE mask code_sums(code_words w) { return (mask)_mm256_madd_epi16((__m256i)w, _mm256_set1_epi16(1)); }
#else
#if defined(__aarch64__)
INLINE code_words code_products(code_bytes rows, code_signed_bytes query) {
  // No code is above 127, so that codes may be read as signed.
  const int8x16_t r = (int8x16_t)rows, q = (int8x16_t)query;
  return (code_words)vpaddq_s16(vmull_s8(vget_low_s8(r), vget_low_s8(q)), vmull_high_s8(r, q));
}
#else
INLINE code_words code_products(code_bytes rows, code_signed_bytes query) {
  const code_words r = (code_words)rows, q = (code_words)query;
  return (r & 255) * (q << 8 >> 8) + (r >> 8) * (q >> 8);
}
#endif
INLINE mask code_sums(code_words w) {
  const mask pairs = (mask)w;
  return (pairs << 16 >> 16) + (pairs >> 16);
}
#endif

/// The number of vectors for the rows of a block.
#define SCAN_VECTORS (AKIN_CODE_ROWS / LANES)

/// The four values of a step, in every lane.
INLINE code_signed_bytes broadcast_step(const int8_t *codes) {
  int32_t four;
  memcpy(&four, codes, sizeof four);
  return (code_signed_bytes)(mask)four;
}

#ifdef SCAN_SUMS_FOUR
#ifdef AKIN_EMULATE_AVX512
INLINE mask code_sums_of_four(mask sums, code_bytes rows, code_signed_bytes query) {
  return sums + code_sums(code_products(rows, query));
}
#else
INLINE mask code_sums_of_four(mask sums, code_bytes rows, code_signed_bytes query) {
  return (mask)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)rows, (__m512i)query);
}
#endif
#endif

/// The sums of `Q` queries with `V` vectors of rows. Codes lie 128 bytes from step to step.
INLINE void scan_tile(
    const int Q, const int V, int64_t steps, const uint8_t *codes, const akin_code_query *queries,
    mask sums[SCAN_QUERIES][SCAN_VECTORS]) {
  const int8_t *queryCodes[SCAN_QUERIES];
  UNROLL for (int q = 0; q < Q; q++) queryCodes[q] = queries[q].codes;
  UNROLL for (int q = 0; q < Q; q++) {
    UNROLL for (int v = 0; v < V; v++) sums[q][v] = (mask)0;
  }
#ifdef SCAN_SUMS_FOUR
  for (int64_t step = 0; step < steps; step++) {
    code_bytes rows[SCAN_VECTORS];
    UNROLL for (int v = 0; v < V; v++) {
      rows[v] = *(const unaligned_code_bytes *)(codes + step * AKIN_CODE_STEP * AKIN_CODE_ROWS + v * 4 * LANES);
    }
    UNROLL for (int q = 0; q < Q; q++) {
      const code_signed_bytes query = broadcast_step(queryCodes[q] + step * AKIN_CODE_STEP);
      UNROLL for (int v = 0; v < V; v++) sums[q][v] = code_sums_of_four(sums[q][v], rows[v], query);
    }
  }
#else
  for (int64_t start = 0; start < steps; start += AKIN_CODE_SEGMENT) {
    const int64_t end = start + AKIN_CODE_SEGMENT < steps ? start + AKIN_CODE_SEGMENT : steps;
    code_words words[SCAN_QUERIES][SCAN_VECTORS];
    UNROLL for (int q = 0; q < Q; q++) {
      UNROLL for (int v = 0; v < V; v++) words[q][v] = (code_words)0;
    }
    for (int64_t step = start; step < end; step++) {
      code_bytes rows[SCAN_VECTORS];
      UNROLL for (int v = 0; v < V; v++) {
        rows[v] = *(const unaligned_code_bytes *)(codes + step * AKIN_CODE_STEP * AKIN_CODE_ROWS + v * 4 * LANES);
      }
      UNROLL for (int q = 0; q < Q; q++) {
        const code_signed_bytes query = broadcast_step(queryCodes[q] + step * AKIN_CODE_STEP);
        UNROLL for (int v = 0; v < V; v++) words[q][v] += code_products(rows[v], query);
      }
    }
    UNROLL for (int q = 0; q < Q; q++) {
      UNROLL for (int v = 0; v < V; v++) sums[q][v] += code_sums(words[q][v]);
    }
  }
#endif
}

/// The output of a block's candidates.
typedef struct {
  akin_code_candidate *next;
  int32_t firstRow, rows;  // the block's first row, counted as in candidates, and its number of rows
} scan_output;

/// Adds the rows of one query whose sums are above the threshold.
static void add_candidates(
    scan_output *output, int32_t query, int32_t row, int count, const int32_t *sums, int32_t threshold) {
  for (int i = 0; i < count && row + i < output->rows; i++) {
    if (sums[i] > threshold) *output->next++ = (akin_code_candidate){.row = output->firstRow + row + i, .query = query};
  }
}

/// One block with `Q` queries.
INLINE void scan_block(
    const int Q, const int V, int64_t steps, const uint8_t *codes, akin_code_block block,
    const akin_code_query *queries, int32_t firstQuery, scan_output *output) {
  int32_t thresholds[SCAN_QUERIES];
  UNROLL for (int q = 0; q < Q; q++) thresholds[q] = code_threshold(queries + q, block);
  for (int32_t row = 0; row < AKIN_CODE_ROWS; row += V * LANES) {
    mask sums[SCAN_QUERIES][SCAN_VECTORS];
    scan_tile(Q, V, steps, codes + row * AKIN_CODE_STEP, queries, sums);
    UNROLL for (int q = 0; q < Q; q++) {
      mask any = (mask)0;
      UNROLL for (int v = 0; v < V; v++) any |= sums[q][v] > (mask)thresholds[q];
      if (!__builtin_reduce_or(any)) continue;
      int32_t values[AKIN_CODE_ROWS];
      UNROLL for (int v = 0; v < V; v++) store_mask(values + v * LANES, sums[q][v]);
      add_candidates(output, firstQuery + q, row, V * LANES, values, thresholds[q]);
    }
  }
}

static int64_t codes_scan(
    const akin_codes *codes, int64_t firstBlock, int64_t blockCount, const akin_code_query *queries,
    int32_t queryCount, akin_code_candidate *candidates) {
  const int64_t steps = code_steps(codes->dimension), size = steps * AKIN_CODE_STEP * AKIN_CODE_ROWS;
  scan_output output = {.next = candidates};
  for (int64_t i = 0; i < blockCount; i++) {
    const uint8_t *blockCodes = codes->codes + (firstBlock + i) * size;
    const akin_code_block block = codes->blocks[firstBlock + i];
    output.firstRow = (int32_t)i * AKIN_CODE_ROWS;
    output.rows = code_block_rows(codes, firstBlock + i);
    int32_t q = 0;
    for (; q + SCAN_QUERIES <= queryCount; q += SCAN_QUERIES) {
      scan_block(SCAN_QUERIES, 2, steps, blockCodes, block, queries + q, q, &output);
    }
    for (; q < queryCount; q++) {
      scan_block(1, AKIN_CODE_ROWS / LANES, steps, blockCodes, block, queries + q, q, &output);
    }
  }
  return output.next - candidates;
}
