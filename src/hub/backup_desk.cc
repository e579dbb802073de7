#include "hub/backup_desk.h"

#include <algorithm>

#include "base/log.h"
#include "event/batch.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

// As luy-agent names it: docs/format/orders.md.
constexpr std::string_view outcome_stream = "backup";

backup::Reported reported_of(const inventory::DeviceState& state, const inventory::StatePointer& held) {
  backup::Reported out;
  out.device = state.device.id;
  out.device_name = state.device.name.empty() ? state.device.id.text() : state.device.name;
  out.agency = state.device.agency;
  out.enrolled_at = state.device.enrolled_at;
  if (state.backup) {
    // The state holds the part as long as somebody holds the state.
    out.backup = std::shared_ptr<const fact::Backup>(held, &state.backup->value);
    out.seq = state.backup->seq;
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<BackupDesk>> BackupDesk::open(Dependencies dependencies) {
  std::unique_ptr<BackupDesk> desk(new BackupDesk(std::move(dependencies)));
  LUY_TRY_VOID(desk->load());
  return desk;
}

Result<void> BackupDesk::load() {
  LUY_TRY(keys_, backup::KeyBook::open({d_.database, d_.clock, d_.random}, d_.escrow_key));
  log_ = std::make_unique<backup::LogBook>(
      backup::LogBook::Dependencies{d_.database, d_.directory.audit(), d_.clock, d_.random});
  // Only read from here: copies of days are the custody desk's.
  register_ = std::make_unique<custody::MediumBook>(custody::MediumBook::Dependencies{
      d_.database, d_.directory.audit(), d_.clock, d_.random,
      [](const boost::json::object&) -> Result<std::uint64_t> { return Error(custody::copy_refused); },
      [](Day) -> Result<std::optional<std::string>> { return std::optional<std::string>(); }});
  limits_ = backup::limits_of(d_.pack);
  LUY_TRY_VOID(read_media());
  api_.reset(new BackupApi{
      *keys_, *log_, *register_, d_.orders, d_.agencies, d_.directory.audit(), d_.directory.acts(), d_.clock, d_.random,
      limits_, [this] { return reported(std::nullopt); },
      [this](const DeviceId& device) -> std::optional<backup::Reported> {
        const inventory::StatePointer state = d_.inventory.state(device);
        if (!state || state->device.retired_at) return std::nullopt;
        return reported_of(*state, state);
      },
      [this](const backup::Reported& device, const fact::RestoreDrill& drill) { return minutes(device, drill); }});
  d_.directory.acts().add_kind(std::string(restore_act), restore_kind(*api_));
  d_.directory.acts().add_kind(std::string(reveal_act), reveal_kind(*api_));
  return {};
}

std::vector<api::Route> BackupDesk::routes() {
  return backup_routes(*api_);
}

std::vector<backup::Reported> BackupDesk::reported(const std::optional<AgencyId>& agency) const {
  std::vector<backup::Reported> out;
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    if (state->device.retired_at || (agency && state->device.agency != *agency)) continue;
    // What runs no agent is backed up by nobody here.
    if (!state->device.last_seen) continue;
    out.push_back(reported_of(*state, state));
  }
  return out;
}

std::optional<backup::DutyRecord> BackupDesk::duty_record(const AgencyId& agency, const std::string& record) const {
  if (record != "backup_run" && record != "media_copy" && record != "restore_drill") return std::nullopt;
  return backup::duty_record(record, reported(agency), limits_, d_.clock.now());
}

void BackupDesk::take(const evidence::Record& record) {
  if (record.transport != static_cast<std::uint8_t>(event::Transport::agent)) return;
  const SourceParts source = split_source(record.source);
  if (source.stream != outcome_stream) return;
  const auto device = DeviceId::parse(source.device);
  if (!device) return;
  if (const auto taken = log_->take(*device, record.received, record.seq, record.raw); !taken) {
    log(LogLevel::error, "hub", "what became of a backup: " + taken.error().text());
  }
}

std::vector<device_policy::BackupMedium> BackupDesk::media() const {
  const std::lock_guard lock(mutex_);
  return media_;
}

Result<bool> BackupDesk::read_media() {
  LUY_TRY(const std::vector<custody::Medium> all, register_->list());
  std::vector<device_policy::BackupMedium> now;
  for (const custody::Medium& one : all) {
    const bool is_known = !one.identity.uuid.empty() || !one.identity.serial.empty();
    if (one.retired_at || one.kind != custody::MediumKind::disk || !is_known) continue;
    now.push_back({one.id.text(), one.identity.uuid, one.identity.serial, one.identity.label});
  }
  const std::lock_guard lock(mutex_);
  const bool changed = now != media_;
  media_ = std::move(now);
  return changed;
}

void BackupDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void BackupDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BackupDesk::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto changed = read_media();
    if (!changed) log(LogLevel::error, "hub", "media of backups: " + changed.error().text());
    if (changed && *changed) d_.media_changed();
    lock.lock();
    wake_.wait_for(lock, period, [this] { return stopping_; });
  }
}

Result<std::string> BackupDesk::minutes(const backup::Reported& device, const fact::RestoreDrill& drill) const {
  std::string medium;
  if (drill.target == "medium") {
    const auto id = custody::MediumId::parse(drill.place);
    const auto known = id ? register_->find(*id) : Result<custody::Medium>(Error(custody::medium_unknown, drill.place));
    medium = known ? known->name : drill.place;
  }
  const auto agency = d_.agencies.find(device.agency);
  return d_.pdf(drill_minutes(drill, device.device_name, agency ? agency->name : std::string(),
                              d_.superior_name(device.agency), medium, d_.clock.now()));
}

}  // namespace luy::hub
