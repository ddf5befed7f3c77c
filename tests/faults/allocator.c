/* SPDX-License-Identifier: MIT */
#include "allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdlib.h>

/* The real allocation functions of the C library. */
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* memory, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void* memory);

static atomic_long asked;
static atomic_long live; /* allocations that were not freed */
static atomic_long first_refused = -1;
static atomic_long last_refused = -1;

static _Thread_local int in_name_service;

static int refused(void) {
  if (in_name_service) return 0;
  const long number = atomic_fetch_add(&asked, 1);
  return number >= atomic_load(&first_refused) && number <= atomic_load(&last_refused);
}

static void* counted(void* memory) {
  if (memory != NULL) atomic_fetch_add(&live, 1);
  if (memory == NULL) errno = ENOMEM;
  return memory;
}

void* malloc(size_t size) { return counted(refused() ? NULL : __libc_malloc(size)); }
void* calloc(size_t count, size_t size) { return counted(refused() ? NULL : __libc_calloc(count, size)); }
void* memalign(size_t alignment, size_t size) {
  return counted(refused() ? NULL : __libc_memalign(alignment, size));
}
void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void** memory, size_t alignment, size_t size) {
  void* found = memalign(alignment, size);
  if (found != NULL) *memory = found;
  return found != NULL ? 0 : ENOMEM;
}

void* realloc(void* memory, size_t size) {
  if (memory == NULL) return malloc(size);
  if (size != 0) return refused() ? NULL : __libc_realloc(memory, size);
  free(memory);
  return NULL;
}

void free(void* memory) {
  if (memory != NULL) atomic_fetch_sub(&live, 1);
  __libc_free(memory);
}

static int (*real_getaddrinfo)(const char*, const char*, const struct addrinfo*, struct addrinfo**);
static int (*real_getpwuid_r)(uid_t, struct passwd*, char*, size_t, struct passwd**);
static atomic_int resolver_refuses;

int getaddrinfo(const char* restrict host, const char* restrict service,
                const struct addrinfo* restrict hints, struct addrinfo** restrict found) {
  if (atomic_exchange(&resolver_refuses, 0)) return EAI_MEMORY;
  in_name_service = 1;
  const int result = real_getaddrinfo(host, service, hints, found);
  in_name_service = 0;
  return result;
}

int getpwuid_r(uid_t user, struct passwd* restrict entry, char* restrict room, size_t size,
               struct passwd** restrict found) {
  in_name_service = 1;
  const int result = real_getpwuid_r(user, entry, room, size, found);
  in_name_service = 0;
  return result;
}

void begin_refusing(long first, long last) {
  atomic_store(&asked, 0);
  atomic_store(&last_refused, last);
  atomic_store(&first_refused, first);
}

int end_refusing(void) {
  const long first = atomic_exchange(&first_refused, -1);
  atomic_store(&last_refused, -1);
  return atomic_load(&asked) > first;
}

long live_allocations(void) { return atomic_load(&live); }

void refuse_look_up(void) { atomic_store(&resolver_refuses, 1); }

int look_up_is_to_be_refused(void) { return atomic_load(&resolver_refuses); }

void prepare_allocator(void) {
  *(void**)&real_getaddrinfo = dlsym(RTLD_NEXT, "getaddrinfo");
  *(void**)&real_getpwuid_r = dlsym(RTLD_NEXT, "getpwuid_r");
}
