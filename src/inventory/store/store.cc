#include "inventory/store/store.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/json.h"
#include "base/log.h"

namespace luy::inventory {
namespace {

constexpr std::size_t identity_key_chars = 64;  // A SHA-256 in hexadecimal.

}  // namespace

Result<std::unique_ptr<Inventory>> Inventory::open(Dependencies dependencies) {
  auto store = std::make_unique<Store>(std::move(dependencies));
  LUY_TRY_VOID(store->load());
  return std::unique_ptr<Inventory>(std::move(store));
}

Time Store::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(deps_.clock.now());
}

// The codec reads whole documents, so a stored body gets its frame back.
std::string as_document(const StoredFact& fact) {
  std::string json = "{\"fact\":";
  append_json_text(json, fact::name_of(fact.kind));
  json += ",\"version\":" + std::to_string(fact::version) + ",\"collected_at\":";
  append_json_text(json, to_rfc3339(fact.collected_at));
  json += ",\"method\":";
  append_json_text(json, fact.method);
  return json + ",\"body\":" + fact.body + "}";
}

void Store::restore(tables::FactRow row, Entry& entry) const {
  StoredFact& f = row.fact;
  entry.held[static_cast<std::size_t>(f.kind)] = {true, f.collected_at, f.changed_at, row.digests};
  auto state = std::make_shared<DeviceState>(*entry.state);
  if (f.kind == fact::Kind::packages) {
    // Only where the list comes from; load() matches it once the approvals are there.
    state->software = std::make_shared<const Learnt<SoftwareSummary>>(
        Learnt<SoftwareSummary>{{}, f.collected_at, f.received_at, f.seq, f.method});
    entry.state = std::move(state);
    return;
  }
  const auto parsed = fact::from_json(as_document(f));
  if (!parsed) {
    // A newer form of this fact: the device reports it again soon.
    log(LogLevel::warning, "inventory", "a stored fact is not understood: " + parsed.error().text());
    return;
  }
  const std::string name = state->device.name;
  put(*state, *parsed, f.collected_at, f.received_at, f.seq);
  state->device.name = name;
  if (const auto* os = std::get_if<fact::Os>(&parsed->body)) {
    entry.os.id = os->id;
    entry.os.pretty_name = os->pretty_name;
  } else if (const auto* hardware = std::get_if<fact::Hardware>(&parsed->body)) {
    entry.hardware.chassis = hardware->chassis;
    entry.hardware.battery = hardware->battery;
  }
  entry.state = std::move(state);
}

Result<void> Store::load_tables(records::Connection& db) {
  std::map<std::int64_t, Entry*> by_number;
  LUY_TRY(next_seq_, tables::load_next_seq(db));
  LUY_TRY_VOID(tables::each_device(db, [&](tables::DeviceRow row) {
    const DeviceId id = row.device.id;
    Entry& entry = entries_[id];
    entry.number = row.number;
    entry.rejected = std::move(row.rejected);
    auto state = std::make_shared<DeviceState>();
    state->device = std::move(row.device);
    entry.state = std::move(state);
    by_number[entry.number] = &entry;
    device_number_last_ = std::max(device_number_last_, entry.number);
  }));
  LUY_TRY_VOID(tables::each_fact(db, std::nullopt, [&](tables::FactRow row) {
    const auto entry = by_number.find(row.device);
    if (entry != by_number.end()) restore(std::move(row), *entry->second);
  }));
  LUY_TRY_VOID(tables::each_package(db, [&](PackageNumber number, PackageView package, Time first_seen) {
    LUY_CHECK_MSG(catalogue_.intern(package, first_seen) == number, "packages are numbered without holes");
  }));
  LUY_TRY_VOID(tables::each_source(db, [&](PackageNumber number, std::string_view source, std::string_view version) {
    if (number < catalogue_.size()) catalogue_.set_source(number, source, version);
  }));
  std::map<std::int64_t, Installed> installed;
  LUY_TRY_VOID(tables::each_installed(
      db, [&](std::int64_t device, PackageNumber package) { installed[device].push_back(package); }));
  LUY_TRY_VOID(tables::each_approval(db, [&](Approval approval) {
    if (!approval.withdrawn_at) catalogue_.add(std::move(approval));
  }));
  LUY_TRY(const auto ends, tables::history_ends(db));
  for (const auto& [number, entry] : by_number) {
    if (const auto end = ends.find(number); end != ends.end()) entry->history_number = end->second;
    auto list = installed.extract(number);
    if (list) entry->installed = std::make_shared<const Installed>(std::move(list.mapped()));
  }
  return tables::load_wifi(db, wifi_);
}

Result<void> Store::load() {
  LUY_TRY_VOID(deps_.database.read([&](records::Connection& db) { return load_tables(db); }));
  const Time at = now();
  for (auto& [id, entry] : entries_) {
    auto state = std::make_shared<DeviceState>(*entry.state);
    if (state->software && !entry.installed) entry.installed = std::make_shared<const Installed>();
    rejudge(entry, *state, at);
    entry.state = std::move(state);
  }
  packages_saved_ = catalogue_.size();
  next_seq_saved_ = next_seq_;
  flushed_at_ = deps_.clock.monotonic();
  expired_until_ = at;
  return {};
}

void Store::Staged::note(const DeviceId& device, TopicSet topics, TopicSet content) {
  Change::OfDevice& change = changes[device];
  change.device = device;
  change.topics.add(topics);
  change.content.add(content);
}

Change Store::Staged::change() const {
  Change out;
  for (const auto& [id, one] : changes) out.devices.push_back(one);
  out.wifi_agencies.assign(wifi_agencies.begin(), wifi_agencies.end());
  return out;
}

Store::Entry* Store::stage(Staged& staged, const DeviceId& device) const {
  if (const auto known = staged.entries.find(device); known != staged.entries.end()) return &known->second;
  const std::shared_lock lock(mutex_);
  const auto published = entries_.find(device);
  if (published == entries_.end() || published->second.state->device.retired_at) return nullptr;
  return &staged.entries.emplace(device, published->second).first->second;
}

Result<void> Store::save_list(records::Connection& db, std::int64_t device, const InstalledList& list) const {
  LUY_TRY(const auto before, tables::installed_of(db, device));
  for (const auto& [number, row] : before) {
    if (!list.contains(number)) LUY_TRY_VOID(tables::remove_installed(db, device, number));
  }
  const Time first_seen = now();
  for (const auto& [number, installation] : list) {
    const auto old = before.find(number);
    const auto at = installation.at ? std::optional(std::chrono::floor<std::chrono::milliseconds>(*installation.at))
                                    : std::optional<std::chrono::sys_time<std::chrono::milliseconds>>();
    const bool same = old != before.end() && old->second.installed_at == at && old->second.by == installation.by;
    if (same) continue;
    LUY_TRY_VOID(tables::save_installed(db, device, number, {installation.at, first_seen, installation.by}));
  }
  return {};
}

Result<void> Store::save(records::Connection& db, Staged& staged, const std::vector<tables::DeviceRow>& seen) const {
  for (const auto& [id, entry] : staged.entries) {
    LUY_TRY_VOID(tables::save_device(db, {entry.number, entry.state->device, entry.rejected}));
  }
  for (const auto& row : seen) LUY_TRY_VOID(tables::save_device(db, row));
  for (std::size_t i = packages_saved_; i < catalogue_.size(); ++i) {
    const auto number = static_cast<PackageNumber>(i);
    LUY_TRY_VOID(tables::save_package(db, number, catalogue_.package(number), catalogue_.first_seen(number)));
  }
  for (const PackageNumber number : sources_unsaved_) {
    const Catalogue::SourceView source = catalogue_.source(number);
    LUY_TRY_VOID(tables::save_source(db, number, source.name, source.version));
  }
  for (const auto& row : staged.facts) LUY_TRY_VOID(tables::save_fact(db, row));
  for (const auto& [device, list] : staged.lists) LUY_TRY_VOID(save_list(db, device, list));
  std::map<std::int64_t, Entry*> by_number;
  for (auto& [id, entry] : staged.entries) by_number[entry.number] = &entry;
  for (const auto& [device, history] : staged.history) {
    const std::int64_t number = ++by_number[device]->history_number;
    LUY_TRY_VOID(tables::save_history(db, device, number, history));
    if (number > history_rows_max) LUY_TRY_VOID(tables::trim_history(db, device, number - history_rows_max));
  }
  for (auto& [key, device, sighting] : staged.sightings) {
    sighting = wifi_.joined(key, device, std::move(sighting));
    LUY_TRY_VOID(tables::save_sighting(db, key, device, sighting));
  }
  if (staged.also) LUY_TRY_VOID(staged.also(db));
  if (deps_.note_claim) {
    for (const IdentityClaim& claim : staged.claims) LUY_TRY_VOID(deps_.note_claim(db, claim));
  }
  if (staged.next_seq) LUY_TRY_VOID(tables::save_next_seq(db, *staged.next_seq));
  return {};
}

Result<void> Store::commit(Staged& staged) {
  const bool flush_now = deps_.clock.monotonic() - flushed_at_ >= flush_period;
  std::vector<tables::DeviceRow> seen;
  std::set<DeviceId> flushed;
  {
    const std::shared_lock lock(mutex_);
    if (!staged.next_seq && next_seq_ != next_seq_saved_) staged.next_seq = next_seq_;
    if (flush_now) flushed = seen_unsaved_;
    for (const DeviceId& id : flushed) {
      const Entry& entry = entries_.at(id);
      if (!staged.entries.contains(id)) seen.push_back({entry.number, entry.state->device, entry.rejected});
    }
  }
  LUY_TRY_VOID(deps_.database.write([&](records::Connection& db) { return save(db, staged, seen); }));
  packages_saved_ = catalogue_.size();
  sources_unsaved_.clear();
  if (flush_now) flushed_at_ = deps_.clock.monotonic();
  const std::unique_lock lock(mutex_);
  for (const DeviceId& id : flushed) seen_unsaved_.erase(id);
  publish(staged);
  return {};
}

void Store::publish(Staged& staged) {
  for (auto& [id, entry] : staged.entries) {
    Entry& published = entries_[id];
    // seen() does not wait for writers: what it noted meanwhile stays.
    if (published.state && published.state->device.last_seen &&
        (!entry.state->device.last_seen || *published.state->device.last_seen > *entry.state->device.last_seen)) {
      auto merged = std::make_shared<DeviceState>(*entry.state);
      merged->device.last_seen = published.state->device.last_seen;
      merged->device.last_seq = published.state->device.last_seq;
      entry.state = std::move(merged);
    }
    published = std::move(entry);
  }
  for (auto& [key, device, sighting] : staged.sightings) wifi_.see(key, device, std::move(sighting));
  if (staged.next_seq) {
    next_seq_ = *staged.next_seq;
    next_seq_saved_ = *staged.next_seq;
  }
}

void Store::tell(const Change& change) const {
  if (deps_.changed && !change.empty()) deps_.changed(change);
}

std::optional<Device> Store::living(const std::string& identity_key) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    const Device& device = entry.state->device;
    if (!device.retired_at && device.identity_key == identity_key) return device;
  }
  return std::nullopt;
}

Result<Enrolled> Store::enrol(const AgencyId& agency, const fact::Identity& identity, const fact::Os& os,
                              const fact::Hardware& hardware) {
  const std::lock_guard writer(writer_);
  if (identity.key.size() != identity_key_chars || !from_hex(identity.key)) {
    return Error(fact::malformed, "identity.key: must be 64 hexadecimal digits");
  }
  if (const auto known = living(identity.key)) {
    if (known->agency != agency) return Error(device_in_other_agency, known->agency.text());
    return Enrolled{known->id, true};
  }
  Staged staged;
  const Time at = now();
  auto state = std::make_shared<DeviceState>();
  state->device.id = DeviceId::make(at, deps_.random);
  state->device.agency = agency;
  state->device.identity_key = identity.key;
  state->device.enrolled_at = at;
  put(*state, {at, {}, identity}, at, at, 0);
  if (state->device.name.empty()) state->device.name = state->device.id.text();
  put(*state, {at, {}, os}, at, at, 0);
  Entry entry;
  entry.number = device_number_last_ + 1;
  entry.os.id = os.id;
  entry.os.pretty_name = os.pretty_name;
  entry.hardware.chassis = hardware.chassis;
  entry.hardware.battery = hardware.battery;
  reclass(entry, *state);
  const DeviceId id = state->device.id;
  entry.state = std::move(state);
  staged.entries.emplace(id, std::move(entry));
  TopicSet topics;
  topics.add(Topic::row);
  staged.note(id, topics, topics);
  LUY_TRY_VOID(commit(staged));
  ++device_number_last_;
  tell(staged.change());
  return Enrolled{id, false};
}

std::uint64_t Store::next_seq() const {
  const std::shared_lock lock(mutex_);
  return next_seq_;
}

void Store::seen(const DeviceId& device, Time received, std::uint64_t seq) {
  const std::unique_lock lock(mutex_);
  const auto entry = entries_.find(device);
  if (entry == entries_.end()) return;
  const Time at = std::chrono::floor<std::chrono::milliseconds>(received);
  const Device& known = entry->second.state->device;
  if (known.last_seen && *known.last_seen > at) return;
  auto state = std::make_shared<DeviceState>(*entry->second.state);
  state->device.last_seen = at;
  state->device.last_seq = seq;
  entry->second.state = std::move(state);
  seen_unsaved_.insert(device);
}

Result<void> Store::flush(bool now_please) {
  const std::lock_guard writer(writer_);
  {
    const std::shared_lock lock(mutex_);
    if (seen_unsaved_.empty() && next_seq_ == next_seq_saved_) return {};
  }
  if (!now_please && deps_.clock.monotonic() - flushed_at_ < flush_period) return {};
  flushed_at_ = deps_.clock.monotonic() - flush_period;
  Staged nothing;
  return commit(nothing);
}

}  // namespace luy::inventory
