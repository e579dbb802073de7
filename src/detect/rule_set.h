// Everything loaded together: rules with their filters applied, correlations with their references resolved, and what
// was refused, with reasons. Pure: files come in as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detect/parse.h"
#include "detect/rule.h"

namespace luy::detect {

inline constexpr std::size_t rules_max = 50'000;

struct RuleFile {
  std::string name;
  std::string bytes;
};

struct ResolvedCorrelation {
  Correlation correlation;
  // In the order of Correlation::rules: below rules.size() a rule, above it a correlation (minus rules.size()), which
  // stands earlier in the list.
  std::vector<std::uint32_t> sources;
};

struct RuleSet {
  std::vector<Rule> rules;
  std::vector<ResolvedCorrelation> correlations;  // What a correlation uses stands before it.
  std::vector<Refusal> refused;
  std::size_t filters = 0;  // Applied to at least one rule.
};

// Beside the errors of parse.h, refusals are duplicate_rule (the second of two with one id), unknown_rule (a reference
// that leads nowhere, or to something refused), bad_correlation (one that needs itself) and over_limit.
RuleSet make_rule_set(const std::vector<RuleFile>& files, const Placeholders& placeholders);

}  // namespace luy::detect
