// Preloaded into a command (LD_PRELOAD): makes calls of the file system below one folder fail, as a full, broken or
// read-only disk does, or kills the process at one.
//
// FAULT_ROOT    the folder, absolute
// FAULT_CALLS   write (what needs room: written bytes, new entries), sync (fsync, fdatasync), change (all that changes the
//               disk) or any (all of these)
// FAULT_ERRNO   the error's number; 0 kills the process
// FAULT_FIRST   the call, from 1, that fails; 0 or absent: none
// FAULT_LAST    the last call that fails; absent: the first
// FAULT_COUNTS  a file that is told, when the process ends, how many such calls there were
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, REMOVE = 4 };

static const char *root;
static size_t root_length;
static int kinds;
static int error_number;
static long first, last;
static atomic_long calls;

static long number_of(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text ? atol(text) : otherwise;
}

__attribute__((constructor)) static void begin(void) {
  root = getenv("FAULT_ROOT");
  root_length = root ? strlen(root) : 0;
  const char *which = getenv("FAULT_CALLS");
  if (!which) which = "any";
  kinds = !strcmp(which, "write")    ? WRITE
          : !strcmp(which, "sync")   ? SYNC
          : !strcmp(which, "change") ? WRITE | REMOVE
                                     : WRITE | SYNC | REMOVE;
  error_number = (int)number_of("FAULT_ERRNO", 0);
  first = number_of("FAULT_FIRST", 0);
  last = number_of("FAULT_LAST", first);
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("FAULT_COUNTS");
  if (!path) return;
  char text[32];
  int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls));
  int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (descriptor >= 0) syscall(SYS_write, descriptor, text, length);
}

static int is_below_root(const char *path) {
  return root && path && !strncmp(path, root, root_length) && (path[root_length] == '/' || path[root_length] == 0);
}

static int is_open_below_root(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below_root(path);
}

// Counts a call below the folder. Returns whether it is to fail, with errno set.
static int fails(int kind) {
  if (!(kinds & kind)) return 0;
  long call = atomic_fetch_add(&calls, 1) + 1;
  if (first == 0 || call < first || call > last) return 0;
  if (error_number == 0) {
    raise(SIGKILL);
    pause();
  }
  errno = error_number;
  return 1;
}

#define ORIGINAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define ON_DESCRIPTOR(type, name, kind, parameters, ...)                                                               \
  type name parameters {                                                                                               \
    static __typeof__(&name) original;                                                                                 \
    if (!original) original = ORIGINAL(name);                                                                          \
    if (is_open_below_root(descriptor) && fails(kind)) return -1;                                                      \
    return original(__VA_ARGS__);                                                                                      \
  }

#define ON_PATH(type, name, kind, parameters, ...)                                                                     \
  type name parameters {                                                                                               \
    static __typeof__(&name) original;                                                                                 \
    if (!original) original = ORIGINAL(name);                                                                          \
    if (is_below_root(path) && fails(kind)) return -1;                                                                 \
    return original(__VA_ARGS__);                                                                                      \
  }

ON_DESCRIPTOR(ssize_t, write, WRITE, (int descriptor, const void *bytes, size_t size), descriptor, bytes, size)
ON_DESCRIPTOR(ssize_t, pwrite, WRITE, (int descriptor, const void *bytes, size_t size, off_t at), descriptor, bytes, size, at)
ON_DESCRIPTOR(ssize_t, pwrite64, WRITE, (int descriptor, const void *bytes, size_t size, off64_t at), descriptor, bytes, size, at)
ON_DESCRIPTOR(ssize_t, writev, WRITE, (int descriptor, const struct iovec *parts, int count), descriptor, parts, count)
ON_DESCRIPTOR(ssize_t, pwritev, WRITE, (int descriptor, const struct iovec *parts, int count, off_t at), descriptor, parts, count, at)
ON_DESCRIPTOR(ssize_t, pwritev64, WRITE, (int descriptor, const struct iovec *parts, int count, off64_t at), descriptor, parts, count, at)
ON_DESCRIPTOR(int, fsync, SYNC, (int descriptor), descriptor)
ON_DESCRIPTOR(int, fdatasync, SYNC, (int descriptor), descriptor)
ON_DESCRIPTOR(int, ftruncate, REMOVE, (int descriptor, off_t size), descriptor, size)
ON_DESCRIPTOR(int, ftruncate64, REMOVE, (int descriptor, off64_t size), descriptor, size)
ON_PATH(int, mkdir, WRITE, (const char *path, mode_t mode), path, mode)
ON_PATH(int, rename, WRITE, (const char *path, const char *to), path, to)
ON_PATH(int, link, WRITE, (const char *path, const char *to), path, to)
ON_PATH(int, unlink, REMOVE, (const char *path), path)
ON_PATH(int, rmdir, REMOVE, (const char *path), path)

// A new file needs room; opening one that is there to write changes the disk only where that is read-only.
static int open_fails(const char *path, int flags) {
  if ((flags & O_ACCMODE) == O_RDONLY || !is_below_root(path)) return 0;
  struct stat there;
  int is_new = (flags & O_CREAT) && stat(path, &there) != 0;
  return fails(is_new ? WRITE : REMOVE);
}

#define OPEN(name)                                                                                                     \
  int name(const char *path, int flags, ...) {                                                                         \
    static int (*original)(const char *, int, ...);                                                                    \
    if (!original) original = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name);                                \
    va_list more;                                                                                                      \
    va_start(more, flags);                                                                                             \
    mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0;                                                        \
    va_end(more);                                                                                                      \
    if (open_fails(path, flags)) return -1;                                                                            \
    return original(path, flags, mode);                                                                                \
  }

OPEN(open)
OPEN(open64)
