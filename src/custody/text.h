// Text that people write: without control characters, of bounded size. Private habits of the module's books.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::custody {

// `text` with control characters as blanks and without blanks at its ends. Errors: `kind` naming `field` when nothing
// is left (unless it may be empty), when it is no UTF-8, or above `bytes_max`.
Result<std::string> clean_text(const ErrorKind& kind, std::string_view field, std::string_view text,
                               std::size_t bytes_max, bool may_be_empty = false);

std::string text_at(const boost::json::object& object, std::string_view key);  // "" when missing or null.
std::optional<std::int64_t> number_at(const boost::json::object& object, std::string_view key);
boost::json::value time_json(const std::optional<Time>& time);
boost::json::value day_json(const std::optional<Day>& day);
std::vector<std::string> texts_of(std::string_view json_array);
std::string json_of(const std::vector<std::string>& texts);

}  // namespace luy::custody
