#include "mel_avx2.h"

const akin_mel_kernels *akin_mel_kernels_fastest(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return akin_mel_kernels_avx2();
#endif
  return akin_mel_kernels_portable();
}
