#include "finding/source_book.h"

#include <algorithm>
#include <array>

#include "detect/pipeline.h"

namespace luy::finding {
namespace {

constexpr std::array<std::string_view, 3> fed_names = {"never", "possible", "seen"};

detect::LogSource source_of(const std::string& category, const std::string& product, const std::string& service) {
  return {category, product, service};
}

}  // namespace

std::string_view name_of(Fed fed) {
  return fed_names.at(static_cast<std::size_t>(fed));
}

std::optional<Fed> fed_from_name(std::string_view name) {
  const auto found = std::find(fed_names.begin(), fed_names.end(), name);
  if (found == fed_names.end()) return std::nullopt;
  return static_cast<Fed>(found - fed_names.begin());
}

Result<std::unique_ptr<SourceBook>> SourceBook::open(records::Database& database, const Clock& clock) {
  std::unique_ptr<SourceBook> book(new SourceBook(database, clock));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> SourceBook::load() {
  const std::int64_t oldest = to_micros(clock_.now() - source_days);
  const auto aged = database_.write(
      [&](records::Connection& c) { return c.run("DELETE FROM finding_source WHERE last < $1", {oldest}); });
  if (!aged) return aged.error();
  return database_.read([&](records::Connection& c) -> Result<void> {
    return c.query("SELECT subject, category, product, service, last, seq FROM finding_source", {},
                   [&](const records::Row& row) {
                     const Time last = from_micros(row.integer(4));
                     const Label label{row.text(1), row.text(2), row.text(3)};
                     const auto& [category, product, service] = label;
                     entries_[Key{row.text(0), category, product, service}] = {
                         last, static_cast<std::uint64_t>(row.integer(5)), day_of(last)};
                     ++counts_[std::string(row.text(0))];
                     Time& newest = labels_.try_emplace(label, last).first->second;
                     newest = std::max(newest, last);
                   });
  });
}

bool SourceBook::saw(const AgencyId& agency, const std::optional<DeviceId>& device,
                     std::span<const detect::LogSource> labels, Time at, std::uint64_t seq) {
  if (labels.empty()) return false;
  const std::string subject = device ? device->text() : agency.text();
  bool news = false;
  const std::lock_guard lock(mutex_);
  for (const detect::LogSource& one : labels) {
    Key key{subject, one.category, one.product, one.service};
    auto entry = entries_.find(key);
    if (entry == entries_.end()) {
      std::size_t& count = counts_[subject];
      if (count >= source_labels_max || entries_.size() >= source_entries_max) continue;
      ++count;
      entry = entries_.emplace(key, Entry{at, seq, std::nullopt}).first;
      news = true;
    }
    Time& newest = labels_.try_emplace(Label{one.category, one.product, one.service}, at).first->second;
    newest = std::max(newest, at);
    news = news || entry->second.last + source_days < at;
    if (entry->second.last < at) entry->second = {at, seq, entry->second.stored};
    if (!entry->second.stored || *entry->second.stored < day_of(at)) unwritten_.insert(std::move(key));
  }
  return news;
}

Result<void> SourceBook::forget_old() {
  const Time now = clock_.now();
  const Time oldest = now - source_days;
  {
    const std::lock_guard lock(mutex_);
    if (forgot_on_ == day_of(now)) return {};
  }
  const auto deleted = database_.write(
      [&](records::Connection& c) { return c.run("DELETE FROM finding_source WHERE last < $1", {to_micros(oldest)}); });
  if (!deleted) return deleted.error();
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const auto& one) { return one.second.last < oldest; });
  std::erase_if(labels_, [&](const auto& one) { return one.second < oldest; });
  std::erase_if(unwritten_, [&](const Key& key) { return !entries_.contains(key); });
  counts_.clear();
  for (const auto& [key, entry] : entries_) ++counts_[std::get<0>(key)];
  forgot_on_ = day_of(now);
  return {};
}

Result<void> SourceBook::flush() {
  LUY_TRY_VOID(forget_old());
  std::vector<std::pair<Key, Entry>> changed;
  {
    const std::lock_guard lock(mutex_);
    if (unwritten_.empty()) return {};
    for (const Key& key : unwritten_) changed.emplace_back(key, entries_.at(key));
  }
  const auto written = database_.write([&](records::Connection& c) -> Result<void> {
    for (const auto& [key, entry] : changed) {
      const auto& [subject, category, product, service] = key;
      LUY_TRY_VOID(
          c.run("INSERT INTO finding_source (subject, category, product, service, last, seq) VALUES ($1, $2, "
                "$3, $4, $5, $6) ON CONFLICT (subject, category, product, service) DO UPDATE SET "
                "last = excluded.last, seq = excluded.seq",
                {std::string_view(subject), std::string_view(category), std::string_view(product),
                 std::string_view(service), to_micros(entry.last), static_cast<std::int64_t>(entry.seq)}));
    }
    return {};
  });
  if (!written) return written.error();
  const std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : changed) {
    const Day day = day_of(entry.last);
    const auto now = entries_.find(key);
    if (now == entries_.end()) continue;
    now->second.stored = day;
    if (day_of(now->second.last) <= day) unwritten_.erase(key);
  }
  return {};
}

bool SourceBook::seen(const detect::LogSource& rule) const {
  const Time oldest = clock_.now() - source_days;
  const std::lock_guard lock(mutex_);
  return std::any_of(labels_.begin(), labels_.end(), [&](const auto& one) {
    const auto& [category, product, service] = one.first;
    return one.second >= oldest && detect::is_for(rule, source_of(category, product, service));
  });
}

std::vector<SourceSeen> SourceBook::of(const DeviceId& device) const {
  const Time oldest = clock_.now() - source_days;
  const std::string subject = device.text();
  std::vector<SourceSeen> out;
  const std::lock_guard lock(mutex_);
  for (auto at = entries_.lower_bound({subject, "", "", ""}); at != entries_.end(); ++at) {
    const auto& [of, category, product, service] = at->first;
    if (of != subject) break;
    if (at->second.last >= oldest) {
      out.push_back({source_of(category, product, service), at->second.last, at->second.seq});
    }
  }
  return out;
}

}  // namespace luy::finding
