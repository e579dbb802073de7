// Puts a restored file where it was: whole or not at all, following no link on the way, with its owner and rights.
#pragma once

#include <string>

#include "base/result.h"

namespace luy::agent {

// `from` lies in a folder that is the agent's alone; `to` is absolute. Missing folders are made, for their owner alone.
// Answers whether another file was there. Errors: backup_stopped.
Result<bool> put_in_place(const std::string& from, const std::string& to);

}  // namespace luy::agent
