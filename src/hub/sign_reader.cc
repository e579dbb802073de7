#include "hub/sign_reader.h"

#include "base/log.h"
#include "event/parse.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

using event::Field;
using finding::EntityType;
using finding::Severity;

constexpr auto look_every = std::chrono::seconds(1);
// How far it came is written at least after so many records, also when there is nothing to report.
constexpr std::uint64_t progress_every = 10'000;

event::Event event_of(const evidence::Record& record, const SourceParts& source) {
  return event::parse(static_cast<event::Transport>(record.transport), source.stream, record.raw, {record.received});
}

std::string label(const event::Event& event, std::string_view name) {
  return event.get("labels." + std::string(name)).value_or(std::string());
}

void place(finding::Report& report, const evidence::Record& record, const event::Event& event) {
  const SourceParts source = split_source(record.source);
  if (const auto agency = AgencyId::parse(source.agency)) report.agency = *agency;
  report.device = DeviceId::parse(source.device);
  if (report.device) report.entities.push_back({EntityType::device, report.device->text()});
  report.seqs = {record.seq};
  report.first = report.last = event.time.value_or(record.received);
}

bool begins_with_any(std::string_view path, std::initializer_list<std::string_view> fronts) {
  for (const std::string_view front : fronts) {
    if (path.starts_with(front)) return true;
  }
  return false;
}

// What lets somebody in, or runs as root, weighs most.
Severity severity_of(std::string_view path, std::string_view action) {
  if (action == "file_replaced_by_link" || action == "mass_file_change") return Severity::high;
  const bool lets_in = begins_with_any(path, {"/etc/passwd", "/etc/shadow", "/etc/sudoers", "/etc/ssh/", "/root/.ssh/",
                                              "/etc/pam.d/", "/etc/ld.so.preload"});
  const bool script = path.ends_with(".php") || path.ends_with(".jsp") || path.ends_with(".cgi");
  if (lets_in || (script && begins_with_any(path, {"/var/www/", "/srv/www/", "/usr/share/nginx/"}))) {
    return Severity::high;
  }
  return Severity::medium;
}

std::string words_vi(std::string_view action) {
  if (action == "file_created") return "được tạo mới";
  if (action == "file_deleted") return "bị xóa";
  if (action == "file_replaced_by_link") return "bị thay bằng liên kết";
  if (action == "file_attributes_changed") return "bị đổi quyền hoặc chủ sở hữu";
  if (action == "file_type_changed") return "bị thay bằng thứ khác";
  return "bị sửa đổi";
}
std::string words_en(std::string_view action) {
  if (action == "file_created") return "was created";
  if (action == "file_deleted") return "was deleted";
  if (action == "file_replaced_by_link") return "was replaced by a link";
  if (action == "file_attributes_changed") return "has other rights or another owner";
  if (action == "file_type_changed") return "was replaced by something else";
  return "was changed";
}

std::string side(const event::Event& event, const std::string& prefix) {
  if (label(event, prefix + ".type").empty()) return "–";
  return label(event, prefix + ".type") + ", " + label(event, prefix + ".size") + " B, " +
         label(event, prefix + ".mode") + " " + label(event, prefix + ".uid") + ":" + label(event, prefix + ".gid") +
         ", sha256 " + label(event, prefix + ".sha256");
}

finding::Report mass_report(const evidence::Record& record, const event::Event& event, const std::string& device) {
  finding::Report report;
  report.kind = finding::Kind::integrity;
  place(report, record, event);
  report.group_key = "integrity|mass|" + (report.device ? report.device->text() : std::string());
  report.severity = Severity::high;
  report.title = {"Nhiều tệp thay đổi cùng lúc trên " + device, "Many files changed at once on " + device};
  report.story = {label(event, "count") + " tệp được bảo vệ thay đổi trong một phút: có thể là mã độc mã hóa dữ liệu.",
                  label(event, "count") + " guarded files changed within a minute: it may be ransomware."};
  return report;
}

}  // namespace

std::optional<finding::Report> integrity_report(const evidence::Record& record, const std::string& device_name) {
  const SourceParts source = split_source(record.source);
  if (record.transport != static_cast<std::uint8_t>(event::Transport::agent) || source.stream != "integrity") {
    return std::nullopt;
  }
  const event::Event event = event_of(record, source);
  const std::string action(event.text(Field::event_action));
  if (action == "mass_file_change") return mass_report(record, event, device_name);
  const std::string path(event.text(Field::file_path));
  if (path.empty() || label(event, "package.as_shipped") == "true") return std::nullopt;
  finding::Report report;
  report.kind = finding::Kind::integrity;
  place(report, record, event);
  report.group_key = "integrity|" + (report.device ? report.device->text() : std::string()) + "|" + path;
  report.severity = severity_of(path, action);
  report.title = {"Tệp " + path + " " + words_vi(action) + " trên " + device_name,
                  "The file " + path + " " + words_en(action) + " on " + device_name};
  const std::string who(event.text(Field::user_name));
  const std::string by_vi = who.empty() ? "Không rõ ai thực hiện." : "Người thực hiện: " + who + ".";
  const std::string by_en = who.empty() ? "Who did it is not known." : "Done by " + who + ".";
  const std::string sides = side(event, "before") + " → " + side(event, "after");
  const std::string target = label(event, "file.target_path");
  const std::string link = target.empty() ? "" : " → " + target;
  report.story = {by_vi + " " + sides + link, by_en + " " + sides + link};
  report.entities.push_back({EntityType::file, path});
  if (!who.empty()) report.entities.push_back({EntityType::account, who});
  if (const std::string hash = label(event, "after.sha256"); !hash.empty()) {
    report.entities.push_back({EntityType::hash, hash});
  }
  return report;
}

finding::Text indicator_story(const indicator::Matching& matching, const indicator::Hit& hit) {
  const indicator::Indicator& one = matching.matcher.indicators()[hit.indicator];
  const indicator::List& list = matching.list_of(hit.indicator);
  const std::string origin = std::string(name_of(list.format)) + ", " + list.source;
  const std::string asked = one.atom.value == hit.value ? std::string() : " (" + one.atom.value + ")";
  finding::Text out{"Dấu hiệu " + hit.value + asked + " có trong danh sách “" + list.name + "” (" + origin + ").",
                    "The indicator " + hit.value + asked + " is on the list “" + list.name + "” (" + origin + ")."};
  if (!one.note.empty()) {
    out.vi += " Nguồn nêu: " + one.note + ".";
    out.en += " Its source says: " + one.note + ".";
  }
  if (one.valid_until) {
    out.vi += " Còn hiệu lực đến " + to_vietnamese(day_of(*one.valid_until)) + ".";
    out.en += " Valid until " + to_iso(day_of(*one.valid_until)) + ".";
  }
  return out;
}

finding::Report indicator_report(const evidence::Record& record, const std::string& device_name,
                                 const indicator::Matching& matching, const indicator::Hit& hit) {
  const indicator::Indicator& one = matching.matcher.indicators()[hit.indicator];
  finding::Report report;
  report.kind = finding::Kind::indicator;
  place(report, record, event_of(record, split_source(record.source)));
  report.group_key = "indicator|" + one.atom.value + "|" + (report.device ? report.device->text() : std::string());
  report.severity = Severity::high;
  report.title = {"Dấu hiệu tấn công " + hit.value + " trong nhật ký của " + device_name,
                  "Indicator " + hit.value + " in the logs of " + device_name};
  report.story = indicator_story(matching, hit);
  constexpr EntityType types[] = {EntityType::address, EntityType::domain, EntityType::domain, EntityType::hash,
                                  EntityType::account};
  report.entities.push_back({types[static_cast<std::size_t>(one.atom.type)], hit.value});
  return report;
}

SignReader::SignReader(Dependencies dependencies)
    : d_(std::move(dependencies)),
      next_seq_(d_.next_seq.value_or(d_.store.size())),
      reported_seq_(next_seq_),
      begun_(d_.next_seq.has_value()) {}

void SignReader::start() {
  thread_ = std::thread([this] { run(); });
}

void SignReader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void SignReader::run() {
  for (;;) {
    const bool more = read();
    std::unique_lock lock(mutex_);
    if (!more) wake_.wait_for(lock, look_every, [&] { return stopping_; });
    if (stopping_) return;
  }
}

bool SignReader::read() {
  if (!begun_) {
    // From where it begins, so that a start after this one skips nothing that was not read.
    if (auto told = d_.report({}, {reader, next_seq_}); !told) {
      log(LogLevel::error, "hub", "findings: " + told.error().text());
      return false;
    }
    begun_ = true;
  }
  if (next_seq_ >= d_.store.size()) return false;
  const auto matching = d_.indicators.matching();
  const Time now = d_.clock.now();
  std::vector<finding::Report> reports;
  std::uint64_t next = next_seq_;
  std::size_t records = 0;
  auto done = d_.store.replay(next, [&](const evidence::Record& record) {
    next = record.seq + 1;
    const SourceParts source = split_source(record.source);
    const auto device = DeviceId::parse(source.device);
    // The hub's own notes tell of what people typed, such as the lists themselves.
    if (device && record.transport != static_cast<std::uint8_t>(event::Transport::hub)) {
      if (auto report = integrity_report(record, d_.device_name(*device))) reports.push_back(std::move(*report));
      if (!matching->matcher.indicators().empty()) {
        for (const indicator::Hit& hit : matching->matcher.match(event_of(record, source), now)) {
          reports.push_back(indicator_report(record, d_.device_name(*device), *matching, hit));
        }
      }
    }
    return ++records < records_per_round;
  });
  if (!done) log(LogLevel::error, "hub", "reading the evidence: " + done.error().text());
  if (!reports.empty() || next - reported_seq_ >= progress_every) {
    if (auto told = d_.report(reports, {reader, next}); !told) {
      log(LogLevel::error, "hub", "findings: " + told.error().text());
      return false;  // Read again.
    }
    reported_seq_ = next;
  }
  next_seq_ = next;
  return records >= records_per_round;
}

}  // namespace luy::hub
