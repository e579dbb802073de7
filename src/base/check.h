// LUY_CHECK: an invariant of our own, checked in every build; a failure prints where and aborts. Never on what an
// outsider can send: that is a Result (base/result.h).
#pragma once

#include <string_view>

namespace luy {

[[noreturn]] void check_failed(const char* file, int line, const char* condition, std::string_view message);

}  // namespace luy

#define LUY_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::luy::check_failed(__FILE__, __LINE__, #condition, {}))
#define LUY_CHECK_MSG(condition, message) \
  ((condition) ? static_cast<void>(0) : ::luy::check_failed(__FILE__, __LINE__, #condition, message))
