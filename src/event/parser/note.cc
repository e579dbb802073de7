// Notes that the agent and the evidence store write about their own work: {"note":"gap","at":"…", …}.
#include <string>

#include "event/parser/json_tree.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {

namespace {

// What the agent's own scan found reads as what antivirus products write.
void tell_malware(const simdjson::dom::object& root, Event& event) {
  std::string_view text;
  if (root["path"].get_string().get(text) == simdjson::SUCCESS) event.set(Field::file_path, text);
  if (root["owner"].get_string().get(text) == simdjson::SUCCESS) event.set(Field::user_name, text);
  if (root["signature"].get_string().get(text) == simdjson::SUCCESS) event.set_label("malware", text);
  set_meaning(event, {"malware", "info", "malware_found", "success"});
}

}  // namespace

bool note(std::string_view raw, const ParseContext&, Event& event) {
  JsonTree tree;
  simdjson::dom::object root;
  std::string_view name;
  if (!tree.read(raw) || tree.root().get_object().get(root) != simdjson::SUCCESS ||
      root["note"].get_string().get(name) != simdjson::SUCCESS) {
    return false;
  }
  std::string_view at;
  if (root["at"].get_string().get(at) == simdjson::SUCCESS) event.time = from_rfc3339(at);
  event.set(Field::message, summary(name, root, {"note", "at"}));
  for (const auto [key, value] : root) {
    if (key != "note" && key != "at") event.set_label(key, scalar_text(value));
  }
  set_meaning(event, {"host", "info", name, ""});
  if (name == "malware_found") tell_malware(root, event);
  return true;
}

}  // namespace luy::event::parser
