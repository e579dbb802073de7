#include "cli/key_files.h"

#include "base/file.h"
#include "evidence/error.h"

namespace luy::cli {
namespace {

constexpr std::size_t small_file_bytes_max = 256 << 10;

}  // namespace

Result<std::vector<evidence::VerifierKey>> read_keys(const std::vector<std::string>& files) {
  std::vector<evidence::VerifierKey> out;
  for (const std::string& file : files) {
    LUY_TRY(const std::string text, read_file(file, small_file_bytes_max));
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.empty() || line.front() == '#') continue;
      LUY_TRY(auto key, evidence::VerifierKey::parse(line));
      out.push_back(std::move(key));
    }
    if (out.empty()) return Error(evidence::key_invalid, file);
  }
  return out;
}

Result<std::vector<evidence::WitnessKey>> read_witnesses(const std::vector<std::string>& files) {
  std::vector<evidence::WitnessKey> out;
  for (const std::string& file : files) {
    LUY_TRY(const std::string text, read_file(file, small_file_bytes_max));
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.empty() || line.front() == '#') continue;
      LUY_TRY(auto key, evidence::WitnessKey::parse(line));
      out.push_back(std::move(key));
    }
    if (out.empty()) return Error(evidence::key_invalid, file);
  }
  return out;
}

Result<std::vector<std::string>> read_notes(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const std::string& file : files) {
    LUY_TRY(std::string text, read_file(file, evidence::note_bytes_max));
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace luy::cli
