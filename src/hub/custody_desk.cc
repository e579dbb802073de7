#include "hub/custody_desk.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "event/batch.h"
#include "evidence/archive.h"
#include "evidence/hub_note.h"
#include "hub/thread_priority.h"
#include "incident/case_book.h"
#include "incident/system_book.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

void complain(std::string_view what, const Error& error) {
  log(LogLevel::error, "hub", std::string(what) + ": " + error.text());
}

// Article 5: after each backup a copy goes to external media.
std::optional<int> copy_within(const regulation::Pack& pack) {
  for (const regulation::Obligation& one : pack.obligations) {
    if (one.record != "media_copy") continue;
    const auto period = one.parameters.duration("period_days");
    if (period) return static_cast<int>(std::chrono::duration_cast<days>(*period).count());
  }
  return std::nullopt;
}

// Article 9.1. The store itself goes no lower, whatever a pack says.
int floor_of(const regulation::Pack& pack) {
  for (const regulation::Obligation& one : pack.obligations) {
    if (one.check != regulation::Check::log_days) continue;
    const auto keep = one.parameters.duration("keep_days");
    if (keep) {
      return std::max(evidence::retention_days_floor,
                      static_cast<int>(std::chrono::duration_cast<days>(*keep).count()));
    }
  }
  return evidence::retention_days_floor;
}

std::string percent_text(double percent) {
  return std::to_string(static_cast<int>(percent)) + " %";
}

}  // namespace

std::map<unsigned, int> level_days(const regulation::Pack& pack) {
  std::map<unsigned, int> out;
  for (const regulation::Obligation& one : pack.obligations) {
    for (unsigned level = 1; level <= incident::system_level_max; ++level) {
      const auto keep = one.parameters.duration("log_level_" + std::to_string(level) + "_days");
      if (keep) out[level] = static_cast<int>(std::chrono::duration_cast<days>(*keep).count());
    }
  }
  return out;
}

Result<std::unique_ptr<CustodyDesk>> CustodyDesk::open(Dependencies dependencies) {
  std::unique_ptr<CustodyDesk> desk(new CustodyDesk(std::move(dependencies)));
  LUY_TRY_VOID(desk->load());
  return desk;
}

Result<void> CustodyDesk::load() {
  copy_within_days_ = copy_within(d_.pack);
  floor_days_ = floor_of(d_.pack);
  level_days_ = level_days(d_.pack);
  LUY_TRY(levels_, incident::system_levels(d_.database));
  media_ = std::make_unique<custody::MediumBook>(custody::MediumBook::Dependencies{
      d_.database, d_.directory.audit(), d_.clock, d_.random,
      [this](const json::object& text) { return note(text, std::string(evidence::store_source)); },
      [this](Day day) { return digest_of(day); }});
  LUY_TRY(disk_,
          custody::DiskWatch::open({d_.database, d_.clock, [this] { return custody::space_of(d_.folder.string()); },
                                    [this](bool refuse) { d_.writer.refuse_outside(refuse); }}));
  rules_ = std::make_unique<custody::RetentionBook>(
      custody::RetentionBook::Dependencies{d_.database, d_.clock, d_.random, [this] { return places(); }, floor_days_});
  erasures_ = std::make_unique<custody::ErasureBook>(custody::ErasureBook::Dependencies{
      d_.database, d_.clock, d_.random, [this](const AgencyId& agency, const std::vector<std::uint64_t>& seqs) {
        return keeper_->describe(agency, seqs);
      }});
  LUY_TRY(silences_,
          custody::SilenceBook::open(
              {d_.database, d_.clock, [this](const AgencyId& agency, const DeviceId& device, const json::object& text) {
                 return note(text, agency.text() + "/" + device.text() + "/hub");
               }}));
  keeper_ = std::make_unique<CustodyKeeper>(
      CustodyKeeper::Dependencies{d_.store, d_.writer, d_.clock, *rules_, *erasures_, [this] { return places(); },
                                  [this](const DeviceId& device) { return class_of(device); },
                                  [this] { return incident::held_from(d_.database); }});
  directory::PendingActs& acts = d_.directory.acts();
  for (auto& [name, kind] : {std::pair(custody::retention_set_act, rules_->set_act()),
                             std::pair(custody::retention_remove_act, rules_->remove_act()),
                             std::pair(custody::erase_act, erasures_->act())}) {
    directory::ActKind how = kind;
    how.committed = [this] {
      if (d_.terms_changed) d_.terms_changed();
      look_soon();
    };
    acts.add_kind(std::string(name), std::move(how));
  }
  return {};
}

Result<std::uint64_t> CustodyDesk::note(const json::object& text, std::string source) const {
  std::vector<OwnedRecord> records;
  records.push_back({std::move(source), static_cast<std::uint8_t>(event::Transport::hub), json::serialize(text)});
  LUY_TRY(const evidence::Appended appended, d_.writer.append(std::nullopt, std::move(records)));
  return appended.first_seq;
}

Result<std::optional<std::string>> CustodyDesk::digest_of(Day day) const {
  LUY_TRY(const std::vector<evidence::DayInfo> stored, d_.store.days());
  for (const evidence::DayInfo& one : stored) {
    if (one.day == day && one.closed && !one.damaged && !one.sha256.empty()) return std::optional(one.sha256);
  }
  return std::optional<std::string>();
}

std::vector<api::Route> CustodyDesk::routes() {
  custody::ApiDependencies of_api{*media_,
                                  *disk_,
                                  *rules_,
                                  *erasures_,
                                  *silences_,
                                  d_.directory,
                                  d_.clock,
                                  [this] { return d_.agencies.hub_object(); },
                                  [this](const AgencyId& agency) { return d_.agencies.lineage(agency); },
                                  [this](const AgencyId& agency) {
                                    const auto found = d_.agencies.find(agency);
                                    return found ? found->name : std::string();
                                  },
                                  [this](const DeviceId& device) {
                                    const inventory::StatePointer state = d_.inventory.state(device);
                                    return state ? state->device.name : std::string();
                                  },
                                  [this] { return d_.store.days(); },
                                  [this](Day day) { return sent(day); },
                                  d_.is_damaged,
                                  [this] { return sources(); },
                                  [this] { return incident::held_from(d_.database); },
                                  [this] { return places(); },
                                  [this] { return level_floors(); },
                                  [this](const AgencyId& agency, const std::vector<std::uint64_t>& seqs) {
                                    return keeper_->describe(agency, seqs);
                                  },
                                  [this] { return running(); },
                                  floor_days_,
                                  d_.retention_days,
                                  copy_within_days_};
  return custody::routes(std::move(of_api));
}

std::string CustodyDesk::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

std::vector<custody::LevelFloor> CustodyDesk::level_floors() const {
  std::vector<custody::LevelFloor> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [agency, level] : levels_) {
    const auto found = level_days_.find(level);
    if (found != level_days_.end() && found->second > floor_days_) out.push_back({agency, level, found->second});
  }
  return out;
}

std::vector<custody::Place> CustodyDesk::places() const {
  std::map<AgencyId, int> floors;
  for (const custody::LevelFloor& one : level_floors()) floors[one.agency] = one.days;
  std::vector<custody::Place> out;
  for (const directory::Agency& one : d_.agencies.all()) {
    const auto found = floors.find(one.id);
    out.push_back({one.id, d_.agencies.lineage(one.id), found == floors.end() ? floor_days_ : found->second});
  }
  return out;
}

custody::SourceClass CustodyDesk::class_of(const DeviceId& device) const {
  using inventory::DeviceClass;
  const inventory::StatePointer state = d_.inventory.state(device);
  // What is unknown is kept as what has to be kept longest.
  if (!state) return custody::SourceClass::server;
  switch (state->device.device_class) {
    case DeviceClass::workstation:
    case DeviceClass::mobile:
      return custody::SourceClass::workstation;
    case DeviceClass::network:
      return custody::SourceClass::network;
    case DeviceClass::server:
    case DeviceClass::storage:
    case DeviceClass::other:
      break;
  }
  return custody::SourceClass::server;
}

std::vector<custody::SentRecords> CustodyDesk::sources() const {
  std::vector<custody::SentRecords> out;
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    const inventory::Device& device = state->device;
    if (device.retired_at || !device.last_seen) continue;
    custody::SentRecords one;
    one.device = device.id;
    one.agency = device.agency;
    one.source_class = class_of(device.id);
    out.push_back(one);
  }
  return out;
}

Result<std::vector<custody::SentRecords>> CustodyDesk::sent(Day day) const {
  std::vector<custody::SentRecords> out;
  const evidence::Archive* archive = d_.store.archive();
  if (archive == nullptr) return out;
  for (const auto& one : archive->list()) {
    if (one->day != day || one->damage) continue;
    LUY_TRY(const evidence::Lease lease, evidence::Lease::take(*archive, one));
    LUY_TRY(const std::vector<evidence::CoverageRow> rows, lease->coverages());
    for (const evidence::CoverageRow& row : rows) {
      const auto device = DeviceId::parse(row.sender);
      const inventory::StatePointer state = device ? d_.inventory.state(*device) : inventory::StatePointer();
      if (!state) continue;
      custody::SentRecords one_sent{*device,
                                    state->device.agency,
                                    class_of(*device),
                                    row.records,
                                    row.missing_batches,
                                    row.dropped_records,
                                    row.first,
                                    row.last};
      // What came after midnight is known to the newest day, which the store asks.
      if (row.missing_batches > 0) {
        LUY_TRY(const auto corrected, d_.store.coverage(row.sender, day));
        if (corrected) one_sent.missing_batches = corrected->missing_batches;
      }
      out.push_back(one_sent);
    }
  }
  return out;
}

void CustodyDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void CustodyDesk::stop() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void CustodyDesk::look_soon() {
  const std::lock_guard lock(mutex_);
  asked_ = true;
  wake_.notify_all();
}

void CustodyDesk::run() {
  lower_thread_priority();
  const std::stop_token stopping = stop_.get_token();
  while (!stopping.stop_requested()) {
    look_at_disk();
    erase();
    if (const auto looked = look_for_copies(); !looked) complain("copies of days", looked.error());
    if (const auto looked = look_for_silence(); !looked) complain("silences", looked.error());
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stopping, custody_look_every, [this] { return asked_; });
  }
}

void CustodyDesk::erase() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(asked_, false) && d_.clock.monotonic() < next_erase_) return;
  }
  const std::stop_token stopping = stop_.get_token();
  std::string problem;
  const auto levels = incident::system_levels(d_.database);
  if (levels) {
    bool differs = false;
    {
      const std::lock_guard lock(mutex_);
      differs = levels_ != *levels;
      levels_ = *levels;
    }
    if (differs && d_.terms_changed) d_.terms_changed();
  } else {
    problem = levels.error().text();
  }
  // Whatever is due now; a day at a time, so that the disk is looked at between.
  const auto done = keeper_->step(stopping);
  if (!done) problem = done.error().text();
  if (stopping.stop_requested()) return;
  if (!done || !*done) next_erase_ = d_.clock.monotonic() + erase_every;
  const std::lock_guard lock(mutex_);
  if (done && *done) asked_ = true;  // There may be more.
  if (!problem.empty() && problem != running_) log(LogLevel::error, "hub", "erasing content: " + problem);
  running_ = problem;
}

Result<void> CustodyDesk::tell(finding::Severity severity, const char* key, finding::Text title,
                               finding::Text story) const {
  const directory::Object top = d_.agencies.hub_object();
  if (top.agencies.empty()) return {};
  finding::Report report;
  report.kind = finding::Kind::evidence;
  report.group_key = key;
  report.severity = severity;
  report.title = std::move(title);
  report.story = std::move(story);
  report.agency = top.agencies.front();
  report.first = report.last = d_.clock.now();
  return d_.report({&report, 1});
}

void CustodyDesk::look_at_disk() {
  using custody::DiskLevel;
  const auto news = disk_->look();
  if (!news) return complain("the disk", news.error());
  if (!d_.disk_findings) return;
  const custody::DiskState state = disk_->state().value_or(custody::DiskState());
  Result<void> told;
  if (news->reached) {
    const std::string used = percent_text(state.space.used_percent());
    const finding::Severity severity = *news->reached == DiskLevel::critical  ? finding::Severity::critical
                                       : *news->reached == DiskLevel::warning ? finding::Severity::high
                                                                              : finding::Severity::low;
    told =
        tell(severity, "disk_level", {"Đĩa chứa nhật ký đã dùng " + used, "The disk of the logs is " + used + " full"},
             {"Đã tới mức cảnh báo 70/85/95 %. Khi chỉ còn phần dự trữ, máy chủ ngừng nhận nhật ký (máy trạm giữ lại "
              "và gửi sau); trang quản trị vẫn hoạt động. Hãy thêm đĩa, hoặc chép ra thiết bị ngoài rồi rút ngắn "
              "thời hạn lưu theo quy định.",
              "One of the levels 70/85/95 % is reached. When only the reserve is left the hub takes no more records "
              "(agents keep theirs and send them later); the console goes on. Add a disk, or copy days to external "
              "media and shorten how long they are kept, as far as the regulation allows."});
  }
  if (told && news->full_in_days) {
    const std::string left = std::to_string(*news->full_in_days);
    told = tell(
        finding::Severity::medium, "disk_forecast",
        {"Đĩa chứa nhật ký sẽ đầy sau " + left + " ngày", "The disk of the logs will be full in " + left + " days"},
        {"Tính theo mức tăng của các ngày gần đây. Hãy chuẩn bị đĩa lớn hơn.",
         "Reckoned by its growth over the last days. Have a larger disk ready."});
  }
  if (!told) complain("the disk", told.error());
}

Result<void> CustodyDesk::look_for_silence() {
  const Duration now = d_.clock.monotonic();
  if (now < next_silence_) return {};
  next_silence_ = now + silence_every;
  std::vector<custody::Heard> all;
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    const inventory::Device& device = state->device;
    if (device.retired_at || !device.last_seen) continue;
    all.push_back({device.id, device.agency, *device.last_seen, d_.is_silent(device.id)});
  }
  return silences_->update(all);
}

Result<void> CustodyDesk::look_for_copies() {
  const Day today = day_of(d_.clock.now());
  if (copies_looked_for_ == today) return {};
  LUY_TRY(const std::vector<evidence::DayInfo> stored, d_.store.days());
  LUY_TRY(const auto copies, media_->copies());
  const std::vector<Day> missing = custody::days_without_copy(stored, copies, copy_within_days_, today);
  copies_looked_for_ = today;
  if (missing.empty()) return {};
  const std::string count = std::to_string(missing.size());
  const std::string within = std::to_string(*copy_within_days_);
  return tell(finding::Severity::medium, "copy_missing",
              {count + " ngày nhật ký chưa có bản sao trên thiết bị ngoài",
               count + " days of logs have no copy on external media"},
              {"Ngày cũ nhất là " + to_iso(missing.front()) + "; quy chế cho tối đa " + within +
                   " ngày (Điều 5). Chạy 'luy custody copy' trên máy chủ.",
               "The oldest is " + to_iso(missing.front()) + "; the regulation allows " + within +
                   " days (article 5). Run 'luy custody copy' on the server."});
}

}  // namespace luy::hub
