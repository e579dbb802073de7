// From matches and alerts to reports: what of one round belongs to one finding is put together, so that a storm costs
// one row. An alert over several agencies is one report for each, with that agency's events. For one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "detect/correlate.h"
#include "evidence/store.h"
#include "finding/finding.h"
#include "finding/rule_book.h"
#include "hub/engine_event.h"

namespace luy::hub {

// Of matched events, whose they are is remembered; of older ones the evidence is asked.
inline constexpr std::size_t sightings_remembered = 100'000;

// Whose a record is.
struct Place {
  AgencyId agency;
  std::optional<DeviceId> device;
  bool operator==(const Place&) const = default;
};
// nullopt: of no agency.
std::optional<Place> place_of_source(std::string_view source);

class Sightings {
 public:
  void matched(const finding::RuleInfo& rule, const Place& place, const EngineEvent& event, std::uint64_t seq);
  // `place` and `event` are those of the event that made the alert.
  void alerted(const finding::RuleInfo& rule, const detect::Alert& alert, const Place& place, const EngineEvent& event,
               const evidence::Store& store);
  // Hub notes about a device's records that never came: {"note":"gap",…}.
  void missing(const Place& place, const evidence::Record& note, const std::string& device_name);
  void remember(std::uint64_t seq, const Place& place);

  std::vector<finding::Report> take();
  bool empty() const { return reports_.empty(); }
  void forget() {
    reports_.clear();
    by_key_.clear();
  }

 private:
  finding::Report& report(const finding::RuleInfo& rule, finding::Kind kind, const AgencyId& agency,
                          std::string group_key, Time first, Time last);
  const Place* place(std::uint64_t seq, const evidence::Store& store);

  std::vector<finding::Report> reports_;
  std::map<std::tuple<std::string, AgencyId, std::string>, std::size_t> by_key_;
  std::unordered_map<std::uint64_t, Place> places_;
  std::deque<std::uint64_t> order_;
};

}  // namespace luy::hub
