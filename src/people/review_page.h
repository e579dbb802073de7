// What an access review says in its minutes (the form "bien-ban-ra-soat-quyen" of the pack): what was reviewed, by
// whom, each decision, what stands open. Pure.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "people/review_book.h"

namespace luy::people {

// Fields of the form by their ids, in Vietnamese, as papers are written; null where nothing stands there.
// `agency_name` is of the review's agency.
boost::json::object review_page(const Review& review, const std::string& agency_name);

}  // namespace luy::people
