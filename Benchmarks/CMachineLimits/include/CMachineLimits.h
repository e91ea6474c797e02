#pragma once
// What this processor can do at most, measured by loops that do nothing else.

#include <stdint.h>

/// Runs `rounds` rounds of independent single-precision multiply-adds, in registers only, in the widest vectors of the
/// instruction set `name` (`avx512`, `avx2`, or anything else for the compiler's own). Returns the number of
/// floating-point operations, a multiply-add being two.
int64_t machine_multiply_add(const char *name, int64_t rounds);

/// Reads `count` 64-bit words once. Returns their sum, so that the reading cannot be left out.
uint64_t machine_read(const uint64_t *words, int64_t count);
