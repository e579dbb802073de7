#include "agent/note.h"

#include "base/json.h"

namespace luy::agent {

Item make_note(std::string_view name, Time at, const NoteFields& fields) {
  std::string json = "{\"note\":";
  append_json_text(json, name);
  json += ",\"at\":\"" + to_rfc3339(at) + '"';
  for (const auto& [key, value] : fields) {
    json += ',';
    append_json_text(json, key);
    json += ':';
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      json += std::to_string(*number);
    } else {
      append_json_text(json, std::get<std::string>(value));
    }
  }
  json += '}';
  Item item;
  item.record = {event::Transport::agent, "agent", std::move(json)};
  return item;
}

}  // namespace luy::agent
