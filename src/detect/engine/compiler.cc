#include "detect/engine/compiler.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/check.h"
#include "detect/engine/announcer.h"
#include "detect/engine/predicate_table.h"
#include "detect/error.h"

namespace luy::detect {
namespace {

class Compiler {
 public:
  Compiler(const RuleSet& rules, const Routing& routing) : rules_(rules), routing_(routing), table_(program_) {}

  Result<Program> run() {
    program_.field_maps.emplace_back();
    for (std::uint32_t i = 0; i < rules_.rules.size(); ++i) add_rule(i);
    count_uses();
    announce();
    for (Draft& draft : drafts_) emit(draft);
    table_.settle_eager();
    LUY_TRY_VOID(list_slots());
    LUY_TRY_VOID(table_.build_indexes());
    return std::move(program_);
  }

 private:
  struct Draft {
    Node node;
    std::uint32_t instance;
  };

  // The rule once for each field map under which it can be asked.
  void add_rule(std::uint32_t index) {
    const Rule& rule = rules_.rules[index];
    add_instance(index, 0);
    std::vector<std::uint32_t> done{0};
    for (const Route& route : routing_.routes) {
      if (route.fields.names.empty() || !is_for(rule.logsource, route.logsource)) continue;
      if (!uses_fields(rule.logsource, route.logsource)) continue;
      const std::uint32_t map = field_map(route.fields);
      if (std::find(done.begin(), done.end(), map) != done.end()) continue;
      done.push_back(map);
      add_instance(index, map);
    }
  }

  std::uint32_t field_map(const FieldMap& fields) {
    const auto found = std::find(program_.field_maps.begin(), program_.field_maps.end(), fields);
    if (found != program_.field_maps.end()) return static_cast<std::uint32_t>(found - program_.field_maps.begin());
    program_.field_maps.push_back(fields);
    return static_cast<std::uint32_t>(program_.field_maps.size() - 1);
  }

  void add_instance(std::uint32_t rule, std::uint32_t map) {
    const LogSource& source = rules_.rules[rule].logsource;
    const auto key = std::tuple(source.category, source.product, source.service, map);
    const auto [place, fresh] = group_of_.emplace(key, static_cast<std::uint32_t>(program_.groups.size()));
    if (fresh) {
      program_.groups.emplace_back();
      program_.groups.back().source = source;
      program_.groups.back().field_map = map;
    }
    const auto number = static_cast<std::uint32_t>(program_.instances.size());
    program_.instances.push_back({rule, place->second, 0});
    program_.groups[place->second].members.push_back(number);
    drafts_.push_back({node_of(rules_.rules[rule].condition, map), number});
  }

  Node node_of(const Expression& expression, std::uint32_t map) {
    Node out;
    switch (expression.kind) {
      case Expression::Kind::test:
        out.predicate = table_.intern(expression.test, program_.field_maps[map]);
        return out;
      case Expression::Kind::all:
        out.kind = Step::Kind::all;
        break;
      case Expression::Kind::any:
        out.kind = Step::Kind::any;
        break;
      case Expression::Kind::negation:
        out.kind = Step::Kind::negation;
        break;
    }
    for (const Expression& part : expression.parts) {
      Node below = node_of(part, map);
      // "a and (b and c)" is one list.
      if (below.kind == out.kind && out.kind != Step::Kind::negation) {
        std::move(below.parts.begin(), below.parts.end(), std::back_inserter(out.parts));
      } else {
        out.parts.push_back(std::move(below));
      }
    }
    return out;
  }

  static void visit(const Node& node, std::vector<std::uint32_t>& out) {
    if (node.kind == Step::Kind::predicate) out.push_back(node.predicate);
    for (const Node& part : node.parts) visit(part, out);
  }

  void count_uses() {
    uses_.assign(program_.predicates.size(), 0);
    for (const Draft& draft : drafts_) {
      std::vector<std::uint32_t> used;
      visit(draft.node, used);
      std::sort(used.begin(), used.end());
      used.erase(std::unique(used.begin(), used.end()), used.end());
      for (const std::uint32_t one : used) ++uses_[one];
    }
  }

  std::optional<std::pair<std::uint32_t, double>> cost_of(std::uint32_t number) {
    constexpr double presence_rate = 0.8;
    const Predicate& predicate = program_.predicates[number];
    using enum Predicate::Kind;
    switch (predicate.kind) {
      case exact:
      case prefix:
      case suffix:
      case contains:
      case pattern:
      case regex:
        if (!predicate.text.empty() && (predicate.kind != regex || predicate.slot != any_slot)) {
          return std::pair(number, rate_of(predicate.kind, predicate.text, uses_[number]));
        }
        if (predicate.kind == exact) return std::pair(number, 0.1);
        break;
      case network:
      case number_kind:
      case field_ref:
      case present:
        break;
      case null:
      case exists:
        return std::nullopt;
    }
    if (predicate.slot == any_slot) return std::nullopt;
    const std::uint32_t presence = table_.presence(predicate.slot);
    if (uses_.size() < program_.predicates.size()) uses_.resize(program_.predicates.size(), 1);
    return std::pair(presence, presence_rate);
  }

  // Chooses each instance's announcers and lists instances under them.
  void announce() {
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> lists;  // (predicate, group).
    for (const Draft& draft : drafts_) {
      const std::uint32_t group = program_.instances[draft.instance].group;
      const auto found = announcers_of(draft.node, [this](std::uint32_t number) { return cost_of(number); });
      if (!found) {
        program_.groups[group].open.push_back(draft.instance);
        continue;
      }
      for (const std::uint32_t predicate : found->predicates) {
        program_.predicates[predicate].eager = true;
        std::vector<std::uint32_t>& list = lists[{predicate, group}];
        if (list.empty() || list.back() != draft.instance) list.push_back(draft.instance);
      }
    }
    program_.announcement_begin.assign(program_.predicates.size() + 1, 0);
    for (const auto& [key, list] : lists) {
      const auto begin = static_cast<std::uint32_t>(program_.announced.size());
      program_.announced.insert(program_.announced.end(), list.begin(), list.end());
      program_.announcements.push_back({key.second, begin, static_cast<std::uint32_t>(program_.announced.size())});
      program_.announcement_begin[key.first + 1] = static_cast<std::uint32_t>(program_.announcements.size());
      announced_.emplace_back(key.first, key.second);
    }
    // Predicates without a list begin where the one before them ends.
    for (std::size_t i = 1; i < program_.announcement_begin.size(); ++i) {
      program_.announcement_begin[i] = std::max(program_.announcement_begin[i], program_.announcement_begin[i - 1]);
    }
  }

  // What it costs to find out, so that the cheap is asked first.
  int effort(const Node& node) const {
    if (node.kind != Step::Kind::predicate) {
      int out = 1;
      for (const Node& part : node.parts) out += effort(part);
      return out;
    }
    const Predicate& predicate = program_.predicates[node.predicate];
    if (predicate.eager || table_.is_always_eager(predicate)) return 0;
    switch (predicate.kind) {
      case Predicate::Kind::null:
      case Predicate::Kind::exists:
      case Predicate::Kind::present:
        return 1;
      case Predicate::Kind::regex:
        return 40;
      case Predicate::Kind::network:
      case Predicate::Kind::number_kind:
      case Predicate::Kind::pattern:
        return 10;
      default:
        return predicate.slot == any_slot ? 50 : 4;
    }
  }

  void emit(Draft& draft) {
    program_.instances[draft.instance].begin = static_cast<std::uint32_t>(program_.steps.size());
    emit_node(draft.node);
  }

  void emit_node(Node& node) {
    const std::size_t at = program_.steps.size();
    program_.steps.push_back({node.kind, node.predicate});
    if (node.kind == Step::Kind::predicate) return;
    std::vector<std::pair<int, Node*>> order;
    for (Node& part : node.parts) order.emplace_back(effort(part), &part);
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [cost, part] : order) emit_node(*part);
    program_.steps[at].operand = static_cast<std::uint32_t>(program_.steps.size());
  }

  // For each group: the slots whose index must run, and the keywords the line is searched for.
  Result<void> list_slots() {
    std::vector<std::vector<std::uint32_t>> keywords(program_.groups.size());
    const auto note = [&](std::uint32_t group, std::uint32_t number) {
      const Predicate& predicate = program_.predicates[number];
      if (!predicate.eager) return;
      (predicate.slot == any_slot ? keywords[group] : program_.groups[group].slots)
          .push_back(predicate.slot == any_slot ? number : predicate.slot);
    };
    for (const Draft& draft : drafts_) {
      std::vector<std::uint32_t> used;
      visit(draft.node, used);
      for (const std::uint32_t number : used) note(program_.instances[draft.instance].group, number);
    }
    for (const auto& [predicate, group] : announced_) note(group, predicate);
    for (std::size_t i = 0; i < program_.groups.size(); ++i) {
      keep_each_once(program_.groups[i].slots);
      keep_each_once(keywords[i]);
      LUY_TRY(program_.groups[i].keywords, table_.keywords(keywords[i]));
    }
    return {};
  }

  static void keep_each_once(std::vector<std::uint32_t>& some) {
    std::sort(some.begin(), some.end());
    some.erase(std::unique(some.begin(), some.end()), some.end());
  }

  const RuleSet& rules_;
  const Routing& routing_;
  Program program_;
  PredicateTable table_;
  std::vector<Draft> drafts_;
  std::vector<std::uint32_t> uses_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> announced_;
  std::map<std::tuple<std::string, std::string, std::string, std::uint32_t>, std::uint32_t> group_of_;
};

}  // namespace

Result<Program> compile(const RuleSet& rules, const Routing& routing) {
  return Compiler(rules, routing).run();
}

}  // namespace luy::detect
