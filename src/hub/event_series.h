// How often the most frequent values of a field come over time: seriesOfEvents of api/openapi.yaml.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "hub/evidence_api.h"

namespace luy::hub {

// Counts per value and interval, bounded in memory: of further different values only their number is known. Pure.
class SeriesTally {
 public:
  static constexpr std::size_t values_max = 5'000;  // Of at most 1,000 counts of 4 bytes each: 20 MB.

  explicit SeriesTally(std::size_t intervals) : intervals_(intervals), others_(intervals, 0) {}
  void add(std::string value, std::size_t interval);

  struct Row {
    std::string value;
    std::vector<std::uint32_t> counts;
    std::uint64_t total = 0;
  };
  struct Top {
    std::vector<Row> rows;              // Most frequent first, then by value.
    std::vector<std::uint64_t> others;  // All other values together.
    bool complete = true;               // False when there were too many different values to be sure of the order.
  };
  Top top(std::size_t n) const;

 private:
  const std::size_t intervals_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> values_;
  std::vector<std::uint64_t> others_;
  bool complete_ = true;
};

Result<api::Response> series_of_events(const EvidenceApi& dependencies, const api::Request& request);

}  // namespace luy::hub
