// The policy of this device at the agent: fetched when the hub has a newer one, checked, kept on disk, in force while
// the hub is away. docs/format/device-policy.md.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "agent/source.h"
#include "base/clock.h"
#include "base/result.h"
#include "device_policy/policy.h"

namespace luy::agent {

class PolicyKeeper {
 public:
  // One that was refused is asked for again after this: a new enrolment may have brought the key it is signed with.
  static constexpr Duration refused_pause = std::chrono::minutes(10);

  struct Setup {
    std::filesystem::path file;
    const Clock& clock;
    std::string device;
    order::Verify verify;
    // Answers the hub's pinned key; pins the one that is offered when there is none yet. Errors: it cannot be kept.
    std::function<Result<std::string>(const std::string& offered)> pin;
    // Asks the hub, telling it which version is held: a device_policy::Answer as JSON. Errors: the network's, the
    // hub's.
    std::function<Result<std::string>(std::int64_t held)> ask;
  };
  explicit PolicyKeeper(Setup setup) : setup_(std::move(setup)) {}

  // Reads what was kept, before anything else; `key` is the pinned one, empty when there is none. What is damaged or
  // not for this device and hub is set aside, and told. `told`: the position that the last receipt left. The items are
  // for the spool.
  std::vector<Item> restore(const std::string& key, const std::string& told);

  // Any thread. Null while there is none.
  std::shared_ptr<const device_policy::Policy> current() const;

  // On the sender's thread: `offered` is the version that the hub named, 0 when it named none. Items for the spool.
  std::vector<Item> follow(std::int64_t offered);

  static std::string position_key(std::string_view device) { return "policy/" + std::string(device); }

 private:
  Item receipt(device_policy::Receipt receipt) const;
  device_policy::Receipt held(const device_policy::Policy& policy, std::string_view document) const;
  void put_in_force(device_policy::Policy policy);
  std::vector<Item> refuse(const Error& error, std::string_view document);

  Setup setup_;
  mutable std::mutex mutex_;
  std::shared_ptr<const device_policy::Policy> current_;
  // On the sender's thread.
  std::int64_t refused_ = 0;  // The version the hub named.
  Duration refused_until_{0};
  std::string told_;  // Digest of the document whose refusal was told.
  std::string trouble_;
};

}  // namespace luy::agent
