#include "hub/event_series.h"

#include <algorithm>

#include "base/utf8.h"
#include "evidence/tally.h"
#include "hub/search_scope.h"

namespace luy::hub {

namespace json = boost::json;

void SeriesTally::add(std::string value, std::size_t interval) {
  auto known = values_.find(value);
  if (known == values_.end()) {
    if (values_.size() >= values_max) {
      complete_ = false;
      ++others_[interval];
      return;
    }
    known = values_.emplace(std::move(value), std::vector<std::uint32_t>(intervals_, 0)).first;
  }
  ++known->second[interval];
}

SeriesTally::Top SeriesTally::top(std::size_t n) const {
  std::vector<std::pair<std::uint64_t, const std::string*>> order;
  for (const auto& [value, counts] : values_) {
    std::uint64_t total = 0;
    for (const std::uint32_t count : counts) total += count;
    order.emplace_back(total, &value);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : *a.second < *b.second;
  });
  Top out{{}, others_, complete_};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::vector<std::uint32_t>& counts = values_.find(*order[i].second)->second;
    if (i < n) {
      out.rows.push_back({*order[i].second, counts, order[i].first});
      continue;
    }
    for (std::size_t at = 0; at < intervals_; ++at) out.others[at] += counts[at];
  }
  return out;
}

Result<api::Response> series_of_events(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(SearchScope scope, search_scope(d, request));
  LUY_TRY(const std::int64_t buckets, request.number_param("buckets", 60, 1, 200));
  LUY_TRY(const std::int64_t top, request.number_param("top", 5, 1, 20));
  LUY_TRY(const TimeGrid grid, time_grid(*scope.query.from, *scope.query.until, buckets));
  const SearchTurn turn(d);
  if (!turn.held()) return Error(search_busy);
  scope.end_after_budget(d.clock, d.clock.monotonic());
  const std::string field = request.param("field").value_or("");
  const evidence::FieldValues values(field);
  SeriesTally tally(grid.count);
  std::uint64_t without = 0;
  const auto visit = [&](const evidence::Record& record) {
    if (scope.query.enough()) return evidence::Visit::stop;
    if (!scope.matches(record)) return evidence::Visit::skip;
    std::vector<std::string> found = values.of(record);
    without += found.empty() ? 1 : 0;
    for (std::string& value : found) tally.add(std::move(value), grid.slot(record.received));
    return evidence::Visit::skip;
  };
  LUY_TRY(const evidence::SearchStats stats, d.store.search(scope.query, request.gone, visit));
  d.searched(request);
  const SeriesTally::Top found = tally.top(static_cast<std::size_t>(top));
  json::array series;
  for (const SeriesTally::Row& row : found.rows) {
    series.push_back(
        json::object{{"value", to_utf8(row.value)}, {"counts", json::array(row.counts.begin(), row.counts.end())}});
  }
  json::object out;
  out["field"] = field;
  out["from"] = to_rfc3339(grid.begin);
  out["until"] = to_rfc3339(grid.end());
  out["bucket_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(grid.width).count();
  out["series"] = std::move(series);
  out["others"] = json::array(found.others.begin(), found.others.end());
  out["without"] = without;
  out["complete"] = stats.complete && found.complete;
  out["damaged"] = stats.damaged.records;
  return api::json(out);
}

}  // namespace luy::hub
