// The readers of each format. Errors of all: list_malformed, list_too_large.
#pragma once

#include "indicator/indicator.h"

namespace luy::indicator {

Result<Imported> read_stix(std::string_view bytes);
Result<Imported> read_misp(std::string_view bytes);
Result<Imported> read_csv(std::string_view bytes);

// A STIX 2.1 pattern (section 9): observations of comparisons by "=" or IN, joined by OR and AND. Each Indicator stands
// for one way to fulfil it.
struct PatternRefusal {
  std::string vi;
  std::string en;
};
struct Pattern {
  std::vector<Indicator> indicators;
  std::optional<PatternRefusal> refused;
};
Pattern read_pattern(std::string_view text);

// Adds to the list of what was refused, or only counts.
void refuse(Imported& out, std::string what, std::string vi, std::string en);
// Errors: list_too_large.
Result<void> add(Imported& out, Indicator indicator);

}  // namespace luy::indicator
