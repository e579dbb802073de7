#include "custody/text.h"

#include "base/utf8.h"

namespace luy::custody {
namespace json = boost::json;

Result<std::string> clean_text(const ErrorKind& kind, std::string_view field, std::string_view text,
                               std::size_t bytes_max, bool may_be_empty) {
  if (text.size() > bytes_max || !is_utf8(text)) return Error(kind, std::string(field));
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  const std::size_t first = out.find_first_not_of(' ');
  if (first == std::string::npos)
    return may_be_empty ? Result<std::string>(std::string()) : Error(kind, std::string(field));
  return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::optional<std::int64_t> number_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr || !found->is_number()) return std::nullopt;
  boost::system::error_code error;
  const auto number = found->to_number<std::int64_t>(error);
  return error ? std::nullopt : std::optional(number);
}

json::value time_json(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::value day_json(const std::optional<Day>& day) {
  return day ? json::value(to_iso(*day)) : json::value(nullptr);
}

std::vector<std::string> texts_of(std::string_view json_array) {
  std::vector<std::string> out;
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(json_array.data(), json_array.size()), error);
  if (error || !parsed.is_array()) return out;
  for (const json::value& one : parsed.get_array()) {
    if (one.is_string()) out.emplace_back(one.get_string().c_str());
  }
  return out;
}

std::string json_of(const std::vector<std::string>& texts) {
  return json::serialize(json::array(texts.begin(), texts.end()));
}

}  // namespace luy::custody
