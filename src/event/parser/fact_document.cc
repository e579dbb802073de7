// Fact documents (docs/format/facts.md), read loosely: their meaning is the fact module's business; here they become a
// line that a person can read and search among the others.
#include <string>

#include "base/utf8.h"
#include "event/parser/json_tree.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

constexpr std::size_t shown_bytes_max = 80;     // Of one text in the summary.
constexpr std::size_t summary_bytes_max = 600;  // Of the summary.

// "updates: lists_present=true security=3 other_count=7": texts as they are, lists by their length.
std::string summary(std::string_view kind, simdjson::dom::object body) {
  std::string out(kind);
  out += ':';
  for (const auto [key, value] : body) {
    if (out.size() > summary_bytes_max) break;
    simdjson::dom::array list;
    const std::string text =
        value.get_array().get(list) == simdjson::SUCCESS ? std::to_string(list.size()) : scalar_text(value);
    out.append(" ").append(utf8_front(key, shown_bytes_max)).append("=").append(utf8_front(text, shown_bytes_max));
  }
  return out;
}

}  // namespace

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
  event.set(Field::message, summary(kind, body));
  event.set(Field::event_dataset, std::string("luy.fact.").append(utf8_front(kind, shown_bytes_max)));
  event.set(Field::event_kind, "state");
  event.set(Field::event_provider, "luy-agent");
  set_meaning(event, {"host", "info", "fact_collected", ""});
  return true;
}

}  // namespace luy::event::parser
