// Chooses the kernels for this processor.

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static const char *const names[] = {"portable", "neon", "avx2", "avx512", "avx512vnni"};
_Static_assert(sizeof names / sizeof names[0] == AKIN_INSTRUCTION_SET_COUNT, "every instruction set has a name");

const char *akin_instruction_set_name(akin_instructions set) {
  return (unsigned)set < AKIN_INSTRUCTION_SET_COUNT ? names[set] : "unknown";
}

bool akin_supports_instruction_set(akin_instructions set) {
  switch (set) {
    case AKIN_PORTABLE: return true;
#if defined(__aarch64__)
    case AKIN_NEON: return true;
#endif
#if defined(__x86_64__)
    case AKIN_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case AKIN_AVX512:
#ifdef AKIN_EMULATE_AVX512
      return akin_supports_instruction_set(AKIN_AVX2);
#else
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
          && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
    case AKIN_AVX512_VNNI:
#ifdef AKIN_EMULATE_AVX512
      return akin_supports_instruction_set(AKIN_AVX2);
#else
      return akin_supports_instruction_set(AKIN_AVX512) && __builtin_cpu_supports("avx512vnni");
#endif
#endif
    default: return false;
  }
}

/// The widest set that the processor supports, or the one that the environment names if it is supported.
static akin_instructions detect(void) {
  const char *wanted = getenv("AKIN_INSTRUCTION_SET");
  akin_instructions best = AKIN_PORTABLE;
  for (int set = 0; set < AKIN_INSTRUCTION_SET_COUNT; set++) {
    if (!akin_supports_instruction_set((akin_instructions)set)) continue;
    best = (akin_instructions)set;
    if (wanted && strcmp(wanted, names[set]) == 0) return best;
  }
  return best;
}

static _Atomic int detected = -1;       // every thread would store the same value
static _Thread_local int forced = -1;

akin_instructions akin_instruction_set(void) {
  if (forced >= 0) return (akin_instructions)forced;
  int set = atomic_load_explicit(&detected, memory_order_relaxed);
  if (set < 0) {
    set = (int)detect();
    atomic_store_explicit(&detected, set, memory_order_relaxed);
  }
  return (akin_instructions)set;
}

bool akin_force_instruction_set(akin_instructions set) {
  if (!akin_supports_instruction_set(set)) return false;
  forced = (int)set;
  return true;
}

void akin_unforce_instruction_set(void) { forced = -1; }

const akin_kernels *akin_kernels_of(akin_instructions set) {
  switch (set) {
#if defined(__aarch64__)
    case AKIN_NEON: return &akin_kernels_neon;
#endif
#if defined(__x86_64__)
    case AKIN_AVX2: return &akin_kernels_avx2;
    case AKIN_AVX512: return &akin_kernels_avx512;
    case AKIN_AVX512_VNNI: return &akin_kernels_avx512vnni;
#endif
    default: return &akin_kernels_portable;
  }
}

const akin_kernels *akin_current_kernels(void) { return akin_kernels_of(akin_instruction_set()); }

const akin_mel_kernels *akin_mel_kernels_of(akin_instructions set) { return &akin_kernels_of(set)->mel; }
