#include "finding/handlers/values.h"

#include <algorithm>

#include "finding/attack.h"

namespace luy::finding {

namespace json = boost::json;

json::object text_json(const Text& text) {
  return {{"vi", text.vi}, {"en", text.en}};
}

json::array texts_json(const std::vector<Text>& texts) {
  json::array out;
  for (const Text& text : texts) out.push_back(text_json(text));
  return out;
}

json::array list_json(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}

json::value time_json(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::array attack_json(const std::vector<std::string>& techniques) {
  json::array out;
  for (const std::string& id : techniques) {
    const Technique* technique = find_technique(id);
    out.push_back(json::object{{"id", id},
                               {"name", technique != nullptr ? std::string(technique->name) : id},
                               {"tactic", technique != nullptr ? std::string(technique->tactics.front()) : ""}});
  }
  return out;
}

std::string text_of(const json::value& value) {
  return std::string(value.as_string().data(), value.as_string().size());
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? text_of(*value) : std::string();
}

Scope::Scope(const ApiDependencies& deps, const api::Request& request, directory::Action action) : deps_(deps) {
  if (!request.actor) return;
  for (AgencyId& root : directory::agencies_of(*request.actor, action)) roots_.insert(std::move(root));
}

bool Scope::sees(const AgencyId& agency) {
  const auto known = answers_.find(agency);
  if (known != answers_.end()) return known->second;
  const std::vector<AgencyId> lineage = deps_.lineage(agency);
  const bool held = std::any_of(lineage.begin(), lineage.end(), [&](const auto& a) { return roots_.contains(a); });
  const bool inside = !only_ || std::find(lineage.begin(), lineage.end(), *only_) != lineage.end();
  return answers_[agency] = held && inside;
}

}  // namespace luy::finding
