#include "hub/short_path.h"

#include <string>

namespace luy::hub {

std::optional<api::Response> short_path(std::string_view path) {
  constexpr std::string_view prefix = "/bao";
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  std::string target = "/bao-su-co";
  // What needs no escaping cannot lead anywhere else, nor write a header of its own.
  const bool is_plain = path.size() <= short_name_bytes_max && path.find_first_not_of(plain) == std::string_view::npos;
  if (is_plain && !path.empty()) target += "?agency=" + std::string(path);
  api::Response out;
  out.status = 302;
  out.content_type = "text/plain; charset=utf-8";
  out.headers.emplace_back("Location", std::move(target));
  return out;
}

}  // namespace luy::hub
