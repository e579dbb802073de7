// The console port: the API through the router and the contract, the live stream, and the console's files.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/route.h"
#include "base/clock.h"
#include "hub/contract.h"
#include "hub/live_feed.h"
#include "hub/search_stream.h"
#include "hub/server.h"
#include "hub/static_files.h"

namespace luy::hub {

inline constexpr std::string_view stream_operation = "openStream";

inline constexpr ErrorKind not_ready{"hub.not_ready", ErrorClass::unavailable,
                                     "Máy chủ đang khởi động và đọc lại nhật ký. Hãy thử lại sau ít giây.",
                                     "The hub is starting and reads its evidence again. Try again in a few seconds."};

// Of the one request that carries a package of rules, base64 in JSON, and only from who is signed in: the body is read
// before anything else is asked.
inline constexpr std::size_t import_body_bytes_max = 12 << 20;

class ConsoleService final : public Service {
 public:
  struct Dependencies {
    const api::Router& router;
    const Contract& contract;
    const StaticFiles& files;
    LiveFeed& feed;
    // The actor behind a session's token or an API token; `alive` is false for requests the page makes by itself.
    // Errors: directory.session_over, directory.token_over, those of the database. `address` is the client's.
    std::function<Result<directory::Actor>(const std::string& token, bool sign_of_life, const std::string& address)>
        authenticate;
    std::function<bool()> ready;
    // A search whose answers are streamed; run on the worker that asked for it. Errors: those of start_search().
    std::function<Result<RunningSearch>(const api::Request&)> search;
    bool check_responses = false;  // Logs answers that break the contract: debugging and tests.
  };
  explicit ConsoleService(Dependencies dependencies) : d_(std::move(dependencies)) {}

  Admission admit(const Head& head, const Peer& peer) override;
  void serve(HttpRequest request, Reply reply) override;
  void decorate(api::Response& response) const override;

  // Answers of the API by class of status, for the metrics: 2xx, 4xx, 5xx.
  std::uint64_t answers(int hundreds) const { return answers_[static_cast<std::size_t>(hundreds)]; }
  std::uint64_t contract_breaches() const { return breaches_; }

 private:
  api::Response handle(HttpRequest& request, api::Request& call, const api::Route& route, const Operation& operation);
  std::size_t body_limit(const api::Route& route, const Head& head) const;
  Result<std::shared_ptr<EventStream>> open_stream(const api::Request& call);
  // Whether it was answered; what was not has its error in `response`.
  bool answer_by_stream(const api::Request& call, const std::string& operation, api::Response& response, Reply& reply);

  Dependencies d_;
  mutable std::array<std::atomic<std::uint64_t>, 6> answers_{};
  std::atomic<std::uint64_t> breaches_{0};
};

}  // namespace luy::hub
