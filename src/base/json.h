// Writing JSON (RFC 8259) by hand where a document tree would only cost memory. Pure.
#pragma once

#include <string>
#include <string_view>

namespace luy {

// Appends `text` as a JSON string with its quotes. Ill-formed UTF-8 becomes U+FFFD, so the result is always valid.
void append_json_text(std::string& out, std::string_view text);

}  // namespace luy
