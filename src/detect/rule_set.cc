#include "detect/rule_set.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/encoding.h"
#include "detect/condition.h"
#include "detect/engine/describe.h"
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
  void add(ParsedFile file, std::uint8_t layer) {
    for (Refusal& one : file.refused) out_.refused.push_back(std::move(one));
    for (Rule& one : file.rules) {
      if (out_.rules.size() >= rules_max) {
        out_.refused.push_back(refusal_of(one.heading, over_limit, "> " + std::to_string(rules_max)));
      } else if (claim(one.heading)) {
        out_.rules.push_back(std::move(one));
        layers_.push_back(layer);
      }
    }
    for (Correlation& one : file.correlations) {
      if (claim(one.heading)) waiting_.push_back({std::move(one), layer});
    }
    for (Filter& one : file.filters) filters_.push_back({std::move(one), layer});
  }

  RuleSet finish() {
    for (std::uint32_t i = 0; i < out_.rules.size(); ++i) name(out_.rules[i].heading, layers_[i], i);
    for (const auto& [filter, layer] : filters_) apply(filter, layer);
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
  void name(const Heading& heading, std::uint8_t layer, std::uint32_t index) {
    by_name_[layer].emplace(heading.id, index);
    if (!heading.name.empty()) by_name_[layer].emplace(heading.name, index);
  }
  // What a document of this layer means by a name.
  std::optional<std::uint32_t> named(const std::string& name, std::uint8_t layer) const {
    for (const std::uint8_t in : {layer, base_layer}) {
      const auto of_layer = by_name_.find(in);
      if (of_layer == by_name_.end()) continue;
      if (const auto found = of_layer->second.find(name); found != of_layer->second.end()) return found->second;
    }
    return std::nullopt;
  }

  static bool means(const Filter& filter, const Heading& rule, bool by_name) {
    return filter.all_rules || std::any_of(filter.rules.begin(), filter.rules.end(), [&](const std::string& one) {
             return one == rule.id || (by_name && !rule.name.empty() && one == rule.name);
           });
  }

  void apply(const Filter& filter, std::uint8_t layer) {
    std::size_t applied = 0;
    std::size_t found = 0;
    for (std::size_t i = 0; i < out_.rules.size(); ++i) {
      if (layer != every_layer && layers_[i] != layer) continue;
      Rule& rule = out_.rules[i];
      const bool meant = means(filter, rule.heading, layer != every_layer);
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
      std::vector<Layered<Correlation>> later;
      for (auto& [one, layer] : waiting_) {
        if (auto sources = sources_of(one, layer); sources) {
          name(one.heading, layer, static_cast<std::uint32_t>(out_.rules.size() + out_.correlations.size()));
          out_.correlations.push_back({std::move(one), *std::move(sources)});
          layers_.push_back(layer);
          progress = true;
        } else {
          later.push_back({std::move(one), layer});
        }
      }
      waiting_ = std::move(later);
    }
    std::set<std::pair<std::uint8_t, std::string>> unresolved;
    for (const auto& [one, layer] : waiting_) {
      unresolved.emplace(layer, one.heading.id);
      unresolved.emplace(layer, one.heading.name);
    }
    for (const auto& [one, of] : waiting_) {
      const std::uint8_t layer = of;  // A binding cannot be captured.
      const auto missing = std::find_if(one.rules.begin(), one.rules.end(), [&](const std::string& rule) {
        return !named(rule, layer) && unresolved.count({layer, rule}) == 0 && unresolved.count({base_layer, rule}) == 0;
      });
      const bool circle = missing == one.rules.end();
      out_.refused.push_back(circle
                                 ? refusal_of(one.heading, bad_correlation, one.heading.id + " → … → " + one.heading.id)
                                 : refusal_of(one.heading, unknown_rule, "'" + *missing + "'"));
    }
  }

  std::optional<std::vector<std::uint32_t>> sources_of(const Correlation& correlation, std::uint8_t layer) const {
    std::vector<std::uint32_t> out;
    for (const std::string& rule : correlation.rules) {
      const auto found = named(rule, layer);
      if (!found) return std::nullopt;
      out.push_back(*found);
    }
    return out;
  }

  // What only correlations without `generate` use reports nothing of its own. Those of another layer have no say in it.
  void silence() {
    std::unordered_map<std::uint32_t, bool> generates;
    for (std::size_t i = 0; i < out_.correlations.size(); ++i) {
      const ResolvedCorrelation& one = out_.correlations[i];
      for (const std::uint32_t source : one.sources) {
        if (layers_[source] == layers_[out_.rules.size() + i]) generates[source] |= one.correlation.generate;
      }
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

  template <class T>
  struct Layered {
    T one;
    std::uint8_t layer;
  };

  RuleSet out_;
  std::vector<std::uint8_t> layers_;  // Of the rules, then of the correlations.
  std::vector<Layered<Correlation>> waiting_;
  std::vector<Layered<Filter>> filters_;
  std::unordered_set<std::string> ids_;
  std::map<std::uint8_t, std::unordered_map<std::string, std::uint32_t>> by_name_;
};

}  // namespace

RuleSet make_rule_set(const std::vector<RuleFile>& files, const Placeholders& placeholders) {
  Assembler assembler;
  for (const RuleFile& file : files) assembler.add(parse_file(file.name, file.bytes, placeholders), file.layer);
  return assembler.finish();
}

std::vector<Hash> meanings_of(const RuleSet& set) {
  std::vector<Hash> out;
  for (const Rule& rule : set.rules) {
    ArchiveWriter archive;
    // A writer only reads.
    describe(archive, const_cast<LogSource&>(rule.logsource));
    describe(archive, const_cast<Expression&>(rule.condition), describe_depth_max);
    out.push_back(sha256(archive.take()));
  }
  for (const ResolvedCorrelation& resolved : set.correlations) {
    Correlation one = resolved.correlation;
    one.heading = {};
    one.rules.clear();  // Named by whom their author chose; their own hashes follow.
    one.silent = one.generate = false;
    ResolvedCorrelation bare{std::move(one), {}};
    ArchiveWriter archive;
    describe(archive, bare);
    for (const std::uint32_t source : resolved.sources) archive.text(to_hex(out[source]));
    out.push_back(sha256(archive.take()));
  }
  return out;
}

}  // namespace luy::detect
