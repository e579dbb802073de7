// The place before the date of a paper, from what is known of its agency. Pure.
#pragma once

#include <string>
#include <string_view>

namespace luy::incident {

// Decree 30/2020, annex I: the name of the administrative unit in which the agency sits; a commune's own body writes
// the commune's. Of "UBND phường Ba Đình" it is "Ba Đình", of any other agency what its address says: the town or
// district, else the commune. Empty when neither tells.
std::string place_from(std::string_view agency_name, std::string_view address);

}  // namespace luy::incident
