#include "cli/disc_tool.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/file.h"
#include "cli/disc_image.h"

namespace luy::cli {
namespace {

constexpr std::size_t words_bytes_max = 1U << 20U;

// The last line that names a trouble; else the last one.
std::string last_words(std::string_view said) {
  std::string out;
  bool is_trouble = false;
  while (!said.empty()) {
    const std::size_t end = std::min(said.find('\n'), said.size());
    const std::string_view line = said.substr(0, end);
    said.remove_prefix(std::min(end + 1, said.size()));
    const bool names_it =
        line.find("FAILURE") != std::string_view::npos || line.find("FATAL") != std::string_view::npos;
    const bool counts = names_it || (!is_trouble && !line.empty());
    if (counts) out = line;
    is_trouble = is_trouble || names_it;
  }
  return out;
}

std::string take_all(int fd) {
  std::string out;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = ::read(fd, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return out;
    if (out.size() + part.size() <= words_bytes_max) out.append(part.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<std::string> run_disc_tool(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return file_error("pipe", errno);
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions) != 0) return file_error("posix_spawn", ENOMEM);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDERR_FILENO);
  // Start-up files of whoever calls could load another disc or change how names are stored; only the first word helps.
  std::vector<std::string> words = {disc_tool_path, "-no_rc"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::string language = "LC_ALL=C";
  std::array<char*, 2> environment = {language.data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawn(&child, disc_tool_path, &actions, nullptr, pointers.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  write_end.reset();
  if (failed != 0) return Error(disc_tool_missing, disc_tool_path);
  std::string said = take_all(read_end.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return said;
  return Error(disc_tool_failed, last_words(said));
}

}  // namespace luy::cli
