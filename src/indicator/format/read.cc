#include "indicator/format/read.h"

#include <boost/json.hpp>
#include <map>

#include "base/utf8.h"

namespace luy::indicator {
namespace {

namespace json = boost::json;

Result<json::value> parse(std::string_view bytes) {
  json::parse_options options;
  options.max_depth = json_depth_max;
  boost::system::error_code error;
  json::value root = json::parse(json::string_view(bytes.data(), bytes.size()), error, {}, options);
  if (error) return Error(list_malformed, "JSON: " + error.message());
  return root;
}

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string note_of(std::string_view text) {
  return std::string(utf8_front(text, note_bytes_max));
}

std::optional<Type> misp_type(std::string_view name) {
  static const std::map<std::string_view, Type> types = {
      {"ip-src", Type::address},    {"ip-dst", Type::address},    {"domain", Type::domain},
      {"hostname", Type::domain},   {"url", Type::url},           {"uri", Type::url},
      {"link", Type::url},          {"md5", Type::hash},          {"sha1", Type::hash},
      {"sha256", Type::hash},       {"email", Type::email},       {"email-src", Type::email},
      {"email-dst", Type::email},   {"ipv4", Type::address},      {"ipv6", Type::address},
      {"ip", Type::address},        {"address", Type::address},   {"hash", Type::hash},
      {"ipv4-addr", Type::address}, {"ipv6-addr", Type::address}, {"domain-name", Type::domain},
      {"email-addr", Type::email}};
  const auto found = types.find(name);
  if (found == types.end()) return std::nullopt;
  return found->second;
}

Result<void> take(Imported& out, std::string_view type_name, std::string_view value, std::string note,
                  std::optional<Time> until) {
  const auto type = misp_type(type_name);
  const std::string what = std::string(type_name.substr(0, 60)) + " " + std::string(utf8_front(value, 200));
  if (!type) {
    refuse(out, what, "loại dấu hiệu chưa dùng được", "this type of indicator cannot be used");
    return {};
  }
  auto atom = make_atom(*type, value);
  if (!atom) {
    refuse(out, what, "giá trị không hợp lệ hoặc quá rộng", "the value is not valid, or too wide");
    return {};
  }
  return add(out, {std::move(*atom), {}, note_of(note), until});
}

// "filename|sha256", "ip-dst|port", "domain|ip": each part that can be used, for itself.
Result<void> take_attribute(Imported& out, const json::object& attribute, const std::string& event) {
  const std::string type = text_in(attribute, "type");
  const std::string value = text_in(attribute, "value");
  const json::value* to_ids = attribute.if_contains("to_ids");
  if (to_ids != nullptr && to_ids->is_bool() && !to_ids->get_bool()) {
    refuse(out, type + " " + value.substr(0, 200), "nguồn không khuyên dùng để phát hiện (to_ids)",
           "the source does not mean it for detection (to_ids)");
    return {};
  }
  const std::string comment = text_in(attribute, "comment");
  const std::string note = comment.empty() ? event : comment;
  const std::size_t bar = type.find('|');
  const std::size_t value_bar = value.find('|');
  if (bar == std::string::npos || value_bar == std::string::npos) return take(out, type, value, note, std::nullopt);
  const std::string_view types[] = {std::string_view(type).substr(0, bar), std::string_view(type).substr(bar + 1)};
  const std::string_view values[] = {std::string_view(value).substr(0, value_bar),
                                     std::string_view(value).substr(value_bar + 1)};
  bool used = false;
  for (int i = 0; i < 2; ++i) {
    if (!misp_type(types[i])) continue;
    used = true;
    LUY_TRY_VOID(take(out, types[i], values[i], note, std::nullopt));
  }
  if (!used) refuse(out, type, "loại dấu hiệu chưa dùng được", "this type of indicator cannot be used");
  return {};
}

Result<void> take_attributes(Imported& out, const json::object& holder, const std::string& event) {
  const json::value* list = holder.if_contains("Attribute");
  if (list == nullptr || !list->is_array()) return {};
  for (const json::value& one : list->get_array()) {
    if (one.is_object()) LUY_TRY_VOID(take_attribute(out, one.get_object(), event));
  }
  return {};
}

Result<void> take_event(Imported& out, const json::object& wrapped) {
  const json::value* inner = wrapped.if_contains("Event");
  const json::object& event = inner != nullptr && inner->is_object() ? inner->get_object() : wrapped;
  if (!event.contains("Attribute") && !event.contains("Object")) return Error(list_malformed, "MISP: Attribute");
  const std::string info = text_in(event, "info");
  LUY_TRY_VOID(take_attributes(out, event, info));
  const json::value* objects = event.if_contains("Object");
  if (objects == nullptr || !objects->is_array()) return {};
  for (const json::value& one : objects->get_array()) {
    if (one.is_object()) LUY_TRY_VOID(take_attributes(out, one.get_object(), info));
  }
  return {};
}

// One field of a CSV line (RFC 4180) off its front; `sep` true when another follows.
std::string take_field(std::string_view& rest, bool& more) {
  std::string out;
  more = false;
  if (rest.starts_with('"')) {
    rest.remove_prefix(1);
    while (!rest.empty()) {
      const char c = rest.front();
      rest.remove_prefix(1);
      if (c != '"') {
        out += c;
      } else if (rest.starts_with('"')) {
        out += '"';
        rest.remove_prefix(1);
      } else {
        break;
      }
    }
  }
  while (!rest.empty() && rest.front() != ',' && rest.front() != ';' && rest.front() != '\n') {
    if (rest.front() != '\r') out += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) {
    more = rest.front() != '\n';
    rest.remove_prefix(1);
  }
  return out;
}

constexpr std::size_t columns_max = 100;

std::vector<std::string> take_line(std::string_view& rest) {
  std::vector<std::string> out;
  bool more = true;
  while (more) {
    std::string field = take_field(rest, more);
    if (out.size() < columns_max) out.push_back(std::move(field));
  }
  return out;
}

std::optional<Type> guessed(std::string_view value) {
  for (const Type type : {Type::address, Type::url, Type::hash, Type::email, Type::domain}) {
    if (make_atom(type, value)) return type;
  }
  return std::nullopt;
}

}  // namespace

void refuse(Imported& out, std::string what, std::string vi, std::string en) {
  ++out.refused_count;
  if (out.refused.size() < refused_max) {
    out.refused.push_back({to_utf8(what.substr(0, 300)), std::move(vi), std::move(en)});
  }
}

Result<void> add(Imported& out, Indicator indicator) {
  if (out.indicators.size() >= list_indicators_max) return Error(list_too_large, std::to_string(list_indicators_max));
  out.indicators.push_back(std::move(indicator));
  return {};
}

Result<Imported> read_stix(std::string_view bytes) {
  LUY_TRY(const json::value root, parse(bytes));
  const json::object* bundle = root.if_object();
  const json::value* objects = bundle != nullptr ? bundle->if_contains("objects") : nullptr;
  if (objects == nullptr || !objects->is_array() || text_in(*bundle, "type") != "bundle") {
    return Error(list_malformed, "STIX: bundle");
  }
  Imported out;
  for (const json::value& one : objects->get_array()) {
    if (!one.is_object() || text_in(one.get_object(), "type") != "indicator") continue;
    const json::object& object = one.get_object();
    const std::string id = text_in(object, "id");
    const json::value* revoked = object.if_contains("revoked");
    if (revoked != nullptr && revoked->is_bool() && revoked->get_bool()) {
      refuse(out, id, "nguồn đã thu hồi", "the source has revoked it");
      continue;
    }
    const std::string language = text_in(object, "pattern_type");
    if (language != "stix") {
      refuse(out, id, "mẫu không viết bằng STIX: " + language, "the pattern is not in STIX: " + language);
      continue;
    }
    Pattern pattern = read_pattern(text_in(object, "pattern"));
    if (pattern.refused) {
      refuse(out, id, to_utf8(pattern.refused->vi), to_utf8(pattern.refused->en));
      continue;
    }
    const std::string name = text_in(object, "name");
    const auto until = from_rfc3339(text_in(object, "valid_until"));
    for (Indicator& indicator : pattern.indicators) {
      indicator.note = note_of(name.empty() ? id : name);
      indicator.valid_until = until;
      LUY_TRY_VOID(add(out, std::move(indicator)));
    }
  }
  return out;
}

Result<Imported> read_misp(std::string_view bytes) {
  LUY_TRY(const json::value root, parse(bytes));
  Imported out;
  const json::value* list = &root;
  if (const json::object* object = root.if_object()) {
    const json::value* response = object->if_contains("response");
    if (response == nullptr) {
      LUY_TRY_VOID(take_event(out, *object));
      return out;
    }
    list = response;
  }
  if (!list->is_array()) return Error(list_malformed, "MISP: Event");
  for (const json::value& event : list->get_array()) {
    if (!event.is_object()) return Error(list_malformed, "MISP: Event");
    LUY_TRY_VOID(take_event(out, event.get_object()));
  }
  return out;
}

Result<Imported> read_csv(std::string_view bytes) {
  std::map<std::string, std::size_t> columns;
  const std::vector<std::string> header = take_line(bytes);
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string name;
    for (const char c : header[i]) {
      if (c != ' ') name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    columns.emplace(std::move(name), i);
  }
  const auto column = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (const auto found = columns.find(name); found != columns.end()) return std::optional(found->second);
    }
    return std::optional<std::size_t>();
  };
  const auto value_at = column({"value", "indicator", "ioc"});
  const auto type_at = column({"type", "indicator_type", "ioc_type"});
  const auto note_at = column({"comment", "note", "description", "name"});
  const auto until_at = column({"valid_until", "expires", "expires_at", "expiration"});
  if (!value_at) return Error(list_malformed, "CSV: value, type, comment, valid_until");
  Imported out;
  while (!bytes.empty()) {
    const std::vector<std::string> line = take_line(bytes);
    const auto at = [&](std::optional<std::size_t> index) {
      return index && *index < line.size() ? line[*index] : std::string();
    };
    const std::string value = at(value_at);
    if (value.empty() || value.front() == '#') continue;
    std::string type;
    for (const char c : at(type_at)) type += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (type.empty()) {
      const auto guess = guessed(value);
      type = guess ? name_of(*guess) : std::string_view("?");
    }
    std::optional<Time> until = from_rfc3339(at(until_at));
    if (const auto day = day_from_iso(at(until_at))) until = day_begin(*day + days(1));
    LUY_TRY_VOID(take(out, type, value, to_utf8(at(note_at)), until));
  }
  return out;
}

}  // namespace luy::indicator
