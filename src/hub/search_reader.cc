#include "hub/search_reader.h"

#include <algorithm>

#include "base/log.h"
#include "base/utf8.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

constexpr auto look_every = std::chrono::seconds(1);
// Who may search where changes seldom.
constexpr auto renew_every = std::chrono::minutes(1);
// How far it came is written at least after so many records, also when there is nothing to report.
constexpr std::uint64_t progress_after = 10'000;

std::string span_vi(std::chrono::seconds window) {
  return window.count() % 60 == 0 ? std::to_string(window.count() / 60) + " phút"
                                  : std::to_string(window.count()) + " giây";
}
std::string span_en(std::chrono::seconds window) {
  return window.count() % 60 == 0 ? std::to_string(window.count() / 60) + " minutes"
                                  : std::to_string(window.count()) + " seconds";
}

finding::Report report_of(const finding::SavedSearch& search, const AgencyId& agency, const std::string& value,
                          const finding::SearchWindow::Crossed& crossed) {
  const finding::SearchAlert& alert = *search.alert;
  const std::string count = std::to_string(crossed.count);
  const std::string over = std::to_string(alert.over);
  finding::Report out;
  out.kind = finding::Kind::saved_search;
  out.group_key = "search|" + search.id.text() + "|" + value;
  out.severity = alert.severity;
  out.title = {"Tìm kiếm “" + search.name + "” có nhiều kết quả hơn ngưỡng",
               "The search “" + search.name + "” has more answers than its limit"};
  out.story = {count + " bản ghi trong " + span_vi(alert.window) + ", ngưỡng " + over +
                   ". Câu tìm kiếm: " + (search.query.empty() ? "mọi bản ghi" : search.query) + ".",
               count + " records within " + span_en(alert.window) + ", the limit is " + over +
                   ". The question: " + (search.query.empty() ? "every record" : search.query) + "."};
  if (!alert.by.empty()) {
    out.story.vi += " " + alert.by + " = " + value + ".";
    out.story.en += " " + alert.by + " = " + value + ".";
  }
  out.agency = agency;
  out.seqs = crossed.seqs;
  out.further = crossed.count - crossed.seqs.size();
  out.first = crossed.first;
  out.last = crossed.last;
  return out;
}

}  // namespace

std::uint64_t first_seq_since(const evidence::Store& store, Time from) {
  std::uint64_t low = 0;
  std::uint64_t high = store.size();
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto record = store.read(middle);
    if (record && record->received >= from) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

SearchReader::SearchReader(Dependencies dependencies)
    : d_(std::move(dependencies)),
      next_seq_(d_.next_seq.value_or(d_.store.size())),
      reported_seq_(next_seq_),
      on_record_(d_.next_seq.has_value()) {}

void SearchReader::start() {
  thread_ = std::thread([this] { run(); });
}

void SearchReader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void SearchReader::run() {
  for (;;) {
    const bool more = read();
    std::unique_lock lock(mutex_);
    if (!more) wake_.wait_for(lock, look_every, [&] { return stopping_; });
    if (stopping_) return;
  }
}

bool SearchReader::tell(const std::vector<finding::Report>& reports, std::uint64_t next) {
  if (const auto told = d_.report(reports, {reader, next}); !told) {
    log(LogLevel::error, "hub", "findings: " + told.error().text());
    return false;
  }
  reported_seq_ = next;
  on_record_ = true;
  return true;
}

bool SearchReader::begin() {
  if (begun_) return true;
  renew();
  if (on_record_) {
    warm_up();
  } else if (!tell({}, next_seq_)) {
    return false;
  }
  begun_ = true;
  return true;
}

void SearchReader::renew() {
  const std::uint64_t revision = d_.searches.revision();
  const Duration now = d_.clock.monotonic();
  if (revision == revision_ && now - renewed_ < renew_every) return;
  revision_ = revision;
  renewed_ = now;
  std::map<finding::SearchId, Watched> fresh;
  for (const finding::SearchPointer& one : d_.searches.all()) {
    if (!one->alert) continue;
    const auto known = watched_.find(one->id);
    if (known != watched_.end() && known->second.search->version == one->version) {
      fresh.emplace(one->id, std::move(known->second)).first->second.scope = d_.scope(*one);
      continue;
    }
    auto question = evidence::Question::parse(one->query);
    if (!question) continue;  // A newer version of the language refuses what an older one took.
    std::optional<evidence::FieldValues> by;
    if (!one->alert->by.empty()) by.emplace(one->alert->by);
    fresh.emplace(one->id, Watched{one, std::move(*question), std::move(by),
                                   finding::SearchWindow(one->alert->over, one->alert->window), d_.scope(*one)});
  }
  watched_ = std::move(fresh);
}

void SearchReader::warm_up() {
  std::chrono::seconds longest{0};
  for (const auto& [id, one] : watched_) longest = std::max(longest, one.search->alert->window);
  if (watched_.empty() || next_seq_ == 0) return;
  const auto last = d_.store.read(next_seq_ - 1);
  if (!last) return;
  const std::uint64_t from = first_seq_since(d_.store, last->received - longest);
  const auto done = d_.store.replay(from, [&](const evidence::Record& record) {
    if (record.seq >= next_seq_) return false;
    count(record, nullptr);
    const std::lock_guard lock(mutex_);
    return !stopping_;
  });
  if (!done) log(LogLevel::error, "hub", "reading the evidence: " + done.error().text());
}

void SearchReader::count(const evidence::Record& record, std::vector<finding::Report>* reports) {
  const auto agency = AgencyId::parse(split_source(record.source).agency);
  if (!agency) return;
  for (auto& [id, one] : watched_) {
    if (!one.scope.contains(*agency) || !one.question.matches(record)) continue;
    std::vector<std::string> values{std::string()};
    if (one.by) values = one.by->of(record);
    for (const std::string& value : values) {
      const std::string shown = to_utf8(value);
      const auto crossed = one.window.add(agency->text() + "|" + shown, record.received, record.seq);
      if (crossed && reports != nullptr) reports->push_back(report_of(*one.search, *agency, shown, *crossed));
    }
  }
}

bool SearchReader::read() {
  if (!begin()) return false;
  renew();
  const std::uint64_t size = d_.store.size();
  if (next_seq_ >= size) return false;
  std::uint64_t next = next_seq_;
  std::size_t records = 0;
  std::vector<finding::Report> reports;
  if (watched_.empty()) {
    next = size;
  } else {
    const auto done = d_.store.replay(next, [&](const evidence::Record& record) {
      next = record.seq + 1;
      count(record, &reports);
      return ++records < records_per_round;
    });
    if (!done) log(LogLevel::error, "hub", "reading the evidence: " + done.error().text());
  }
  if (!reports.empty() || next - reported_seq_ >= progress_after) {
    if (!tell(reports, next)) {
      // Counted already: read again, it would count twice.
      watched_.clear();
      begun_ = false;
      revision_ = 0;
      return false;
    }
    for (const finding::Report& one : reports) {
      const std::string key = one.group_key.substr(one.group_key.find('|') + 1);
      const auto id = finding::SearchId::parse(key.substr(0, key.find('|')));
      if (!id) continue;
      if (auto noted = d_.searches.note_alert(*id, one.last); !noted) {
        log(LogLevel::error, "hub", "saved searches: " + noted.error().text());
      }
    }
  }
  next_seq_ = next;
  return records >= records_per_round;
}

}  // namespace luy::hub
