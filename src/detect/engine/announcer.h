// Which predicates announce a rule: a set of which at least one holds whenever the rule does, chosen so that it seldom
// holds otherwise. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "detect/engine/program.h"

namespace luy::detect {

// A rule as a tree over predicate numbers.
struct Node {
  Step::Kind kind = Step::Kind::predicate;
  std::uint32_t predicate = 0;
  std::vector<Node> parts;
};

struct Announcers {
  std::vector<std::uint32_t> predicates;
  double cost = 0;  // About how often, per event, one of them holds.
};

// nullopt when nothing announces it: a rule of negations alone. `cost_of` is nullopt for what cannot announce, and may
// name another predicate to announce in its place.
using CostOf = std::function<std::optional<std::pair<std::uint32_t, double>>(std::uint32_t)>;
std::optional<Announcers> announcers_of(const Node& node, const CostOf& cost_of);

// About how often a literal occurs in a value, `uses`: by how many rules it is asked for.
double rate_of(Predicate::Kind kind, std::string_view literal, std::size_t uses);

}  // namespace luy::detect
