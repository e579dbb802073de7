// The release of luy-agent that the hub wants on this machine, at the agent: asked for, its signature verified, fetched
// in pieces that a broken connection does not lose, handed to luy-agent-gate, which alone may install. Tells the hub
// what became of it. docs/format/release.md.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "agent/linux/update_files.h"
#include "agent/source.h"
#include "base/result.h"
#include "device_policy/release.h"

namespace luy::agent {

class ReleaseKeeper {
 public:
  static constexpr std::string_view position_key = "release/told";
  static constexpr Duration ask_period = std::chrono::minutes(1);
  // Fetched while nothing else is sent: batches and orders wait for no more than this.
  static constexpr std::int64_t round_bytes_max = 16 << 20;
  static constexpr std::int64_t spare_bytes = 64 << 20;  // Stays free on the disk beside the package.

  struct Setup {
    std::filesystem::path data;  // Of the agent.
    std::filesystem::path own;   // Of what installs: the pinned key is read there.
    const Clock& clock;
    std::string version;       // Of this agent.
    std::string architecture;  // As dpkg calls it.
    order::Verify verify;
    // What the hub wants; the body is what a device_policy::WantedRelease is read from.
    std::function<Result<std::string>(const std::string& version, const std::string& architecture)> ask;
    // The bytes of the package from there on, as many as the hub likes to give; never none.
    std::function<Result<std::string>(const std::string& sha256, std::int64_t offset)> piece;
  };
  ReleaseKeeper(Setup setup, std::string_view position) : setup_(std::move(setup)), told_(position) {}

  // On the sender's thread, right after the hub answered something. Items for the spool.
  std::vector<Item> follow();

 private:
  Result<void> take();
  Result<bool> fetch(const device_policy::Release& release);
  void forget_all_but(const std::string& sha256) const;
  void report();
  void tell(std::vector<Item>& items);
  void complain(const Error& error, std::vector<Item>& items);

  Setup setup_;
  std::string told_;  // SHA-256 of the state that was told.
  std::string trouble_;
  bool reported_ = false;
  bool asked_ = false;
  Duration ask_at_{0};
};

// This machine's, as dpkg calls it; empty for one that luy-agent is not built for.
std::string package_architecture();

}  // namespace luy::agent
