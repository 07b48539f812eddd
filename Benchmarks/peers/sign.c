/* libsecp256k1 alone: sign DIGESTS. One recoverable RFC 6979 signature per 32-byte digest of the file, one core.
 * The key is almoner-bench's; the checksum (FNV-1a over r, s and the recovery id) shows that the signatures are the same. */
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 64;
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file), count = size / 32;
  rewind(file);
  unsigned char *digests = malloc(size), *out = malloc(count * 65), key[32];
  if (!digests || !out || fread(digests, 1, size, file) != size) return 1;
  memset(key, 0x46, sizeof key);
  secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
  for (size_t i = 0; i < count; i++) {
    secp256k1_ecdsa_recoverable_signature signature;
    int recovery;
    if (!secp256k1_ecdsa_sign_recoverable(context, &signature, digests + 32 * i, key, NULL, NULL)) return 1;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context, out + 65 * i, &recovery, &signature);
    out[65 * i + 64] = (unsigned char)recovery;
  }
  wall = now(CLOCK_MONOTONIC) - wall;
  cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  uint64_t sum = 0xcbf29ce484222325u;
  for (size_t i = 0; i < count * 65; i++) sum = (sum ^ out[i]) * 0x100000001b3u;
  printf("result count=%zu seconds=%.4f cpu=%.4f per_second=%.1f signatures=%016llx\n", count, wall, cpu, count / wall,
         (unsigned long long)sum);
  secp256k1_context_destroy(context);
  return 0;
}
