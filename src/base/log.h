// The programs' own diagnostics: one line per message on standard error, for the service manager to keep.
#pragma once

#include <string_view>

namespace luy {

enum class LogLevel { info, warning, error };

// "2026-11-22T03:04:05.678901Z warning hub: text". Thread-safe; control characters in `text` are replaced by '?', so
// that nothing an outsider sends can forge a line. `part` names the module.
void log(LogLevel level, std::string_view part, std::string_view text);

}  // namespace luy
