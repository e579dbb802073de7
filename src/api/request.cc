#include <charconv>

#include "api/route.h"

namespace luy::api {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
  }
  return {};
}

std::optional<std::string> Request::param(std::string_view name) const {
  const std::string key(name);
  if (const auto found = path_params.find(key); found != path_params.end()) return found->second;
  if (const auto found = query.find(key); found != query.end()) return found->second;
  return std::nullopt;
}

Result<std::optional<Time>> Request::time_param(std::string_view name) const {
  const auto text = param(name);
  if (!text) return std::optional<Time>();
  const auto time = from_rfc3339(*text);
  if (!time) return Error(bad_request, std::string(name));
  return time;
}

Result<std::int64_t> Request::number_param(std::string_view name, std::int64_t fallback, std::int64_t low,
                                           std::int64_t high) const {
  const auto text = param(name);
  if (!text) return fallback;
  std::int64_t number = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number < low || number > high) {
    return Error(bad_request, std::string(name) + " (" + std::to_string(low) + "…" + std::to_string(high) + ")");
  }
  return number;
}

Result<void> check_same_origin(const Request& request) {
  if (request.method == Method::get) return {};
  const auto header = [&](const char* name) -> std::optional<std::string> {
    const auto found = request.headers.find(name);
    if (found == request.headers.end()) return std::nullopt;
    return found->second;
  };
  // A form or an image of a foreign page cannot set this header, and a script of one may not without our consent.
  if (header("x-luy-request") != "1") return Error(cross_site, "X-Luy-Request");
  if (const auto site = header("sec-fetch-site"); site && *site != "same-origin") {
    return Error(cross_site, "Sec-Fetch-Site");
  }
  if (const auto origin = header("origin")) {
    const auto host = header("host");
    if (!host || *origin != "https://" + *host) return Error(cross_site, "Origin");
  }
  return {};
}

}  // namespace luy::api
