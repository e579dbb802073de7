// What a request about the logs may look at and asks for, and its turn among the few searches at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "evidence/query.h"
#include "evidence/question.h"
#include "hub/event_query.h"
#include "hub/evidence_api.h"

namespace luy::hub {

struct SearchScope {
  evidence::SearchQuery query;
  EventQuery words;
  std::optional<evidence::Question> question;

  // Nothing is looked for longer than the budget, whether or not anything matches.
  void end_after_budget(const Clock& clock, Duration started) {
    query.enough = [&clock, started] { return clock.monotonic() - started > search_budget; };
  }
  bool answered_by_store() const { return !question && words.answered_by_store(); }
  bool matches(const evidence::Record& record) const {
    return (words.answered_by_store() || words.matches(record)) && (!question || question->matches(record));
  }
};

// From the parameters q, query, from, until, agency, device and before; authorises. Errors: the policy's,
// agency_unknown, evidence.question_invalid, evidence.query_invalid, api.bad_request.
Result<SearchScope> search_scope(const EvidenceApi& dependencies, const api::Request& request);

// One of searches_max. A search that does not get its turn within search_wait answers search_busy.
class SearchTurn {
 public:
  explicit SearchTurn(const EvidenceApi& d) : d_(d), held_(d.searches.try_acquire_for(search_wait)) {}
  ~SearchTurn() {
    if (held_) d_.searches.release();
  }
  SearchTurn(const SearchTurn&) = delete;
  SearchTurn& operator=(const SearchTurn&) = delete;
  bool held() const { return held_; }

 private:
  const EvidenceApi& d_;
  const bool held_;
};

// Intervals of one width, at full hours and midnights of Vietnam.
struct TimeGrid {
  Time begin;
  Duration width{};
  std::size_t count = 0;  // 1 … 1000.
  std::size_t slot(Time time) const {
    const auto at = time < begin ? 0 : static_cast<std::size_t>((time - begin) / width);
    return std::min(at, count - 1);
  }
  Time end() const { return begin + width * static_cast<std::int64_t>(count); }
};
// At most about `buckets` of them, of a width that people read easily. Errors: api.bad_request when `until` is not
// after `from` or there would be too many.
Result<TimeGrid> time_grid(Time from, Time until, std::int64_t buckets);

// Empty when unknown.
std::string device_name_of(const EvidenceApi& dependencies, const evidence::Record& record);

}  // namespace luy::hub
