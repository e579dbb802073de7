// Notes that the agent and the evidence store write about their own work: {"note":"gap","at":"…", …}.
#include <string>

#include "event/parser/json_tree.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {

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
  return true;
}

}  // namespace luy::event::parser
