// What the poster for the wall says, beside its fixed words. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directory/profile.h"

namespace luy::incident {

// "https://luy.bimson.vn/bao/UBND-BD": short enough to be typed; the hub leads on to the report page, which chooses the
// agency of that code. The id stands there where the code would have to be escaped.
std::string report_address(std::string_view base, std::string_view code, std::string_view id);

// Whom to call – who is reached around the clock before others –, that the device must be in the agency's network, and
// why the browser may warn.
std::vector<std::string> poster_notes(const std::vector<directory::Contact>& contacts);

}  // namespace luy::incident
