#include "records/database.h"

namespace luy::records {

Param nullable(const std::optional<std::int64_t>& value) {
  if (!value) return Null{};
  return *value;
}

Param nullable(const std::optional<std::string>& value) {
  if (!value) return Null{};
  return std::string_view(*value);
}

std::optional<std::int64_t> Row::maybe_integer(int column) const {
  if (null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Row::maybe_text(int column) const {
  if (null(column)) return std::nullopt;
  return std::string(text(column));
}

}  // namespace luy::records
