#include "intake/bulk.h"

#include <simdjson.h>

#include "base/utf8.h"

namespace luy::intake {
namespace {

using simdjson::dom::element;

// Keeps its memory from line to line.
class JsonLines {
 public:
  // The object in `line`; nullptr, with reason(), when it is none.
  const simdjson::dom::object* read(std::string_view line) {
    if (parser_.capacity() < line.size()) {
      if (const auto error = parser_.allocate(line.size(), document_depth_max)) return fail(error);
    }
    element root;
    if (const auto error = parser_.parse(line.data(), line.size(), true).get(root)) return fail(error);
    if (root.get_object().get(object_) != simdjson::SUCCESS) {
      reason_ = "not a JSON object";
      return nullptr;
    }
    return &object_;
  }
  const std::string& reason() const { return reason_; }

 private:
  const simdjson::dom::object* fail(simdjson::error_code error) {
    reason_ = simdjson::error_message(error);
    return nullptr;
  }
  simdjson::dom::parser parser_{document_bytes_max};
  simdjson::dom::object object_;
  std::string reason_;
};

// The next line without its line feed.
std::string_view take_line(std::string_view& body) {
  const std::size_t end = body.find('\n');
  std::string_view line = body.substr(0, end);
  body.remove_prefix(line.size() + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Error malformed(std::size_t item, std::string_view what) {
  return Error(bulk_malformed, "item " + std::to_string(item + 1) + ": " + std::string(what));
}

void refuse(BulkItem& item, int status, std::string_view error, std::string_view reason) {
  item.status = status;
  item.error = error;
  item.reason = reason;
}

Result<BulkItem> parse_action(JsonLines& json, std::string_view line, std::string_view index, std::size_t number) {
  if (line.size() > bulk_action_bytes_max) return malformed(number, "the action line is too long");
  const simdjson::dom::object* const action = json.read(line);
  if (action == nullptr) return malformed(number, json.reason());
  if (action->size() != 1) return malformed(number, "one action is needed");
  const auto member = *action->begin();
  BulkItem item;
  item.action = member.key;
  item.index = index;
  if (item.action != "index" && item.action != "create" && item.action != "delete" && item.action != "update") {
    return malformed(number, "unknown action");
  }
  simdjson::dom::object details;
  if (member.value.get_object().get(details) != simdjson::SUCCESS) return malformed(number, "the action is no object");
  std::string_view text;
  if (details["_index"].get_string().get(text) == simdjson::SUCCESS) item.index = text;
  if (details["_id"].get_string().get(text) == simdjson::SUCCESS) item.id = text;
  item.index = utf8_front(to_utf8(item.index), bulk_index_bytes_max);
  if (item.id.size() > bulk_id_bytes_max) refuse(item, 400, "illegal_argument_exception", "_id is too long");
  return item;
}

}  // namespace

Result<std::vector<BulkItem>> parse_bulk(std::string_view body, std::string_view index) {
  if (!body.empty() && body.back() != '\n') {
    return Error(bulk_malformed, "the request must be terminated by a newline");
  }
  JsonLines json;
  std::vector<BulkItem> items;
  while (!body.empty()) {
    const std::string_view line = take_line(body);
    if (line.empty()) continue;
    if (items.size() >= bulk_items_max) return malformed(items.size(), "too many items");
    LUY_TRY(BulkItem item, parse_action(json, line, index, items.size()));
    if (item.action == "delete") {
      refuse(item, 400, "illegal_argument_exception", "evidence is never deleted");
      items.push_back(std::move(item));
      continue;
    }
    if (body.empty()) return malformed(items.size(), "the document is missing");
    const std::string_view document = take_line(body);
    if (item.action == "update") {
      refuse(item, 400, "illegal_argument_exception", "evidence is never changed");
    } else if (document.size() > document_bytes_max) {
      refuse(item, 413, "illegal_argument_exception", "the document exceeds 1 MiB");
    } else if (item.status == 0 && json.read(document) == nullptr) {
      refuse(item, 400, "mapper_parsing_exception", json.reason());
    }
    if (item.status == 0) item.document = document;
    items.push_back(std::move(item));
  }
  if (items.empty()) return Error(bulk_malformed, "it is empty");
  return items;
}

}  // namespace luy::intake
