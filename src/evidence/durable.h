// fsync as evidence needs it: an error of fsync itself ends the process and is never retried (PostgreSQL's
// "fsyncgate"): the kernel may have dropped what it could not write, and a second fsync would say that all is well.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace luy::evidence {

// Makes created, renamed and removed names of the folder durable. Errors: file errors, when it cannot be opened.
Result<void> sync_folder_or_die(const std::filesystem::path& folder);
void sync_or_die(int fd, const std::filesystem::path& file);

}  // namespace luy::evidence
