// One question to a program of our own: its standard input is the request, its standard output the answer, and it is
// killed when it takes too long or says too much.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::signature {

struct ChildRules {
  std::chrono::seconds time_max;
  std::size_t answer_bytes_max;
  const ErrorKind* missing;           // It cannot be started: with what and why.
  const ErrorKind* broken;            // It took too long, said too much, ended without an answer: with what it was.
  bool inherits_environment = false;  // Else it has none.
};

// Blocks until the program ends. Thread-safe. Errors: those of `rules`.
Result<std::string> ask_child(const std::filesystem::path& program, const ChildRules& rules, std::string_view request);

// The program of this name beside the running one, or where packages put it.
std::filesystem::path program_beside(const char* name);

}  // namespace luy::signature
