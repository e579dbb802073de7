// Asks a running hub on this machine, through its administration port (docs/format/admin.md).
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::cli {

inline constexpr ErrorKind hub_not_running{
    "cli.hub_not_running", ErrorClass::unavailable,
    "Không liên lạc được với luy-hub: {}. Hãy kiểm tra luy-hub đang chạy với đúng thư mục dữ liệu.",
    "luy-hub does not answer: {}. Check that it runs and that the data folder is the right one."};
inline constexpr ErrorKind hub_refused{"cli.hub_refused", ErrorClass::denied, "luy-hub từ chối: {}.",
                                       "luy-hub refused: {}."};

inline constexpr std::size_t admin_answer_bytes_max = 256U << 20;

// Reads DIR/run/hub.json and DIR/run/admin.token once. Blocking; for one thread.
class AdminClient {
 public:
  // Errors: hub_not_running, file errors.
  static Result<AdminClient> open(const std::filesystem::path& data);

  // GET `path`; a JSON answer. Errors: hub_not_running, hub_refused with the hub's own words.
  Result<boost::json::value> get(std::string_view path) const;
  Result<boost::json::value> post(std::string_view path, std::string_view body) const;

 private:
  Result<boost::json::value> ask(std::string_view request, std::string_view body) const;
  AdminClient() = default;
  std::string host_;
  std::string port_;
  std::string token_;
};

}  // namespace luy::cli
