// Vietnamese text: folding for search that ignores diacritics and case. Pure; input is UTF-8, bad bytes are kept as
// they are.
#pragma once

#include <string>
#include <string_view>

namespace luy {

// "Bỉm Sơn – ĐƯỜNG" → "bim son – duong": lower case, Latin letters without marks, đ as d; combining marks
// (U+0300..U+036F, text in decomposed form) are dropped. Other letters stay.
std::string fold_vietnamese(std::string_view text);

}  // namespace luy
