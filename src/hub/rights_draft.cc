#include "hub/rights_draft.h"

#include <algorithm>
#include <map>
#include <span>

#include "base/encoding.h"

namespace luy::hub::rights {
namespace {

namespace json = boost::json;

// Members of bodies whose name is not that of the path parameter of their kind.
const std::map<std::string, std::string, std::less<>> kinds = {
    {"agencies", "agency"}, {"superior", "agency"}, {"findings", "finding"}, {"gone", "person"},     {"keep", "person"},
    {"line", "nothing"},    {"persons", "person"},  {"preview", "nothing"},  {"system_id", "system"}};

std::string kind_of(const std::string& name) {
  const auto found = kinds.find(name);
  return found == kinds.end() ? name : found->second;
}

// "{kind}" anywhere in the text.
std::string filled(std::string text, const Drafts::Ids& ids, Time now) {
  using std::chrono::hours;
  const std::map<std::string, std::string, std::less<>> moments = {{"today", to_iso(day_of(now))},
                                                                   {"later", to_iso(day_of(now) + days(40))},
                                                                   {"now", to_rfc3339(now)},
                                                                   {"before", to_rfc3339(now - hours(1))},
                                                                   {"after", to_rfc3339(now + hours(24 * 30))}};
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string::npos) break;
    const std::string name = text.substr(at + 1, end - at - 1);
    const auto moment = moments.find(name);
    const std::string value = moment == moments.end() ? ids(kind_of(name)) : moment->second;
    text.replace(at, end - at + 1, value);
    at += value.size();
  }
  return text;
}

json::value filled(const json::value& from, const Drafts::Ids& ids, Time now) {
  if (from.is_string()) {
    const std::string text(from.get_string());
    return json::value(text.starts_with('{') ? filled(text, ids, now) : text);
  }
  if (from.is_array()) {
    json::array out;
    for (const json::value& one : from.get_array()) out.push_back(filled(one, ids, now));
    return out;
  }
  if (!from.is_object()) return from;
  json::object out;
  for (const auto& [key, value] : from.get_object()) out[key] = filled(value, ids, now);
  return out;
}

std::string encoded(const std::string& segment) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  std::string out;
  for (const char c : segment) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      out += "%" + to_hex(std::span(&byte, 1));
    }
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

Drafts::Drafts(const std::filesystem::path& contract) : document_(YAML::LoadFile(contract.string())) {
  for (const auto& path : document_["paths"]) {
    for (const auto& method : path.second) {
      const YAML::Node& one = method.second;
      Asked asked;
      asked.id = one["operationId"].as<std::string>();
      asked.method = upper(method.first.as<std::string>());
      asked.path = path.first.as<std::string>();
      asked.action = one["x-action"].as<std::string>();
      for (const auto& from : one["parameters"]) {
        const YAML::Node parameter = named_parameter(from);
        if (parameter["in"].as<std::string>() != "query" || parameter["name"].as<std::string>() != "agency") continue;
        asked.narrows = asked.method == "GET";
      }
      asked.open = one["security"] && one["security"].size() == 0;
      // What takes text is asked without a body, and says that it is malformed.
      const YAML::Node body = one["requestBody"] ? one["requestBody"]["content"]["application/json"] : YAML::Node();
      if (body && body.IsMap()) asked.schema = body["schema"];
      operations_.push_back(std::move(asked));
    }
  }
}

YAML::Node Drafts::named_parameter(const YAML::Node& from) const {
  if (!from["$ref"]) return from;
  const std::string to = from["$ref"].as<std::string>();
  return document_["components"]["parameters"][to.substr(to.rfind('/') + 1)];
}

YAML::Node Drafts::resolved(YAML::Node schema, std::string* name) const {
  while (schema["$ref"]) {
    const std::string to = schema["$ref"].as<std::string>();
    *name = to.substr(to.rfind('/') + 1);
    schema.reset(document_["components"]["schemas"][*name]);
  }
  return schema;
}

json::value Drafts::least(const YAML::Node& from, const std::string& name, const Ids& ids, Time now) const {
  std::string known;
  const YAML::Node schema = resolved(from, &known);
  if (schema["oneOf"]) return least(schema["oneOf"][0], name, ids, now);
  const YAML::Node type = schema["type"].IsSequence() ? schema["type"][0] : schema["type"];
  const std::string kind = type.as<std::string>();
  if (kind == "object") {
    json::object out;
    for (const auto& key : schema["required"]) {
      const std::string member = key.as<std::string>();
      out[member] = least(schema["properties"][member], member, ids, now);
    }
    return out;
  }
  if (kind == "array") {
    json::array out;
    const std::size_t count = schema["minItems"] ? schema["minItems"].as<std::size_t>() : 0;
    while (out.size() < count) out.push_back(least(schema["items"], name, ids, now));
    return out;
  }
  if (kind == "integer" || kind == "number") return schema["minimum"] ? schema["minimum"].as<std::int64_t>() : 1;
  if (kind == "boolean") return false;
  if (kind == "null") return nullptr;
  if (schema["enum"]) return json::value(schema["enum"][0].as<std::string>());
  const std::string format = schema["format"] ? schema["format"].as<std::string>() : std::string();
  if (format == "date") return json::value(to_iso(day_of(now)));
  if (format == "date-time") return json::value(to_rfc3339(now));
  if (known == "Id") return json::value(ids(kind_of(name)));
  const std::size_t length = schema["minLength"] ? schema["minLength"].as<std::size_t>() : 1;
  return json::value(std::string(std::max<std::size_t>(1, length), 'x'));
}

Draft Drafts::draft(const Asked& operation, const Word& word, const Ids& ids, Time now) const {
  Draft out;
  for (std::size_t at = 0; at < operation.path.size();) {
    if (operation.path[at] != '{') {
      out.target += operation.path[at++];
      continue;
    }
    const std::size_t end = operation.path.find('}', at);
    std::string kind = operation.path.substr(at + 1, end - at - 1);
    // A paper of a case and a paper of the office are two things.
    if (kind == "paper" && operation.path.starts_with("/api/v1/incidents/")) kind = "case_paper";
    out.target += encoded(ids(kind));
    out.kinds.push_back(std::move(kind));
    at = end + 1;
  }
  if (*word.query != '\0') out.target += "?" + filled(std::string(word.query), ids, now);
  if (!operation.schema.IsDefined() || operation.schema.IsNull()) return out;
  json::value body = least(operation.schema, "", ids, now);
  if (*word.body != '\0') {
    const json::value more = filled(json::parse(word.body), ids, now);
    for (const auto& [key, value] : more.as_object()) body.as_object()[key] = value;
  }
  out.body = json::serialize(body);
  return out;
}

}  // namespace luy::hub::rights
