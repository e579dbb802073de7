// A JSON record as a tree, within bounds of depth and size.
#pragma once

#include <simdjson.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace luy::event::parser {

// Owns the memory that the elements and texts of root() point into.
class JsonTree {
 public:
  // False when `raw` is not one JSON document of at most record_bytes_max bytes and 32 levels.
  bool read(std::string_view raw);
  simdjson::dom::element root() const { return root_; }

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

// Text, number or truth value as text; "" for null, lists and objects.
std::string scalar_text(simdjson::dom::element value);

// "updates: lists_present=true security=3 other_count=7": texts as they are, lists by their length; at most some 800
// bytes. `without` names keys that are left out.
std::string summary(std::string_view head, simdjson::dom::object object,
                    std::initializer_list<std::string_view> without);

}  // namespace luy::event::parser
