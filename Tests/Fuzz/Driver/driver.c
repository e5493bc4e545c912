/* libFuzzer's entry points over the targets, which are in Swift. DMS_FUZZ_TARGET names the one to run. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int dms_fuzz_choose(const char *name);
void dms_fuzz_list(void);
void dms_fuzz_run(const uint8_t *bytes, size_t count);
size_t dms_fuzz_mutate(uint8_t *bytes, size_t count, size_t room, uint32_t seed);

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t count, size_t room);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  const char *name = getenv("DMS_FUZZ_TARGET");
  if (name == NULL || dms_fuzz_choose(name) == 0) {
    fprintf(stderr, "DMS_FUZZ_TARGET names none of these:\n");
    dms_fuzz_list();
    fflush(stdout);
    _Exit(2);
  }
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  dms_fuzz_run(bytes, count);
  return 0;
}

/* Half of the changes are the target's own, half are libFuzzer's, which learns from comparisons. */
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count, size_t room, unsigned int seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(bytes, count, room);
  return dms_fuzz_mutate(bytes, count, room, seed / 2);
}
