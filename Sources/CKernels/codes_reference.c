// The specification of the scan of codes in plain loops, with which the fast kernels are compared.

#include "codes_layout.h"

int64_t akin_reference_codes_scan(
    const akin_codes *codes, int64_t firstBlock, int64_t blockCount, const akin_code_query *queries,
    int32_t queryCount, akin_code_candidate *candidates) {
  const int64_t steps = code_steps(codes->dimension);
  int64_t found = 0;
  for (int64_t block = firstBlock; block < firstBlock + blockCount; block++) {
    const uint8_t *blockCodes = codes->codes + block * akin_code_block_size(codes->dimension);
    for (int32_t q = 0; q < queryCount; q++) {
      const int32_t threshold = code_threshold(&queries[q], codes->blocks[block]);
      for (int32_t row = 0; row < code_block_rows(codes, block); row++) {
        int32_t sum = 0;
        for (int64_t step = 0; step < steps; step++) {
          for (int64_t i = 0; i < AKIN_CODE_STEP; i++) {
            sum += blockCodes[(step * AKIN_CODE_ROWS + row) * AKIN_CODE_STEP + i]
                * queries[q].codes[step * AKIN_CODE_STEP + i];
          }
        }
        if (sum <= threshold) continue;
        const int32_t candidate = (int32_t)(block - firstBlock) * AKIN_CODE_ROWS + row;
        candidates[found++] = (akin_code_candidate){.row = candidate, .query = q};
      }
    }
  }
  return found;
}
