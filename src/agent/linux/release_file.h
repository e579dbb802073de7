// The dates in an apt Release or InRelease file (https://wiki.debian.org/DebianRepository/Format). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace luy::agent {

struct ReleaseFile {
  std::string suite;
  std::string codename;
  std::optional<Time> date;
  std::optional<Time> valid_until;
};

ReleaseFile parse_release(std::string_view text);

// "Sat, 21 Nov 2026 20:11:24 UTC" (RFC 1123 with UTC or a numeric zone of zero).
std::optional<Time> parse_release_date(std::string_view text);

// 1 to 12 for "Jan" to "Dec"; 0 for anything else.
unsigned month_number(std::string_view name);

}  // namespace luy::agent
