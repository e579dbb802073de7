// Addresses that people type off a poster, and where they lead.
#pragma once

#include <optional>
#include <string_view>

#include "api/route.h"

namespace luy::hub {

inline constexpr std::size_t short_name_bytes_max = 64;

// "/bao" and "/bao/<code or id of an agency>": a redirection to the report page, which chooses the agency; without it
// where that is no plain name. nullopt for every other path. `path` is decoded.
std::optional<api::Response> short_path(std::string_view path);

}  // namespace luy::hub
