#include "hub/engine_event.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "event/batch.h"
#include "event/event.h"
#include "finding/rule_book.h"
#include "hub/event_query.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using finding::EntityType;

struct NamedEntity {
  std::string_view field;
  EntityType type;
};
// Names of the Elastic Common Schema, of Windows' event data and of Sigma's taxonomy for web and network logs.
constexpr std::array<NamedEntity, 38> named = {{
    {"user.name", EntityType::account},
    {"user.target.name", EntityType::account},
    {"user.effective.name", EntityType::account},
    {"source.ip", EntityType::address},
    {"destination.ip", EntityType::address},
    {"source.domain", EntityType::domain},
    {"destination.domain", EntityType::domain},
    {"file.path", EntityType::file},
    {"process.executable", EntityType::file},
    {"service.name", EntityType::service},
    {"TargetUserName", EntityType::account},
    {"SubjectUserName", EntityType::account},
    {"User", EntityType::account},
    {"user", EntityType::account},
    {"username", EntityType::account},
    {"cs-username", EntityType::account},
    {"IpAddress", EntityType::address},
    {"SourceIp", EntityType::address},
    {"DestinationIp", EntityType::address},
    {"SourceAddress", EntityType::address},
    {"DestAddress", EntityType::address},
    {"src_ip", EntityType::address},
    {"dst_ip", EntityType::address},
    {"c-ip", EntityType::address},
    {"clientip", EntityType::address},
    {"client_ip", EntityType::address},
    {"src", EntityType::address},
    {"dst", EntityType::address},
    {"Image", EntityType::file},
    {"NewProcessName", EntityType::file},
    {"TargetFilename", EntityType::file},
    {"Path", EntityType::file},
    {"QueryName", EntityType::domain},
    {"DestinationHostname", EntityType::domain},
    {"cs-host", EntityType::domain},
    {"ServiceName", EntityType::service},
    {"sha256", EntityType::hash},
    {"md5", EntityType::hash},
}};

void add_entity(std::vector<finding::Entity>& out, EntityType type, std::string_view value) {
  if (value.empty() || value == "-" || out.size() >= entities_per_event_max) return;
  finding::Entity entity{type, std::string(value.substr(0, finding::entity_bytes_max))};
  if (std::find(out.begin(), out.end(), entity) == out.end()) out.push_back(std::move(entity));
}

// Whether the text, blanks left out as the engine leaves them out of names, begins with the hub's own prefix.
bool claims_ours(std::string_view text) {
  constexpr std::string_view ours = "luy";
  std::size_t matched = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '@' || c == '#') continue;
    if (c != ours[matched]) return false;
    if (++matched == ours.size()) return true;
  }
  return false;
}

// Looks at all of a message: whether it may be joined with ours, and which entities it names.
class MessageWalk {
 public:
  explicit MessageWalk(std::vector<finding::Entity>& entities) : entities_(entities) {}

  bool fit(const json::value& value) {
    if (const json::string* text = value.if_string()) return !claims_ours(*text);
    if (const json::array* list = value.if_array()) {
      return std::all_of(list->begin(), list->end(), [this](const json::value& one) { return fit(one); });
    }
    const json::object* object = value.if_object();
    if (object == nullptr) return true;
    for (const auto& [key, member] : *object) {
      if (claims_ours(key)) return false;
      const json::string* text = member.if_string();
      const auto type = text != nullptr ? entity_type_of(key) : std::nullopt;
      if (type) add_entity(entities_, *type, *text);
      if (!fit(member)) return false;
    }
    return true;
  }

 private:
  std::vector<finding::Entity>& entities_;
};

// The JSON object in a record: the record itself, or the message of a line that carries one.
std::string_view object_in(const evidence::Record& record, const event::Event& event) {
  const bool whole = record.transport == static_cast<std::uint8_t>(event::Transport::file) ||
                     record.transport == static_cast<std::uint8_t>(event::Transport::syslog);
  for (std::string_view text :
       {whole ? std::string_view(record.raw) : std::string_view(), event.text(event::Field::message)}) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
    if (text.size() > 2 && text.front() == '{' && text.back() == '}') return text;
  }
  return {};
}

// The members of a JSON object's text, without its brackets.
std::string_view members_of(std::string_view object) {
  object.remove_prefix(1);
  object.remove_suffix(1);
  return object;
}

std::string own_members(const std::vector<AgencyId>& lineage, const std::optional<DeviceId>& device) {
  std::string out;
  if (!lineage.empty()) {
    out += ",\"" + std::string(finding::agency_field) + "\":[";
    for (const AgencyId& agency : lineage) out += (out.back() == '[' ? "\"" : ",\"") + agency.text() + "\"";
    out += "]";
  }
  if (device) out += ",\"" + std::string(finding::device_field) + "\":\"" + device->text() + "\"";
  return out;
}

}  // namespace

std::optional<EntityType> entity_type_of(std::string_view field) {
  for (const NamedEntity& one : named) {
    if (one.field == field) return one.type;
  }
  return std::nullopt;
}

EngineEvent engine_event(const evidence::Record& record, const std::vector<AgencyId>& lineage,
                         const std::optional<DeviceId>& device) {
  EngineEvent out;
  const event::Event event = event_of(record);
  out.time = std::min(event.time.value_or(record.received), record.received);
  if (device) add_entity(out.entities, EntityType::device, device->text());
  for (const event::Event::Value& value : event.values()) {
    const auto type = entity_type_of(event::info_of(value.field).name);
    if (type) add_entity(out.entities, *type, value.text);
  }
  const std::string ours = event::to_json(event);
  const std::string tail = std::string(members_of(ours)) + own_members(lineage, device) + "}";
  const std::string_view inner = object_in(record, event);
  if (!inner.empty()) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = message_depth_max;
    const json::value parsed = json::parse(inner, error, {}, options);
    std::vector<finding::Entity> entities = out.entities;
    if (!error && parsed.is_object() && !parsed.get_object().empty() && MessageWalk(entities).fit(parsed)) {
      out.entities = std::move(entities);
      out.plain = "{" + tail;
      // Ours come last, so that where both name a field, ours stands.
      out.json = "{" + std::string(members_of(inner)) + "," + tail;
      return out;
    }
  }
  out.json = "{" + tail;
  return out;
}

}  // namespace luy::hub
