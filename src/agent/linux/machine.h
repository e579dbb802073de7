// The machine as collectors see it: files below a root (so that tests can show them a made-up machine) and the few
// things that only the kernel can say.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fact/fact.h"

namespace luy::agent {

struct Space {
  std::int64_t size_bytes = 0;
  std::int64_t free_bytes = 0;
};

struct InterfaceAddress {
  std::string interface;
  std::string address;  // "192.0.2.2/24"
};

struct RunLimits {
  Duration time = std::chrono::seconds(60);
  std::size_t output_bytes = 4 << 20;
  int niceness = 19;  // Of the program; only an agent with the right to raise priorities can go below its own.
};

// Thread-safe. LinuxKernel asks the running system; tests answer what they like.
class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual std::string release() = 0;       // "6.1.0-28-amd64"
  virtual std::string architecture() = 0;  // "x86_64"
  virtual std::string hostname() = 0;
  virtual std::optional<Space> space(const std::string& path) = 0;
  virtual std::vector<InterfaceAddress> addresses() = 0;
  virtual bool clock_synchronised() = 0;
  // The network a wireless interface is connected to.
  virtual std::optional<std::string> ssid(const std::string& interface) = 0;
  // Runs a program at a low priority, without a shell, with an empty environment but PATH and LC_ALL=C, and
  // returns what it wrote to standard output. Errors: collector_failed (not found, ended with an error, over a limit).
  virtual Result<std::string> run(const std::vector<std::string>& arguments, const RunLimits& limits) = 0;
};

inline constexpr std::size_t machine_file_bytes_max = 16 << 20;

struct Machine {
  std::filesystem::path root = "/";
  Kernel& kernel;
  const Clock& clock;
  std::string secret;       // 32 random bytes of this device: keys the fingerprints of secrets seen (wifi keys).
  std::string apt_program;  // Path of luy-agent-apt.
  std::string databases{};  // ClamAV's folder of databases; empty: where clamd.conf says.
  std::string clamd{};      // Path of clamd's socket; empty: where clamd.conf says.
  // Adds what the agent itself does for the machine: its scans, its quarantine. May be empty.
  std::function<void(fact::Antivirus&)> add_own{};
  std::vector<std::string> own_signs{};  // Files and folders that change when that does.
  std::string check_program{};           // Path of luy-agent-check.
  // How the gates of software stand. May be empty, or answer nothing: no policy says anything of software.
  std::function<std::optional<fact::SoftwareGate>()> software_gate{};
  std::function<std::optional<fact::Removable>()> removable{};
  std::vector<std::string> gate_signs{};  // Files that change when that does.
  // How the agent's own backups stand; empty: it makes none.
  std::function<fact::Backup()> backups{};
  std::string backups_sign{};  // A file that changes when that does.

  std::string path(std::string_view name) const { return (root / name).string(); }
  // The whole file; empty when it is not there or may not be read.
  std::string text(std::string_view name) const;
  // The same without blanks at both ends.
  std::string word(std::string_view name) const;
  Result<std::string> read(std::string_view name) const;
  // The whole file; nullopt when it is not there. What is no ordinary file reads as empty and is not waited for.
  // Errors: it is there, or may be, but cannot be read: then what it says is not known.
  Result<std::optional<std::string>> look(std::string_view name) const;
  // Of a file of records of one length: the record with that number, empty when it ends before; or the newest whole
  // ones. Errors and nullopt as look().
  Result<std::optional<std::string>> record(std::string_view name, std::size_t record_bytes, std::int64_t number) const;
  Result<std::optional<std::string>> newest_records(std::string_view name, std::size_t record_bytes) const;
  bool exists(std::string_view name) const;
  // Names in a folder, sorted; empty when it is not there or may not be read.
  std::vector<std::string> list(std::string_view folder) const;
  // The same; errors as look().
  Result<std::vector<std::string>> folder(std::string_view name) const;
  // Where a symbolic link points; empty when it is none.
  std::string link(std::string_view name) const;
};

// Running programs: process id -> name (/proc/PID/comm, at most 15 characters).
std::map<int, std::string> processes(const Machine& machine);
bool is_running(const Machine& machine, std::initializer_list<std::string_view> names);

}  // namespace luy::agent
