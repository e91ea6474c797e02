#include "mel_avx2.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define AKIN_MEL_NAME "avx2"
#include "mel_template.h"
#pragma clang attribute pop

const akin_mel_kernels *akin_mel_kernels_avx2(void) { return &kernels; }
#endif
