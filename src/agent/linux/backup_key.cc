#include "agent/linux/backup_key.h"

#include <simdjson.h>

#include "base/file.h"
#include "base/log.h"

namespace luy::agent {
namespace {

constexpr std::size_t key_digits = 64;

Result<void> fetch(const std::filesystem::path& file, const std::function<Result<std::string>()>& ask) {
  LUY_TRY(const std::string answer, ask());
  simdjson::dom::parser parser;
  simdjson::dom::object from;
  std::string_view key;
  if (parser.parse(answer).get(from) != simdjson::SUCCESS || from["key"].get(key) != simdjson::SUCCESS ||
      key.size() != key_digits || key.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return Error(device_policy::malformed, "key");
  }
  LUY_TRY_VOID(make_folder(file.parent_path()));
  return write_file_durably(file, std::string(key) + '\n', 0600);
}

}  // namespace

void keep_backup_key(const std::filesystem::path& file, const device_policy::Policy* policy,
                     const std::function<Result<std::string>()>& ask) {
  std::error_code error;
  if (policy == nullptr || !policy->backup || policy->backup->sets.empty() || std::filesystem::exists(file, error)) {
    return;
  }
  if (const auto kept = fetch(file, ask); !kept) {
    log(LogLevel::warning, "agent", "the key of the backups could not be had: " + kept.error().text());
  }
}

}  // namespace luy::agent
