// The list of what this device may install, at the agent: asked of the hub now and then, checked, kept on disk, in
// force while the hub is away. docs/format/software-list.md.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/source.h"
#include "base/clock.h"
#include "base/result.h"
#include "device_policy/software_list.h"

namespace luy::agent {

// A list in force, and its content as the hub wrote it.
struct KeptList {
  device_policy::SoftwareList list;
  std::string content;
};

class SoftwareKeeper {
 public:
  // Approvals are in force on the machine after this, at most, while the hub is there.
  static constexpr Duration ask_period = std::chrono::minutes(2);

  struct Setup {
    std::filesystem::path file;
    const Clock& clock;
    std::string device;
    order::Verify verify;
    // As PolicyKeeper::Setup.
    std::function<Result<std::string>(const std::string& offered)> pin;
    // Asks the hub, telling it the digest of the content that is held: a device_policy::ListAnswer as JSON.
    std::function<Result<std::string>(const std::string& held)> ask;
  };
  explicit SoftwareKeeper(Setup setup) : setup_(std::move(setup)) {}

  // Reads what was kept, before anything else; `key` is the pinned one, empty when there is none. What is damaged or
  // not for this device and hub is asked for anew, and told.
  std::vector<Item> restore(const std::string& key);
  // Any thread. Null while there is none.
  std::shared_ptr<const KeptList> current() const;
  // On the sender's thread, after the policy was followed; asks when it is time. Items for the spool.
  std::vector<Item> follow(bool wanted);

 private:
  void put_in_force(device_policy::SoftwareList list, std::string_view document);
  std::vector<Item> complain(const Error& error);

  Setup setup_;
  mutable std::mutex mutex_;
  std::shared_ptr<const KeptList> current_;
  // On the sender's thread.
  bool asked_ = false;
  Duration ask_at_{0};
  std::string trouble_;
};

}  // namespace luy::agent
