// How fast and how often: figures of cases and reports, exact to the second. Pure.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "incident/case.h"

namespace luy::incident {

struct MeasuredCase {
  Case one;
  std::vector<TimelineEntry> timeline;
  std::size_t support_given = 0;  // Requests for support that were met (town_office.h).
};

// Of times: how many, the middle one (of an even number the lower of the two), the longest.
struct Spread {
  std::size_t count = 0;
  Duration median{};
  Duration longest{};
  bool operator==(const Spread&) const = default;
};
Spread spread_of(std::vector<Duration> all);

struct Measures {
  Spread report_to_receipt;       // Until the first receipt, whoever's.
  Spread report_to_town_receipt;  // Until the town office's; from the opening where nobody of the staff reported.
  Spread receipt_to_triage;
  std::map<std::string, Spread> in_state;  // By ProcessState::id; every stay that is over.
};
// Of all together, and by agency.
Measures measures_of(std::span<const MeasuredCase> cases);
std::map<AgencyId, Measures> measures_by_agency(std::span<const MeasuredCase> cases);

// A row of form 05 (circular 20/2017), as far as cases tell: help from abroad and damage are people's to fill in, and
// whether the national centre was among those asked is theirs to correct.
struct KindCount {
  std::string kind;
  std::size_t count = 0;
  std::size_t own = 0;     // Ended without help.
  std::size_t helped = 0;  // Went to the province, or others gave the support they were asked for.
  std::size_t asked = 0;   // A request for support was sent.
};
// Discovered from `from` to `to`, both inclusive; without those that were none or joined another. One row for each kind
// of the process, in its order. A case that is still open and was not helped counts in `count` alone.
std::vector<KindCount> half_year_of(const Process& process, std::span<const MeasuredCase> cases, Day from, Day to);
// The field "counts" of form bao-cao-tong-hop.
boost::json::object to_json(const std::vector<KindCount>& rows);
boost::json::object to_json(const KindCount& row);  // Its cells.

}  // namespace luy::incident
