#include "detect/rule.h"

namespace luy::detect {

bool covers(const LogSource& wide, const LogSource& narrow) {
  const auto part = [](const std::string& a, const std::string& b) { return a.empty() || a == b; };
  return part(wide.category, narrow.category) && part(wide.product, narrow.product) &&
         part(wide.service, narrow.service);
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::none:
      return "";
    case Level::informational:
      return "informational";
    case Level::low:
      return "low";
    case Level::medium:
      return "medium";
    case Level::high:
      return "high";
    case Level::critical:
      return "critical";
  }
  return "";
}

}  // namespace luy::detect
