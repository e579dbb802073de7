// sshd_config(5): of every keyword the first value counts; Include is read where it stands; what stands below Match
// holds for some connections only, so that every such value is judged beside the one that holds for the rest.
#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

constexpr const char* folder = "/etc/ssh/";

class SshdFiles {
 public:
  SshdFiles(Machine& machine, const Reading& reading) : machine_(machine), reading_(reading) {}

  Result<bool> read(const std::string& path, int depth) {
    if (depth > include_depth_max) return Error(unreadable, path);
    LUY_TRY(const auto text, machine_.file(path));
    if (!text) return false;
    for (const Line& line : lines_of(*text)) {
      // "Keyword value", "Keyword=value", the value perhaps within quotes, a comment perhaps behind it.
      const auto key_end = std::min(line.text.find_first_of(" \t="), line.text.size());
      const std::string_view key = line.text.substr(0, key_end);
      std::string_view rest = trim(line.text.substr(key_end));
      if (rest.starts_with('=')) rest = trim(rest.substr(1));
      if (const auto comment = rest.find(" #"); comment != std::string_view::npos) rest = trim(rest.substr(0, comment));
      if (same_word(key, "match")) {
        in_match_ = !same_word(rest, "all");
      } else if (same_word(key, "include")) {
        LUY_TRY_VOID(include(rest, depth));
      } else if (same_word(key, reading_.key) || is_among(key, reading_.also)) {
        take({unquoted(rest), path, line.number});
      }
    }
    return true;
  }

  Answer answer() && {
    Answer out;
    if (global_) {
      out.values.push_back(std::move(*global_));
    } else if (reading_.fallback) {
      out.values.push_back({*reading_.fallback, {}, 0});
    }
    for (Value& value : conditional_) out.values.push_back(std::move(value));
    return out;
  }

 private:
  Result<void> include(std::string_view patterns, int depth) {
    // A Match within an included file ends with it; one around the Include goes on behind it.
    const bool outside = in_match_;
    for (const std::string& word : words_of(patterns)) {
      const std::string pattern = unquoted(word);
      LUY_TRY(const auto files, files_of(machine_, pattern.starts_with('/') ? pattern : folder + pattern));
      for (const std::string& file : files) {
        in_match_ = outside;
        LUY_TRY_VOID(read(file, depth + 1));
      }
    }
    in_match_ = outside;
    return {};
  }

  void take(Value value) {
    if (in_match_) {
      conditional_.push_back(std::move(value));
    } else if (!global_) {
      global_ = std::move(value);
    }
  }

  Machine& machine_;
  const Reading& reading_;
  bool in_match_ = false;
  std::optional<Value> global_;
  std::vector<Value> conditional_;
};

}  // namespace

Result<Answer> read_sshd(const Reading& reading, Machine& machine) {
  SshdFiles files(machine, reading);
  LUY_TRY(const bool is_there, files.read(std::string(folder) + "sshd_config", 0));
  if (!is_there) return not_applicable("no_file");
  return std::move(files).answer();
}

}  // namespace luy::hardening
