// How findings are grouped: the key under which reports are one finding. For the book alone.
#pragma once

#include <string>
#include <string_view>

#include "finding/finding.h"

namespace luy::finding {

// Of the finding that counts what has no finding of its own: see groups_max.
inline constexpr std::string_view further_groups = "*";
// Of the finding that takes events of older evidence where a group's own finding has its numbers already: see
// Book::report_again().
inline constexpr std::string_view older_events = "|older";

// Text of events is anybody's: the database takes no NUL, and a title is one line.
std::string clean(std::string_view text, std::size_t bytes_max);
Text clean(const Text& text, std::size_t bytes_max);
// "<rule>|", with which the keys of a rule's findings begin.
std::string rule_part(const Report& report);
std::string stored_key(const Report& report);

}  // namespace luy::finding
