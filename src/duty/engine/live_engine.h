// The engine: which subjects exist, what is judged again when something changes, and when it is stored.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "duty/checks/check.h"
#include "duty/engine.h"
#include "duty/engine/book.h"
#include "duty/engine/tables.h"

namespace luy::duty {

// Verdict changes are kept for so long: as the logs of account activity at most (docs: law/facts F-6.54, 366 days) and
// a month to compare.
inline constexpr std::chrono::days history_kept{400};

class LiveEngine final : public Engine {
 public:
  explicit LiveEngine(Dependencies dependencies);
  Result<void> load(std::vector<AgencyInfo> agencies, std::vector<ProductAccount> accounts);

  Result<void> on_change(const inventory::Change& change) override;
  Result<void> on_seen(const DeviceId& device, std::uint64_t missing) override;
  Result<void> on_day(Day day) override;
  Result<void> on_logs(const DeviceId& device, Day day) override;
  Result<void> on_log_terms() override;
  Result<void> on_agencies(std::vector<AgencyInfo> agencies) override;
  Result<void> on_findings(const AgencyId& agency) override;
  Result<void> on_accounts(std::vector<ProductAccount> accounts) override;
  Result<void> on_clock() override;
  std::optional<Time> next_change() const override;
  Result<void> judge_all() override;

  Page list(const Filter& filter) const override;
  std::optional<Verdict> find(std::string_view obligation, std::string_view subject) const override;
  Result<std::vector<PastVerdict>> history(std::string_view obligation, std::string_view subject,
                                           std::size_t limit) const override;
  Result<std::vector<PastVerdict>> device_history(const DeviceId& device, std::size_t limit) const override;
  std::vector<Cell> cells(const std::function<bool(const AgencyId&)>& visible) const override;
  Counts counts(const DeviceId& device) const override;
  std::vector<AgencyInfo> agencies() const override;
  std::size_t size() const override;

 private:
  // One obligation of the pack with its check.
  struct Rule {
    const regulation::Obligation* obligation = nullptr;
    const Check* check = nullptr;
    Limits limits;
    bool town_only = false;  // Its subject is the town: only agencies without a superior owe it.
  };
  struct DeviceEntry {
    SubjectNumber subject = 0;
    AgencyNumber agency = 0;
    std::map<std::string, SubjectNumber> accounts;
    bool wifi_reported = false;
    bool accounts_known = false;
    LogDays log_days;
    std::optional<Day> log_days_until;  // The day on which they were last read whole, under
    LogTerm log_term;                   // this term.
  };
  struct AgencyEntry {
    AgencyInfo info;
    bool exists = false;  // Among the agencies told of; others are only known from devices.
    std::optional<SubjectNumber> subject;
    std::size_t devices = 0;
    std::size_t wifi_reporting = 0;
    std::size_t accounts_known = 0;
    std::optional<Detections> detections;  // Read when first asked for, and anew when told that they changed.
  };
  struct AccountEntry {
    ProductAccount account;
    SubjectNumber subject = 0;
  };
  struct NetworkEntry {
    inventory::WifiNetwork network;
    SubjectNumber subject = 0;
  };
  using NetworkKey = std::pair<AgencyNumber, std::string>;

  // Judging; the caller holds mutex_ for writing.
  Input input(const Rule& rule, Time now) const;
  Input device_input(const Rule& rule, const DeviceEntry& entry, const inventory::DeviceState& state, Time now);
  const DetectionState* detections_of(const Rule& rule, const DeviceEntry& entry, const DeviceId& device);
  void judge_detections_in(AgencyNumber agency, Time now);
  std::optional<std::uint64_t> act_seq(const std::string& act) const;
  void judge_device(DeviceEntry& entry, const inventory::DeviceState& state, inventory::TopicSet topics, bool all,
                    Time now);
  void judge_account(ObligationNumber number, const inventory::DeviceState& state, SubjectNumber subject,
                     const fact::Account* account, Time now);
  void sync_accounts(DeviceEntry& entry, const inventory::DeviceState& state, Time now);
  void judge_product_account(const AccountEntry& entry, Time now);
  void judge_network(const NetworkEntry& entry, Time now);
  void judge_empty(AgencyNumber agency, Time now);
  void judge_slot(SlotNumber slot, Time now);

  // Subjects.
  void update_device(const DeviceId& id, inventory::TopicSet topics, bool all, Time now);
  void remove_device(const DeviceId& id, Time now);
  DeviceEntry& device_entry(const inventory::DeviceState& state, bool& is_new, Time now);
  void sync_networks(const std::vector<inventory::WifiNetwork>& networks, const std::set<AgencyNumber>& agencies,
                     Time now);
  AgencyNumber agency_entry(const AgencyId& id);
  LogTerm log_term(const inventory::DeviceState& state) const;
  void read_log_days(const DeviceId& id, DeviceEntry& entry, const inventory::DeviceState& state, bool today_only,
                     Time now) const;
  void read_log_day(const DeviceId& id, DeviceEntry& entry, Day day) const;
  void judge_log_day(const DeviceId& id, DeviceEntry& entry, Day day, Time now);

  Result<void> begin_day(Day today);
  tables::DayCounts violated_now() const;
  std::vector<std::optional<Time>> oldest_violations() const;  // By agency, then obligation.
  Result<void> commit();
  Time now() const;  // Whole milliseconds: what the tables hold.

  Dependencies deps_;
  std::vector<Rule> rules_;
  std::vector<ObligationNumber> of_devices_;  // By Check::subjects.
  std::vector<ObligationNumber> of_logins_;
  std::vector<ObligationNumber> of_issued_;
  std::vector<ObligationNumber> of_networks_;
  std::vector<ObligationNumber> of_products_;
  std::optional<Day> today_;
  bool loading_ = false;
  std::int64_t history_number_ = 0;

  mutable std::shared_mutex mutex_;  // Guards everything below; written only by the engine's thread.
  Book book_;
  std::map<DeviceId, DeviceEntry> devices_;
  std::vector<AgencyEntry> agencies_;  // By AgencyNumber.
  std::map<AccountId, AccountEntry> accounts_;
  std::map<SubjectNumber, AccountId> account_of_;
  std::map<NetworkKey, NetworkEntry> networks_;
  std::map<SubjectNumber, NetworkKey> network_of_;
  std::optional<tables::DayCounts> week_ago_;
};

}  // namespace luy::duty
