#pragma once
#include "CKernels.h"

#if defined(__x86_64__)
/// For processors with AVX2 and FMA.
const akin_mel_kernels *akin_mel_kernels_avx2(void);
#endif
