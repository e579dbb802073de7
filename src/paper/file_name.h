// What the file of a paper is called. Pure.
#pragma once

#include <string>
#include <string_view>

namespace luy::paper {

// "05/BB-UBND" → "05-BB-UBND": the number by which people know the paper, in letters that every system takes.
std::string file_name_of(std::string_view notation);

}  // namespace luy::paper
