/* The least that a call of TensorFlow can cost: a loop over TF_SessionRun with everything else done before.
 * session_run_loop MODEL FEED FETCH INPUT DIMENSION... : FEED and FETCH read OP:INDEX, INPUT holds float32 values.
 * Reads "call N" and answers with the time of every call in microseconds, as JSON; "outputs" with the output's values.
 * Declares what it uses of TensorFlow's C API, so that it builds without TensorFlow's headers. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct TF_Status TF_Status;
typedef struct TF_Graph TF_Graph;
typedef struct TF_Session TF_Session;
typedef struct TF_SessionOptions TF_SessionOptions;
typedef struct TF_Operation TF_Operation;
typedef struct TF_Tensor TF_Tensor;
typedef struct { TF_Operation *oper; int index; } TF_Output;
enum { TF_FLOAT = 1 };

TF_Status *TF_NewStatus(void);
int TF_GetCode(const TF_Status *);
const char *TF_Message(const TF_Status *);
TF_Graph *TF_NewGraph(void);
TF_SessionOptions *TF_NewSessionOptions(void);
void TF_SetConfig(TF_SessionOptions *, const void *proto, size_t, TF_Status *);
TF_Session *TF_LoadSessionFromSavedModel(const TF_SessionOptions *, const void *run_options, const char *directory,
                                         const char *const *tags, int, TF_Graph *, void *meta_graph, TF_Status *);
TF_Operation *TF_GraphOperationByName(TF_Graph *, const char *);
TF_Tensor *TF_AllocateTensor(int dtype, const int64_t *dimensions, int, size_t);
void *TF_TensorData(const TF_Tensor *);
size_t TF_TensorByteSize(const TF_Tensor *);
void TF_DeleteTensor(TF_Tensor *);
void TF_SessionRun(TF_Session *, const void *run_options, const TF_Output *, TF_Tensor *const *, int, const TF_Output *,
                   TF_Tensor **, int, const TF_Operation *const *targets, int, void *metadata, TF_Status *);

static TF_Status *status;

static void check(int fine, const char *what) {
  if (fine && TF_GetCode(status) == 0) return;
  fprintf(stderr, "error: %s: %s\n", what, TF_Message(status));
  exit(1);
}

static TF_Output find(TF_Graph *graph, char *name) {
  char *colon = strrchr(name, ':');
  check(colon != NULL, name);
  *colon = 0;
  TF_Output output = {TF_GraphOperationByName(graph, name), atoi(colon + 1)};
  check(output.oper != NULL, name);
  return output;
}

static double now_micros(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
  status = TF_NewStatus();
  check(argc > 4, "usage: session_run_loop MODEL FEED FETCH INPUT DIMENSION...");

  TF_Graph *graph = TF_NewGraph();
  TF_SessionOptions *options = TF_NewSessionOptions();
  const unsigned char one_intra_op_thread[] = {0x10, 0x01}; /* ConfigProto.intra_op_parallelism_threads = 1 */
  TF_SetConfig(options, one_intra_op_thread, sizeof one_intra_op_thread, status);
  const char *tags[] = {"serve"};
  TF_Session *session = TF_LoadSessionFromSavedModel(options, NULL, argv[1], tags, 1, graph, NULL, status);
  check(1, argv[1]);
  TF_Output feed = find(graph, argv[2]), fetch = find(graph, argv[3]);

  int64_t dimensions[8];
  size_t bytes = sizeof(float);
  int rank = argc - 5;
  check(rank <= 8, "too many dimensions");
  for (int i = 0; i < rank; i++) bytes *= dimensions[i] = atoll(argv[5 + i]);
  TF_Tensor *input = TF_AllocateTensor(TF_FLOAT, dimensions, rank, bytes), *output = NULL;
  FILE *file = fopen(argv[4], "rb");
  check(file && fread(TF_TensorData(input), 1, bytes, file) == bytes, argv[4]);

  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    int count = 1;
    int timed = sscanf(line, "call %d", &count) == 1;
    double *micros = malloc(count * sizeof *micros);
    float *values = NULL;
    size_t length = 0;
    for (int i = 0; i < count; i++) {
      double before = now_micros();
      TF_SessionRun(session, NULL, &feed, &input, 1, &fetch, &output, 1, NULL, 0, NULL, status);
      check(1, "TF_SessionRun");
      if (!timed) {
        length = TF_TensorByteSize(output);
        values = malloc(length);
        memcpy(values, TF_TensorData(output), length);
      }
      TF_DeleteTensor(output);
      micros[i] = now_micros() - before;
    }
    size_t shown = timed ? (size_t)count : length / sizeof *values;
    for (size_t i = 0; i < shown; i++) printf("%c%.9g", i ? ',' : '[', timed ? micros[i] : values[i]);
    puts(shown ? "]" : "[]");
    fflush(stdout);
    free(micros);
    free(values);
  }
  return 0;
}
