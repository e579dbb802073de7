// The port for senders that speak HTTP: Elasticsearch's `_bulk`, with the answers its senders want before they trust
// it, and OTLP/HTTP logs. Who sends is known by a token alone, which stands for one device (docs/adr/0119).
//
//   POST /_bulk  /<index>/_bulk    application/x-ndjson → an answer for each item
//   POST /v1/logs                  application/x-protobuf or application/json → ExportLogsServiceResponse
//   GET, HEAD, PUT on what senders look at first: /, /_license, /_cluster/health, templates, policies
//
// An answer of success means durable. 429 and 503 mean: keep it and come again.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "hub/intake_desk.h"
#include "hub/seen_ids.h"
#include "hub/server.h"
#include "intake/sender_book.h"

namespace luy::hub {

inline constexpr ErrorKind input_token_refused{
    "hub.input_token_refused", ErrorClass::unauthenticated,
    "Mã của nguồn gửi không đúng hoặc đã bị xóa. Hãy tạo mã mới trên trang quản trị.",
    "The sender's token is wrong or was removed. Issue a new one on the console."};

inline constexpr std::size_t input_body_bytes_max = 8 << 20;  // As sent.
inline constexpr std::size_t bulk_bytes_max = 16 << 20;       // Unpacked.
inline constexpr std::size_t otlp_bytes_max = 8 << 20;        // Unpacked.

class InputService final : public Service {
 public:
  struct Dependencies {
    intake::SenderBook& book;
    IntakeDesk& desk;
    // The agency a living device belongs to. Thread-safe.
    std::function<std::optional<AgencyId>(const DeviceId&)> agency_of;
  };
  explicit InputService(Dependencies dependencies) : d_(std::move(dependencies)) {}

  Admission admit(const Head& head, const Peer& peer) override;
  void serve(HttpRequest request, Reply reply) override;
  void decorate(api::Response& response) const override;

  struct Counters {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> records{0};
    std::atomic<std::uint64_t> repeated{0};  // Items that were stored before under the same id.
    std::atomic<std::uint64_t> refused{0};   // Items that were not taken for what they are.
    std::atomic<std::uint64_t> busy{0};      // Requests told to come again.
  };
  const Counters& counters() const { return counters_; }

 private:
  struct Place {
    SenderId sender;
    AgencyId agency;
    DeviceId device;
  };
  std::optional<Place> place_of(const Head& head) const;
  void take_bulk(const Head& head, std::string body, const Place& place, Reply reply);
  void take_otlp(const Head& head, const std::string& body, const Place& place, Reply reply);

  Dependencies d_;
  SeenIds seen_;
  Counters counters_;
};

}  // namespace luy::hub
