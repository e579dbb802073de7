// The rows of access reviews and their lines. Private to the module.
#pragma once

#include <vector>

#include "people/review_book.h"
#include "records/database.h"

namespace luy::people::store {

// The newest first. `condition` begins with WHERE, or is empty.
Result<std::vector<Review>> reviews(records::Connection& c, std::string_view condition,
                                    std::initializer_list<records::Param> params);
// A new row, or all of it that may change.
Result<void> save(records::Connection& c, const Review& review);
Result<void> save(records::Connection& c, const ReviewId& review, const ReviewLine& line);

}  // namespace luy::people::store
