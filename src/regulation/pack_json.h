// A pack as the API shows it: the schemas Pack, Article, Obligation and Parameter of api/openapi.yaml, field by field.
// A test holds the names equal to the contract's.
#pragma once

#include <boost/json.hpp>

#include "regulation/pack.h"

namespace luy::regulation {

boost::json::object to_json(const Text& text);  // LocalText
boost::json::object to_json(const Chapter& chapter);
boost::json::object to_json(const Article& article);
boost::json::object to_json(const Obligation& obligation);
boost::json::object to_json(const Parameter& parameter);  // "unit" is "" for counts and lists.
boost::json::object to_json(const Pack& pack);

}  // namespace luy::regulation
