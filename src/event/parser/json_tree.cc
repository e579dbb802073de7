#include "event/parser/json_tree.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"
#include "event/batch.h"

namespace luy::event::parser {
namespace {
constexpr std::size_t depth_max = 32;
constexpr std::size_t shown_bytes_max = 80;     // Of one key or text in a summary.
constexpr std::size_t summary_bytes_max = 600;  // No further pair is begun behind this.
}  // namespace

bool JsonTree::read(std::string_view raw) {
  if (raw.empty() || raw.size() > record_bytes_max) return false;
  if (parser_.allocate(std::max<std::size_t>(raw.size(), simdjson::SIMDJSON_PADDING), depth_max) != simdjson::SUCCESS) {
    return false;
  }
  return parser_.parse(raw.data(), raw.size()).get(root_) == simdjson::SUCCESS;
}

std::string scalar_text(simdjson::dom::element value) {
  using simdjson::dom::element_type;
  switch (value.type()) {
    case element_type::STRING:
      return std::string(value.get_string().value_unsafe());
    case element_type::INT64:
      return std::to_string(value.get_int64().value_unsafe());
    case element_type::UINT64:
      return std::to_string(value.get_uint64().value_unsafe());
    case element_type::DOUBLE: {
      std::array<char, 32> text{};
      const double number = value.get_double().value_unsafe();
      return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
    }
    case element_type::BOOL:
      return value.get_bool().value_unsafe() ? "true" : "false";
    default:
      return {};
  }
}

std::string summary(std::string_view head, simdjson::dom::object object,
                    std::initializer_list<std::string_view> without) {
  std::string out(utf8_front(head, shown_bytes_max));
  out += ':';
  for (const auto [key, value] : object) {
    if (out.size() > summary_bytes_max) break;
    if (std::find(without.begin(), without.end(), key) != without.end()) continue;
    simdjson::dom::array list;
    const std::string text =
        value.get_array().get(list) == simdjson::SUCCESS ? std::to_string(list.size()) : scalar_text(value);
    out.append(" ").append(utf8_front(key, shown_bytes_max)).append("=").append(utf8_front(text, shown_bytes_max));
  }
  return out;
}

}  // namespace luy::event::parser
