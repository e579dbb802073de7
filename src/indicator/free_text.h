// Indicators in the free text of a warning: letters and mails write addresses so that nobody opens them by mistake
// ("hxxp", "[.]", "(.)", "[:]", "[dot]"); that is undone, and what is meant is told from what only looks alike: names
// of files, sentences without a space, the sender's own addresses. Pure; the time is linear in the text.
#pragma once

#include <string_view>
#include <vector>

#include "indicator/indicator.h"

namespace luy::indicator {

inline constexpr std::size_t free_text_bytes_max = 512 << 10;
inline constexpr std::size_t free_text_atoms_max = 5'000;
inline constexpr std::size_t free_text_refused_max = 200;  // Listed; what is beyond is left out.

struct FoundInText {
  std::vector<Atom> atoms;  // Addresses, domains, URLs and hashes, each once, in the text's order.
  std::vector<Refused> refused;
};

// Errors: list_too_large.
Result<FoundInText> find_in_text(std::string_view text);

}  // namespace luy::indicator
