#include "hub/static_files.h"

#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::hub {
namespace {

constexpr std::string_view no_console_page =
    "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><title>Lũy</title>"
    "<p>Máy chủ Lũy đang chạy nhưng chưa được cài trang quản trị. Hãy khởi động luy-hub với --console.</p>"
    "<p lang=\"en\">The Lũy hub is running without its console. Start luy-hub with --console.</p></html>\n";

constexpr std::string_view unknown_type = "application/octet-stream";

std::string content_type_of(const std::filesystem::path& path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> types = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json; charset=utf-8"},
      {".map", "application/json; charset=utf-8"},
      {".txt", "text/plain; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".webmanifest", "application/manifest+json"},
  }};
  const std::string extension = path.extension().string();
  for (const auto& [known, type] : types) {
    if (known == extension) return std::string(type);
  }
  return std::string(unknown_type);
}

std::string etag_of(std::string_view bytes) {
  return '"' + to_hex(sha256(bytes)).substr(0, 32) + '"';
}

// Whether Accept-Encoding names gzip without forbidding it.
bool takes_gzip(std::string_view accepted) {
  while (!accepted.empty()) {
    const std::size_t end = accepted.find(',');
    std::string_view item = accepted.substr(0, end);
    accepted.remove_prefix(end == std::string_view::npos ? accepted.size() : end + 1);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    if (item.starts_with("gzip"))
      return item.find("q=0") == std::string_view::npos || item.find("q=0.") != std::string_view::npos;
  }
  return false;
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::filesystem::path& folder) {
  StaticFiles out;
  if (folder.empty()) {
    out.files_["/index.html"] = {
        "text/html; charset=utf-8", etag_of(no_console_page), std::string(no_console_page), {}, false};
    return out;
  }
  if (!std::filesystem::is_regular_file(folder / "index.html")) {
    return Error(file_not_found, (folder / "index.html").string());
  }
  std::size_t total = 0;
  std::error_code error;
  const std::filesystem::recursive_directory_iterator end;
  for (std::filesystem::recursive_directory_iterator at(folder, error); !error && at != end; at.increment(error)) {
    const std::filesystem::directory_entry& entry = *at;
    if (!entry.is_regular_file(error) || entry.path().extension() == ".gz") continue;
    File file;
    LUY_TRY(file.bytes, read_file(entry.path(), static_file_bytes_max));
    const std::filesystem::path packed = entry.path().string() + ".gz";
    if (std::filesystem::exists(packed)) {
      LUY_TRY(file.gzip, read_file(packed, static_file_bytes_max));
    }
    total += file.bytes.size() + file.gzip.size();
    if (total > static_total_bytes_max) return Error(file_too_large, folder.string());
    const std::string path = "/" + std::filesystem::relative(entry.path(), folder).generic_string();
    file.content_type = content_type_of(entry.path());
    file.etag = etag_of(file.bytes);
    // Vite puts a hash of the content into every name below assets/, so those never change.
    file.immutable = path.starts_with("/assets/");
    out.files_.emplace(path, std::move(file));
  }
  if (error) return file_error(folder.string(), error.value());
  return out;
}

std::optional<api::Response> StaticFiles::find(const Head& head) const {
  auto found = files_.find(head.path == "/" ? std::string("/index.html") : head.path);
  // A dot alone does not make a file: /obligations/5.1-software-approval is a route.
  const bool route = !head.path.starts_with("/assets/") && content_type_of(head.path) == unknown_type;
  if (found == files_.end() && route) found = files_.find("/index.html");
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  api::Response response;
  response.content_type = file.content_type;
  response.headers.emplace_back("ETag", file.etag);
  response.headers.emplace_back("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (!file.gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (head.header("if-none-match") == file.etag) {
    response.status = 304;
    return response;
  }
  if (!file.gzip.empty() && takes_gzip(head.header("accept-encoding"))) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = file.gzip;
  } else {
    response.body = file.bytes;
  }
  return response;
}

}  // namespace luy::hub
