// The few functions of ONNX Runtime's C API that Akin calls, by their places in its table, which only ever grows at its
// end: onnxruntime_c_api.h of github.com/microsoft/onnxruntime (MIT licence) gives the order. All of them have been
// there since version 1.0. The wheel of PyPI has the library without its headers.
#ifndef AKIN_ONNX_RUNTIME_H
#define AKIN_ONNX_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

// The version of the table that is asked for: ONNX Runtime 1.11 (2022) and later have it.
#define AKIN_ORT_API_VERSION 11

typedef struct OrtAllocator OrtAllocator;
typedef struct OrtEnv OrtEnv;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtStatus OrtStatus;
typedef struct OrtTensorTypeAndShapeInfo OrtTensorTypeAndShapeInfo;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtValue OrtValue;

#define AKIN_ORT_LOGGING_LEVEL_ERROR 3
#define AKIN_ORT_ELEMENT_FLOAT 1
#define AKIN_ORT_DEVICE_ALLOCATOR 0  // not the arena
#define AKIN_ORT_MEMORY_DEFAULT 0

// A function that returns null, or else what went wrong.
#define AKIN_ORT_FUNCTION(name, ...) OrtStatus *_Nullable (*_Nonnull name)(__VA_ARGS__)
#define AKIN_ORT_RELEASE(name) void (*_Nonnull Release##name)(Ort##name *_Nonnull)
#define AKIN_ORT_OUT(type) type *_Nullable *_Nonnull
#define AKIN_ORT_UNUSED(first, last) void *_Nullable unused##first[last - first + 1]

typedef struct akin_ort_api {
  AKIN_ORT_UNUSED(0, 1);
  const char *_Nonnull (*_Nonnull GetErrorMessage)(const OrtStatus *_Nonnull);
  AKIN_ORT_FUNCTION(CreateEnv, int level, const char *_Nonnull name, AKIN_ORT_OUT(OrtEnv));
  AKIN_ORT_UNUSED(4, 7);
  AKIN_ORT_FUNCTION(
      CreateSessionFromArray, const OrtEnv *_Nonnull, const void *_Nonnull bytes, size_t count,
      const OrtSessionOptions *_Nonnull, AKIN_ORT_OUT(OrtSession));
  AKIN_ORT_FUNCTION(
      Run, OrtSession *_Nonnull, const OrtRunOptions *_Nullable, const char *_Nonnull const *_Nonnull inputNames,
      const OrtValue *_Nonnull const *_Nonnull inputs, size_t inputCount,
      const char *_Nonnull const *_Nonnull outputNames, size_t outputCount, AKIN_ORT_OUT(OrtValue) outputs);
  AKIN_ORT_FUNCTION(CreateSessionOptions, AKIN_ORT_OUT(OrtSessionOptions));
  AKIN_ORT_UNUSED(11, 16);
  AKIN_ORT_FUNCTION(DisableMemPattern, OrtSessionOptions *_Nonnull);
  AKIN_ORT_UNUSED(18, 18);
  AKIN_ORT_FUNCTION(DisableCpuMemArena, OrtSessionOptions *_Nonnull);
  AKIN_ORT_UNUSED(20, 23);
  AKIN_ORT_FUNCTION(SetIntraOpNumThreads, OrtSessionOptions *_Nonnull, int);
  AKIN_ORT_FUNCTION(SetInterOpNumThreads, OrtSessionOptions *_Nonnull, int);
  AKIN_ORT_UNUSED(26, 29);
  AKIN_ORT_FUNCTION(SessionGetInputCount, const OrtSession *_Nonnull, size_t *_Nonnull);
  AKIN_ORT_FUNCTION(SessionGetOutputCount, const OrtSession *_Nonnull, size_t *_Nonnull);
  AKIN_ORT_UNUSED(32, 32);
  AKIN_ORT_FUNCTION(SessionGetInputTypeInfo, const OrtSession *_Nonnull, size_t, AKIN_ORT_OUT(OrtTypeInfo));
  AKIN_ORT_FUNCTION(SessionGetOutputTypeInfo, const OrtSession *_Nonnull, size_t, AKIN_ORT_OUT(OrtTypeInfo));
  AKIN_ORT_UNUSED(35, 35);
  AKIN_ORT_FUNCTION(
      SessionGetInputName, const OrtSession *_Nonnull, size_t, OrtAllocator *_Nonnull, AKIN_ORT_OUT(char));
  AKIN_ORT_FUNCTION(
      SessionGetOutputName, const OrtSession *_Nonnull, size_t, OrtAllocator *_Nonnull, AKIN_ORT_OUT(char));
  AKIN_ORT_UNUSED(38, 48);
  AKIN_ORT_FUNCTION(
      CreateTensorWithDataAsOrtValue, const OrtMemoryInfo *_Nonnull, void *_Nonnull data, size_t byteCount,
      const int64_t *_Nonnull shape, size_t dimensionCount, int elementType, AKIN_ORT_OUT(OrtValue));
  AKIN_ORT_UNUSED(50, 50);
  AKIN_ORT_FUNCTION(GetTensorMutableData, OrtValue *_Nonnull, AKIN_ORT_OUT(void));
  AKIN_ORT_UNUSED(52, 54);
  AKIN_ORT_FUNCTION(
      CastTypeInfoToTensorInfo, const OrtTypeInfo *_Nonnull, AKIN_ORT_OUT(const OrtTensorTypeAndShapeInfo));
  AKIN_ORT_UNUSED(56, 59);
  AKIN_ORT_FUNCTION(GetTensorElementType, const OrtTensorTypeAndShapeInfo *_Nonnull, int *_Nonnull);
  AKIN_ORT_FUNCTION(GetDimensionsCount, const OrtTensorTypeAndShapeInfo *_Nonnull, size_t *_Nonnull);
  AKIN_ORT_FUNCTION(GetDimensions, const OrtTensorTypeAndShapeInfo *_Nonnull, int64_t *_Nonnull, size_t);
  AKIN_ORT_UNUSED(63, 64);
  AKIN_ORT_FUNCTION(GetTensorTypeAndShape, const OrtValue *_Nonnull, AKIN_ORT_OUT(OrtTensorTypeAndShapeInfo));
  AKIN_ORT_UNUSED(66, 68);
  AKIN_ORT_FUNCTION(CreateCpuMemoryInfo, int allocator, int memory, AKIN_ORT_OUT(OrtMemoryInfo));
  AKIN_ORT_UNUSED(70, 75);
  AKIN_ORT_FUNCTION(AllocatorFree, OrtAllocator *_Nonnull, void *_Nonnull);
  AKIN_ORT_UNUSED(77, 77);
  AKIN_ORT_FUNCTION(GetAllocatorWithDefaultOptions, AKIN_ORT_OUT(OrtAllocator));
  AKIN_ORT_UNUSED(79, 91);
  AKIN_ORT_RELEASE(Env);
  AKIN_ORT_RELEASE(Status);
  AKIN_ORT_RELEASE(MemoryInfo);
  AKIN_ORT_RELEASE(Session);
  AKIN_ORT_RELEASE(Value);
  AKIN_ORT_UNUSED(97, 97);
  AKIN_ORT_RELEASE(TypeInfo);
  AKIN_ORT_RELEASE(TensorTypeAndShapeInfo);
  AKIN_ORT_RELEASE(SessionOptions);
} akin_ort_api;

// What the library's one symbol, OrtGetApiBase, returns.
typedef struct akin_ort_api_base {
  const akin_ort_api *_Nullable (*_Nonnull GetApi)(uint32_t version);
  const char *_Nonnull (*_Nonnull GetVersionString)(void);
} akin_ort_api_base;

typedef const akin_ort_api_base *_Nullable (*akin_ort_get_api_base)(void);

#endif
