// For tests: a copy of a fixture tree as the root of a machine, and a kernel that answers what the test likes.
#pragma once

#include <map>

#include "agent/linux/machine.h"
#include "agent/linux/temporary_folder.h"
#include "base/source_dir.h"

namespace luy::agent {

class FakeKernel final : public Kernel {
 public:
  std::string release() override { return "6.1.0-28-amd64"; }
  std::string architecture() override { return "x86_64"; }
  std::string hostname() override { return "pc-017"; }
  std::optional<Space> space(const std::string& path) override {
    asked_space.push_back(path);
    return Space{1'000'000, 400'000};
  }
  std::vector<InterfaceAddress> addresses() override { return interface_addresses; }
  bool clock_synchronised() override { return synchronised; }
  std::optional<std::string> ssid(const std::string& interface) override {
    const auto found = ssids.find(interface);
    return found == ssids.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::string> run(const std::vector<std::string>& arguments, const RunLimits&) override {
    ran.push_back(arguments);
    const auto found = outputs.find(std::filesystem::path(arguments[0]).filename());
    if (found == outputs.end()) return Error(file_not_found_, arguments[0]);
    return found->second;
  }

  std::vector<std::string> asked_space;
  std::vector<InterfaceAddress> interface_addresses;
  bool synchronised = true;
  std::map<std::string, std::string> ssids;
  std::map<std::string, std::string> outputs;  // By the program's name.
  std::vector<std::vector<std::string>> ran;

 private:
  static constexpr ErrorKind file_not_found_{"test.not_found", ErrorClass::not_found, "Không có {}.", "No {}."};
};

class FakeMachine {
 public:
  // `fixture` is a folder of src/agent/linux/testdata; empty for a machine with nothing on it.
  explicit FakeMachine(const std::string& fixture = {}) {
    if (!fixture.empty()) {
      std::filesystem::copy(source_dir() + "/src/agent/linux/testdata/" + fixture, folder.path(),
                            std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
    }
  }

  void link(const std::string& target, const std::string& name) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    std::filesystem::create_symlink(target, folder.path() / name);
  }

  TemporaryFolder folder;
  FakeKernel kernel;
  FakeClock clock{*from_rfc3339("2026-11-22T03:00:00Z")};
  Machine machine{folder.path(), kernel, clock, std::string(32, 's'), "/usr/lib/luy/luy-agent-apt"};
};

}  // namespace luy::agent
