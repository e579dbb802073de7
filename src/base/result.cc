#include "base/result.h"

namespace luy {

std::string Error::sentence(std::string_view pattern, const std::string& detail) {
  std::string out(pattern);
  if (const auto place = out.find("{}"); place != std::string::npos) {
    out.replace(place, 2, detail);
  } else if (!detail.empty()) {
    out += " (" + detail + ")";
  }
  return out;
}

}  // namespace luy
