// Software on this machine at the agent's main thread: hands the policy and the list to luy-agent-gate, writes down
// what that met, and says how it all stands for the facts. The agent itself may change nothing outside its folder.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "agent/linux/gate_files.h"
#include "agent/linux/install_gate.h"
#include "agent/software_keeper.h"
#include "agent/source.h"
#include "device_policy/policy.h"
#include "fact/fact.h"

namespace luy::agent {

class SoftwareSource final : public Source {
 public:
  static constexpr Duration look_period = std::chrono::seconds(10);

  struct Setup {
    std::function<std::shared_ptr<const device_policy::Policy>()> policy;
    std::function<std::shared_ptr<const KeptList>()> list;
    std::filesystem::path data;
    const Clock& clock;
  };
  explicit SoftwareSource(Setup setup);

  int wake_fd() const override { return -1; }
  bool collect(Slice& slice) override;
  Duration ask_within() const override { return look_period; }

  // For the facts. Any thread. nullopt while no policy says anything of software.
  std::optional<fact::SoftwareGate> state() const;
  std::optional<fact::Removable> removable() const;
  // Changes when something worth a new fact happened.
  static std::filesystem::path sign_of(const std::filesystem::path& data);

 private:
  // What was met, by act and name.
  using Met = std::map<std::tuple<std::string, std::string>, fact::RefusedSoftware>;

  void follow(Slice& slice);
  Result<void> hand_over(const device_policy::Software& section, const KeptList* list);
  void read_met(Slice& slice);
  void take(const MetLine& line, Slice& slice);
  void count(const MetLine& line);
  void forget_taken();
  void remember();
  void publish(const device_policy::Policy* policy);
  void describe(const device_policy::Software& section, fact::SoftwareGate& gate, fact::Removable& media) const;
  void change();

  Setup setup_;
  std::shared_ptr<const device_policy::Policy> policy_;  // Those that the gates were given last.
  std::shared_ptr<const KeptList> list_;
  bool given_ = false;
  std::string trouble_;      // Why the gates could not be told.
  std::size_t read_ = 0;     // Of the file of what was met that lies aside: so much was told.
  std::size_t counted_ = 0;  // Of the same file: so much is in `met_`, also after a restart.
  Met met_;
  mutable std::mutex mutex_;
  std::optional<fact::SoftwareGate> state_;
  std::optional<fact::Removable> removable_;
};

}  // namespace luy::agent
