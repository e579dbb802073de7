// Fact documents (docs/format/facts.md), read loosely: their meaning is the fact module's business; here they become a
// line that a person can read and search among the others.
#include <string>

#include "event/parser/json_tree.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
bool fact_document(std::string_view raw, const ParseContext&, Event& event) {
  JsonTree tree;
  simdjson::dom::object body;
  std::string_view kind;
  if (!tree.read(raw) || tree.root()["body"].get_object().get(body) != simdjson::SUCCESS ||
      tree.root()["fact"].get_string().get(kind) != simdjson::SUCCESS) {
    return false;
  }
  std::string_view text;
  if (tree.root()["collected_at"].get_string().get(text) == simdjson::SUCCESS) event.time = from_rfc3339(text);
  if (tree.root()["method"].get_string().get(text) == simdjson::SUCCESS) event.set_label("method", text);
  if (body["hostname"].get_string().get(text) == simdjson::SUCCESS) event.set(Field::host_name, text);
  event.set(Field::message, summary(kind, body, {}));
  event.set(Field::event_dataset, std::string("luy.fact.").append(kind));
  event.set(Field::event_kind, "state");
  event.set(Field::event_provider, "luy-agent");
  set_meaning(event, {"host", "info", "fact_collected", ""});
  return true;
}

}  // namespace luy::event::parser
