#include "people/text.h"

#include "base/utf8.h"

namespace luy::people {

Result<std::string> optional_text(std::string_view field, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max || !is_utf8(text)) return Error(text_invalid, std::string(field));
  std::string out(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F) c = ' ';
  }
  const std::size_t begin = out.find_first_not_of(" \n");
  if (begin == std::string::npos) return std::string();
  return out.substr(begin, out.find_last_not_of(" \n") - begin + 1);
}

Result<std::string> needed_text(std::string_view field, std::string_view text, std::size_t bytes_max) {
  LUY_TRY(std::string out, optional_text(field, text, bytes_max));
  if (out.empty()) return Error(text_invalid, std::string(field));
  return out;
}

}  // namespace luy::people
