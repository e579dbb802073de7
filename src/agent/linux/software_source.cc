#include "agent/linux/software_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "agent/linux/install_hook.h"
#include "agent/linux/text.h"
#include "agent/note.h"
#include "base/file.h"
#include "base/log.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::InstallGate;

constexpr std::size_t met_file_bytes_max = 4 << 20;
constexpr std::string_view counted_key = "counted ";  // Before the bytes of met.taken that are in the counts.

// Those kept between runs: as MetLine, with how often it was met behind a tab.
std::string kept_line(const fact::RefusedSoftware& one) {
  std::string line = to_line({one.act, one.name, one.version, one.sha256, one.user, one.refused, one.at});
  line.pop_back();
  return line + '\t' + std::to_string(one.times) + '\n';
}

}  // namespace

fs::path SoftwareSource::sign_of(const fs::path& data) {
  return software_folder(data) / "changed";
}

SoftwareSource::SoftwareSource(Setup setup) : setup_(std::move(setup)) {
  if (const auto made = make_folder(software_folder(setup_.data), 0700); !made) {
    log(LogLevel::error, "agent", "software: " + made.error().text());
  }
  const auto kept = read_file(software_folder(setup_.data) / "seen", met_file_bytes_max);
  if (!kept) return;
  for (const std::string_view line : lines(*kept)) {
    if (const auto bytes = after(line, counted_key)) counted_ = static_cast<std::size_t>(number(*bytes).value_or(0));
    const auto tab = line.rfind('\t');
    const auto times = tab == std::string_view::npos ? std::nullopt : number(line.substr(tab + 1));
    const auto read = times ? read_met_line(line.substr(0, tab)) : std::nullopt;
    if (!read) continue;
    met_[{read->act, read->name}] = {read->act,  read->name,    read->version, read->sha256,
                                     read->user, read->refused, *times,        read->at};
  }
}

bool SoftwareSource::collect(Slice& slice) {
  follow(slice);
  read_met(slice);
  return false;
}

Result<void> SoftwareSource::hand_over(const device_policy::Software& section, const KeptList* list) {
  const fs::path folder = software_folder(setup_.data);
  // Without a list nothing is approved: a machine that has not got one yet is not shut.
  const InstallGate mode = list == nullptr ? InstallGate::off : section.install;
  LUY_TRY_VOID(
      write_file_durably(folder / "gate", to_text({mode, section.contact, {}}, list == nullptr ? "" : list->content)));
  return write_file_durably(folder / "wanted", to_text(GateWanted{section}));
}

void SoftwareSource::follow(Slice& slice) {
  const auto policy = setup_.policy();
  const auto list = setup_.list();
  if (!policy || !policy->software) return publish(nullptr);
  if (!given_ || policy != policy_ || list != list_) {
    const auto done = hand_over(*policy->software, list.get());
    const std::string trouble = done ? std::string() : done.error().text();
    if (trouble != trouble_ && !trouble.empty()) {
      log(LogLevel::error, "agent", "software: " + trouble);
      slice.add(make_note("software_gate_failed", setup_.clock.now(), {{"why", done.error().en()}}));
    }
    trouble_ = trouble;
    given_ = done.has_value();
    policy_ = policy;
    list_ = list;
  }
  publish(policy.get());
}

void SoftwareSource::take(const MetLine& line, Slice& slice) {
  if (line.act == "open") {
    slice.add(make_note("software_gate_open", line.at, {{"why", line.name}, {"user", line.user}}));
    return;
  }
  slice.add(make_note("software_met", line.at,
                      {{"act", line.act},
                       {"name", line.name},
                       {"version", line.version},
                       {"sha256", line.sha256},
                       {"user", line.user},
                       {"refused", static_cast<std::int64_t>(line.refused)}}));
}

void SoftwareSource::count(const MetLine& line) {
  if (line.act == "open") return;
  fact::RefusedSoftware& one = met_[{line.act, line.name}];
  const std::int64_t times = one.times + 1;
  one = {line.act, line.name, line.version, line.sha256, line.user, line.refused, times, line.at};
  while (met_.size() > fact::refused_told_max) {
    met_.erase(std::min_element(met_.begin(), met_.end(),
                                [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  }
}

// What was met is moved aside and read; it goes at the next look, when its records are in the spool and nobody who had
// it open wrote more, so that a crash between the two tells it twice and not never.
void SoftwareSource::read_met(Slice& slice) {
  const fs::path folder = software_folder(setup_.data);
  const fs::path aside = folder / "met.taken";
  std::error_code error;
  if (!fs::exists(aside, error)) {
    forget_taken();
    fs::rename(folder / "met", aside, error);
    if (error) return;
  }
  const auto text = read_file(aside, met_file_bytes_max);
  if (!text) log(LogLevel::warning, "agent", "software: " + text.error().text());
  if (!text || text->size() == read_) {
    fs::remove(aside, error);
    return forget_taken();
  }
  const std::string_view fresh = std::string_view(*text).substr(std::min(read_, text->size()));
  read_ = text->size();
  bool any = false;
  for (const std::string_view line : lines(fresh)) {
    if (const auto met = read_met_line(line)) {
      take(*met, slice);
      // Before a restart it may have been counted, and its record have got no further.
      if (static_cast<std::size_t>(line.data() - text->data()) >= counted_) count(*met);
      any = true;
    }
  }
  if (!any) return;
  counted_ = std::max(counted_, read_);
  remember();
  publish(policy_.get());
}

void SoftwareSource::forget_taken() {
  read_ = 0;
  if (std::exchange(counted_, 0) > 0) remember();
}

void SoftwareSource::remember() {
  std::string text = std::string(counted_key) + std::to_string(counted_) + '\n';
  for (const auto& [key, one] : met_) text += kept_line(one);
  if (const auto kept = write_file_durably(software_folder(setup_.data) / "seen", text); !kept) {
    log(LogLevel::warning, "agent", "software: " + kept.error().text());
  }
}

void SoftwareSource::publish(const device_policy::Policy* policy) {
  std::optional<fact::SoftwareGate> fresh;
  std::optional<fact::Removable> media;
  if (policy != nullptr && policy->software) {
    fresh.emplace();
    media.emplace();
    describe(*policy->software, *fresh, *media);
  }
  {
    const std::lock_guard lock(mutex_);
    if (fresh == state_ && media == removable_) return;
    state_ = std::move(fresh);
    removable_ = std::move(media);
  }
  change();
}

// What luy-agent-gate says of itself, as long as it says so.
void SoftwareSource::describe(const device_policy::Software& section, fact::SoftwareGate& gate,
                              fact::Removable& media) const {
  const auto text = read_file(software_folder(setup_.data) / "state", gate_state_bytes_max);
  auto told = text ? read_gate_state(*text) : std::nullopt;
  const Duration age = told ? setup_.clock.now() - told->at : Duration::zero();
  const bool is_new = told && age < gate_state_age_max && age > -gate_state_age_max;
  std::string because = trouble_.empty() ? std::string() : "not_written";
  if (because.empty() && !is_new) because = "gate_not_running";
  if (is_new) {
    gate.install = told->install;
    gate.execute = told->execute;
    gate.trusted = told->trusted;
    if (because.empty()) because = told->because;
    media = told->media;
  } else {
    gate.install = section.install == InstallGate::off ? "off" : "failed";
    gate.execute = section.execute == device_policy::ExecuteGate::off ? "off" : "failed";
    media.mode = "off";
    if (gate.install == "off" && gate.execute == "off") because.clear();
  }
  if (because.empty() && section.install != InstallGate::off && !list_) {
    gate.install = "failed";
    because = "no_list";
  }
  if (!because.empty()) gate.because = because;
  for (const auto& [key, one] : met_) gate.refused.push_back(one);
  std::sort(gate.refused.begin(), gate.refused.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
}

std::optional<fact::Removable> SoftwareSource::removable() const {
  const std::lock_guard lock(mutex_);
  return removable_;
}

std::optional<fact::SoftwareGate> SoftwareSource::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void SoftwareSource::change() {
  const std::string path = sign_of(setup_.data).string();
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const std::string text = to_rfc3339(setup_.clock.now());
  if (fd) [[maybe_unused]]
    const ssize_t n = ::write(fd.get(), text.data(), text.size());
}

}  // namespace luy::agent
