#include "agent/enrolment.h"

#include <simdjson.h>

#include "agent/http.h"
#include "base/file.h"
#include "base/id.h"
#include "base/json.h"

namespace luy::agent {
namespace {

constexpr const char* file_name = "enrolment.json";

using Fields = std::vector<std::pair<std::string_view, std::string*>>;

Result<void> read_texts(std::string_view json, const Fields& fields) {
  if (json.size() > http_body_bytes_max) return Error(reply_malformed, "too long");
  simdjson::dom::parser parser(http_body_bytes_max);
  simdjson::dom::object document;
  if (parser.parse(simdjson::padded_string(json)).get(document) != simdjson::SUCCESS) {
    return Error(reply_malformed, "not a JSON object");
  }
  for (const auto& [key, target] : fields) {
    std::string_view value;
    if (document[key].get(value) != simdjson::SUCCESS || value.empty()) {
      return Error(reply_malformed, std::string(key));
    }
    *target = value;
  }
  return {};
}

}  // namespace

std::string enrolment_request(std::string_view token, std::string_view csr, const fact::Identity& identity,
                              const fact::Os& os, const fact::Hardware& hardware) {
  std::string json = "{\"token\":";
  append_json_text(json, token);
  json += ",\"csr\":";
  append_json_text(json, csr);
  json += ",\"identity\":" + fact::body_to_json(fact::Body(identity));
  json += ",\"os\":" + fact::body_to_json(fact::Body(os));
  json += ",\"hardware\":" + fact::body_to_json(fact::Body(hardware)) + '}';
  return json;
}

Result<Enrolment> parse_enrolment(std::string_view json) {
  Enrolment out;
  LUY_TRY_VOID(read_texts(json, {{"device_id", &out.device_id},
                                 {"certificate", &out.certificate},
                                 {"ca", &out.ca},
                                 {"agent_url", &out.agent_url},
                                 {"server_name", &out.server_name}}));
  // Hubs before orders, and enrolments of that time, have none.
  std::string key;
  if (read_texts(json, {{"orders_key", &key}})) out.orders_key = std::move(key);
  if (!is_id_text(out.device_id)) return Error(reply_malformed, "device_id");
  if (!parse_url(out.agent_url)) return Error(reply_malformed, "agent_url");
  return out;
}

Result<std::string> parse_renewal(std::string_view json) {
  std::string certificate;
  LUY_TRY_VOID(read_texts(json, {{"certificate", &certificate}}));
  return certificate;
}

std::string to_json(const Enrolment& enrolment) {
  std::string json = "{\"device_id\":";
  append_json_text(json, enrolment.device_id);
  json += ",\"certificate\":";
  append_json_text(json, enrolment.certificate);
  json += ",\"ca\":";
  append_json_text(json, enrolment.ca);
  json += ",\"agent_url\":";
  append_json_text(json, enrolment.agent_url);
  json += ",\"server_name\":";
  append_json_text(json, enrolment.server_name);
  if (!enrolment.orders_key.empty()) {
    json += ",\"orders_key\":";
    append_json_text(json, enrolment.orders_key);
  }
  return json + "}\n";
}

Result<Enrolment> load_enrolment(const std::filesystem::path& folder) {
  const auto text = read_file(folder / file_name, http_body_bytes_max);
  if (!text && text.error().is(file_not_found)) return Error(not_enrolled, text.error().detail());
  if (!text) return text.error();
  return parse_enrolment(*text);
}

Result<void> save_enrolment(const std::filesystem::path& folder, const Enrolment& enrolment) {
  return write_file_durably(folder / file_name, to_json(enrolment), 0600);
}

}  // namespace luy::agent
