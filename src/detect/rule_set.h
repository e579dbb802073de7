// Everything loaded together: rules with their filters applied, correlations with their references resolved, and what
// was refused, with reasons. Pure: files come in as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "detect/parse.h"
#include "detect/rule.h"

namespace luy::detect {

inline constexpr std::size_t rules_max = 50'000;

// Whose a file is. Rules, correlations and filters refer to what is of their own layer, or else to the base. What they
// do to others – a filter's condition, a correlation that keeps its rules from reporting – stays within their own
// layer.
inline constexpr std::uint8_t base_layer = 0;
// Of filters alone: they reach the rules of every layer, by id and not by name.
inline constexpr std::uint8_t every_layer = 255;

struct RuleFile {
  std::string name;
  std::string bytes;
  std::uint8_t layer = base_layer;
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

// What each rule, then each correlation, looks for, as a hash: log source and condition with its filters, of a
// correlation what it counts and the same of its sources. Equal where the same events meet it, whatever its name, texts
// and level; two conditions that say the same in other words differ.
std::vector<Hash> meanings_of(const RuleSet& set);

}  // namespace luy::detect
