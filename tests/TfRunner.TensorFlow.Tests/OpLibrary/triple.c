/* An op library for the tests: one op that multiplies by three, on TensorFlow's C interface for kernels, whose declarations
   (tensorflow/c/kernels.h, ops.h) do not come with the library and are repeated here as far as they are used. */
#include <stddef.h>
#include <stdint.h>

typedef struct TF_Status TF_Status;
typedef struct TF_Tensor TF_Tensor;
typedef struct TF_OpKernelContext TF_OpKernelContext;
typedef struct TF_OpDefinitionBuilder TF_OpDefinitionBuilder;
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_ShapeInferenceContext TF_ShapeInferenceContext;
enum { TF_FLOAT = 1 };

TF_Status *TF_NewStatus(void);
void TF_DeleteStatus(TF_Status *);
size_t TF_TensorByteSize(const TF_Tensor *);
void *TF_TensorData(const TF_Tensor *);
int TF_NumDims(const TF_Tensor *);
int64_t TF_Dim(const TF_Tensor *, int);
void TF_DeleteTensor(TF_Tensor *);
TF_OpDefinitionBuilder *TF_NewOpDefinitionBuilder(const char *);
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder *, const char *);
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder *, const char *);
void TF_OpDefinitionBuilderSetShapeInferenceFunction(TF_OpDefinitionBuilder *, void (*)(TF_ShapeInferenceContext *, TF_Status *));
void TF_ShapeInferenceContextSetUnknownShape(TF_ShapeInferenceContext *, TF_Status *);
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder *, TF_Status *);
TF_KernelBuilder *TF_NewKernelBuilder(const char *, const char *, void *, void (*)(void *, TF_OpKernelContext *), void *);
void TF_RegisterKernelBuilder(const char *, TF_KernelBuilder *, TF_Status *);
void TF_GetInput(TF_OpKernelContext *, int, TF_Tensor **, TF_Status *);
TF_Tensor *TF_AllocateOutput(TF_OpKernelContext *, int, int, const int64_t *, int, size_t, TF_Status *);

static void compute(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  TF_Status *status = TF_NewStatus();
  TF_Tensor *input = NULL;
  TF_GetInput(context, 0, &input, status);
  int64_t dims[16];
  int rank = TF_NumDims(input);
  for (int i = 0; i < rank; i++) dims[i] = TF_Dim(input, i);
  size_t bytes = TF_TensorByteSize(input);
  TF_Tensor *output = TF_AllocateOutput(context, 0, TF_FLOAT, dims, rank, bytes, status);
  const float *from = TF_TensorData(input);
  float *to = TF_TensorData(output);
  for (size_t i = 0; i < bytes / sizeof(float); i++) to[i] = 3 * from[i];
  TF_DeleteTensor(input);
  TF_DeleteTensor(output);
  TF_DeleteStatus(status);
}

__attribute__((constructor)) static void add(void) {
  TF_Status *status = TF_NewStatus();
  TF_OpDefinitionBuilder *op = TF_NewOpDefinitionBuilder("TfRunnerTriple");
  TF_OpDefinitionBuilderAddInput(op, "x: float");
  TF_OpDefinitionBuilderAddOutput(op, "y: float");
  TF_OpDefinitionBuilderSetShapeInferenceFunction(op, TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(op, status);
  TF_KernelBuilder *kernel = TF_NewKernelBuilder("TfRunnerTriple", "CPU", NULL, compute, NULL);
  TF_RegisterKernelBuilder("TfRunnerTriple", kernel, status);
  TF_DeleteStatus(status);
}
