#include "hub/search_scope.h"

#include <array>

#include "hub/source_parts.h"

namespace luy::hub {
namespace {

using directory::Action;

// Widths that people read easily; all divide a day or are whole days.
constexpr std::array<std::int64_t, 17> bucket_widths = {1,    5,    10,    15,    30,    60,    300,    600,    900,
                                                        1800, 3600, 10800, 21600, 43200, 86400, 604800, 2592000};
constexpr std::size_t buckets_max = 1000;

Duration bucket_for(Duration span, std::int64_t buckets) {
  for (const std::int64_t seconds : bucket_widths) {
    if (span <= std::chrono::seconds(seconds) * buckets) return std::chrono::seconds(seconds);
  }
  return std::chrono::seconds(bucket_widths.back()) * 12;
}

// Intervals begin where people in Vietnam expect them: at full hours and midnights.
Time floor_to(Time time, Duration bucket) {
  const auto local = (time + vietnam_offset).time_since_epoch();
  return Time(local - local % bucket) - vietnam_offset;
}

// The agencies' own records and, for who may search at the top of the tree, those of the hub itself.
std::vector<std::string> visible_prefixes(const EvidenceApi& d, const directory::Actor& actor) {
  std::vector<std::string> out;
  for (const AgencyId& agency : d.agencies.visible(actor, Action::evidence_search)) out.push_back(agency.text() + "/");
  if (directory::may(actor, Action::evidence_search, d.agencies.hub_object()).allowed) out.emplace_back("hub/");
  return out;
}

}  // namespace

Result<SearchScope> search_scope(const EvidenceApi& d, const api::Request& request) {
  SearchScope scope;
  LUY_TRY(scope.words, EventQuery::parse(request.param("q").value_or("")));
  LUY_TRY(scope.query.from, request.time_param("from"));
  LUY_TRY(scope.query.until, request.time_param("until"));
  if (request.param("before")) {
    LUY_TRY(const std::int64_t seq, request.number_param("before", 0, 0, INT64_MAX));
    scope.query.before_seq = static_cast<std::uint64_t>(seq);
  }
  scope.query.source_prefixes = visible_prefixes(d, *request.actor);
  const auto agency = request.param("agency");
  if (agency) {
    const auto id = AgencyId::parse(*agency);
    if (!id || d.agencies.lineage(*id).empty()) return Error(directory::agency_unknown);
    LUY_TRY_VOID(api::authorise(request, Action::evidence_search, d.agencies.object(*id)));
    scope.query.source_prefixes = {*agency + "/"};
  } else {
    const auto visible = d.agencies.visible(*request.actor, Action::evidence_search);
    LUY_TRY_VOID(api::authorise(request, Action::evidence_search,
                                visible.empty() ? d.agencies.hub_object() : d.agencies.object(visible.front())));
  }
  // An empty list would mean everything to the store.
  LUY_CHECK(!scope.query.source_prefixes.empty());
  if (const auto device = request.param("device")) {
    for (std::string& prefix : scope.query.source_prefixes) prefix += *device + "/";
  }
  scope.words.narrow(scope.query);
  if (const auto text = request.param("query")) {
    LUY_TRY(scope.question, evidence::Question::parse(*text));
    scope.question->narrow(scope.query);
  }
  return scope;
}

Result<TimeGrid> time_grid(Time from, Time until, std::int64_t buckets) {
  if (until <= from) return Error(api::bad_request, "until");
  TimeGrid grid;
  grid.width = bucket_for(until - from, buckets);
  grid.begin = floor_to(from, grid.width);
  grid.count = static_cast<std::size_t>((until - grid.begin + grid.width - Duration(1)) / grid.width);
  if (grid.count > buckets_max) return Error(api::bad_request, "from, until");
  return grid;
}

std::string device_name_of(const EvidenceApi& d, const evidence::Record& record) {
  const auto device = DeviceId::parse(split_source(record.source).device);
  return device ? d.device_name(*device) : std::string();
}

}  // namespace luy::hub
