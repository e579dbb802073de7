// Sigma files: rules, correlations and filters, one or several documents per file. A document that cannot be used is
// refused with its reason; the others of the file are kept. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/item.h"
#include "detect/rule.h"

namespace luy::detect {

// A document that was refused.
struct Refusal {
  std::string file;
  std::size_t line = 1;
  std::string id;  // As Heading::id; "" when even that could not be read.
  std::string title;
  Error error;
};

struct ParsedFile {
  std::vector<Rule> rules;
  std::vector<Correlation> correlations;
  std::vector<Filter> filters;
  std::vector<Refusal> refused;
};

// `file` is only for places in errors. Documents that are pipelines are passed over.
ParsedFile parse_file(std::string_view file, std::string_view bytes, const Placeholders& placeholders);

inline constexpr std::int64_t timespan_seconds_max = 10LL * 365 * 86'400;

// "10s", "5m", "24h", "7d"; also "w", and "M" as 30 and "y" as 365 days, as pySigma has them. nullopt when malformed,
// zero or above ten years.
std::optional<std::int64_t> parse_timespan(std::string_view text);

}  // namespace luy::detect
