// An answer that is a file to keep and never a page to show.
#pragma once

#include <string>

#include "api/route.h"

namespace luy::api {

// `name` is what the browser is to call it; any UTF-8.
Response file_response(std::string bytes, const std::string& type, const std::string& name);

}  // namespace luy::api
