#include "duty/engine/live_engine.h"

#include <algorithm>

#include "base/log.h"

namespace luy::duty {
namespace {

// While loading, so that what waits to be stored stays small.
constexpr std::size_t devices_per_commit = 500;

std::vector<std::string> ids_of(const regulation::Pack& pack) {
  std::vector<std::string> out;
  for (const regulation::Obligation& obligation : pack.obligations) out.push_back(obligation.id);
  return out;
}

// The pack's loader demands the same; a pack from elsewhere must not make a check abort.
Result<void> check_parameters(const regulation::Obligation& obligation) {
  for (const regulation::ParameterNeed& need : regulation::parameters_of(obligation.check)) {
    const regulation::Parameter* parameter = obligation.parameters.find(need.id);
    if (parameter == nullptr || parameter->unit != need.unit) {
      return Error(regulation::no_parameter, obligation.id + ": " + std::string(need.id));
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(Dependencies dependencies, std::vector<AgencyInfo> agencies,
                                             std::vector<ProductAccount> accounts) {
  for (const regulation::Obligation& obligation : dependencies.pack.obligations) {
    if (find_check(obligation.check) == nullptr) {
      return Error(check_missing, obligation.id + ": " + std::string(regulation::name_of(obligation.check)));
    }
    LUY_TRY_VOID(check_parameters(obligation));
  }
  LUY_CHECK_MSG(dependencies.coverage != nullptr, "the engine asks the evidence for its days");
  auto engine = std::make_unique<LiveEngine>(std::move(dependencies));
  LUY_TRY_VOID(engine->load(std::move(agencies), std::move(accounts)));
  return std::unique_ptr<Engine>(std::move(engine));
}

LiveEngine::LiveEngine(Dependencies dependencies) : deps_(std::move(dependencies)), book_(ids_of(deps_.pack)) {
  for (const regulation::Obligation& obligation : deps_.pack.obligations) {
    const auto number = static_cast<ObligationNumber>(rules_.size());
    const Check* check = find_check(obligation.check);
    rules_.push_back({&obligation, check, Limits(obligation.parameters, deps_.pack),
                      obligation.subject == regulation::Subject::town});
    switch (check->subjects) {
      case Subjects::agencies:
        break;
      case Subjects::devices:
        of_devices_.push_back(number);
        break;
      case Subjects::login_accounts:
        of_logins_.push_back(number);
        break;
      case Subjects::issued_accounts:
        of_issued_.push_back(number);
        break;
      case Subjects::networks:
        of_networks_.push_back(number);
        break;
      case Subjects::product_accounts:
        of_products_.push_back(number);
        break;
    }
  }
}

Time LiveEngine::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(deps_.clock.now());
}

Result<void> LiveEngine::load(std::vector<AgencyInfo> agencies, std::vector<ProductAccount> accounts) {
  const auto loaded = deps_.database.read([&](records::Connection& db) -> Result<void> {
    LUY_TRY(history_number_, tables::last_history_number(db));
    return tables::each_prior(db, [&](const std::string& obligation, const std::string& subject, Prior prior) {
      const auto number = book_.find_obligation(obligation);
      if (number) book_.expect(*number, subject, std::move(prior));
    });
  });
  if (!loaded) return loaded.error();
  // Nobody listens yet, and what was true before the start is no news; agencies are judged once everything is there.
  loading_ = true;
  book_.tell(false);
  const Time at = now();
  for (AgencyInfo& info : agencies) {
    AgencyEntry& entry = agencies_[agency_entry(info.id)];
    entry.info = std::move(info);
    entry.exists = true;
  }
  std::size_t devices_done = 0;
  for (const inventory::StatePointer& state : deps_.inventory.states()) {
    update_device(state->device.id, {}, true, at);
    if (++devices_done % devices_per_commit == 0) LUY_TRY_VOID(commit());
  }
  std::set<AgencyNumber> all;
  const std::vector<inventory::WifiNetwork> networks = deps_.inventory.wifi();
  for (const auto& network : networks) all.insert(agency_entry(network.agency));
  sync_networks(networks, all, at);
  LUY_TRY_VOID(on_accounts(std::move(accounts)));
  for (AgencyNumber number = 0; number < agencies_.size(); ++number) judge_empty(number, at);
  book_.drop_expected();
  LUY_TRY_VOID(commit());
  loading_ = false;
  book_.tell(true);
  return begin_day(day_of(at));
}

Result<void> LiveEngine::on_change(const inventory::Change& change) {
  const Time at = now();
  std::vector<inventory::WifiNetwork> networks;
  if (!change.wifi_agencies.empty()) networks = deps_.inventory.wifi();
  std::set<AgencyNumber> touched;
  for (const auto& one : change.devices) {
    const std::unique_lock lock(mutex_);
    update_device(one.device, one.topics, false, at);
    const auto entry = devices_.find(one.device);
    if (entry != devices_.end()) touched.insert(entry->second.agency);
  }
  {
    const std::unique_lock lock(mutex_);
    std::set<AgencyNumber> wifi_agencies;
    for (const AgencyId& id : change.wifi_agencies) wifi_agencies.insert(agency_entry(id));
    sync_networks(networks, wifi_agencies, at);
    touched.insert(wifi_agencies.begin(), wifi_agencies.end());
    for (const AgencyNumber number : touched) judge_empty(number, at);
  }
  return commit();
}

Result<void> LiveEngine::on_seen(const DeviceId& device, std::uint64_t missing) {
  const Time at = now();
  const inventory::StatePointer state = deps_.inventory.state(device);
  {
    const std::unique_lock lock(mutex_);
    const auto entry = devices_.find(device);
    if (entry == devices_.end() || !state) return {};
    const auto today = entry->second.log_days.find(day_of(at));
    if (missing > 0 || today == entry->second.log_days.end() || !today->second.logs) {
      read_log_days(device, entry->second, *state, true, at);
    }
    inventory::TopicSet topics;
    topics.add(inventory::Topic::seen);
    judge_device(entry->second, *state, topics, false, at);
  }
  return commit();
}

void LiveEngine::judge_log_day(const DeviceId& id, DeviceEntry& entry, Day day, Time now) {
  const inventory::StatePointer state = deps_.inventory.state(id);
  if (!state || !entry.log_days_until || day > *entry.log_days_until) return;
  if (day < day_of(state->device.enrolled_at)) return;
  const std::unique_lock lock(mutex_);
  read_log_day(id, entry, day);
  for (const ObligationNumber number : of_devices_) {
    const Rule& rule = rules_[number];
    if (rule.check->check != regulation::Check::log_days) continue;
    book_.settle(number, entry.subject, evaluate(*rule.check, device_input(rule, entry, *state, now)), now);
  }
}

Result<void> LiveEngine::on_day(Day day) {
  const Time at = now();
  for (auto& [id, entry] : devices_) judge_log_day(id, entry, day, at);
  return commit();
}

Result<void> LiveEngine::on_logs(const DeviceId& device, Day day) {
  const auto known = devices_.find(device);
  if (known != devices_.end()) judge_log_day(device, known->second, day, now());
  return commit();
}

Result<void> LiveEngine::on_log_terms() {
  const Time at = now();
  const bool is_judged = std::ranges::any_of(of_devices_, [&](const ObligationNumber number) {
    return rules_[number].check->check == regulation::Check::log_days;
  });
  if (!is_judged) return {};
  for (auto& [id, entry] : devices_) {
    const inventory::StatePointer state = deps_.inventory.state(id);
    if (!state || !entry.log_days_until || log_term(*state) == entry.log_term) continue;
    const std::unique_lock lock(mutex_);
    entry.log_days_until.reset();
    read_log_days(id, entry, *state, false, at);
    for (const ObligationNumber number : of_devices_) {
      const Rule& rule = rules_[number];
      if (rule.check->check != regulation::Check::log_days) continue;
      book_.settle(number, entry.subject, evaluate(*rule.check, device_input(rule, entry, *state, at)), at);
    }
  }
  return commit();
}

Result<void> LiveEngine::on_agencies(std::vector<AgencyInfo> agencies) {
  const Time at = now();
  {
    const std::unique_lock lock(mutex_);
    for (AgencyEntry& entry : agencies_) entry.exists = false;
    for (AgencyInfo& info : agencies) {
      AgencyEntry& entry = agencies_[agency_entry(info.id)];
      if (entry.subject) book_.subject(*entry.subject).subject.name = info.name;
      entry.info = std::move(info);
      entry.exists = true;
    }
    for (AgencyNumber number = 0; number < agencies_.size(); ++number) judge_empty(number, at);
  }
  return commit();
}

Result<void> LiveEngine::on_accounts(std::vector<ProductAccount> accounts) {
  const Time at = now();
  {
    const std::unique_lock lock(mutex_);
    std::set<AccountId> present;
    std::set<AgencyNumber> touched;
    for (ProductAccount& account : accounts) {
      present.insert(account.id);
      const AgencyNumber agency = agency_entry(account.agency);
      touched.insert(agency);
      const auto known = accounts_.find(account.id);
      if (known != accounts_.end() && known->second.account == account) continue;
      if (known != accounts_.end() && known->second.account.agency != account.agency) {
        touched.insert(book_.subject(known->second.subject).agency);
        account_of_.erase(known->second.subject);
        book_.remove_subject(known->second.subject, at);
        accounts_.erase(known);
      }
      AccountEntry& entry = accounts_[account.id];
      if (!account_of_.contains(entry.subject) || account_of_[entry.subject] != account.id) {
        SubjectRow row;
        row.subject = {account.id.text(), regulation::Subject::account, account.username};
        row.role = Role::product_account;
        row.agency = agency;
        entry.subject = book_.add_subject(std::move(row));
        account_of_[entry.subject] = account.id;
      }
      book_.subject(entry.subject).subject.name = account.username;
      entry.account = std::move(account);
      judge_product_account(entry, at);
    }
    for (auto entry = accounts_.begin(); entry != accounts_.end();) {
      if (present.contains(entry->first)) {
        ++entry;
        continue;
      }
      touched.insert(book_.subject(entry->second.subject).agency);
      account_of_.erase(entry->second.subject);
      book_.remove_subject(entry->second.subject, at);
      entry = accounts_.erase(entry);
    }
    for (const AgencyNumber number : touched) {
      if (!loading_) judge_empty(number, at);
    }
  }
  return commit();
}

Result<void> LiveEngine::on_findings(const AgencyId& agency) {
  {
    const Time at = now();
    const std::unique_lock lock(mutex_);
    const AgencyNumber number = agency_entry(agency);
    judge_empty(number, at);
    judge_detections_in(number, at);
  }
  return commit();
}

Result<void> LiveEngine::on_clock() {
  const Time at = now();
  const Day today = day_of(at);
  const bool new_day = today_ != today;
  {
    const std::unique_lock lock(mutex_);
    if (new_day) {
      // A network nobody uses any more leaves the list by time alone.
      std::set<AgencyNumber> all;
      for (AgencyNumber number = 0; number < agencies_.size(); ++number) all.insert(number);
      sync_networks(deps_.inventory.wifi(), all, at);
      for (const AgencyNumber number : all) {
        judge_empty(number, at);
        judge_detections_in(number, at);
      }
    }
  }
  for (;;) {
    // One verdict at a time, so that readers get their turn when a whole town falls silent at once.
    const std::unique_lock lock(mutex_);
    const auto slot = book_.pop_due(at);
    if (!slot) break;
    judge_slot(*slot, at);
  }
  LUY_TRY_VOID(commit());
  return new_day ? begin_day(today) : Result<void>();
}

std::optional<Time> LiveEngine::next_change() const {
  const std::shared_lock lock(mutex_);
  const auto next = book_.next_change();
  if (!today_) return next;
  // A new day has its own work, whether or not a verdict turns.
  const Time tomorrow = day_begin(*today_ + days(1));
  return next && *next < tomorrow ? next : tomorrow;
}

Result<void> LiveEngine::judge_all() {
  const Time at = now();
  {
    const std::unique_lock lock(mutex_);
    for (AgencyEntry& agency : agencies_) agency.detections.reset();
  }
  for (const inventory::StatePointer& state : deps_.inventory.states()) {
    const std::unique_lock lock(mutex_);
    update_device(state->device.id, {}, true, at);
  }
  {
    const std::unique_lock lock(mutex_);
    std::set<AgencyNumber> all;
    for (AgencyNumber number = 0; number < agencies_.size(); ++number) all.insert(number);
    sync_networks(deps_.inventory.wifi(), all, at);
    for (const auto& [id, entry] : accounts_) judge_product_account(entry, at);
    for (const AgencyNumber number : all) judge_empty(number, at);
  }
  return commit();
}

tables::DayCounts LiveEngine::violated_now() const {
  tables::DayCounts out;
  for (AgencyNumber agency = 0; agency < agencies_.size(); ++agency) {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const auto number = static_cast<ObligationNumber>(i);
      const std::int64_t violated = book_.counts(agency, number)[State::violated];
      if (violated > 0) out[{book_.agency_id(agency).text(), book_.obligation_id(number)}] = violated;
    }
  }
  return out;
}

Result<void> LiveEngine::begin_day(Day today) {
  const tables::DayCounts counts = violated_now();
  std::optional<tables::DayCounts> week_ago;
  const auto stored = deps_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY(week_ago, tables::day_counts(db, today - days(7)));
    LUY_TRY(const auto known, tables::day_counts(db, today));
    // A restart in the middle of a day keeps what the day began with.
    if (!known) LUY_TRY_VOID(tables::save_day(db, today, counts));
    LUY_TRY_VOID(tables::trim_days(db, today - history_kept));
    return tables::trim_history(db, day_begin(today - history_kept));
  });
  if (!stored) return stored.error();
  const std::unique_lock lock(mutex_);
  today_ = today;
  week_ago_ = std::move(week_ago);
  return {};
}

// Only the engine's thread writes to the book, so it may read it here without the lock: readers need not wait for the
// disk.
Result<void> LiveEngine::commit() {
  Pending& pending = book_.pending();
  if (pending.empty()) return {};
  if (!pending.rows.empty() || !pending.gone.empty() || !pending.history.empty()) {
    std::int64_t number = history_number_;
    const auto stored = deps_.database.write([&](records::Connection& db) -> Result<void> {
      number = history_number_;
      for (const auto& [obligation, subject] : pending.gone) {
        LUY_TRY_VOID(tables::remove(db, book_.obligation_id(obligation), subject));
      }
      for (const SlotNumber slot : pending.rows) LUY_TRY_VOID(tables::save(db, book_, slot));
      for (const auto& entry : pending.history) {
        LUY_TRY_VOID(tables::save_history(db, ++number, book_.obligation_id(entry.obligation), entry));
      }
      return {};
    });
    if (!stored) return stored.error();
    history_number_ = number;
  }
  std::vector<VerdictChange> told = std::move(pending.told);
  pending = Pending();
  if (deps_.changed && !told.empty()) deps_.changed(told);
  return {};
}

}  // namespace luy::duty
