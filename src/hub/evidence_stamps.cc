#include "hub/evidence_stamps.h"

#include "base/file.h"
#include "base/log.h"
#include "evidence/archive.h"
#include "evidence/witness_file.h"
#include "seal/time_stamp_call.h"
#include "signature/time_stamp.h"

namespace luy::hub {
namespace {

constexpr std::string_view url_setting = "evidence_time_stamp";
constexpr mode_t stamp_mode = 0640;

Result<std::optional<std::string>> closing_note(const evidence::Archive& archive,
                                                const std::shared_ptr<evidence::ArchiveDay>& day) {
  LUY_TRY(const evidence::Lease reader, evidence::Lease::take(archive, day));
  LUY_TRY(const auto newest, reader->newest_note());
  return newest && newest->closing ? std::optional(newest->text) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<EvidenceStamps>> EvidenceStamps::open(Dependencies dependencies) {
  std::unique_ptr<EvidenceStamps> stamps(new EvidenceStamps(dependencies));
  LUY_TRY_VOID(dependencies.database.read([&](records::Connection& c) {
    return c.query("SELECT value FROM hub_setting WHERE name = $1", {url_setting},
                   [&](const records::Row& row) { stamps->state_.url = row.text(0); });
  }));
  stamps->look_for_newest();
  return stamps;
}

EvidenceStamps::State EvidenceStamps::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

Result<void> EvidenceStamps::set_url(const std::string& url, const WitnessBook::Also& also) {
  if (url.size() > stamp_url_bytes_max || (!url.empty() && !seal::is_time_stamp_url(url))) {
    return Error(stamp_url_invalid, url.substr(0, stamp_url_bytes_max));
  }
  const Result<void> stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO hub_setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = "
              "excluded.value",
              {url_setting, std::string_view(url)}));
    return also(c, "evidence:time_stamp");
  });
  if (!stored) return stored.error();
  const std::lock_guard lock(mutex_);
  state_.url = url;
  state_.problem.reset();
  return {};
}

void EvidenceStamps::look_for_newest() {
  const evidence::Archive* archive = d_.store.archive();
  if (archive == nullptr) return;
  const auto days = archive->list();
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    const auto token = read_file(evidence::stamp_path((*day)->file), signature::timestamp_bytes_max);
    if (!token || !(*day)->sealed) continue;
    const auto note = closing_note(*archive, *day);
    if (!note || !*note) continue;
    const auto report = signature::check_time_stamp(*token, **note, {});
    if (!report) continue;
    const std::lock_guard lock(mutex_);
    state_.newest_day = (*day)->day;
    state_.stamped_at = report->time;
    return;
  }
}

void EvidenceStamps::round() {
  if (state().url.empty()) return;
  const auto done = stamp_days();
  const std::lock_guard lock(mutex_);
  if (!done && !state_.problem) log(LogLevel::warning, "hub", "time-stamp of the evidence: " + done.error().text());
  state_.problem = done ? std::nullopt : std::optional(done.error());
}

Result<void> EvidenceStamps::stamp_days() {
  const evidence::Archive* archive = d_.store.archive();
  if (archive == nullptr) return {};
  const std::string url = state().url;
  const auto days = archive->list();
  std::size_t left = stamped_days_max;
  bool stamped = false;
  for (auto day = days.rbegin(); day != days.rend() && left > 0; ++day, --left) {
    std::error_code error;
    const auto file = evidence::stamp_path((*day)->file);
    if (!(*day)->sealed || (*day)->damage || std::filesystem::exists(file, error)) continue;
    LUY_TRY(const auto note, closing_note(*archive, *day));
    if (!note) continue;
    LUY_TRY(const std::string token, signature::time_stamp(*note, {seal::time_stamp_call(url), &d_.random}));
    // What does not verify is not kept.
    LUY_TRY_VOID(signature::check_time_stamp(token, *note, {}));
    LUY_TRY_VOID(write_file_durably(file, token, stamp_mode));
    stamped = true;
  }
  if (stamped) look_for_newest();
  return {};
}

}  // namespace luy::hub
