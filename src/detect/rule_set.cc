#include "detect/rule_set.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "detect/condition.h"
#include "detect/error.h"
#include "detect/yaml.h"

namespace luy::detect {
namespace {

Refusal refusal_of(const Heading& heading, const ErrorKind& kind, std::string_view what) {
  return {heading.file, heading.line, heading.id, heading.title,
          Error(kind, at_line(heading.file, heading.line, what))};
}

class Assembler {
 public:
  void add(ParsedFile file) {
    for (Refusal& one : file.refused) out_.refused.push_back(std::move(one));
    for (Rule& one : file.rules) {
      if (out_.rules.size() >= rules_max) {
        out_.refused.push_back(refusal_of(one.heading, over_limit, "> " + std::to_string(rules_max)));
      } else if (claim(one.heading)) {
        out_.rules.push_back(std::move(one));
      }
    }
    for (Correlation& one : file.correlations) {
      if (claim(one.heading)) waiting_.push_back(std::move(one));
    }
    for (Filter& one : file.filters) filters_.push_back(std::move(one));
  }

  RuleSet finish() {
    for (std::uint32_t i = 0; i < out_.rules.size(); ++i) name(out_.rules[i].heading, i);
    for (const Filter& filter : filters_) apply(filter);
    resolve();
    silence();
    return std::move(out_);
  }

 private:
  bool claim(const Heading& heading) {
    if (ids_.insert(heading.id).second) return true;
    out_.refused.push_back(refusal_of(heading, duplicate_rule, heading.id));
    return false;
  }
  void name(const Heading& heading, std::uint32_t index) {
    by_name_.emplace(heading.id, index);
    if (!heading.name.empty()) by_name_.emplace(heading.name, index);
  }

  void apply(const Filter& filter) {
    std::size_t applied = 0;
    std::size_t found = 0;
    for (Rule& rule : out_.rules) {
      const bool meant =
          filter.all_rules || std::any_of(filter.rules.begin(), filter.rules.end(), [&](const auto& one) {
            return one == rule.heading.id || (!rule.heading.name.empty() && one == rule.heading.name);
          });
      found += meant ? 1 : 0;
      if (!meant || !covers(filter.logsource, rule.logsource)) continue;
      if (size_of(rule.condition) + size_of(filter.condition) > expression_nodes_max) {
        out_.refused.push_back(refusal_of(filter.heading, over_limit, rule.heading.id));
        continue;
      }
      Expression both;
      both.kind = Expression::Kind::all;
      both.parts.push_back(std::move(rule.condition));
      both.parts.push_back(filter.condition);
      rule.condition = std::move(both);
      ++applied;
    }
    if (found == 0 && !filter.all_rules) {
      const std::string first = filter.rules.empty() ? std::string() : filter.rules.front();
      out_.refused.push_back(refusal_of(filter.heading, unknown_rule, "'" + first + "'"));
    } else if (applied != 0) {
      ++out_.filters;
    }
  }

  // Takes correlations whose references are all known, again and again; what remains refers to nothing or to itself.
  void resolve() {
    for (bool progress = true; progress;) {
      progress = false;
      std::vector<Correlation> later;
      for (Correlation& one : waiting_) {
        if (auto sources = sources_of(one); sources) {
          name(one.heading, static_cast<std::uint32_t>(out_.rules.size() + out_.correlations.size()));
          out_.correlations.push_back({std::move(one), *std::move(sources)});
          progress = true;
        } else {
          later.push_back(std::move(one));
        }
      }
      waiting_ = std::move(later);
    }
    std::unordered_set<std::string> unresolved;
    for (const Correlation& one : waiting_) {
      unresolved.insert(one.heading.id);
      unresolved.insert(one.heading.name);
    }
    for (const Correlation& one : waiting_) {
      const auto missing = std::find_if(one.rules.begin(), one.rules.end(), [&](const std::string& rule) {
        return by_name_.count(rule) == 0 && unresolved.count(rule) == 0;
      });
      const bool circle = missing == one.rules.end();
      out_.refused.push_back(circle
                                 ? refusal_of(one.heading, bad_correlation, one.heading.id + " → … → " + one.heading.id)
                                 : refusal_of(one.heading, unknown_rule, "'" + *missing + "'"));
    }
  }

  std::optional<std::vector<std::uint32_t>> sources_of(const Correlation& correlation) const {
    std::vector<std::uint32_t> out;
    for (const std::string& rule : correlation.rules) {
      const auto found = by_name_.find(rule);
      if (found == by_name_.end()) return std::nullopt;
      out.push_back(found->second);
    }
    return out;
  }

  // What only correlations without `generate` use reports nothing of its own.
  void silence() {
    std::unordered_map<std::uint32_t, bool> generates;
    for (const ResolvedCorrelation& one : out_.correlations) {
      for (const std::uint32_t source : one.sources) generates[source] |= one.correlation.generate;
    }
    for (const auto& [source, loud] : generates) {
      if (loud) continue;
      if (source < out_.rules.size()) {
        out_.rules[source].silent = true;
      } else {
        out_.correlations[source - out_.rules.size()].correlation.silent = true;
      }
    }
  }

  RuleSet out_;
  std::vector<Correlation> waiting_;
  std::vector<Filter> filters_;
  std::unordered_set<std::string> ids_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
};

}  // namespace

RuleSet make_rule_set(const std::vector<RuleFile>& files, const Placeholders& placeholders) {
  Assembler assembler;
  for (const RuleFile& file : files) assembler.add(parse_file(file.name, file.bytes, placeholders));
  return assembler.finish();
}

}  // namespace luy::detect
