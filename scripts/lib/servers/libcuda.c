/* As much of a CUDA driver as it takes to allocate memory of one card, for images that run where there is none. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UNKNOWN 999
#define NOT_READY 802
#define MEMORY (24ull << 30)

/* The second file is of cards that nvidia-smi finds well, as on machines whose fabric manager is not up. */
static int answer(void) { return access("/etc/card-fails", F_OK) == 0 ? UNKNOWN : access("/etc/cuda-fails", F_OK) == 0 ? NOT_READY : 0; }

int cuInit(unsigned int flags) { (void)flags; return answer(); }
int cuDriverGetVersion(int *version) { *version = 13000; return answer(); }
int cuDeviceGetCount(int *count) { *count = 1; return answer(); }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return ordinal == 0 ? answer() : 101; }
int cuDeviceGetName(char *name, int length, int device) { (void)device; strncpy(name, "NVIDIA GeForce RTX 4090", length); return answer(); }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { (void)device; *bytes = MEMORY; return answer(); }
int cuDevicePrimaryCtxRetain(void **context, int device) { (void)device; *context = (void *)1; return answer(); }
int cuDevicePrimaryCtxRelease_v2(int device) { (void)device; return answer(); }
int cuCtxCreate_v2(void **context, unsigned int flags, int device) { (void)flags; (void)device; *context = (void *)1; return answer(); }
int cuCtxSetCurrent(void *context) { (void)context; return answer(); }
int cuCtxDestroy_v2(void *context) { (void)context; return answer(); }
int cuMemGetInfo_v2(size_t *left, size_t *all) { *left = *all = MEMORY; return answer(); }
int cuMemAlloc_v2(unsigned long long *place, size_t bytes) { *place = 4096; return bytes > MEMORY ? 2 : answer(); }
int cuMemsetD8_v2(unsigned long long place, unsigned char value, size_t bytes) { (void)place; (void)value; (void)bytes; return answer(); }
int cuMemFree_v2(unsigned long long place) { (void)place; return answer(); }
int cuCtxSynchronize(void) { return answer(); }
int cuGetErrorName(int error, const char **name) { *name = error == 0 ? "CUDA_SUCCESS" : error == NOT_READY ? "CUDA_ERROR_SYSTEM_NOT_READY" : "CUDA_ERROR_UNKNOWN"; return 0; }
