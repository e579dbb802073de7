#include "detect/parse_correlation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "detect/error.h"
#include "detect/fold.h"
#include "detect/parse.h"

namespace luy::detect {
namespace {

constexpr std::array<std::pair<std::string_view, CorrelationKind>, 8> kinds{{
    {"event_count", CorrelationKind::event_count},
    {"value_count", CorrelationKind::value_count},
    {"temporal", CorrelationKind::temporal},
    {"temporal_ordered", CorrelationKind::temporal_ordered},
    {"value_sum", CorrelationKind::value_sum},
    {"value_avg", CorrelationKind::value_avg},
    {"value_percentile", CorrelationKind::value_percentile},
    {"value_median", CorrelationKind::value_median},
}};

constexpr std::array<std::pair<std::string_view, Bound::Kind>, 6> bounds{{
    {"gt", Bound::Kind::gt},
    {"gte", Bound::Kind::gte},
    {"lt", Bound::Kind::lt},
    {"lte", Bound::Kind::lte},
    {"eq", Bound::Kind::eq},
    {"neq", Bound::Kind::neq},
}};

class CorrelationParser {
 public:
  CorrelationParser(std::string_view file, const YamlNode& section) : file_(file), section_(section) {}

  Result<Correlation> parse() {
    LUY_TRY_VOID(kind());
    LUY_TRY(out_.rules, texts("rules"));
    if (out_.rules.empty()) return bad(section_, "rules");
    if (out_.rules.size() > correlation_rules_max)
      return bad(section_, "rules > " + std::to_string(correlation_rules_max));
    LUY_TRY(out_.group_by, texts("group-by"));
    LUY_TRY_VOID(timespan());
    LUY_TRY_VOID(aliases());
    LUY_TRY_VOID(condition());
    if (const YamlNode* generate = section_.find("generate"); generate != nullptr) {
      out_.generate = fold(generate->scalar) == "true";
    }
    return std::move(out_);
  }

 private:
  Error bad(const YamlNode& node, std::string_view what) const {
    return Error(bad_correlation, at_line(file_, node.line, what));
  }

  Result<void> kind() {
    const std::string name = section_.text("type");
    const auto* found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.first == name; });
    if (found == kinds.end()) return bad(section_, "type: '" + name + "'");
    out_.kind = found->second;
    return {};
  }

  // A list of texts, or one text as a list of one.
  Result<std::vector<std::string>> texts(std::string_view key) const {
    const YamlNode* node = section_.find(key);
    if (node == nullptr || node->is_null()) return std::vector<std::string>();
    if (node->is_scalar()) return std::vector{node->scalar};
    if (!node->is_list()) return bad(*node, key);
    std::vector<std::string> out;
    for (const YamlNode& one : node->items) {
      if (!one.is_scalar()) return bad(one, key);
      if (std::find(out.begin(), out.end(), one.scalar) != out.end()) return bad(one, "'" + one.scalar + "' × 2");
      out.push_back(one.scalar);
    }
    return out;
  }

  Result<void> timespan() {
    const std::string text = section_.text("timespan");
    const auto seconds = parse_timespan(text);
    if (!seconds) return bad(section_, "timespan: '" + text + "'");
    out_.timespan_seconds = *seconds;
    return {};
  }

  Result<void> aliases() {
    const YamlNode* node = section_.find("aliases");
    if (node == nullptr || node->is_null()) return {};
    if (!node->is_map()) return bad(*node, "aliases");
    for (std::size_t i = 0; i < node->keys.size(); ++i) {
      const YamlNode& map = node->items[i];
      if (!map.is_map()) return bad(map, "aliases");
      Alias alias;
      alias.name = node->keys[i];
      for (std::size_t j = 0; j < map.keys.size(); ++j) {
        if (!map.items[j].is_scalar()) return bad(map.items[j], "aliases");
        const bool known = std::find(out_.rules.begin(), out_.rules.end(), map.keys[j]) != out_.rules.end();
        if (!known) return bad(map.items[j], "aliases: '" + map.keys[j] + "'");
        alias.sources.push_back({map.keys[j], map.items[j].scalar});
      }
      out_.aliases.push_back(std::move(alias));
    }
    return {};
  }

  bool is_temporal() const {
    return out_.kind == CorrelationKind::temporal || out_.kind == CorrelationKind::temporal_ordered;
  }

  Result<double> number(const YamlNode& node) const {
    double out = 0;
    const std::string& text = node.scalar;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) {
      return bad(node, "'" + text + "'");
    }
    return out;
  }

  Result<void> condition() {
    const YamlNode* node = section_.find("condition");
    if (node == nullptr || node->is_null()) {
      if (!is_temporal()) return bad(section_, "condition");
      return {};
    }
    if (!node->is_map()) return bad(*node, "condition");
    for (std::size_t i = 0; i < node->keys.size(); ++i) {
      LUY_TRY_VOID(condition_key(node->keys[i], node->items[i]));
    }
    const bool counts_values = !is_temporal() && out_.kind != CorrelationKind::event_count;
    if (counts_values && out_.fields.empty()) return bad(*node, "condition.field");
    if (out_.kind != CorrelationKind::value_count && out_.fields.size() > 1) return bad(*node, "condition.field");
    if (!is_temporal() && out_.bounds.empty()) return bad(*node, "gt, gte, lt, lte, eq, neq");
    return {};
  }

  Result<void> condition_key(const std::string& key, const YamlNode& value) {
    if (key == "field") {
      if (value.is_scalar()) out_.fields.push_back(value.scalar);
      for (const YamlNode& one : value.items) out_.fields.push_back(one.scalar);
      return {};
    }
    if (key == "percentile") {
      LUY_TRY(out_.percentile, number(value));
      if (out_.percentile < 0 || out_.percentile > 100) return bad(value, "percentile: 0 … 100");
      return {};
    }
    const auto* found = std::find_if(bounds.begin(), bounds.end(), [&](const auto& one) { return one.first == key; });
    if (found == bounds.end()) return bad(value, "'" + key + "'");
    LUY_TRY(const double limit, number(value));
    out_.bounds.push_back({found->second, limit});
    return {};
  }

  std::string_view file_;
  const YamlNode& section_;
  Correlation out_;
};

}  // namespace

std::optional<std::int64_t> parse_timespan(std::string_view text) {
  constexpr std::pair<char, std::int64_t> units[] = {
      {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}, {'w', 604'800}, {'M', 30 * 86'400}, {'y', 365 * 86'400}};
  if (text.size() < 2) return std::nullopt;
  std::int64_t count = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), last, count);
  if (error != std::errc() || end != last || count <= 0 || count > timespan_seconds_max) return std::nullopt;
  for (const auto& [letter, seconds] : units) {
    if (letter == *last && count <= timespan_seconds_max / seconds) return count * seconds;
  }
  return std::nullopt;
}

Result<Correlation> parse_correlation(std::string_view file, const YamlNode& document, Heading heading) {
  const YamlNode& section = *document.find("correlation");
  if (!section.is_map()) return Error(bad_correlation, at_line(file, section.line, "correlation"));
  LUY_TRY(Correlation out, CorrelationParser(file, section).parse());
  out.heading = std::move(heading);
  return out;
}

}  // namespace luy::detect
