// The gate before packages: what apt or dpkg is about to install, against the list of what is approved. The decision is
// pure; what it must know of packages is handed in. Everything that cannot be known lets the packages through: a gate
// that is broken must not keep a machine from its security updates.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "device_policy/software.h"
#include "device_policy/software_list.h"

namespace luy::agent {

inline constexpr ErrorKind gate_unusable{
    "agent.gate_unusable", ErrorClass::unavailable,
    "Danh mục phần mềm được phép trên máy không đọc được ({}), nên lần này mọi gói đều được cài.",
    "The machine's list of approved software cannot be read ({}), so every package is let through this time."};
inline constexpr ErrorKind transaction_malformed{"agent.transaction_malformed", ErrorClass::invalid,
                                                 "Không hiểu yêu cầu của trình quản lý gói: {}.",
                                                 "What the package manager asks is not understood: {}."};

// What the agent leaves for the gate, a file: docs/format/software-list.md.
struct GateFile {
  device_policy::InstallGate mode = device_policy::InstallGate::off;
  std::string contact;  // Whom to ask; one line, may be empty.
  std::vector<device_policy::ListedProduct> products;
  bool operator==(const GateFile&) const = default;
};
std::string to_text(const GateFile& file, std::string_view content);
// Errors: gate_unusable.
Result<GateFile> read_gate_file(std::string_view text);

// One package of what is about to be done.
struct PackageChange {
  std::string name;
  std::string old_version;  // Empty: it is not installed.
  std::string new_version;
  bool older = false;  // The new version is below the installed one.
  std::string file;    // The package's file.
};

struct Transaction {
  std::string archives;                // Folder into which apt fetches from its sources; with a slash at its end.
  std::vector<PackageChange> changes;  // What is unpacked; nothing that is removed or only configured.
};
// What apt writes to a hook that speaks version 3 (apt.conf(5), DPkg::Pre-Install-Pkgs). Errors: transaction_malformed.
Result<Transaction> read_apt_transaction(std::string_view text);

// From a package's control file (deb-control(5)).
struct PackageControl {
  std::string name;
  std::string version;
  std::vector<std::string> needs;     // Names in Pre-Depends, Depends and Recommends, alternatives too.
  std::vector<std::string> provides;  // Names.
};
PackageControl read_control(std::string_view text);

enum class PassedAs : std::uint8_t {
  refused,
  approved,
  update,      // Of what is installed, from the sources of the machine.
  dependency,  // Of one of the others, from the sources of the machine.
};
struct Judged {
  const PackageChange* change = nullptr;
  PassedAs as = PassedAs::refused;
};
// In the order of the transaction, which must outlive the answer. `control` is asked only where dependencies matter;
// nullopt: unknown.
std::vector<Judged> judge(const Transaction& transaction, const GateFile& gate, Time now,
                          const std::function<std::optional<PackageControl>(const std::string& file)>& control);

// What a person at a terminal is told; several lines, each with its end.
std::string refusal_text(const std::vector<Judged>& judged, const std::string& contact);

// A line for the agent of what the gate met: docs/format/software-list.md.
struct MetLine {
  std::string act;  // "install", "execute"; "open": the gate could not work, and `name` says why.
  std::string name;
  std::string version;
  std::string sha256;
  std::string user;
  bool refused = false;
  Time at;
  bool operator==(const MetLine&) const = default;
};
std::string to_line(const MetLine& met);
std::optional<MetLine> read_met_line(std::string_view line);

}  // namespace luy::agent
