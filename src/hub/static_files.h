// The console's built files, read once and served from memory. Immutable after load: any thread.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "api/route.h"
#include "base/result.h"
#include "hub/http.h"

namespace luy::hub {

inline constexpr std::size_t static_file_bytes_max = 16 << 20;
inline constexpr std::size_t static_total_bytes_max = 64 << 20;

class StaticFiles {
 public:
  // An empty path: no console; answers a plain page that says so. Errors: file errors, file_too_large.
  static Result<StaticFiles> load(const std::filesystem::path& folder);

  // The answer to GET or HEAD. Paths that do not end like a file of the console are its routes and get index.html;
  // nullopt: there is no such file.
  std::optional<api::Response> find(const Head& head) const;

 private:
  struct File {
    std::string content_type;
    std::string etag;
    std::string bytes;
    std::string gzip;  // Empty when there is no compressed form beside the file.
    bool immutable = false;
  };
  std::map<std::string, File, std::less<>> files_;  // By path, "/assets/index-1a2b.js".
};

}  // namespace luy::hub
