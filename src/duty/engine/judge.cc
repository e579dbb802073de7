// Which subjects there are, and which check looks at which of them.
#include <algorithm>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/log.h"
#include "duty/engine/live_engine.h"

namespace luy::duty {
namespace {

constexpr std::size_t plain_name_bytes_max = 100;

// A name as part of a subject's id, which stands in addresses: as it is when it is plain, else a digest of it.
std::string id_part(const std::string& name) {
  const bool plain =
      !name.empty() && name.size() <= plain_name_bytes_max && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               (c == '.');
      });
  if (plain && name.front() != '.') return name;
  const Hash hash = sha256(name);
  return "~" + to_hex({hash.data(), 8});
}

bool is_server(const inventory::DeviceState& state) {
  return state.device.device_class == inventory::DeviceClass::server;
}

}  // namespace

AgencyNumber LiveEngine::agency_entry(const AgencyId& id) {
  const AgencyNumber number = book_.agency_number(id);
  if (number == agencies_.size()) {
    agencies_.emplace_back();
    agencies_.back().info.id = id;
    agencies_.back().info.name = id.text();
  }
  return number;
}

std::optional<std::uint64_t> LiveEngine::act_seq(const std::string& act) const {
  return deps_.act_seq ? deps_.act_seq(act) : std::nullopt;
}

const DetectionState* LiveEngine::detections_of(const Rule& rule, const DeviceEntry& entry, const DeviceId& device) {
  if (rule.check->check != regulation::Check::detections || !deps_.detections) return nullptr;
  AgencyEntry& agency = agencies_[entry.agency];
  if (!agency.detections) agency.detections = deps_.detections(agency.info.id);
  const auto found = agency.detections->find(device);
  if (found == agency.detections->end()) return nullptr;
  const auto record = found->second.find(*rule.obligation->record);
  return record == found->second.end() ? nullptr : &record->second;
}

void LiveEngine::judge_detections_in(AgencyNumber agency, Time now) {
  agencies_[agency].detections.reset();
  for (const auto& [id, entry] : devices_) {
    if (entry.agency != agency) continue;
    const inventory::StatePointer state = deps_.inventory.state(id);
    if (!state) continue;
    for (const ObligationNumber number : of_devices_) {
      const Rule& rule = rules_[number];
      if (rule.check->check != regulation::Check::detections) continue;
      book_.settle(number, entry.subject, evaluate(*rule.check, device_input(rule, entry, *state, now)), now);
    }
  }
}

Input LiveEngine::device_input(const Rule& rule, const DeviceEntry& entry, const inventory::DeviceState& state,
                               Time now) {
  Input in = input(rule, now);
  in.device = &state;
  in.detections = detections_of(rule, entry, state.device.id);
  in.log_days = &entry.log_days;
  if (rule.check->check == regulation::Check::passwords && deps_.credentials) {
    in.credentials_kept = true;
    in.credentials = deps_.credentials(state.device.id);
  }
  if (rule.check->check == regulation::Check::single_homed && deps_.network_terms) {
    in.network_terms = deps_.network_terms(state.device.agency);
  }
  in.log_term = entry.log_term;
  if (rule.check->check != regulation::Check::software_approved || !state.software) return in;
  for (const auto& [agency, at] : state.software->value.acts) {
    in.acts.push_back({record_kind, act_seq(inventory::approval_act(agency, at)), at, "luy-hub"});
  }
  return in;
}

Input LiveEngine::input(const Rule& rule, Time now) const {
  Input out{now, rule.limits, deps_.calendar};
  out.known_since = now;
  return out;
}

void LiveEngine::read_log_day(const DeviceId& id, DeviceEntry& entry, Day day) const {
  const auto coverage = deps_.coverage(id, day);
  if (!coverage) {
    log(LogLevel::warning, "duty", "the coverage of a day cannot be read: " + coverage.error().text());
    DayCoverage damaged;
    damaged.records = 1;
    damaged.damaged = true;
    damaged.damage = {coverage.error().vi(), coverage.error().en()};
    entry.log_days[day] = damaged;
  } else if (*coverage) {
    entry.log_days[day] = **coverage;
  } else {
    entry.log_days.erase(day);
  }
}

LogTerm LiveEngine::log_term(const inventory::DeviceState& state) const {
  return deps_.log_term ? deps_.log_term(state.device.agency) : LogTerm();
}

void LiveEngine::read_log_days(const DeviceId& id, DeviceEntry& entry, const inventory::DeviceState& state,
                               bool today_only, Time now) const {
  if (!is_server(state)) {
    entry.log_days_until.reset();
    return;
  }
  const Day today = day_of(now);
  if (today_only && entry.log_days_until == today) return read_log_day(id, entry, today);
  if (entry.log_days_until == today) return;
  Duration keep{};
  for (const ObligationNumber number : of_devices_) {
    if (rules_[number].check->check == regulation::Check::log_days) {
      keep = std::max(keep, rules_[number].limits.duration("keep_days"));
    }
  }
  if (keep == Duration::zero()) return;
  const LogTerm term = log_term(state);
  // Days that are asked for only now were not read.
  if (term.days > entry.log_term.days) entry.log_days_until.reset();
  entry.log_term = term;
  keep = std::max<Duration>(keep, days(term.days));
  const Day oldest =
      std::max(today - std::chrono::duration_cast<days>(keep) + days(1), day_of(state.device.enrolled_at));
  // Days that were over when we last looked do not change any more.
  for (Day day = std::max(oldest, entry.log_days_until.value_or(oldest)); day <= today; day += days(1)) {
    read_log_day(id, entry, day);
  }
  entry.log_days.erase(entry.log_days.begin(), entry.log_days.lower_bound(oldest));
  entry.log_days_until = today;
}

void LiveEngine::judge_device(DeviceEntry& entry, const inventory::DeviceState& state, inventory::TopicSet topics,
                              bool all, Time now) {
  for (const ObligationNumber number : of_devices_) {
    const Rule& rule = rules_[number];
    if (!all && !topics.any_of(rule.check->topics)) continue;
    if (rule.check->check == regulation::Check::log_days) read_log_days(state.device.id, entry, state, false, now);
    book_.settle(number, entry.subject, evaluate(*rule.check, device_input(rule, entry, state, now)), now);
  }
}

void LiveEngine::judge_account(ObligationNumber number, const inventory::DeviceState& state, SubjectNumber subject,
                               const fact::Account* account, Time now) {
  Input in = input(rules_[number], now);
  in.device = &state;
  in.account = account;
  const bool wants_owner = rules_[number].check->check == regulation::Check::account_control;
  if (wants_owner && account != nullptr && deps_.account_owner) {
    in.owner = deps_.account_owner(state.device.id, *account);
  }
  in.known_since = book_.born(number, subject, now);
  book_.settle(number, subject, evaluate(*rules_[number].check, in), now);
}

void LiveEngine::sync_accounts(DeviceEntry& entry, const inventory::DeviceState& state, Time now) {
  std::set<std::string> wanted;
  bool any_login = false;
  const auto& part = state.accounts;
  const bool readable = part && part->value.shadow_readable;
  if (readable != entry.accounts_known) {
    entry.accounts_known = readable;
    std::size_t& known = agencies_[entry.agency].accounts_known;
    known = readable ? known + 1 : known - 1;
  }
  for (std::size_t i = 0; readable && i < part->value.relevant.size(); ++i) {
    const fact::Account& account = part->value.relevant[i];
    if (!account.can_log_in && !account.must_change_password) continue;
    wanted.insert(account.name);
    auto known = entry.accounts.find(account.name);
    if (known == entry.accounts.end()) {
      SubjectRow row;
      row.subject = {state.device.id.text() + ":account:" + id_part(account.name), regulation::Subject::account,
                     account.name + "@" + state.device.name};
      row.role = Role::device_account;
      row.agency = entry.agency;
      row.device = state.device.id;
      row.account = account.name;
      known = entry.accounts.emplace(account.name, book_.add_subject(std::move(row))).first;
    }
    any_login = any_login || account.can_log_in;
    for (const ObligationNumber number : of_logins_) {
      if (account.can_log_in) {
        judge_account(number, state, known->second, &account, now);
      } else {
        book_.remove(number, known->second, now);
      }
    }
    for (const ObligationNumber number : of_issued_) {
      if (account.must_change_password) {
        judge_account(number, state, known->second, &account, now);
      } else {
        book_.remove(number, known->second, now);
      }
    }
  }
  for (auto account = entry.accounts.begin(); account != entry.accounts.end();) {
    if (wanted.contains(account->first)) {
      ++account;
      continue;
    }
    book_.remove_subject(account->second, now);
    account = entry.accounts.erase(account);
  }
  for (const ObligationNumber number : of_logins_) {
    if (any_login && part->value.keys_unknown == 0) {
      book_.remove(number, entry.subject, now);
    } else {
      judge_account(number, state, entry.subject, nullptr, now);
    }
  }
}

LiveEngine::DeviceEntry& LiveEngine::device_entry(const inventory::DeviceState& state, bool& is_new, Time now) {
  const inventory::Device& device = state.device;
  const AgencyNumber agency = agency_entry(device.agency);
  auto known = devices_.find(device.id);
  if (known != devices_.end() && known->second.agency != agency) {
    remove_device(device.id, now);
    known = devices_.end();
  }
  is_new = known == devices_.end();
  if (is_new) {
    DeviceEntry entry;
    entry.agency = agency;
    SubjectRow row;
    row.subject = {device.id.text(), regulation::Subject::device, device.name};
    row.role = Role::device;
    row.agency = agency;
    row.device = device.id;
    entry.subject = book_.add_subject(std::move(row));
    ++agencies_[agency].devices;
    known = devices_.emplace(device.id, std::move(entry)).first;
  }
  DeviceEntry& entry = known->second;
  std::string& name = book_.subject(entry.subject).subject.name;
  if (name != device.name) {
    name = device.name;
    for (const auto& [account, subject] : entry.accounts) {
      book_.subject(subject).subject.name = account + "@" + device.name;
    }
  }
  if (!entry.wifi_reported && state.wifi) {
    entry.wifi_reported = true;
    ++agencies_[agency].wifi_reporting;
  }
  return entry;
}

void LiveEngine::update_device(const DeviceId& id, inventory::TopicSet topics, bool all, Time now) {
  const inventory::StatePointer state = deps_.inventory.state(id);
  if (!state || state->device.retired_at) return remove_device(id, now);
  bool is_new = false;
  DeviceEntry& entry = device_entry(*state, is_new, now);
  judge_device(entry, *state, topics, all || is_new, now);
  if (all || is_new || topics.has(fact::Kind::accounts) || topics.has(inventory::Topic::row)) {
    sync_accounts(entry, *state, now);
  }
  if (is_new && !loading_) judge_empty(entry.agency, now);
}

void LiveEngine::remove_device(const DeviceId& id, Time now) {
  const auto known = devices_.find(id);
  if (known == devices_.end()) return;
  const DeviceEntry entry = known->second;
  devices_.erase(known);
  for (const auto& [name, subject] : entry.accounts) book_.remove_subject(subject, now);
  book_.remove_subject(entry.subject, now);
  AgencyEntry& agency = agencies_[entry.agency];
  --agency.devices;
  if (entry.wifi_reported) --agency.wifi_reporting;
  if (entry.accounts_known) --agency.accounts_known;
  judge_empty(entry.agency, now);
}

void LiveEngine::judge_product_account(const AccountEntry& entry, Time now) {
  const auto judge = [&](ObligationNumber number) {
    Input in = input(rules_[number], now);
    in.product_account = &entry.account;
    book_.settle(number, entry.subject, evaluate(*rules_[number].check, in), now);
  };
  for (const ObligationNumber number : of_logins_) judge(number);
  for (const ObligationNumber number : of_products_) judge(number);
  for (const ObligationNumber number : of_issued_) {
    if (entry.account.enabled) {
      judge(number);
    } else {
      book_.remove(number, entry.subject, now);
    }
  }
}

void LiveEngine::judge_network(const NetworkEntry& entry, Time now) {
  for (const ObligationNumber number : of_networks_) {
    Input in = input(rules_[number], now);
    in.network = &entry.network;
    if (entry.network.registered) {
      const std::string act = inventory::wifi_act(entry.network.agency, entry.network.ssid);
      in.acts.push_back({record_kind, act_seq(act), *entry.network.registered_at, "luy-hub"});
    }
    in.known_since = book_.born(number, entry.subject, now);
    book_.settle(number, entry.subject, evaluate(*rules_[number].check, in), now);
  }
}

void LiveEngine::sync_networks(const std::vector<inventory::WifiNetwork>& networks,
                               const std::set<AgencyNumber>& agencies, Time now) {
  if (agencies.empty()) return;
  std::set<NetworkKey> present;
  for (const inventory::WifiNetwork& network : networks) {
    const NetworkKey key{agency_entry(network.agency), network.ssid};
    if (!agencies.contains(key.first)) continue;
    present.insert(key);
    const auto [known, is_new] = networks_.try_emplace(key);
    if (is_new) {
      const Hash hash = sha256(network.ssid);
      SubjectRow row;
      row.subject = {network.agency.text() + ":wifi:" + to_hex({hash.data(), 8}), regulation::Subject::wifi,
                     network.ssid};
      row.role = Role::network;
      row.agency = key.first;
      known->second.subject = book_.add_subject(std::move(row));
      network_of_[known->second.subject] = key;
    }
    known->second.network = network;
    judge_network(known->second, now);
  }
  for (auto entry = networks_.begin(); entry != networks_.end();) {
    if (!agencies.contains(entry->first.first) || present.contains(entry->first)) {
      ++entry;
      continue;
    }
    network_of_.erase(entry->second.subject);
    book_.remove_subject(entry->second.subject, now);
    entry = networks_.erase(entry);
  }
}

void LiveEngine::judge_empty(AgencyNumber agency, Time now) {
  AgencyEntry& entry = agencies_[agency];
  if (!entry.exists) {
    if (entry.subject) book_.remove_subject(*entry.subject, now);
    entry.subject.reset();
    return;
  }
  if (!entry.subject) {
    SubjectRow row;
    row.subject = {entry.info.id.text(), regulation::Subject::agency, entry.info.name};
    row.agency = agency;
    entry.subject = book_.add_subject(std::move(row));
  }
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto number = static_cast<ObligationNumber>(i);
    const Rule& rule = rules_[i];
    if (book_.real(agency, number) > 0 || (rule.town_only && entry.info.superior)) {
      book_.remove(number, *entry.subject, now);
      continue;
    }
    EmptyInput in{*rule.obligation, deps_.pack};
    in.devices = entry.devices;
    in.wifi_reporting = entry.wifi_reporting;
    in.accounts_known = entry.accounts_known;
    in.now = now;
    if (rule.check->check == regulation::Check::triage && deps_.triage) in.triage = deps_.triage(entry.info.id);
    const bool rests_on_records =
        rule.check->check == regulation::Check::record || rule.check->check == regulation::Check::triage;
    if (rests_on_records && rule.obligation->record && deps_.records) {
      in.records = deps_.records(entry.info.id, *rule.obligation->record);
    }
    if (rule.check->check == regulation::Check::services && deps_.services) in.services = deps_.services(entry.info.id);
    book_.settle(number, *entry.subject, rule.check->when_empty(in), now);
  }
}

void LiveEngine::judge_slot(SlotNumber slot, Time now) {
  const ObligationNumber number = book_.slot(slot).obligation;
  const SubjectNumber subject = book_.slot(slot).subject;
  const SubjectRow& row = book_.subject(subject);
  switch (row.role) {
    case Role::agency:
      judge_empty(row.agency, now);
      return;
    case Role::product_account:
      judge_product_account(accounts_.at(account_of_.at(subject)), now);
      return;
    case Role::network:
      judge_network(networks_.at(network_of_.at(subject)), now);
      return;
    case Role::device:
    case Role::device_account:
      break;
  }
  const inventory::StatePointer state = deps_.inventory.state(*row.device);
  const auto known = devices_.find(*row.device);
  if (!state || known == devices_.end()) return;
  const Rule& rule = rules_[number];
  if (rule.check->subjects != Subjects::devices) return sync_accounts(known->second, *state, now);
  if (rule.check->check == regulation::Check::log_days) read_log_days(*row.device, known->second, *state, false, now);
  book_.settle(number, subject, evaluate(*rule.check, device_input(rule, known->second, *state, now)), now);
}

}  // namespace luy::duty
