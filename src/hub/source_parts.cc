#include "hub/source_parts.h"

namespace luy::hub {

SourceParts split_source(std::string_view source) {
  SourceParts parts;
  const std::size_t first = source.find('/');
  parts.agency = source.substr(0, first);
  if (first == std::string_view::npos) return parts;
  const std::size_t second = source.find('/', first + 1);
  parts.device = source.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
  if (second != std::string_view::npos) parts.stream = source.substr(second + 1);
  return parts;
}

}  // namespace luy::hub
