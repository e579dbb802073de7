// The administration port (docs/format/admin.md): plain HTTP, on loopback only.
//
//   GET /healthz   the process answers          GET /readyz   it has caught up with its evidence (503 until then)
//   GET /metrics   Prometheus text              GET /admin/v1/…   with "Authorization: Bearer <DIR/run/admin.token>"
#pragma once

#include <functional>
#include <map>
#include <string>

#include "api/route.h"
#include "hub/server.h"

namespace luy::hub {

inline constexpr ErrorKind admin_host{"hub.admin_host", ErrorClass::denied,
                                      "Cổng quản trị chỉ trả lời khi được gọi bằng 127.0.0.1 hoặc localhost.",
                                      "The administration port answers only when addressed as 127.0.0.1 or localhost."};
inline constexpr ErrorKind admin_token_needed{
    "hub.admin_token_needed", ErrorClass::unauthenticated,
    "Cần mã quản trị trong tệp run/admin.token của thư mục dữ liệu (Authorization: Bearer …).",
    "The token in the file run/admin.token of the data folder is needed (Authorization: Bearer …)."};

inline constexpr std::size_t post_bytes_max = 32 << 20;  // A package of rules.

class AdminService final : public Service {
 public:
  using Query = std::map<std::string, std::string>;
  struct Dependencies {
    std::string token;
    std::function<bool()> ready;
    std::function<std::string()> metrics;
    // By path: "/admin/v1/check". GET only; on a worker.
    std::map<std::string, std::function<Result<api::Response>(const Query&)>> handlers;
    // POST, with a body of at most post_bytes_max.
    std::map<std::string, std::function<Result<api::Response>(const Query&, const std::string& body)>> posts;
  };
  explicit AdminService(Dependencies dependencies) : d_(std::move(dependencies)) {}

  Admission admit(const Head& head, const Peer& peer) override;
  void serve(HttpRequest request, Reply reply) override;
  void decorate(api::Response& response) const override;

 private:
  Dependencies d_;
};

}  // namespace luy::hub
