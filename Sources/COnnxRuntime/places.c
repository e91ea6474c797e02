// Checks that the functions lie at their places in ONNX Runtime's table.
#include "COnnxRuntime.h"

#define AT(place, function) \
  _Static_assert(offsetof(akin_ort_api, function) == place * sizeof(void *), #function " is not at " #place)

AT(2, GetErrorMessage);
AT(3, CreateEnv);
AT(8, CreateSessionFromArray);
AT(9, Run);
AT(10, CreateSessionOptions);
AT(17, DisableMemPattern);
AT(19, DisableCpuMemArena);
AT(24, SetIntraOpNumThreads);
AT(25, SetInterOpNumThreads);
AT(30, SessionGetInputCount);
AT(31, SessionGetOutputCount);
AT(33, SessionGetInputTypeInfo);
AT(34, SessionGetOutputTypeInfo);
AT(36, SessionGetInputName);
AT(37, SessionGetOutputName);
AT(49, CreateTensorWithDataAsOrtValue);
AT(51, GetTensorMutableData);
AT(55, CastTypeInfoToTensorInfo);
AT(60, GetTensorElementType);
AT(61, GetDimensionsCount);
AT(62, GetDimensions);
AT(65, GetTensorTypeAndShape);
AT(69, CreateCpuMemoryInfo);
AT(76, AllocatorFree);
AT(78, GetAllocatorWithDefaultOptions);
AT(92, ReleaseEnv);
AT(95, ReleaseSession);
AT(96, ReleaseValue);
AT(98, ReleaseTypeInfo);
AT(100, ReleaseSessionOptions);
