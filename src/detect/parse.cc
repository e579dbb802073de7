#include "detect/parse.h"

#include <algorithm>

#include "detect/condition.h"
#include "detect/error.h"
#include "detect/fold.h"
#include "detect/parse_correlation.h"
#include "detect/yaml.h"

namespace luy::detect {
namespace {

Result<Expression> parse_map(const ItemContext& context, const YamlNode& map) {
  Expression out;
  out.kind = Expression::Kind::all;
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    LUY_TRY(Expression part, parse_item(context, map.keys[i], map.items[i]));
    out.parts.push_back(std::move(part));
  }
  if (out.parts.empty()) return Error(bad_rule, at_line(context.file, map.line, "{}"));
  return out;
}

// A list of maps is their OR; plain values in it are keywords.
Result<Expression> parse_list(const ItemContext& context, const YamlNode& list) {
  Expression out;
  out.kind = Expression::Kind::any;
  for (const YamlNode& one : list.items) {
    LUY_TRY(Expression part, one.is_map() ? parse_map(context, one) : parse_keywords(context, one));
    out.parts.push_back(std::move(part));
  }
  if (out.parts.empty()) return Error(bad_rule, at_line(context.file, list.line, "[]"));
  return out;
}

Result<Expression> parse_detection(const ItemContext& context, const YamlNode& node) {
  if (node.is_map()) return parse_map(context, node);
  if (node.is_list()) return parse_list(context, node);
  return parse_keywords(context, node);
}

// Every named part of `section` but its condition, and the keys in `others`.
Result<Detections> parse_detections(const ItemContext& context, const YamlNode& section,
                                    std::initializer_list<std::string_view> others) {
  Detections out;
  for (std::size_t i = 0; i < section.keys.size(); ++i) {
    const std::string& name = section.keys[i];
    if (std::find(others.begin(), others.end(), name) != others.end()) continue;
    LUY_TRY(Expression expression, parse_detection(context, section.items[i]));
    out.emplace_back(name, std::move(expression));
  }
  return out;
}

// The condition, or the OR of a list of them.
Result<Expression> parse_conditions(const ItemContext& context, const YamlNode& section, const Detections& detections) {
  const YamlNode* node = section.find("condition");
  if (node == nullptr || node->is_null() || node->is_map() || (node->is_list() && node->items.empty())) {
    return Error(bad_rule, at_line(context.file, section.line, "condition"));
  }
  if (node->is_scalar())
    return parse_condition(node->scalar, detections, at_line(context.file, node->line, "condition"));
  Expression out;
  out.kind = Expression::Kind::any;
  for (const YamlNode& one : node->items) {
    if (!one.is_scalar()) return Error(bad_rule, at_line(context.file, one.line, "condition"));
    LUY_TRY(Expression part, parse_condition(one.scalar, detections, at_line(context.file, one.line, "condition")));
    out.parts.push_back(std::move(part));
  }
  return out;
}

Result<LogSource> parse_logsource(std::string_view file, const YamlNode& document) {
  const YamlNode* node = document.find("logsource");
  if (node == nullptr || !node->is_map()) return Error(bad_rule, at_line(file, document.line, "logsource"));
  LogSource out{fold(node->text("category")), fold(node->text("product")), fold(node->text("service"))};
  if (out.empty()) return Error(bad_rule, at_line(file, node->line, "logsource: category, product, service"));
  return out;
}

Result<Rule> parse_rule(const ItemContext& context, const YamlNode& document, Heading heading) {
  Rule out;
  out.heading = std::move(heading);
  LUY_TRY(out.logsource, parse_logsource(context.file, document));
  const YamlNode& section = *document.find("detection");
  if (!section.is_map()) return Error(bad_rule, at_line(context.file, section.line, "detection"));
  LUY_TRY(const Detections detections, parse_detections(context, section, {"condition", "timeframe"}));
  if (detections.empty()) return Error(bad_rule, at_line(context.file, section.line, "detection"));
  LUY_TRY(out.condition, parse_conditions(context, section, detections));
  return out;
}

Result<Filter> parse_filter(const ItemContext& context, const YamlNode& document, Heading heading) {
  Filter out;
  out.heading = std::move(heading);
  LUY_TRY(out.logsource, parse_logsource(context.file, document));
  const YamlNode& section = *document.find("filter");
  if (!section.is_map()) return Error(bad_rule, at_line(context.file, section.line, "filter"));
  const YamlNode* rules = section.find("rules");
  if (rules == nullptr || rules->is_null()) return Error(bad_rule, at_line(context.file, section.line, "filter.rules"));
  if (rules->is_scalar()) {
    out.all_rules = fold(rules->scalar) == "any";
    if (!out.all_rules) out.rules.push_back(rules->scalar);
  }
  for (const YamlNode& one : rules->items) {
    if (!one.is_scalar()) return Error(bad_rule, at_line(context.file, one.line, "filter.rules"));
    out.rules.push_back(one.scalar);
  }
  LUY_TRY(const Detections detections, parse_detections(context, section, {"condition", "rules"}));
  LUY_TRY(out.condition, parse_conditions(context, section, detections));
  return out;
}

Level level_of(std::string_view text) {
  for (const Level level : {Level::informational, Level::low, Level::medium, Level::high, Level::critical}) {
    if (text == name_of(level)) return level;
  }
  return Level::none;
}

Heading parse_heading(std::string_view file, const YamlNode& document) {
  Heading out;
  out.file = file;
  out.line = document.line;
  out.name = document.text("name");
  out.title = document.text("title");
  out.description = document.text("description");
  out.id = document.text("id");
  if (out.id.empty()) out.id = out.name.empty() ? out.title : out.name;
  out.level = level_of(fold(document.text("level")));
  if (const YamlNode* tags = document.find("tags"); tags != nullptr) {
    for (const YamlNode& tag : tags->items) out.tags.push_back(tag.scalar);
  }
  return out;
}

// Parses one document into its kind's list.
Result<void> parse_document(const ItemContext& context, const YamlNode& document, const Heading& heading,
                            ParsedFile& out) {
  if (!document.is_map()) return Error(bad_rule, at_line(context.file, document.line, "title: …"));
  // Pipelines and lists lie beside rules and are no rules.
  if (document.find("pipeline") != nullptr) return {};
  if (heading.id.empty()) return Error(bad_rule, at_line(context.file, document.line, "id, name, title"));
  if (document.find("action") != nullptr) return Error(bad_rule, at_line(context.file, document.line, "action"));
  if (document.find("detection") != nullptr) {
    LUY_TRY(Rule rule, parse_rule(context, document, heading));
    out.rules.push_back(std::move(rule));
  } else if (document.find("correlation") != nullptr) {
    LUY_TRY(Correlation correlation, parse_correlation(context.file, document, heading));
    out.correlations.push_back(std::move(correlation));
  } else if (document.find("filter") != nullptr) {
    LUY_TRY(Filter filter, parse_filter(context, document, heading));
    out.filters.push_back(std::move(filter));
  } else {
    return Error(bad_rule, at_line(context.file, document.line, "detection, correlation, filter"));
  }
  return {};
}

}  // namespace

ParsedFile parse_file(std::string_view file, std::string_view bytes, const Placeholders& placeholders) {
  ParsedFile out;
  const auto documents = parse_yaml(file, bytes);
  if (!documents) {
    out.refused.push_back({std::string(file), 1, "", "", documents.error()});
    return out;
  }
  const ItemContext context{file, &placeholders};
  for (const YamlNode& document : *documents) {
    if (document.is_null()) continue;  // A file that ends on "---".
    const Heading heading = parse_heading(file, document);
    if (const auto parsed = parse_document(context, document, heading, out); !parsed) {
      out.refused.push_back({std::string(file), document.line, heading.id, heading.title, parsed.error()});
    }
  }
  return out;
}

}  // namespace luy::detect
