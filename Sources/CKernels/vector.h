// Vectors of LANES floats for the kernel templates. Included within a `#pragma clang attribute` that names the
// instruction set, once in each source file; `a * b + c` on them becomes one fused multiply-add if the instruction
// set has it.
//
// Clang's extension rather than intrinsics: the same source serves every instruction set. (Clang is the C compiler of
// SwiftPM on every platform.)

typedef float vector __attribute__((ext_vector_type(LANES)));
typedef int32_t mask __attribute__((ext_vector_type(LANES)));
typedef uint8_t bytes __attribute__((ext_vector_type(LANES)));
typedef float unaligned_vector __attribute__((ext_vector_type(LANES), aligned(4)));
typedef int32_t unaligned_mask __attribute__((ext_vector_type(LANES), aligned(4)));
typedef uint8_t unaligned_bytes __attribute__((ext_vector_type(LANES), aligned(1)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE vector load(const float *p) { return *(const unaligned_vector *)p; }
INLINE void store(float *p, vector v) { *(unaligned_vector *)p = v; }
INLINE void store_mask(int32_t *p, mask v) { *(unaligned_mask *)p = v; }
INLINE mask load_mask(const int32_t *p) { return *(const unaligned_mask *)p; }
INLINE void store_bytes(uint8_t *p, mask v) { *(unaligned_bytes *)p = __builtin_convertvector(v, bytes); }
INLINE vector broadcast(float x) { return (vector)x; }
INLINE vector maximum(vector a, vector b) { return a > b ? a : b; }

/// Loads and stores only the first `count` lanes, at most LANES; the others are 0.
INLINE vector load_first(const float *p, int64_t count) {
  if (count >= LANES) return load(p);
  float padded[LANES] = {0};
  if (count > 0) memcpy(padded, p, (size_t)count * sizeof(float));
  return load(padded);
}

INLINE void store_first(float *p, vector v, int64_t count) {
  if (count >= LANES) {
    store(p, v);
  } else {
    float padded[LANES];
    store(padded, v);
    memcpy(p, padded, (size_t)count * sizeof(float));
  }
}

INLINE mask load_first_bytes(const uint8_t *p, int64_t count) {
  uint8_t padded[LANES] = {0};
  if (count < LANES) {
    if (count > 0) memcpy(padded, p, (size_t)count);
    p = padded;
  }
  return __builtin_convertvector(*(const unaligned_bytes *)p, mask);
}
