#include "incident/measure.h"

#include <algorithm>

namespace luy::incident {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

struct Raw {
  std::vector<Duration> receipt, town, triage;
  std::map<std::string, std::vector<Duration>> in_state;
};

void add_between(const Moments& moments, Moment from, Moment to, std::vector<Duration>& out) {
  const auto begin = moments.find(from);
  const auto end = moments.find(to);
  if (begin != moments.end() && end != moments.end()) out.push_back(end->second - begin->second);
}

// The states a case was in stand in its timeline: opened, then each move with where it led.
void add(const MeasuredCase& measured, Raw& out) {
  add_between(measured.one.moments, Moment::reported, Moment::received, out.receipt);
  add_between(measured.one.moments, Moment::received, Moment::triaged, out.triage);
  if (measured.one.town.receipt) {
    const Moments& moments = measured.one.moments;
    const TownReceipt& receipt = *measured.one.town.receipt;
    const auto reported = moments.find(Moment::reported);
    const auto opened = moments.find(Moment::opened);
    // What the office opened itself nobody reported to it.
    const bool is_its_own = !measured.timeline.empty() && measured.timeline.front().act == receipt.act;
    if (reported != moments.end()) {
      out.town.push_back(std::max(receipt.at - reported->second, Duration{}));
    } else if (opened != moments.end() && !is_its_own) {
      // It may have come with a report that was received before the case was opened.
      out.town.push_back(std::max(receipt.at - opened->second, Duration{}));
    }
  }
  std::string state;
  Time since;
  for (const TimelineEntry& entry : measured.timeline) {
    if (entry.kind == "opened") {
      state = "";
      since = entry.at;
      continue;
    }
    if (entry.kind != "moved") continue;
    const std::string to = text_at(entry.data, "to");
    const std::string from = text_at(entry.data, "from");
    if (!from.empty()) state = from;
    if (!state.empty()) out.in_state[state].push_back(entry.at - since);
    state = to;
    since = entry.at;
  }
}

Measures done(Raw raw) {
  Measures out;
  out.report_to_receipt = spread_of(std::move(raw.receipt));
  out.report_to_town_receipt = spread_of(std::move(raw.town));
  out.receipt_to_triage = spread_of(std::move(raw.triage));
  for (auto& [state, all] : raw.in_state) out.in_state[state] = spread_of(std::move(all));
  return out;
}

}  // namespace

Spread spread_of(std::vector<Duration> all) {
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  return {all.size(), all[(all.size() - 1) / 2], all.back()};
}

Measures measures_of(std::span<const MeasuredCase> cases) {
  Raw raw;
  for (const MeasuredCase& one : cases) add(one, raw);
  return done(std::move(raw));
}

std::map<AgencyId, Measures> measures_by_agency(std::span<const MeasuredCase> cases) {
  std::map<AgencyId, Raw> raw;
  for (const MeasuredCase& one : cases) add(one, raw[one.one.agency]);
  std::map<AgencyId, Measures> out;
  for (auto& [agency, all] : raw) out[agency] = done(std::move(all));
  return out;
}

std::vector<KindCount> half_year_of(const Process& process, std::span<const MeasuredCase> cases, Day from, Day to) {
  std::vector<KindCount> out;
  for (const Choice& kind : process.kinds) out.push_back({kind.id, 0, 0, 0, 0});
  for (const MeasuredCase& measured : cases) {
    const Case& one = measured.one;
    const Day day = day_of(one.discovered());
    if (day < from || day > to) continue;
    const ProcessState* state = process.state(one.state);
    const bool has_ended = one.moments.contains(Moment::ended);
    // An end that is no end of the incident: it was none, or it went on in another case.
    if (state != nullptr && state->is_end && !has_ended) continue;
    for (KindCount& row : out) {
      if (row.kind != one.found.kind) continue;
      ++row.count;
      if (one.moments.contains(Moment::support_asked)) ++row.asked;
      if (one.moments.contains(Moment::escalated) || measured.support_given > 0) {
        ++row.helped;
      } else if (has_ended) {
        ++row.own;
      }
    }
  }
  return out;
}

json::object to_json(const KindCount& row) {
  const auto whole = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  return {
      {"count", whole(row.count)}, {"own", whole(row.own)}, {"helped", whole(row.helped)}, {"asked", whole(row.asked)}};
}

json::object to_json(const std::vector<KindCount>& rows) {
  json::object out;
  for (const KindCount& row : rows) out[row.kind] = to_json(row);
  return out;
}

}  // namespace luy::incident
