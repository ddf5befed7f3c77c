/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "shim.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define FUNCTION(name, ...) static const int errors_of_##name[] = {__VA_ARGS__, 0};
#include "shim_functions.inc"
#undef FUNCTION

#define FUNCTION(name, ...) {#name, errors_of_##name},
const struct shim_function shim_functions[] = {
#include "shim_functions.inc"
};
#undef FUNCTION
const int shim_function_count = sizeof shim_functions / sizeof *shim_functions;

#define FUNCTION(name, ...) number_of_##name,
enum {
#include "shim_functions.inc"
  number_of_functions
};
#undef FUNCTION

static atomic_long calls[number_of_functions];
static atomic_int armed_function = -1;
static atomic_long armed_call;
static atomic_int armed_error;
static atomic_int has_failed;

static uintptr_t code_begin;
static uintptr_t code_end;

static int note_code(struct dl_phdr_info* object, size_t size, void* unused) {
  (void)size;
  (void)unused;
  if (strstr(object->dlpi_name, "libportend.so") == NULL) return 0;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)* part = &object->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0) continue;
    code_begin = object->dlpi_addr + part->p_vaddr;
    code_end = code_begin + part->p_memsz;
  }
  return 1;
}

void shim_arm(int function, long call, int error) {
  if (code_end == 0) dl_iterate_phdr(note_code, NULL);
  for (int i = 0; i < number_of_functions; ++i) atomic_store(&calls[i], 0);
  atomic_store(&has_failed, 0);
  atomic_store(&armed_call, call);
  atomic_store(&armed_error, error);
  atomic_store(&armed_function, function);
}

int shim_disarm(void) {
  atomic_store(&armed_function, -1);
  return atomic_load(&has_failed);
}

long shim_calls(int function) { return atomic_load(&calls[function]); }

/* Returns the error of this call, cut_short, or 0. */
static int fault_of(int function, const void* caller) {
  const uintptr_t from = (uintptr_t)caller;
  if (from < code_begin || from >= code_end) return 0;
  const long call = atomic_fetch_add(&calls[function], 1);
  if (atomic_load(&armed_function) != function || call != atomic_load(&armed_call)) return 0;
  atomic_store(&has_failed, 1);
  return atomic_load(&armed_error);
}

/* The function that this one replaces. */
#define REAL(name)                                            \
  static __typeof__(&name) real;                              \
  if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name); \
  const int error = fault_of(number_of_##name, __builtin_return_address(0))

/* Functions that return -1 (or another value) and set errno. */
#define WRAP(result, name, parameters, arguments, failure) \
  result name parameters {                                 \
    REAL(name);                                            \
    if (error > 0) {                                       \
      errno = error;                                       \
      return failure;                                      \
    }                                                      \
    return real arguments;                                 \
  }

/* Functions that return the error itself. */
#define WRAP_CODE(name, parameters, arguments)  \
  int name parameters {                         \
    REAL(name);                                 \
    return error != 0 ? error : real arguments; \
  }

/* Functions that always do their work, but may report a failure. */
#define WRAP_DONE(name, parameters, arguments) \
  int name parameters {                        \
    REAL(name);                                \
    const int result = real arguments;         \
    if (error == 0) return result;             \
    errno = error;                             \
    return -1;                                 \
  }

/* Functions that may do a part of their work. */
#define WRAP_PART(name, parameters, arguments, shorten) \
  ssize_t name parameters {                             \
    REAL(name);                                         \
    if (error == cut_short) shorten;                    \
    if (error > 0) {                                    \
      errno = error;                                    \
      return -1;                                        \
    }                                                   \
    return real arguments;                              \
  }

WRAP(int, accept4, (int fd, struct sockaddr* address, socklen_t* size, int flags), (fd, address, size, flags),
     -1)
WRAP(int, bind, (int fd, const struct sockaddr* address, socklen_t size), (fd, address, size), -1)
WRAP(int, connect, (int fd, const struct sockaddr* address, socklen_t size), (fd, address, size), -1)
WRAP(int, dup2, (int from, int to), (from, to), -1)
WRAP(int, epoll_create1, (int flags), (flags), -1)
WRAP(int, epoll_ctl, (int poller, int operation, int fd, struct epoll_event* event),
     (poller, operation, fd, event), -1)
WRAP(int, eventfd, (unsigned value, int flags), (value, flags), -1)
WRAP(int, eventfd_read, (int fd, eventfd_t* value), (fd, value), -1)
WRAP(int, eventfd_write, (int fd, eventfd_t value), (fd, value), -1)
WRAP(int, getrlimit, (__rlimit_resource_t what, struct rlimit* limit), (what, limit), -1)
WRAP(int, getpeername, (int fd, struct sockaddr* address, socklen_t* size), (fd, address, size), -1)
WRAP(int, getsockname, (int fd, struct sockaddr* address, socklen_t* size), (fd, address, size), -1)
WRAP(int, getsockopt, (int fd, int level, int name, void* value, socklen_t* size),
     (fd, level, name, value, size), -1)
WRAP(int, setsockopt, (int fd, int level, int name, const void* value, socklen_t size),
     (fd, level, name, value, size), -1)
WRAP(char*, if_indextoname, (unsigned index, char name[IF_NAMESIZE]), (index, name), NULL)
WRAP(unsigned, if_nametoindex, (const char* name), (name), 0)
WRAP(int, listen, (int fd, int backlog), (fd, backlog), -1)
WRAP(DIR*, opendir, (const char* path), (path), NULL)
WRAP(struct dirent*, readdir, (DIR * directory), (directory), NULL)
WRAP(int, pipe, (int ends[2]), (ends), -1)
WRAP(ssize_t, readlinkat, (int fd, const char* path, char* target, size_t size), (fd, path, target, size), -1)
WRAP(int, setpgid, (pid_t process, pid_t group), (process, group), -1)
WRAP(int, shutdown, (int fd, int how), (fd, how), -1)
WRAP(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1)
WRAP(int, socketpair, (int domain, int type, int protocol, int ends[2]), (domain, type, protocol, ends), -1)
WRAP(int, stat, (const char* path, struct stat* about), (path, about), -1)
WRAP(int, fstat, (int fd, struct stat* about), (fd, about), -1)
WRAP(int, timerfd_create, (int clock, int flags), (clock, flags), -1)
WRAP(int, timerfd_settime, (int fd, int flags, const struct itimerspec* value, struct itimerspec* old),
     (fd, flags, value, old), -1)
WRAP(pid_t, waitpid, (pid_t process, int* status, int options), (process, status, options), -1)
WRAP(int, waitid, (idtype_t type, id_t id, siginfo_t* info, int options), (type, id, info, options), -1)

WRAP_CODE(getaddrinfo,
          (const char* host, const char* service, const struct addrinfo* hints, struct addrinfo** found),
          (host, service, hints, found))
WRAP_CODE(getpwuid_r, (uid_t user, struct passwd* entry, char* room, size_t size, struct passwd** found),
          (user, entry, room, size, found))
WRAP_CODE(pthread_create,
          (pthread_t * thread, const pthread_attr_t* attributes, void* (*work)(void*), void* argument),
          (thread, attributes, work, argument))
WRAP_CODE(pthread_key_create, (pthread_key_t * key, void (*end)(void*)), (key, end))
WRAP_CODE(pthread_setspecific, (pthread_key_t key, const void* value), (key, value))

WRAP_DONE(close, (int fd), (fd))
WRAP_DONE(closedir, (DIR * directory), (directory))

WRAP_PART(read, (int fd, void* room, size_t size), (fd, room, size), size = 1)
WRAP_PART(recv, (int fd, void* room, size_t size, int flags), (fd, room, size, flags), size = 1)
WRAP_PART(send, (int fd, const void* data, size_t size, int flags), (fd, data, size, flags), size = 1)
WRAP_PART(write, (int fd, const void* data, size_t size), (fd, data, size), size = 1)

int recvmmsg(int fd, struct mmsghdr* messages, unsigned count, int flags, struct timespec* timeout) {
  REAL(recvmmsg);
  if (error == cut_short) count = 1;
  if (error <= 0) return real(fd, messages, count, flags, timeout);
  errno = error;
  return -1;
}

/* Nothing is ready before the timeout. */
int poll(struct pollfd* fds, nfds_t count, int timeout) {
  REAL(poll);
  if (error == cut_short) return 0;
  if (error == 0) return real(fds, count, timeout);
  errno = error;
  return -1;
}

int epoll_wait(int poller, struct epoll_event* events, int room, int timeout) {
  REAL(epoll_wait);
  if (error == cut_short) return 0;
  if (error == 0) return real(poller, events, room, timeout);
  errno = error;
  return -1;
}

int fcntl(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  REAL(fcntl);
  if (error == 0) return real(fd, command, argument);
  errno = error;
  return -1;
}

int ioctl(int fd, unsigned long command, ...) {
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  REAL(ioctl);
  if (error == 0) return real(fd, command, argument);
  errno = error;
  return -1;
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(more, int) : 0;
  va_end(more);
  REAL(open);
  if (error == 0) return real(path, flags, mode);
  errno = error;
  return -1;
}

long syscall(long number, ...) {
  va_list more;
  long arguments[6];
  va_start(more, number);
  for (int i = 0; i < 6; ++i) arguments[i] = va_arg(more, long);
  va_end(more);
  REAL(syscall);
  if (error == 0)
    return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
  errno = error;
  return -1;
}
