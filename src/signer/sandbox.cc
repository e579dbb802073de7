#include "signer/sandbox.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "base/file.h"

namespace luy::signer {
namespace {

#if defined(__x86_64__)
constexpr unsigned native_audit = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned native_audit = AUDIT_ARCH_AARCH64;
#else
#error "the signer's sandbox knows x86-64 and AArch64"
#endif

constexpr unsigned allowed[] = {
    // Its folder.
    SYS_openat,
    SYS_close,
    SYS_read,
    SYS_write,
    SYS_writev,
    SYS_pwrite64,
    SYS_lseek,
    SYS_fstat,
    SYS_newfstatat,
    SYS_fchmod,
    SYS_fsync,
    SYS_fcntl,
    SYS_mkdirat,
    SYS_renameat2,
    SYS_unlinkat,
#if defined(SYS_rename)
    SYS_mkdir,
    SYS_rename,
    SYS_unlink,
    SYS_poll,
#endif
    // Its socket.
    SYS_sendto,
    SYS_recvfrom,
    SYS_ppoll,
    // Memory, time, ending.
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
    SYS_exit,
    SYS_exit_group,
#if defined(__SANITIZE_ADDRESS__)
    // The sanitizers of test builds try addresses through a pipe.
    SYS_pipe2,
#if defined(SYS_pipe)
    SYS_pipe,
#endif
#endif
};

constexpr rlim_t files_max = 16;
constexpr rlim_t file_bytes_max = 4 << 20;
#if !defined(__SANITIZE_ADDRESS__)
constexpr rlim_t memory_bytes_max = 256 << 20;
#endif

bool limit(__rlimit_resource what, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(what, &both) == 0;
}

// True also where the kernel has no Landlock: seccomp, the unit and file modes are what is left then.
bool keep_to_folder(const std::filesystem::path& folder) {
  landlock_ruleset_attr rules{};
  rules.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;  // All of the first version.
  const UniqueFd set(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0)));
  if (!set) return true;
  const UniqueFd place(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place) return false;
  landlock_path_beneath_attr beneath{};
  beneath.parent_fd = place.get();
  beneath.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE |
                           LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
  return ::syscall(SYS_landlock_add_rule, set.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0 &&
         ::syscall(SYS_landlock_restrict_self, set.get(), 0) == 0;
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

bool enter_sandbox(const std::filesystem::path& folder) {
  bool good = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
  good = good && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, file_bytes_max) && limit(RLIMIT_NOFILE, files_max);
#if !defined(__SANITIZE_ADDRESS__)
  good = good && limit(RLIMIT_AS, memory_bytes_max);  // The sanitizer's own map is terabytes.
#endif
  return good && keep_to_folder(folder) && filter_system_calls();
}

}  // namespace luy::signer
