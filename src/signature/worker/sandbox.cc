#include "signature/worker/sandbox.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "signature/worker.h"

namespace luy::signature {
namespace {

#if defined(__x86_64__)
constexpr unsigned native_audit = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned native_audit = AUDIT_ARCH_AARCH64;
#else
#error "the worker's sandbox knows x86-64 and AArch64"
#endif

constexpr unsigned allowed[] = {
    SYS_read,
    SYS_write,
    SYS_close,
    SYS_exit,
    SYS_exit_group,
    SYS_brk,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_mprotect,
    SYS_madvise,
    SYS_futex,
    SYS_clock_gettime,
    SYS_getrandom,
    SYS_rt_sigreturn,
    SYS_rt_sigprocmask,
    SYS_rt_sigaction,
    SYS_sigaltstack,
    SYS_sched_yield,
    SYS_getpid,
    SYS_gettid,
    SYS_lseek,
#if defined(__SANITIZE_ADDRESS__)
    // The sanitizers of test builds try addresses through a pipe.
    SYS_pipe2,
#if defined(SYS_pipe)
    SYS_pipe,
#endif
#endif
};

#if defined(__SANITIZE_ADDRESS__)
constexpr rlim_t files_max = 5;
#else
constexpr rlim_t files_max = 3;  // Those it has.
#endif

bool limit(__rlimit_resource what, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(what, &both) == 0;
}

bool filter_system_calls() {
  std::vector<sock_filter> code = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, native_audit, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const unsigned call : allowed) {
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  // Refused, not killed: the C library asks for things it can do without.
  code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

bool enter_sandbox() {
  bool good = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  good = good && limit(RLIMIT_CPU, static_cast<rlim_t>(worker_time_max.count())) && limit(RLIMIT_CORE, 0) &&
         limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, files_max);
#if !defined(__SANITIZE_ADDRESS__)
  good = good && limit(RLIMIT_AS, worker_memory_bytes);  // The sanitizer's own map is terabytes.
#endif
  return good && filter_system_calls();
}

}  // namespace luy::signature
