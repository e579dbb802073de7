// Which files are guarded: packaging/agent/integrity.conf, or the administrator's own. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/name_filter.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind integrity_policy_invalid{
    "agent.integrity_policy_invalid", ErrorClass::invalid,
    "Tệp integrity.conf không hợp lệ: {}. Hãy sửa tệp hoặc xóa đi để dùng mặc định.",
    "The file integrity.conf is not valid: {}. Put it right, or remove it to use what is built in."};

inline constexpr std::size_t integrity_policy_bytes_max = 256 << 10;
inline constexpr std::size_t guarded_max = 1'000;

struct Guarded {
  enum class Reach { file, folder, tree };
  Reach reach = Reach::file;
  std::string path;  // Absolute, without a slash at its end.
  bool operator==(const Guarded&) const = default;
};

struct IntegrityPolicy {
  std::vector<Guarded> guarded;
  NameFilter filter{{"**"}, {}};
  bool takes(std::string_view path) const { return filter.reads(path.substr(1)); }
};

// Errors: integrity_policy_invalid with the line.
Result<IntegrityPolicy> parse_integrity_policy(std::string_view text);
std::string_view builtin_integrity_policy();

}  // namespace luy::agent
