#include <algorithm>

#include "base/utf8.h"
#include "incident/case.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

bool flag_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::vector<std::string> texts_at(const json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr || !found->is_array()) return out;
  for (const json::value& one : found->get_array()) {
    if (one.is_string()) out.emplace_back(one.get_string().c_str());
  }
  return out;
}

json::array array_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

}  // namespace

json::object to_json(const Classification& found) {
  json::object out;
  out["kind"] = found.kind;
  out["properties"] = array_of(found.properties);
  out["harms"] = array_of(found.harms);
  out["level"] = nullptr;
  if (found.level) out["level"] = *found.level;
  out["national"] = found.is_national;
  out["beyond"] = found.is_beyond;
  out["personal_data"] = found.has_personal_data;
  out["severity_override"] = found.severity_override;
  out["override_reason"] = found.override_reason;
  return out;
}

Classification classification_from(const json::object& object) {
  Classification out;
  if (const std::string kind = text_at(object, "kind"); !kind.empty()) out.kind = kind;
  out.properties = texts_at(object, "properties");
  out.harms = texts_at(object, "harms");
  const json::value* level = object.if_contains("level");
  if (level != nullptr && level->is_number()) {
    boost::system::error_code error;
    const auto number = level->to_number<std::int64_t>(error);
    // Out of range stays out of range: check_classification() names it.
    out.level = error || number < 0 || number > 99 ? 99U : static_cast<unsigned>(number);
  }
  out.is_national = flag_at(object, "national");
  out.is_beyond = flag_at(object, "beyond");
  out.has_personal_data = flag_at(object, "personal_data");
  out.severity_override = text_at(object, "severity_override");
  out.override_reason = clean_text(text_at(object, "override_reason"), reason_bytes_max);
  return out;
}

json::object to_json(const Conflict& conflict) {
  json::array stages;
  for (const Conflict::Stage& stage : conflict.stages) {
    stages.push_back(json::object{
        {"id", stage.id}, {"entered", to_rfc3339(stage.entered)}, {"by", stage.by}, {"reason", stage.reason}});
  }
  json::object trace;
  for (const auto& [id, text] : conflict.trace) trace[id] = text;
  json::object out;
  out["stages"] = std::move(stages);
  out["trace"] = std::move(trace);
  out["conditions"] = json::array(conflict.conditions.begin(), conflict.conditions.end());
  out["closed_at"] = nullptr;
  if (conflict.closed_at) out["closed_at"] = to_rfc3339(*conflict.closed_at);
  return out;
}

Conflict conflict_from(const json::object& object) {
  Conflict out;
  if (const json::value* stages = object.if_contains("stages"); stages != nullptr && stages->is_array()) {
    for (const json::value& value : stages->get_array()) {
      if (!value.is_object()) continue;
      const json::object& stage = value.get_object();
      const auto entered = from_rfc3339(text_at(stage, "entered"));
      out.stages.push_back(
          {text_at(stage, "id"), entered.value_or(Time()), text_at(stage, "by"), text_at(stage, "reason")});
    }
  }
  if (const json::value* trace = object.if_contains("trace"); trace != nullptr && trace->is_object()) {
    for (const auto& [id, text] : trace->get_object()) {
      if (text.is_string()) out.trace[std::string(id)] = text.get_string().c_str();
    }
  }
  for (std::string& condition : texts_at(object, "conditions")) out.conditions.insert(std::move(condition));
  out.closed_at = from_rfc3339(text_at(object, "closed_at"));
  return out;
}

json::object to_json(const Moments& moments) {
  json::object out;
  for (const auto& [moment, time] : moments) out[name_of(moment)] = to_rfc3339(time);
  return out;
}

Moments moments_from(const json::object& object) {
  Moments out;
  for (const auto& [key, value] : object) {
    const auto moment = moment_from_name(std::string_view(key.data(), key.size()));
    if (!moment || !value.is_string()) continue;
    if (const auto time = from_rfc3339(value.get_string().c_str())) out[*moment] = *time;
  }
  return out;
}

json::object to_json(const Case& one) {
  json::object out;
  out["id"] = one.id.text();
  out["number"] = one.number;
  out["agency"] = one.agency.text();
  out["title"] = one.title;
  out["description"] = one.description;
  out["system"] = one.system;
  out["system_id"] = one.system_id ? json::value(one.system_id->text()) : json::value(nullptr);
  out["edition"] = one.edition;
  out["state"] = one.state;
  out["state_since"] = to_rfc3339(one.state_since);
  out["round"] = one.round;
  out["classification"] = to_json(one.found);
  out["moments"] = to_json(one.moments);
  out["merged_into"] = nullptr;
  if (one.merged_into) out["merged_into"] = one.merged_into->text();
  out["opened_by"] = one.opened_by;
  return out;
}

std::string clean_text(std::string_view text, std::size_t bytes_max) {
  std::string out = to_utf8(utf8_front(text.substr(0, std::min(text.size(), bytes_max)), bytes_max));
  std::erase(out, '\r');
  for (char& c : out) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) c = ' ';
  }
  const std::size_t first = out.find_first_not_of(" \n");
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(" \n") - first + 1);
}

}  // namespace luy::incident
