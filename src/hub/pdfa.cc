#include "hub/pdfa.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "base/file.h"

namespace luy::hub {
namespace {

// No macros at all, nothing fetched, no recovery of what another run left, no first-start wizard.
constexpr std::string_view profile = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/AutoSave"><prop oor:name="Enabled" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments"><prop oor:name="AutoCheckEnabled" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
)xml";

// 60 s of CPU, files of 64 MiB, 6 GiB of address space; without the network where user namespaces are allowed.
constexpr const char* bounds =
    "ulimit -t 60; ulimit -f 131072; ulimit -v 6291456; ulimit -c 0; "
    "if unshare -rn true 2>/dev/null; then exec unshare -rn -- \"$@\"; else exec \"$@\"; fi";
constexpr const char* filter =
    "pdf:writer_pdf_Export:{\"SelectPdfVersion\":{\"type\":\"long\",\"value\":\"2\"},"
    "\"UseTaggedPDF\":{\"type\":\"boolean\",\"value\":\"true\"}}";

class Folder {
 public:
  static Result<std::unique_ptr<Folder>> make(const std::filesystem::path& parent) {
    std::string name = (parent / "luy-pdfa-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return file_error(name, errno);
    return std::make_unique<Folder>(name);
  }
  explicit Folder(std::string name) : path(std::move(name)) {}
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path path;
};

// The whole group ends with it: LibreOffice starts programs of its own.
struct Group {
  pid_t pid = -1;
  ~Group() { end(); }
  void end() {
    if (pid <= 0) return;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    pid = -1;
  }
};

Result<void> run(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
  std::vector<char*> arguments, variables;
  for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  for (const std::string& one : environment) variables.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  variables.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
  }
  // The hub's own sockets and files are not all marked to close: nothing of them is LibreOffice's to read.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  Group group;
  const int error =
      ::posix_spawn(&group.pid, arguments.front(), &actions, &attributes, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    group.pid = -1;
    return Error(pdfa_failed, std::strerror(error));
  }
  const UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, group.pid, 0)));
  if (!ended) return Error(pdfa_failed, std::strerror(errno));
  const auto deadline = std::chrono::steady_clock::now() + pdfa_time_max;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Error(pdfa_failed, std::to_string(pdfa_time_max.count()) + " s");
    pollfd watched{ended.get(), POLLIN, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return Error(pdfa_failed, std::strerror(errno));
    if (ready > 0) break;
  }
  int status = 0;
  const pid_t first = group.pid;
  if (::waitpid(first, &status, 0) != first) return Error(pdfa_failed, std::strerror(errno));
  ::kill(-first, SIGKILL);
  group.pid = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Error(pdfa_failed, WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                                : "exit " + std::to_string(WEXITSTATUS(status)));
}

}  // namespace

std::vector<std::filesystem::path> soffice_programs() {
  return {"/usr/bin/soffice", "/usr/local/bin/soffice", "/usr/lib/libreoffice/program/soffice",
          "/opt/libreoffice/program/soffice"};
}

Result<std::string> PdfaDesk::convert(std::string_view docx) {
  std::optional<std::filesystem::path> program;
  std::error_code error;
  for (const std::filesystem::path& one : programs_) {
    if (!program && std::filesystem::exists(one, error)) program = one;
  }
  if (!program) return Error(pdfa_unavailable, "soffice");
  const std::unique_lock lock(converting_, pdfa_wait_max);
  if (!lock.owns_lock()) return Error(pdfa_busy, "LibreOffice");
  LUY_TRY(const std::unique_ptr<Folder> folder, Folder::make(temporary_));
  const std::filesystem::path user = folder->path / "profile" / "user";
  std::filesystem::create_directories(user, error);
  if (error) return file_error(user.string(), error.value());
  LUY_TRY_VOID(write_file_durably(user / "registrymodifications.xcu", profile));
  LUY_TRY_VOID(write_file_durably(folder->path / "paper.docx", docx));
  const std::string home = folder->path.string();
  LUY_TRY_VOID(run({"/bin/sh", "-c", bounds, "sh", program->string(),
                    "-env:UserInstallation=file://" + (folder->path / "profile").string(), "--headless", "--norestore",
                    "--nolockcheck", "--nodefault", "--convert-to", filter, "--outdir", home, home + "/paper.docx"},
                   {"HOME=" + home, "TMPDIR=" + home, "PATH=/usr/bin:/bin", "LANG=C.UTF-8"}));
  auto pdf = read_file(folder->path / "paper.pdf", pdfa_bytes_max);
  if (!pdf) return Error(pdfa_failed, pdf.error().detail());
  if (!pdf->starts_with("%PDF-")) return Error(pdfa_failed, "PDF");
  return pdf;
}

}  // namespace luy::hub
