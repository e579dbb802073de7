#include "detect/pipeline.h"

#include <algorithm>

#include "detect/error.h"
#include "detect/fold.h"
#include "detect/yaml.h"

namespace luy::detect {
namespace {

class PipelineReader {
 public:
  PipelineReader(std::string_view file, Routing& routing) : file_(file), routing_(routing) {}

  Result<void> read(const YamlNode& root) {
    if (!root.is_map()) return bad(root, "pipeline: …");
    name_ = root.text("pipeline");
    if (name_.empty()) return bad(root, "pipeline");
    for (std::size_t i = 0; i < root.keys.size(); ++i) {
      const std::string& key = root.keys[i];
      const YamlNode& value = root.items[i];
      if (key == "pipeline" || key == "vi" || key == "en") continue;
      if (key == "unwrap") {
        LUY_TRY(const auto paths, texts(value));
        for (const std::string& path : paths) routing_.shape.unwrap(path);
      } else if (key == "name_lists") {
        LUY_TRY(const auto paths, texts(value));
        for (const std::string& path : paths) routing_.shape.name_list(path);
      } else if (key == "time") {
        LUY_TRY(const auto fields, texts(value));
        routing_.time_fields.insert(routing_.time_fields.end(), fields.begin(), fields.end());
      } else if (key == "rename") {
        LUY_TRY(const auto pairs, map_of_texts(value));
        for (const auto& [from, to] : pairs) routing_.shape.rename(from, to);
      } else if (key == "declared") {
        LUY_TRY_VOID(declared(value));
      } else if (key == "placeholders") {
        LUY_TRY_VOID(placeholders(value));
      } else if (key == "routes") {
        LUY_TRY_VOID(routes(value));
      } else {
        return bad(value, "'" + key + "'");
      }
    }
    return {};
  }

 private:
  Error bad(const YamlNode& node, std::string_view what) const {
    return Error(bad_pipeline, at_line(file_, node.line, what));
  }

  Result<std::vector<std::string>> texts(const YamlNode& node) const {
    if (node.is_scalar()) return std::vector{node.scalar};
    if (!node.is_list() || node.items.empty()) return bad(node, "[…]");
    if (node.items.size() > 200) return bad(node, "> 200");
    std::vector<std::string> out;
    for (const YamlNode& one : node.items) {
      if (!one.is_scalar()) return bad(one, "[…]");
      out.push_back(one.scalar);
    }
    return out;
  }

  Result<std::vector<std::pair<std::string, std::string>>> map_of_texts(const YamlNode& node) const {
    if (!node.is_map()) return bad(node, "{…}");
    std::vector<std::pair<std::string, std::string>> out;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      if (!node.items[i].is_scalar()) return bad(node.items[i], node.keys[i]);
      out.emplace_back(node.keys[i], node.items[i].scalar);
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  Result<LogSource> logsource(const YamlNode& node) const {
    LUY_TRY(const auto pairs, map_of_texts(node));
    LogSource out;
    for (const auto& [key, value] : pairs) {
      if (key == "category") {
        out.category = value;
      } else if (key == "product") {
        out.product = value;
      } else if (key == "service") {
        out.service = value;
      } else {
        return bad(node, "'" + key + "'");
      }
    }
    if (out.empty()) return bad(node, "category, product, service");
    return out;
  }

  Result<void> declared(const YamlNode& node) {
    LUY_TRY(routing_.declared, logsource(node));
    return {};
  }

  Result<void> placeholders(const YamlNode& node) {
    if (!node.is_map()) return bad(node, "placeholders");
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      LUY_TRY(const auto values, texts(node.items[i]));
      auto& known = routing_.placeholders[node.keys[i]];
      known.insert(known.end(), values.begin(), values.end());
    }
    return {};
  }

  Result<void> routes(const YamlNode& node) {
    if (!node.is_list()) return bad(node, "routes");
    for (const YamlNode& one : node.items) {
      LUY_TRY(Route route, parse_route(one));
      if (routing_.routes.size() >= routes_max) return bad(one, "> " + std::to_string(routes_max));
      routing_.routes.push_back(std::move(route));
    }
    return {};
  }

  Result<Route> parse_route(const YamlNode& node) const {
    if (!node.is_map()) return bad(node, "when, logsource");
    Route out;
    out.pipeline = name_;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const std::string& key = node.keys[i];
      const YamlNode& value = node.items[i];
      if (key == "when") {
        LUY_TRY(out.when, parse_when(value));
      } else if (key == "logsource") {
        LUY_TRY(const LogSource source, logsource(value));
        out.logsource = {fold(source.category), fold(source.product), fold(source.service)};
      } else if (key == "fields") {
        LUY_TRY(out.fields.names, map_of_texts(value));
      } else {
        return bad(value, "'" + key + "'");
      }
    }
    if (out.when.empty() || out.logsource.empty()) return bad(node, "when, logsource");
    return out;
  }

  Result<std::vector<Route::Condition>> parse_when(const YamlNode& node) const {
    if (!node.is_map()) return bad(node, "when");
    std::vector<Route::Condition> out;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      LUY_TRY(std::vector<std::string> values, texts(node.items[i]));
      if (values.size() == 1 && values.front() == "*") values.clear();
      for (std::string& value : values) value = fold(value);
      out.push_back({node.keys[i], std::move(values)});
    }
    return out;
  }

  std::string_view file_;
  Routing& routing_;
  std::string name_;
};

}  // namespace

const std::string& FieldMap::event_field(const std::string& rule_field) const {
  const auto found = std::lower_bound(names.begin(), names.end(), rule_field,
                                      [](const auto& pair, const std::string& name) { return pair.first < name; });
  return found != names.end() && found->first == rule_field ? found->second : rule_field;
}

Result<void> add_pipeline(std::string_view file, std::string_view bytes, Routing& routing) {
  LUY_TRY(const std::vector<YamlNode> documents, parse_yaml(file, bytes));
  if (documents.empty()) return Error(bad_pipeline, at_line(file, 1, "pipeline"));
  for (const YamlNode& document : documents) LUY_TRY_VOID(PipelineReader(file, routing).read(document));
  return {};
}

bool is_for(const LogSource& rule, const LogSource& label) {
  return covers(rule, label);
}

bool uses_fields(const LogSource& rule, const LogSource& label) {
  return label.category.empty() || !rule.category.empty();
}

bool is_fed(const Routing& routing, const LogSource& rule) {
  return std::any_of(routing.routes.begin(), routing.routes.end(),
                     [&](const Route& route) { return is_for(rule, route.logsource); });
}

}  // namespace luy::detect
