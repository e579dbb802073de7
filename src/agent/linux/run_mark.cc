#include "agent/linux/run_mark.h"

#include "agent/linux/text.h"
#include "agent/note.h"
#include "base/file.h"

namespace luy::agent {
namespace {

constexpr std::size_t bytes_max = 1024;
// A line each; values have no spaces, so that words are enough to read them.
constexpr std::string_view running_word = "running";
constexpr std::string_view ended_word = "ended";

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

}  // namespace

Result<std::vector<Item>> RunMark::begin(Time now) {
  std::vector<Item> notes;
  const auto before = read_file(path_, bytes_max);
  const bool readable = before || before.error().is(file_not_found) || before.error().is(file_too_large);
  if (!readable) return before.error();
  const auto fields = before ? words(*before) : std::vector<std::string_view>{};
  if (fields.size() == 4) {
    const std::string boot(fields[3]);
    if (fields[0] == running_word) {
      const bool same = boot != "-" && boot == self_.boot_id;
      notes.push_back(make_note("agent_died", now, {{"same_start", static_cast<std::int64_t>(same)}}));
    }
    const std::string was(fields[2]);
    if (fields[1] == self_.version && was != "-" && !self_.sha256.empty() && was != self_.sha256) {
      notes.push_back(
          make_note("program_changed", now, {{"version", self_.version}, {"was", was}, {"is", self_.sha256}}));
    }
  }
  LUY_TRY_VOID(write(true));
  return notes;
}

Result<void> RunMark::end() {
  return write(false);
}

Result<void> RunMark::write(bool running) {
  const std::string text = std::string(running ? running_word : ended_word) + ' ' + or_dash(self_.version) + ' ' +
                           or_dash(self_.sha256) + ' ' + or_dash(self_.boot_id) + '\n';
  return write_file_durably(path_, text, 0600);
}

}  // namespace luy::agent
