// Wrong passwords counted per account name and per address, and the pauses that follow.
#pragma once

#include <string>
#include <string_view>

#include "directory/session.h"

namespace luy::directory {

// Names are kept as a hash: people type passwords into the wrong field.
std::string failure_subject_of_account(std::string_view username);
std::string failure_subject_of_address(std::string_view address);

// How long `subject` must still wait; zero when it need not.
Result<Duration> pause_left(records::Connection& connection, const std::string& subject, const PauseRule& rule,
                            Time now);
// Counts one more; forgets what is too old and, above sign_in_failures_max, the oldest.
Result<void> count_failure(records::Connection& connection, const std::string& subject, const PauseRule& rule,
                           Time now);
Result<void> forget_failures(records::Connection& connection, const std::string& subject);

}  // namespace luy::directory
