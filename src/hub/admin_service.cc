#include "hub/admin_service.h"

#include "base/hash.h"

namespace luy::hub {
namespace {

api::Response plain(int status, std::string body) {
  api::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

// A page of a foreign site can point its own name at 127.0.0.1 and read what answers there; it cannot send our names.
bool is_own_name(std::string_view host) {
  const std::string_view name = host.substr(0, host.rfind(':'));
  return name == "127.0.0.1" || name == "localhost" || host.empty();
}

}  // namespace

Service::Admission AdminService::admit(const Head& head, const Peer&) {
  if (!is_own_name(head.header("host"))) return {refuse(403, Error(admin_host)), 0};
  const bool known = head.path == "/healthz" || head.path == "/readyz" || head.path == "/metrics" ||
                     d_.handlers.contains(head.path) || d_.posts.contains(head.path);
  if (head.path.starts_with("/admin/")) {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view given = head.header("authorization");
    // Before anything else: who lacks the token is not told which addresses exist.
    if (!given.starts_with(scheme) || !equal_constant_time(given.substr(scheme.size()), d_.token)) {
      return {refuse(401, Error(admin_token_needed)), 0};
    }
  }
  if (!known) return {refuse(404, Error(http_not_found, head.path)), 0};
  if (d_.posts.contains(head.path)) {
    if (head.method == "POST") return {std::nullopt, post_bytes_max};
    api::Response response = refuse(405, Error(http_method, head.method));
    response.headers.emplace_back("Allow", "POST");
    return {std::move(response), 0};
  }
  if (head.method != "GET" && head.method != "HEAD") {
    api::Response response = refuse(405, Error(http_method, head.method));
    response.headers.emplace_back("Allow", "GET, HEAD");
    return {std::move(response), 0};
  }
  if (head.path == "/healthz") return {plain(200, "ok\n"), 0};
  if (head.path == "/readyz") return {d_.ready() ? plain(200, "ready\n") : plain(503, "starting\n"), 0};
  return {std::nullopt, 0};
}

void AdminService::serve(HttpRequest request, Reply reply) {
  if (request.head.path == "/metrics") {
    api::Response response = plain(200, d_.metrics());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return reply.send(std::move(response));
  }
  if (const auto post = d_.posts.find(request.head.path); post != d_.posts.end()) {
    auto answer = post->second(request.head.query, request.body);
    return reply.send(answer ? std::move(*answer) : api::error_response(answer.error()));
  }
  auto response = d_.handlers.at(request.head.path)(request.head.query);
  reply.send(response ? std::move(*response) : api::error_response(response.error()));
}

void AdminService::decorate(api::Response& response) const {
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace luy::hub
