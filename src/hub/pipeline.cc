#include "hub/pipeline.h"

#include <algorithm>

#include "base/log.h"
#include "event/batch.h"
#include "hub/source_parts.h"
#include "people/account_link.h"

namespace luy::hub {
namespace {

void complain(std::string_view what, const Error& error) {
  log(LogLevel::error, "hub", std::string(what) + ": " + error.text());
}

constexpr auto look_at_least_every = std::chrono::seconds(1);
constexpr auto flush_every = std::chrono::seconds(5);

}  // namespace

Pipeline::Pipeline(Dependencies dependencies) : d_(std::move(dependencies)) {}

Pipeline::~Pipeline() {
  stop();
}

void Pipeline::start() {
  next_seq_ = d_.inventory.next_seq();
  start_size_ = d_.store.size();
  applied_ = next_seq_;
  thread_ = std::thread([this] { run(); });
}

void Pipeline::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Pipeline::note_grown(const std::string& sender, std::uint64_t missing) {
  const std::lock_guard lock(mutex_);
  grown_ = true;
  if (missing > 0) missing_[sender] += missing;
  wake_.notify_one();
}

void Pipeline::note_change(inventory::Change change) {
  const std::lock_guard lock(mutex_);
  changes_.push_back(std::move(change));
  wake_.notify_one();
}

void Pipeline::note_directory() {
  const std::lock_guard lock(mutex_);
  directory_changed_ = true;
  wake_.notify_one();
}

void Pipeline::note_day(Day day) {
  const std::lock_guard lock(mutex_);
  verified_days_.push_back(day);
  wake_.notify_one();
}

void Pipeline::note_log_terms() {
  const std::lock_guard lock(mutex_);
  log_terms_changed_ = true;
  wake_.notify_one();
}

void Pipeline::note_findings(const AgencyId& agency) {
  const std::lock_guard lock(mutex_);
  findings_.insert(agency);
  wake_.notify_one();
}

void Pipeline::run() {
  for (;;) {
    bool grown = false;
    bool directory = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, look_at_least_every, [&] {
        return stopping_ || grown_ || directory_changed_ || !changes_.empty() || !verified_days_.empty() ||
               log_terms_changed_ || !findings_.empty();
      });
      if (stopping_) break;
      grown = std::exchange(grown_, false);
      directory = std::exchange(directory_changed_, false);
    }
    if (directory) refresh_directory();
    if (grown || next_seq_ < d_.store.size()) read_records();
    judge_changes();
    judge_days();
    judge_proofs();
    judge_findings();
    judge_time();
  }
  if (auto flushed = d_.inventory.flush(true); !flushed) complain("inventory", flushed.error());
}

void Pipeline::read_records() {
  std::size_t records = 0;
  const std::uint64_t from = next_seq_;
  auto done = d_.store.replay(from, [&](const evidence::Record& record) {
    const SourceParts source = split_source(record.source);
    const auto device = DeviceId::parse(source.device);
    // The store's own notes about a device (…/hub) are no sign of life of it.
    const bool from_device = device && record.transport != static_cast<std::uint8_t>(event::Transport::hub);
    if (from_device) seen_[*device] = {record.received, record.seq};
    if (from_device && record.transport == static_cast<std::uint8_t>(event::Transport::fact)) {
      facts_.push_back({*device, record.seq, record.received, record.raw});
    }
    if (d_.proofs != nullptr) d_.proofs->take(record);
    if (d_.orders != nullptr) d_.orders->note(record);
    if (d_.policies != nullptr) d_.policies->note(record);
    if (d_.trail != nullptr) d_.trail->take(record);
    if (d_.heard) d_.heard(record);
    if (caught_up_) d_.publish(record);
    next_seq_ = record.seq + 1;
    if (facts_.size() >= facts_per_apply && !apply(next_seq_)) return false;
    return ++records < records_per_round;
  });
  if (!done) complain("reading the evidence", done.error());
  if (!apply(next_seq_)) return;
  tell_seen();
  if (records >= records_per_round) {
    const std::lock_guard lock(mutex_);
    grown_ = true;
  } else if (!caught_up_ && done && next_seq_ >= start_size_) {
    judge_changes();
    caught_up_ = true;
  }
}

bool Pipeline::apply(std::uint64_t next_seq) {
  std::vector<inventory::ReceivedFact> facts;
  facts.reserve(facts_.size());
  for (const PendingFact& fact : facts_) facts.push_back({fact.device, fact.seq, fact.received, fact.json});
  auto applied = d_.proofs != nullptr ? d_.proofs->store() : Result<void>();
  if (applied && d_.orders != nullptr) applied = d_.orders->settle();
  if (applied && d_.policies != nullptr) applied = d_.policies->settle();
  if (applied && d_.trail != nullptr) applied = d_.trail->store(next_seq);
  // What changed comes back through note_change(), like the changes that people make.
  if (applied) {
    if (auto taken = d_.inventory.apply(facts, next_seq); !taken) applied = taken.error();
  }
  facts_.clear();
  if (!applied) {
    complain("inventory", applied.error());
    seen_.clear();
    next_seq_ = d_.inventory.next_seq();
    return false;
  }
  applied_ = next_seq;
  return true;
}

void Pipeline::tell_seen() {
  std::map<std::string, std::uint64_t> missing;
  {
    const std::lock_guard lock(mutex_);
    missing.swap(missing_);
  }
  for (const auto& [device, seen] : seen_) {
    d_.inventory.seen(device, seen.received, seen.seq);
    missing.try_emplace(device.text(), 0);
  }
  seen_.clear();
  // A gap may be told after its records were read: it counts all the same, in a round that saw nothing of its device.
  for (const auto& [sender, count] : missing) {
    const auto device = DeviceId::parse(sender);
    if (!device) continue;
    if (auto told = d_.engine.on_seen(*device, count); !told) {
      complain("verdicts", told.error());
      if (count > 0) note_missing(sender, count);
    }
  }
}

void Pipeline::note_missing(const std::string& sender, std::uint64_t missing) {
  const std::lock_guard lock(mutex_);
  missing_[sender] += missing;
}

void Pipeline::judge_changes() {
  std::vector<inventory::Change> changes;
  {
    const std::lock_guard lock(mutex_);
    changes.swap(changes_);
  }
  for (const inventory::Change& change : changes) {
    if (auto judged = d_.engine.on_change(change); !judged) complain("verdicts", judged.error());
    for (const inventory::Change::OfDevice& device : change.devices) {
      if (!device.content.empty()) d_.device_changed(device.device);
    }
  }
}

void Pipeline::judge_days() {
  std::vector<Day> verified;
  bool terms_changed = false;
  {
    const std::lock_guard lock(mutex_);
    verified.swap(verified_days_);
    terms_changed = std::exchange(log_terms_changed_, false);
  }
  if (terms_changed) {
    if (auto judged = d_.engine.on_log_terms(); !judged) complain("verdicts", judged.error());
  }
  for (const Day day : verified) {
    if (auto judged = d_.engine.on_day(day); !judged) complain("verdicts", judged.error());
  }
}

void Pipeline::judge_findings() {
  std::set<AgencyId> agencies;
  {
    const std::lock_guard lock(mutex_);
    agencies.swap(findings_);
  }
  with_findings_.insert(agencies.begin(), agencies.end());
  for (const AgencyId& agency : agencies) {
    if (auto judged = d_.engine.on_findings(agency); !judged) complain("verdicts", judged.error());
  }
}

// What was read may be the proof of a verdict that stands already, or of days that are judged.
void Pipeline::judge_proofs() {
  if (d_.proofs == nullptr) return;
  const ProofBook::News news = d_.proofs->news();
  if (news.empty()) return;
  for (const auto& [device, day] : news.days) {
    if (auto judged = d_.engine.on_logs(device, day); !judged) complain("verdicts", judged.error());
  }
  inventory::Change change;
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    if (!state->software || news.acts.empty()) continue;
    const auto& acts = state->software->value.acts;
    const bool rests = std::any_of(acts.begin(), acts.end(), [&](const auto& act) {
      return news.acts.contains(inventory::approval_act(act.agency, act.at));
    });
    if (!rests) continue;
    inventory::TopicSet topics;
    topics.add(inventory::Topic::software);
    change.devices.push_back({state->device.id, topics, {}});
  }
  for (const std::string& act : news.acts) {
    const auto device = people::device_of_act(act);
    if (!device) continue;
    inventory::TopicSet topics;
    topics.add(inventory::Topic::row);
    change.devices.push_back({*device, topics, {}});
  }
  for (const inventory::WifiNetwork& network :
       news.acts.empty() ? std::vector<inventory::WifiNetwork>() : d_.inventory.wifi()) {
    if (news.acts.contains(inventory::wifi_act(network.agency, network.ssid)))
      change.wifi_agencies.push_back(network.agency);
  }
  if (!change.empty()) {
    if (auto judged = d_.engine.on_change(change); !judged) complain("verdicts", judged.error());
  }
  // A finding's change of state is named by an id; an inventory's act is not.
  const bool triaged = std::any_of(news.acts.begin(), news.acts.end(), [](const auto& act) { return is_id_text(act); });
  for (const AgencyId& agency : triaged ? with_findings_ : std::set<AgencyId>()) note_findings(agency);
  if (news.accounts) refresh_directory();
}

void Pipeline::judge_time() {
  const auto next = d_.engine.next_change();
  if (next && *next <= d_.clock.now()) {
    if (auto judged = d_.engine.on_clock(); !judged) complain("verdicts", judged.error());
  }
  const Duration now = d_.clock.monotonic();
  if (now < next_flush_) return;
  next_flush_ = now + flush_every;
  if (auto flushed = d_.inventory.flush(); !flushed) complain("inventory", flushed.error());
  if (auto expired = d_.inventory.expire(); !expired) complain("inventory", expired.error());
}

void Pipeline::refresh_directory() {
  auto agencies = d_.agencies();
  if (!agencies) {
    complain("agencies", agencies.error());
  } else if (*agencies != agencies_) {
    agencies_ = *agencies;
    if (auto told = d_.engine.on_agencies(std::move(*agencies)); !told) complain("verdicts", told.error());
  }
  auto accounts = d_.accounts();
  if (!accounts) {
    complain("accounts", accounts.error());
  } else if (*accounts != accounts_) {
    accounts_ = *accounts;
    if (auto told = d_.engine.on_accounts(std::move(*accounts)); !told) complain("verdicts", told.error());
  }
}

}  // namespace luy::hub
