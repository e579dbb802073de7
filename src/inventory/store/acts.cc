// What people do: edit a device, approve and withdraw software, register a wireless network.
#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "inventory/store/store.h"

namespace luy::inventory {
namespace {

constexpr std::size_t text_bytes_max = 1000;  // Place, person and note: the contract allows 200 and 1,000 characters.
constexpr std::size_t ssid_bytes_max = 128;   // 32 bytes, each of which an agent may have had to escape.

bool is_plain(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && is_utf8(text) && text.find('\0') == std::string_view::npos;
}

// "02:00:00:00:00:0a"
bool is_bssid(const std::string& text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (i % 3 == 2 ? text[i] != ':' : !is_hex) return false;
  }
  return true;
}

Result<void> check(const NewApproval& approval, Time now) {
  if (approval.items.empty() || approval.items.size() > approvals_per_call_max) {
    return Error(approval_invalid, "products: 1 to " + std::to_string(approvals_per_call_max));
  }
  for (const auto& [product, versions] : approval.items) {
    if (product.empty() || !is_plain(product, product_bytes_max)) return Error(approval_invalid, "product");
    if (!is_plain(versions, versions_bytes_max) || !is_version_pattern(versions)) {
      return Error(approval_invalid, product + ": versions \"" + versions + "\" (\"*\", \"1.2.*\", \"1.2.3\")");
    }
  }
  if (!is_plain(approval.note, 4 * note_bytes_max)) return Error(approval_invalid, "note");
  if (approval.expires_on && day_begin(*approval.expires_on + days(1)) <= now) {
    return Error(approval_invalid, "expires_on: " + to_iso(*approval.expires_on));
  }
  if (!approval.licence) return {};
  const Licence& licence = *approval.licence;
  if (licence.seats && (*licence.seats < 1 || *licence.seats > licence_seats_max)) {
    return Error(approval_invalid, "licence.seats: 1 to " + std::to_string(licence_seats_max));
  }
  if (licence.expires_on && day_begin(*licence.expires_on + days(1)) <= now) {
    return Error(approval_invalid, "licence.expires_on: " + to_iso(*licence.expires_on));
  }
  return {};
}

}  // namespace

bool Store::rejudge(Entry& entry, DeviceState& state, Time at) const {
  if (!entry.installed || !state.software) return false;
  auto installed = std::make_shared<Installed>(*entry.installed);
  Learnt<SoftwareSummary> learnt = *state.software;
  learnt.value = catalogue_.judge(*installed, deps_.lineage(state.device.agency), state.device.device_class, at);
  if (*installed == *entry.installed && learnt.value == state.software->value) return false;
  entry.installed = std::move(installed);
  state.software = std::make_shared<const Learnt<SoftwareSummary>>(std::move(learnt));
  return true;
}

bool Store::reaches(const AgencyId& agency, const AgencyId& below) const {
  const std::vector<AgencyId> lineage = deps_.lineage(below);
  return std::find(lineage.begin(), lineage.end(), agency) != lineage.end();
}

void Store::rejudge_products(Staged& staged, const AgencyId& agency, const std::vector<std::string>& products,
                             Time at) const {
  const std::vector<bool> marks = catalogue_.packages_of(products);
  std::map<AgencyId, bool> below;  // Each agency is asked once.
  std::vector<DeviceId> touched;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, entry] : entries_) {
      if (entry.state->device.retired_at || !entry.installed) continue;
      const auto has = [&](std::uint32_t item) { return marks[number_of(item)]; };
      if (std::any_of(entry.installed->begin(), entry.installed->end(), has)) touched.push_back(id);
    }
  }
  TopicSet topics;
  topics.add(Topic::software);
  for (const DeviceId& id : touched) {
    const AgencyId& own = state(id)->device.agency;
    if (!below.contains(own)) below[own] = reaches(agency, own);
    if (!below[own]) continue;
    Entry* const entry = stage(staged, id);
    auto next = std::make_shared<DeviceState>(*entry->state);
    if (!rejudge(*entry, *next, at)) {
      staged.entries.erase(id);
      continue;
    }
    entry->state = std::move(next);
    staged.note(id, topics, topics);
  }
}

Result<StatePointer> Store::add(const NewDevice& device, const InTransaction& also) {
  const std::lock_guard writer(writer_);
  if (device.name.empty() || !is_plain(device.name, device_name_bytes_max)) return Error(device_invalid, "name");
  Staged staged;
  staged.also = also;
  auto state = std::make_shared<DeviceState>();
  state->device.id = device.id;
  state->device.agency = device.agency;
  // Like no machine's: an agent that enrols there later is another device.
  std::array<std::uint8_t, sizeof(Hash)> key{};
  deps_.random.fill(key);
  state->device.identity_key = to_hex(key);
  state->device.name = device.name;
  state->device.device_class = device.device_class;
  state->device.class_set = true;
  state->device.enrolled_at = now();
  Entry entry;
  entry.number = device_number_last_ + 1;
  entry.state = state;
  staged.entries.emplace(device.id, std::move(entry));
  TopicSet topics;
  topics.add(Topic::row);
  staged.note(device.id, topics, topics);
  LUY_TRY_VOID(commit(staged));
  ++device_number_last_;
  tell(staged.change());
  return StatePointer(state);
}

Result<StatePointer> Store::edit(const DeviceId& device, const DeviceEdit& edit, const InTransaction& also) {
  const std::lock_guard writer(writer_);
  for (const auto& text : {edit.place, edit.person_in_charge}) {
    if (text && !is_plain(*text, text_bytes_max)) return Error(fact::malformed, "place, person_in_charge");
  }
  Staged staged;
  staged.also = also;
  Entry* const entry = stage(staged, device);
  if (entry == nullptr) return Error(device_unknown, device.text());
  auto next = std::make_shared<DeviceState>(*entry->state);
  TopicSet topics;
  topics.add(Topic::row);
  if (edit.place) next->device.place = *edit.place;
  if (edit.person_in_charge) next->device.person_in_charge = *edit.person_in_charge;
  if (edit.person) next->device.person = *edit.person;
  if (edit.device_class) {
    next->device.class_set = true;
    next->device.device_class = *edit.device_class;
    // Approvals name classes.
    if (rejudge(*entry, *next, now())) topics.add(Topic::software);
  }
  entry->state = next;
  staged.note(device, topics, topics);
  LUY_TRY_VOID(commit(staged));
  tell(staged.change());
  return StatePointer(next);
}

Result<void> Store::retire(const DeviceId& device, const InTransaction& also) {
  const std::lock_guard writer(writer_);
  Staged staged;
  staged.also = also;
  Entry* const entry = stage(staged, device);
  if (entry == nullptr) return Error(device_unknown, device.text());
  auto next = std::make_shared<DeviceState>(*entry->state);
  next->device.retired_at = now();
  entry->state = std::move(next);
  TopicSet topics;
  topics.add(Topic::row);
  staged.note(device, topics, topics);
  LUY_TRY_VOID(commit(staged));
  tell(staged.change());
  return {};
}

Result<StatePointer> Store::hand_over(const DeviceId& device, const AgencyId& agency, const InTransaction& also) {
  const std::lock_guard writer(writer_);
  Staged staged;
  staged.also = also;
  Entry* const entry = stage(staged, device);
  if (entry == nullptr) return Error(device_unknown, device.text());
  const AgencyId before = entry->state->device.agency;
  if (before == agency) return entry->state;
  auto next = std::make_shared<DeviceState>(*entry->state);
  next->device.agency = agency;
  next->device.person.reset();  // Who had it gave it back.
  TopicSet topics;
  topics.add(Topic::row);
  if (rejudge(*entry, *next, now())) topics.add(Topic::software);
  entry->state = next;
  staged.note(device, topics, topics);
  staged.wifi_agencies.insert({before, agency});
  LUY_TRY_VOID(commit(staged));
  tell(staged.change());
  return StatePointer(next);
}

Result<std::vector<Approval>> Store::approve_locked(const NewApproval& wanted, const ApprovalsInTransaction& also) {
  const Time at = now();
  LUY_TRY_VOID(check(wanted, at));
  std::vector<Approval> added;
  std::vector<std::string> products;
  for (const auto& [product, versions] : wanted.items) {
    Approval approval;
    approval.id = ApprovalId::make(at, deps_.random);
    approval.agency = wanted.agency;
    approval.product = product;
    approval.versions = versions;
    approval.classes = wanted.classes;
    approval.expires_on = wanted.expires_on;
    approval.note = wanted.note;
    approval.approved_by = wanted.approved_by;
    approval.approved_at = at;
    approval.licence = wanted.licence;
    products.push_back(product);
    added.push_back(std::move(approval));
  }
  const auto stored = deps_.database.write([&](records::Connection& db) -> Result<void> {
    for (const Approval& approval : added) LUY_TRY_VOID(tables::save_approval(db, approval));
    return also ? also(db, added) : Result<void>();
  });
  if (!stored) return stored.error();
  {
    const std::unique_lock lock(mutex_);
    for (const Approval& approval : added) catalogue_.add(approval);
  }
  publish_rejudged(wanted.agency, products, at);
  return added;
}

Change Store::publish_rejudged(const AgencyId& agency, const std::vector<std::string>& products, Time at) {
  Staged staged;
  rejudge_products(staged, agency, products, at);
  {
    // Nothing of this is stored: the summaries follow from the lists and the approvals.
    const std::unique_lock lock(mutex_);
    publish(staged);
  }
  Change change = staged.change();
  tell(change);
  return change;
}

Result<std::vector<Approval>> Store::approve(const NewApproval& wanted, const ApprovalsInTransaction& also) {
  const std::lock_guard writer(writer_);
  return approve_locked(wanted, also);
}

Result<std::vector<Approval>> Store::approve_baseline(const DeviceId& device, const std::string& note,
                                                      std::optional<Day> expires_on, const std::string& approved_by,
                                                      const ApprovalsInTransaction& also,
                                                      const std::set<std::string>& except) {
  const std::lock_guard writer(writer_);
  NewApproval wanted;
  {
    const std::shared_lock lock(mutex_);
    const auto entry = entries_.find(device);
    if (entry == entries_.end() || entry->second.state->device.retired_at) return Error(device_unknown, device.text());
    if (!entry->second.installed) return Error(nothing_installed, entry->second.state->device.name);
    wanted.agency = entry->second.state->device.agency;
    std::set<std::string_view> names;
    for (const std::uint32_t item : *entry->second.installed) {
      if ((item & unapproved_bit) != 0) names.insert(catalogue_.package(number_of(item)).name);
    }
    for (const std::string_view name : names) {
      std::string product(name);
      if (!except.contains(product)) wanted.items.push_back({std::move(product), "*"});
    }
  }
  if (wanted.items.empty()) return std::vector<Approval>();
  wanted.note = note;
  wanted.expires_on = expires_on;
  wanted.approved_by = approved_by;
  return approve_locked(wanted, also);
}

Result<void> Store::withdraw(const ApprovalId& id, const InTransaction& also) {
  const std::lock_guard writer(writer_);
  const auto known = catalogue_.approvals().find(id);
  if (known == catalogue_.approvals().end()) return Error(approval_unknown, id.text());
  Approval approval = known->second;
  const Time at = now();
  approval.withdrawn_at = at;
  const auto stored = deps_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(tables::save_approval(db, approval));
    return also ? also(db) : Result<void>();
  });
  if (!stored) return stored.error();
  {
    const std::unique_lock lock(mutex_);
    catalogue_.remove(id);
  }
  publish_rejudged(approval.agency, {approval.product}, at);
  return {};
}

Result<Change> Store::expire() {
  const std::lock_guard writer(writer_);
  const Time at = now();
  std::map<AgencyId, std::vector<std::string>> ended;
  for (const auto& [id, approval] : catalogue_.approvals()) {
    const auto end = ends_at(approval);
    if (end && *end <= at && *end > expired_until_) ended[approval.agency].push_back(approval.product);
  }
  expired_until_ = std::max(expired_until_, at);
  Change all;
  for (const auto& [agency, products] : ended) {
    Change change = publish_rejudged(agency, products, at);
    all.devices.insert(all.devices.end(), change.devices.begin(), change.devices.end());
  }
  return all;
}

Result<void> Store::record_wifi(const WifiEdit& edit, const InTransaction& also) {
  const std::lock_guard writer(writer_);
  constexpr std::array<std::string_view, 5> known = {"open", "wep", "wpa", "wpa2", "wpa3"};
  if (edit.ssid.empty() || !is_plain(edit.ssid, ssid_bytes_max)) return Error(wifi_invalid, "ssid");
  if (!is_plain(edit.note, 4 * note_bytes_max)) return Error(wifi_invalid, "note");
  if (!is_plain(edit.place, text_bytes_max)) return Error(wifi_invalid, "place");
  if (!is_plain(edit.owner, text_bytes_max)) return Error(wifi_invalid, "owner");
  if (edit.bssids.size() > bssids_max || !std::all_of(edit.bssids.begin(), edit.bssids.end(), is_bssid)) {
    return Error(wifi_invalid, "bssids");
  }
  if (std::find(known.begin(), known.end(), edit.security) == known.end()) return Error(wifi_invalid, "security");
  if (edit.key_changed_on && day_begin(*edit.key_changed_on) > now()) {
    return Error(wifi_invalid, "key_changed_on: " + to_iso(*edit.key_changed_on));
  }
  const WifiKey key{edit.agency, edit.ssid};
  const Time at = wifi_.registered_at(key).value_or(now());
  const std::optional<Time> before = wifi_.changed_before(edit, now());
  const auto stored = deps_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(tables::save_wifi(db, edit, at, before));
    return also ? also(db) : Result<void>();
  });
  if (!stored) return stored.error();
  {
    const std::unique_lock lock(mutex_);
    wifi_.record(edit, at, before);
  }
  Change change;
  change.wifi_agencies.push_back(edit.agency);
  tell(change);
  return {};
}

}  // namespace luy::inventory
