// What the agent writes down about its own work: JSON records of transport "agent", so that nothing it lost, skipped
// or could not read is silent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "agent/source.h"
#include "base/clock.h"

namespace luy::agent {

using NoteValue = std::variant<std::string, std::int64_t>;
using NoteFields = std::vector<std::pair<std::string_view, NoteValue>>;

// {"note":"<name>","at":"<RFC 3339>",…fields} on the stream "agent".
Item make_note(std::string_view name, Time at, const NoteFields& fields);

}  // namespace luy::agent
