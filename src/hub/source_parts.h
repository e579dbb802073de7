// The source id of an evidence record, taken apart. Pure.
#pragma once

#include <string_view>

namespace luy::hub {

// "<agency>/<device>/<stream>"; views into `source`. The stream may hold more slashes, and begins with one where it is
// a path. The hub's own records have "hub" as device ("<agency>/hub/audit") or as agency ("hub/evidence").
struct SourceParts {
  std::string_view agency;
  std::string_view device;
  std::string_view stream;
};
SourceParts split_source(std::string_view source);

}  // namespace luy::hub
