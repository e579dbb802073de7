// Vietnamese letters in one form. Keyboards and systems write "ế" as one character, as "ê" with a tone, or as "e" with
// two marks; what is stored and compared must be one of them (NFC, Unicode Standard Annex 15). Pure.
#pragma once

#include <string>
#include <string_view>

namespace luy {

// `text` with every Vietnamese letter as one character, in whatever order its marks stood. Marks on other letters and
// everything else stay as they are; ill-formed bytes too.
std::string compose_vietnamese(std::string_view text);

}  // namespace luy
