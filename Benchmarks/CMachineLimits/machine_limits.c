#include "CMachineLimits.h"

#include <string.h>

// Twelve sums hide the latency of a multiply-add on every processor in use (4 to 5 cycles, two a cycle); with two
// operands they fit into sixteen registers. The empty assembly keeps them there and unknown to the optimiser.
#if defined(__x86_64__)
#define REGISTER "+v"
#define REGISTER_256 "+x"
#else
#define REGISTER_256 "+w"
#endif

#define MULTIPLY_ADD_LOOP(LANES, CONSTRAINT)                                                            \
  typedef float lanes __attribute__((ext_vector_type(LANES)));                                          \
  lanes sums[12], factor = 0.999f, term = 0.001f;                                                       \
  for (int i = 0; i < 12; i++) sums[i] = (lanes)(float)i;                                               \
  for (int64_t round = 0; round < rounds; round++) {                                                    \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 12; i++) {                                   \
      sums[i] = sums[i] * factor + term;                                                                \
      __asm__ volatile("" : CONSTRAINT(sums[i]));                                                       \
    }                                                                                                   \
  }                                                                                                     \
  return rounds * 12 * LANES * 2;

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static int64_t multiply_add_avx512(int64_t rounds) {
  MULTIPLY_ADD_LOOP(16, REGISTER)
}

__attribute__((target("avx2,fma"))) static int64_t multiply_add_avx2(int64_t rounds) {
  MULTIPLY_ADD_LOOP(8, REGISTER_256)
}
#endif

static int64_t multiply_add_baseline(int64_t rounds) { MULTIPLY_ADD_LOOP(4, REGISTER_256) }

int64_t machine_multiply_add(const char *name, int64_t rounds) {
#if defined(__x86_64__)
  if (strncmp(name, "avx512", 6) == 0) return multiply_add_avx512(rounds);
  if (strcmp(name, "avx2") == 0) return multiply_add_avx2(rounds);
#else
  (void)name;
#endif
  return multiply_add_baseline(rounds);
}

uint64_t machine_read(const uint64_t *words, int64_t count) {
  typedef uint64_t lanes __attribute__((ext_vector_type(4)));
  lanes sums[4] = {0};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int k = 0; k < 4; k++) {
      lanes words_here;
      memcpy(&words_here, words + i + 4 * k, sizeof words_here);
      sums[k] += words_here;
    }
  }
  lanes total = sums[0] + sums[1] + sums[2] + sums[3];
  uint64_t sum = total[0] + total[1] + total[2] + total[3];
  for (; i < count; i++) sum += words[i];
  return sum;
}
