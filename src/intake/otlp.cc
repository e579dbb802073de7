#include "intake/otlp.h"

#include <array>
#include <bit>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "intake/protobuf.h"

namespace luy::intake {
namespace {

namespace json = boost::json;
using Kind = WireField::Kind;

json::string text(std::string_view bytes) {
  const std::string clean = to_utf8(bytes);
  return json::string(clean.data(), clean.size());
}

json::value number(double value) {
  // JSON has no word for these.
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

// The parts of a request, however it was encoded.
struct Record {
  std::uint64_t time = 0;      // Nanoseconds since 1970; 0: not said.
  std::uint64_t observed = 0;  // The same.
  std::int64_t severity = 0;
  std::string severity_text;
  json::value body;
  json::object attributes;
  std::int64_t dropped_attributes = 0;
  std::int64_t flags = 0;
  std::string trace_id;  // Hexadecimal.
  std::string span_id;
  std::string event_name;
};
struct Origin {
  json::object resource;
  json::object scope;
};

// OTLP's names of its 24 numbers, in fours.
std::string_view level_of(std::int64_t severity) {
  constexpr std::array<std::string_view, 6> names = {"trace", "debug", "info", "warn", "error", "fatal"};
  return severity < 1 || severity > 24 ? std::string_view{} : names[static_cast<std::size_t>((severity - 1) / 4)];
}

std::string time_text(std::uint64_t nanoseconds) {
  return to_rfc3339(from_micros(static_cast<std::int64_t>(nanoseconds / 1000)));
}

std::string line_of(const Record& r, const Origin& origin) {
  json::object out;
  if (r.time != 0) out["@timestamp"] = time_text(r.time);
  if (r.time == 0 && r.observed != 0) out["@timestamp"] = time_text(r.observed);
  if (r.body.is_string()) {
    out["message"] = r.body;
  } else if (!r.body.is_null()) {
    out["body"] = r.body;
  }
  const std::string_view level = level_of(r.severity);
  if (!r.severity_text.empty()) {
    out["log.level"] = text(r.severity_text);
  } else if (!level.empty()) {
    out["log.level"] = level;
  }
  for (const char* const name : {"host.name", "service.name"}) {
    if (const json::value* value = origin.resource.if_contains(name)) out[name] = *value;
  }
  json::object otlp;
  if (r.time != 0) otlp["time_unix_nano"] = r.time;
  if (r.observed != 0) otlp["observed_time_unix_nano"] = r.observed;
  if (r.severity != 0) otlp["severity_number"] = r.severity;
  if (r.flags != 0) otlp["flags"] = r.flags;
  if (r.dropped_attributes != 0) otlp["dropped_attributes_count"] = r.dropped_attributes;
  if (!r.trace_id.empty()) otlp["trace_id"] = text(r.trace_id);
  if (!r.span_id.empty()) otlp["span_id"] = text(r.span_id);
  if (!r.event_name.empty()) otlp["event_name"] = text(r.event_name);
  if (!origin.resource.empty()) otlp["resource"] = origin.resource;
  if (!origin.scope.empty()) otlp["scope"] = origin.scope;
  if (!r.attributes.empty()) otlp["attributes"] = r.attributes;
  if (!otlp.empty()) out["otlp"] = std::move(otlp);
  return json::serialize(out);
}

// Collects lines within the limits.
class Lines {
 public:
  bool add(const Record& record, const Origin& origin) {
    if (logs_.lines.size() + logs_.rejected >= otlp_records_max) return false;
    std::string line = line_of(record, origin);
    if (line.size() > otlp_line_bytes_max) {
      ++logs_.rejected;
      return true;
    }
    bytes_ += line.size();
    logs_.lines.push_back(std::move(line));
    return bytes_ <= otlp_lines_bytes_max;
  }
  OtlpLogs take() { return std::move(logs_); }

 private:
  OtlpLogs logs_;
  std::size_t bytes_ = 0;
};

// Protobuf. Every function answers false on what is not the message; the reader's own ok() is asked at each end.

bool any_value(std::string_view message, std::size_t depth, json::value& out);

bool key_value(std::string_view message, std::size_t depth, json::object& out) {
  WireReader reader(message);
  json::string key;
  json::value value;
  while (const auto field = reader.next()) {
    if (field->number == 1 && field->kind == Kind::bytes) key = text(field->bytes);
    if (field->number == 2 && field->kind == Kind::bytes && !any_value(field->bytes, depth + 1, value)) return false;
  }
  out[key] = std::move(value);
  return reader.ok();
}

bool values(std::string_view message, std::size_t depth, bool named, json::value& out) {
  WireReader reader(message);
  json::array list;
  json::object map;
  while (const auto field = reader.next()) {
    if (field->number != 1 || field->kind != Kind::bytes) continue;
    if (named && !key_value(field->bytes, depth, map)) return false;
    if (named) continue;
    json::value value;
    if (!any_value(field->bytes, depth + 1, value)) return false;
    list.push_back(std::move(value));
  }
  if (named) {
    out = std::move(map);
  } else {
    out = std::move(list);
  }
  return reader.ok();
}

bool any_value(std::string_view message, std::size_t depth, json::value& out) {
  if (depth > otlp_depth_max) return false;
  WireReader reader(message);
  while (const auto field = reader.next()) {
    const bool bytes = field->kind == Kind::bytes;
    if (field->number == 1 && bytes) out = text(field->bytes);
    if (field->number == 2 && field->kind == Kind::varint) out = field->value != 0;
    if (field->number == 3 && field->kind == Kind::varint) out = static_cast<std::int64_t>(field->value);
    if (field->number == 4 && field->kind == Kind::fixed64) out = number(std::bit_cast<double>(field->value));
    if ((field->number == 5 || field->number == 6) && bytes && !values(field->bytes, depth, field->number == 6, out)) {
      return false;
    }
    if (field->number == 7 && bytes) out = to_base64(field->bytes);
  }
  return reader.ok();
}

bool log_record(std::string_view message, Record& out) {
  WireReader reader(message);
  while (const auto field = reader.next()) {
    const bool bytes = field->kind == Kind::bytes;
    if (field->number == 1 && field->kind == Kind::fixed64) out.time = field->value;
    if (field->number == 11 && field->kind == Kind::fixed64) out.observed = field->value;
    if (field->number == 2 && field->kind == Kind::varint) out.severity = static_cast<std::int32_t>(field->value);
    if (field->number == 3 && bytes) out.severity_text = field->bytes;
    if (field->number == 5 && bytes && !any_value(field->bytes, 0, out.body)) return false;
    if (field->number == 6 && bytes && !key_value(field->bytes, 0, out.attributes)) return false;
    if (field->number == 7 && field->kind == Kind::varint) {
      out.dropped_attributes = static_cast<std::uint32_t>(field->value);
    }
    if (field->number == 8 && field->kind == Kind::fixed32) out.flags = static_cast<std::int64_t>(field->value);
    if (field->number == 9 && bytes) out.trace_id = to_hex(as_bytes(field->bytes));
    if (field->number == 10 && bytes) out.span_id = to_hex(as_bytes(field->bytes));
    if (field->number == 12 && bytes) out.event_name = field->bytes;
  }
  return reader.ok();
}

// Attributes stand in field `at`; name and version, of a scope, in fields 1 and 2.
bool described(std::string_view message, std::uint32_t at, bool scope, json::object& out) {
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->kind != Kind::bytes) continue;
    if (scope && field->number == 1 && !field->bytes.empty()) out["name"] = text(field->bytes);
    if (scope && field->number == 2 && !field->bytes.empty()) out["version"] = text(field->bytes);
    if (field->number == at && !key_value(field->bytes, 0, out)) return false;
  }
  return reader.ok();
}

// Resource and scope may stand behind the records they belong to: first them, then the records.
bool scope_logs(std::string_view message, Origin& origin, Lines& lines) {
  WireReader before(message);
  origin.scope.clear();
  while (const auto field = before.next()) {
    if (field->number == 1 && field->kind == Kind::bytes && !described(field->bytes, 3, true, origin.scope))
      return false;
  }
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number != 2 || field->kind != Kind::bytes) continue;
    Record record;
    if (!log_record(field->bytes, record) || !lines.add(record, origin)) return false;
  }
  return reader.ok();
}

bool resource_logs(std::string_view message, Lines& lines) {
  Origin origin;
  WireReader before(message);
  while (const auto field = before.next()) {
    if (field->number == 1 && field->kind == Kind::bytes && !described(field->bytes, 1, false, origin.resource)) {
      return false;
    }
  }
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == 2 && field->kind == Kind::bytes && !scope_logs(field->bytes, origin, lines)) return false;
  }
  return reader.ok();
}

// JSON, in protobuf's mapping: lower camel case, 64-bit integers as text or number, ids in hexadecimal.

const json::value* member(const json::object& object, std::string_view name) {
  return object.if_contains(json::string_view(name.data(), name.size()));
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* value = member(object, name);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

template <class Integer>
Integer integer_of(const json::value& value) {
  Integer out = 0;
  if (value.is_int64()) out = static_cast<Integer>(value.get_int64());
  if (value.is_uint64()) out = static_cast<Integer>(value.get_uint64());
  if (value.is_string()) {
    const json::string& digits = value.get_string();
    std::from_chars(digits.data(), digits.data() + digits.size(), out);
  }
  return out;
}

template <class Integer>
Integer integer_member(const json::object& object, std::string_view name) {
  const json::value* value = member(object, name);
  return value != nullptr ? integer_of<Integer>(*value) : Integer{0};
}

const json::array* list_member(const json::object& object, std::string_view name) {
  const json::value* value = member(object, name);
  return value != nullptr ? value->if_array() : nullptr;
}

json::value any_of(const json::value& value, std::size_t depth);

json::object attributes_of(const json::array* list, std::size_t depth) {
  json::object out;
  if (list == nullptr) return out;
  for (const json::value& one : *list) {
    const json::object* pair = one.if_object();
    const json::value* value = pair != nullptr ? member(*pair, "value") : nullptr;
    if (pair != nullptr) out[text_member(*pair, "key")] = value != nullptr ? any_of(*value, depth + 1) : json::value();
  }
  return out;
}

json::value any_of(const json::value& value, std::size_t depth) {
  const json::object* object = value.if_object();
  if (object == nullptr || object->empty() || depth > otlp_depth_max) return {};
  const auto& [name, content] = *object->begin();
  const std::string_view kind(name.data(), name.size());
  if (kind == "stringValue" || kind == "boolValue" || kind == "bytesValue") return content;
  if (kind == "intValue") return integer_of<std::int64_t>(content);
  if (kind == "doubleValue") return content.is_double() ? number(content.get_double()) : content;
  const json::object* inner = content.if_object();
  if (inner == nullptr) return {};
  const json::array* list = list_member(*inner, "values");
  if (kind == "kvlistValue") return attributes_of(list, depth);
  if (kind != "arrayValue") return {};
  json::array out;
  if (list == nullptr) return out;
  for (const json::value& one : *list) out.push_back(any_of(one, depth + 1));
  return out;
}

Record record_of(const json::object& object) {
  Record out;
  out.time = integer_member<std::uint64_t>(object, "timeUnixNano");
  out.observed = integer_member<std::uint64_t>(object, "observedTimeUnixNano");
  out.severity = integer_member<std::int32_t>(object, "severityNumber");
  out.severity_text = text_member(object, "severityText");
  if (const json::value* body = member(object, "body")) out.body = any_of(*body, 0);
  out.attributes = attributes_of(list_member(object, "attributes"), 0);
  out.dropped_attributes = integer_member<std::uint32_t>(object, "droppedAttributesCount");
  out.flags = integer_member<std::uint32_t>(object, "flags");
  out.trace_id = text_member(object, "traceId");
  out.span_id = text_member(object, "spanId");
  out.event_name = text_member(object, "eventName");
  return out;
}

bool scope_logs_of(const json::object& object, Origin& origin, Lines& lines) {
  origin.scope.clear();
  const json::value* scope = member(object, "scope");
  if (scope != nullptr && scope->is_object()) {
    for (const char* const name : {"name", "version"}) {
      if (const std::string value = text_member(scope->get_object(), name); !value.empty()) origin.scope[name] = value;
    }
    for (auto& [name, value] : attributes_of(list_member(scope->get_object(), "attributes"), 0)) {
      origin.scope[name] = value;
    }
  }
  const json::array* records = list_member(object, "logRecords");
  if (records == nullptr) return true;
  for (const json::value& one : *records) {
    const json::object* record = one.if_object();
    if (record == nullptr || !lines.add(record_of(*record), origin)) return false;
  }
  return true;
}

}  // namespace

Result<OtlpLogs> otlp_from_protobuf(std::string_view body) {
  Lines lines;
  WireReader reader(body);
  while (const auto field = reader.next()) {
    if (field->number != 1 || field->kind != Kind::bytes) continue;
    if (!resource_logs(field->bytes, lines)) return Error(otlp_malformed, "ResourceLogs, or too much");
  }
  if (!reader.ok()) return Error(otlp_malformed, "protobuf");
  return lines.take();
}

Result<OtlpLogs> otlp_from_json(std::string_view body) {
  json::parse_options limits;
  limits.max_depth = 4 * otlp_depth_max;  // A value within a value takes up to four levels of JSON.
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(body.data(), body.size()), error, {}, limits);
  const json::object* root = error ? nullptr : parsed.if_object();
  if (root == nullptr) return Error(otlp_malformed, error ? error.message() : "not a JSON object");
  Lines lines;
  const json::array* resources = list_member(*root, "resourceLogs");
  if (resources == nullptr) return lines.take();
  for (const json::value& one : *resources) {
    const json::object* logs = one.if_object();
    if (logs == nullptr) return Error(otlp_malformed, "resourceLogs");
    Origin origin;
    const json::value* resource = member(*logs, "resource");
    if (resource != nullptr && resource->is_object()) {
      origin.resource = attributes_of(list_member(resource->get_object(), "attributes"), 0);
    }
    const json::array* scopes = list_member(*logs, "scopeLogs");
    if (scopes == nullptr) continue;
    for (const json::value& scope : *scopes) {
      if (!scope.is_object() || !scope_logs_of(scope.get_object(), origin, lines)) {
        return Error(otlp_malformed, "scopeLogs, or too much");
      }
    }
  }
  return lines.take();
}

std::string otlp_response(bool as_json, std::size_t rejected, std::string_view message) {
  if (rejected == 0) return as_json ? "{}" : "";
  if (as_json) {
    return json::serialize(json::object{
        {"partialSuccess", {{"rejectedLogRecords", std::to_string(rejected)}, {"errorMessage", message}}}});
  }
  std::string partial;
  put_varint_field(partial, 1, rejected);
  put_bytes_field(partial, 2, message);
  std::string out;
  put_bytes_field(out, 1, partial);
  return out;
}

std::string otlp_status(bool as_json, int code, std::string_view message) {
  if (as_json) return json::serialize(json::object{{"code", code}, {"message", message}});
  std::string out;
  put_varint_field(out, 1, static_cast<std::uint64_t>(code));
  put_bytes_field(out, 2, message);
  return out;
}

}  // namespace luy::intake
