// What a user name of ours may be.
#pragma once

#include <string_view>

namespace luy::directory {

// 2 to 64 letters without marks, digits, dots, hyphens or underscores; in account.cc.
bool is_username(std::string_view text);

}  // namespace luy::directory
