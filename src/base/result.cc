#include "base/result.h"

namespace luy {

std::string Error::sentence(std::string_view pattern) const {
  std::string out(pattern);
  if (const auto place = out.find("{}"); place != std::string::npos) {
    out.replace(place, 2, detail_);
  } else if (!detail_.empty()) {
    out += " (" + detail_ + ")";
  }
  return out;
}

}  // namespace luy
