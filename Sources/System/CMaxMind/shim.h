#pragma once
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/// The union of the library holds a 128-bit number, which Swift does not read.
typedef struct {
  int error;
  int has_data;
  uint32_t type;
  uint64_t number;
  const char *text;
  uint32_t size;
} cmaxmind_value;

/// NULL on failure, with the library's reason.
static inline MMDB_s *cmaxmind_open(const char *path, int *error) {
  MMDB_s *database = calloc(1, sizeof(MMDB_s));
  if (!database) {
    *error = MMDB_OUT_OF_MEMORY_ERROR;
    return NULL;
  }
  *error = MMDB_open(path, MMDB_MODE_MMAP, database);
  if (*error == MMDB_SUCCESS) return database;
  free(database);
  return NULL;
}

static inline void cmaxmind_close(MMDB_s *database) {
  MMDB_close(database);
  free(database);
}

/// The value at one or two keys of the entry of an address: 16 bytes, or the last four of them.
static inline cmaxmind_value cmaxmind_find(const MMDB_s *database, const uint8_t *address, int is_version_4,
                                           const char *first, const char *second) {
  cmaxmind_value value = {0};
  struct sockaddr_storage place;
  memset(&place, 0, sizeof place);
  if (is_version_4) {
    struct sockaddr_in *in = (struct sockaddr_in *)&place;
    in->sin_family = AF_INET;
    memcpy(&in->sin_addr, address + 12, 4);
  } else {
    struct sockaddr_in6 *in = (struct sockaddr_in6 *)&place;
    in->sin6_family = AF_INET6;
    memcpy(&in->sin6_addr, address, 16);
  }
  MMDB_lookup_result_s found = MMDB_lookup_sockaddr(database, (struct sockaddr *)&place, &value.error);
  if (value.error != MMDB_SUCCESS || !found.found_entry) return value;
  MMDB_entry_data_s data;
  const char *path[] = {first, second, NULL};
  int status = MMDB_aget_value(&found.entry, &data, path);
  // The entry is there and has no such key: no error, and no data.
  if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR) return value;
  if (status != MMDB_SUCCESS) {
    value.error = status;
    return value;
  }
  if (!data.has_data) return value;
  value.has_data = 1;
  value.type = data.type;
  value.size = data.data_size;
  switch (data.type) {
    case MMDB_DATA_TYPE_UTF8_STRING: value.text = data.utf8_string; break;
    case MMDB_DATA_TYPE_UINT16: value.number = data.uint16; break;
    case MMDB_DATA_TYPE_UINT32: value.number = data.uint32; break;
    case MMDB_DATA_TYPE_UINT64: value.number = data.uint64; break;
    default: break;
  }
  return value;
}

/// memfd_create with MFD_CLOEXEC, which headers declare for GNU sources only.
static inline int cmaxmind_memory_file(void) { return (int)syscall(SYS_memfd_create, "mmdb", 1u); }
