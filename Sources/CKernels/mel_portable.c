#define AKIN_MEL_NAME "portable"
#include "mel_template.h"

const akin_mel_kernels *akin_mel_kernels_portable(void) { return &kernels; }
