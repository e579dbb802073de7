// Facts come in: parse, compare with what is held, stage.
#include <algorithm>
#include <unordered_set>

#include "base/log.h"
#include "base/utf8.h"
#include "inventory/store/store.h"

namespace luy::inventory {
namespace {

inline constexpr ErrorKind fact_unusable{"inventory.fact_unusable", ErrorClass::invalid,
                                         "Dữ liệu do máy trạm gửi không dùng được: {}.",
                                         "An endpoint's fact cannot be used: {}."};
constexpr std::size_t error_bytes_max = 300;

Time whole_millis(Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time);
}

// JSON can write the character NUL, the database cannot hold it, and no name needs it.
Result<fact::Fact> parse(std::string_view json) {
  if (json.find("\\u0000") != std::string_view::npos) return Error(fact_unusable, "a text holds the character NUL");
  return fact::from_json(json);
}

// How one list of packages became another: a product whose version is another counts as updated.
void count_differences(const Catalogue& catalogue, const Installed& before, const Installed& after,
                       HistoryEntry& history) {
  std::vector<PackageNumber> old_numbers;
  std::vector<PackageNumber> new_numbers;
  for (const auto item : before) old_numbers.push_back(number_of(item));
  for (const auto item : after) new_numbers.push_back(number_of(item));
  std::sort(old_numbers.begin(), old_numbers.end());
  std::sort(new_numbers.begin(), new_numbers.end());
  std::vector<PackageNumber> gone;
  std::vector<PackageNumber> come;
  std::set_difference(old_numbers.begin(), old_numbers.end(), new_numbers.begin(), new_numbers.end(),
                      std::back_inserter(gone));
  std::set_difference(new_numbers.begin(), new_numbers.end(), old_numbers.begin(), old_numbers.end(),
                      std::back_inserter(come));
  std::unordered_multiset<std::uint32_t> gone_products;
  for (const auto number : gone) gone_products.insert(catalogue.product(number));
  for (const auto number : come) {
    const auto match = gone_products.find(catalogue.product(number));
    if (match == gone_products.end()) {
      ++history.added;
    } else {
      ++history.updated;
      gone_products.erase(match);
    }
  }
  history.removed = static_cast<std::int64_t>(gone_products.size());
}

}  // namespace

void Store::reject(Staged& staged, const ReceivedFact& fact, const Error& error) const {
  Entry* const entry = stage(staged, fact.device);
  if (entry == nullptr) return;
  ++entry->rejected.count;
  entry->rejected.last_seq = fact.seq;
  entry->rejected.last_error = utf8_front(to_utf8(error.en()), error_bytes_max);
  std::erase(entry->rejected.last_error, '\0');
}

void Store::take_packages(Staged& staged, Entry& entry, const fact::Fact& fact, const ReceivedFact& received,
                          Time collected_at, HistoryEntry& history) {
  auto& list = staged.lists[entry.number];
  list.clear();
  {
    // Readers name packages while new ones are added.
    const std::unique_lock lock(mutex_);
    const auto& packages = std::get<fact::Packages>(fact.body).packages;
    // An agent that tells of sources leaves out those that are called as their package is.
    const bool tells = std::any_of(packages.begin(), packages.end(), [](const auto& one) { return one.source; });
    for (const auto& package : packages) {
      const PackageNumber number = catalogue_.intern({package.name, package.version, package.architecture}, history.at);
      list.emplace(number, Installation{package.installed_at, std::string(utf8_front(package.installed_by.value_or(""),
                                                                                     installed_by_bytes_max))});
      if (tells && catalogue_.set_source(number, package.source.value_or(package.name),
                                         package.source_version.value_or(package.version))) {
        sources_unsaved_.push_back(number);
      }
    }
  }
  auto installed = std::make_shared<Installed>();
  installed->reserve(list.size());
  for (const auto& [number, installation] : list) installed->push_back(number);
  if (entry.installed) count_differences(catalogue_, *entry.installed, *installed, history);
  auto state = std::make_shared<DeviceState>(*entry.state);
  const DeviceState& s = *state;
  auto summary = catalogue_.judge(*installed, deps_.lineage(s.device.agency), s.device.device_class, now());
  state->software = std::make_shared<const Learnt<SoftwareSummary>>(Learnt<SoftwareSummary>{
      std::move(summary), collected_at, whole_millis(received.received), received.seq, fact.method});
  entry.installed = std::move(installed);
  entry.state = std::move(state);
}

void Store::take_networks(Staged& staged, const Entry& entry, const fact::Wifi& wifi, const ReceivedFact& received,
                          Time collected_at, const std::string& method) const {
  for (const auto& network : wifi.networks) {
    staged.sightings.push_back({{entry.state->device.agency, network.ssid},
                                received.device,
                                {network.security, collected_at, network.key_changed_at, received.seq, method,
                                 network.key_fingerprint.value_or("")}});
    staged.wifi_agencies.insert(entry.state->device.agency);
  }
}

bool Store::reclass(Entry& entry, DeviceState& state) {
  if (state.device.class_set) return false;
  const DeviceClass guess = guess_class(entry.os, entry.hardware);
  if (guess == state.device.device_class) return false;
  state.device.device_class = guess;
  return true;
}

void Store::note_claim(Staged& staged, const std::string& key, const ReceivedFact& received, const Device& device) {
  if (key == device.identity_key) return;
  staged.claims.push_back({device.id, device.agency, device.identity_key,
                           std::string(utf8_front(to_utf8(key), device_name_bytes_max)), received.seq});
}

void Store::stage_fact_row(Staged& staged, const Entry& entry, const fact::Fact& fact, const HistoryEntry& history,
                           Time received_at) {
  const Held& held = entry.held[static_cast<std::size_t>(fact.kind())];
  tables::FactRow row;
  row.device = entry.number;
  row.fact = {fact.kind(), held.collected_at, received_at,           held.changed_at,
              fact.method, history.seq,       stored_body(fact.body)};
  row.digests = held.digests;
  staged.facts.push_back(std::move(row));
}

void Store::take(Staged& staged, const ReceivedFact& received) {
  Entry* const entry = stage(staged, received.device);
  if (entry == nullptr) {
    ++staged.strangers;
    return;
  }
  auto parsed = parse(received.json);
  if (!parsed) return reject(staged, received, parsed.error());
  fact::Fact& fact = *parsed;
  fact.method = utf8_front(fact.method, device_name_bytes_max);
  const Time received_at = whole_millis(received.received);
  const Time collected_at = std::min(whole_millis(fact.collected_at), received_at);
  Held& held = entry->held[static_cast<std::size_t>(fact.kind())];
  if (held.present && held.collected_at > collected_at) return;

  const Digests digests = digests_of(fact.body);
  HistoryEntry history;
  history.at = collected_at;
  history.kind = fact.kind();
  history.seq = received.seq;
  history.first = !held.present;
  const bool content_changed = !held.present || held.digests.content != digests.content;
  const bool stable_changed = !held.present || held.digests.stable != digests.stable;
  held = {true, collected_at, stable_changed ? collected_at : held.changed_at, digests};

  TopicSet topics;
  topics.add(fact.kind());
  TopicSet content;
  if (content_changed) content.add(fact.kind());
  auto state = std::make_shared<DeviceState>(*entry->state);
  put(*state, fact, collected_at, received_at, received.seq);
  bool row_changed = state->device.name != entry->state->device.name;
  if (const auto* os = std::get_if<fact::Os>(&fact.body)) {
    entry->os.id = os->id;
    entry->os.pretty_name = os->pretty_name;
    row_changed |= reclass(*entry, *state);
  } else if (const auto* hardware = std::get_if<fact::Hardware>(&fact.body)) {
    entry->hardware.chassis = hardware->chassis;
    entry->hardware.battery = hardware->battery;
    row_changed |= reclass(*entry, *state);
  } else if (const auto* identity = std::get_if<fact::Identity>(&fact.body)) {
    if (content_changed) note_claim(staged, identity->key, received, state->device);
  }
  if (row_changed) {
    topics.add(Topic::row);
    content.add(Topic::row);
    if (rejudge(*entry, *state, now())) {
      topics.add(Topic::software);
      content.add(Topic::software);
    }
  }
  entry->state = state;
  if (fact.kind() == fact::Kind::packages) {
    take_packages(staged, *entry, fact, received, collected_at, history);
    topics.add(Topic::software);
    content.add(Topic::software);
  } else if (state->wifi && fact.kind() == fact::Kind::wifi) {
    take_networks(staged, *entry, state->wifi->value, received, collected_at, fact.method);
  }
  if (stable_changed) staged.history.emplace_back(entry->number, history);
  staged.note(received.device, topics, content);
  stage_fact_row(staged, *entry, fact, history, received_at);
}

Result<Change> Store::apply(std::span<const ReceivedFact> facts, std::uint64_t next_seq) {
  const std::lock_guard writer(writer_);
  Staged staged;
  for (const ReceivedFact& fact : facts) {
    if (fact.seq >= next_seq_) take(staged, fact);
  }
  if (staged.strangers > 0) {
    log(LogLevel::warning, "inventory",
        std::to_string(staged.strangers) + " facts of unknown or retired devices are skipped");
  }
  if (staged.empty()) {
    const std::unique_lock lock(mutex_);
    next_seq_ = std::max(next_seq_, next_seq);
    return Change{};
  }
  staged.next_seq = std::max(next_seq_, next_seq);
  LUY_TRY_VOID(commit(staged));
  Change change = staged.change();
  tell(change);
  return change;
}

}  // namespace luy::inventory
