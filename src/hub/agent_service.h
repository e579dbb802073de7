// The agent port: batches in, certificates renewed. Whoever speaks here showed a certificate of our own authority; what
// it may do is decided by that certificate's device id alone, never by anything it says.
//
//   POST /agent/v1/batches   application/x-luy-batch (docs/format/batch.md) → {"acked":<batch number>} once durable;
//                            409 evidence.batch_conflict: the number is taken, a new spool id is needed
//                            "Luy-Orders: 1" in the answer: orders wait
//   POST /agent/v1/renew     {"csr":PEM} → {"certificate":PEM,"ca":PEM,"orders_key":base 64}
//   POST /agent/v1/orders    {} → an order::Answer (docs/format/orders.md)
//   POST /agent/v1/policy    {"version":<held>} → a device_policy::Answer (docs/format/device-policy.md)
//   POST /agent/v1/software  {"held":<digest>} → a device_policy::ListAnswer (docs/format/software-list.md)
//   POST /agent/v1/signatures {"sha256":<of the database>,"offset":<bytes that are held>} → its next bytes, as they are
//   POST /agent/v1/release   {"version","architecture"} → a device_policy::WantedRelease (docs/format/release.md)
//   POST /agent/v1/release/package {"sha256","offset"} → the next bytes of the package, as they are
//   POST /agent/v1/removal   {"code"} or {"forced":true,"user"} → {} when luy-agent may be removed, or it is noted
//   POST /agent/v1/backup-key {} → {"key":"<64 hexadecimal digits>"}
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "hub/ca.h"
#include "hub/enrolment.h"
#include "hub/evidence_writer.h"
#include "hub/order_book.h"
#include "hub/policy_book.h"
#include "hub/server.h"

namespace luy::hub {

inline constexpr ErrorKind device_refused{
    "hub.device_refused", ErrorClass::denied,
    "Thiết bị này không có trong sổ thiết bị hoặc đã ngừng sử dụng. Hãy kết nối lại bằng mã mới (luy-agent enrol).",
    "This device is not in the inventory or was retired. Enrol it again with a new token (luy-agent enrol)."};
inline constexpr ErrorKind stream_invalid{"hub.stream_invalid", ErrorClass::invalid,
                                          "Tên nguồn nhật ký không hợp lệ: {}.",
                                          "The name of a log stream is not valid: {}."};

class AgentService final : public Service {
 public:
  struct Dependencies {
    EvidenceWriter& writer;
    Enrolment& enrolment;
    const Ca& ca;
    // The agency a living device belongs to; nullopt: unknown or retired. Thread-safe.
    std::function<std::optional<AgencyId>(const DeviceId&)> agency_of;
    OrderBook& orders;
    PolicyBook& policies;
    // The answer to a living device that asks for the list of what it may install, as JSON.
    std::function<Result<std::string>(const DeviceId& device, std::string_view body)> software_list{};
    // What the device opens its repositories with. Thread-safe.
    std::function<Result<std::string>(const DeviceId&)> backup_key{};
    // From which address the device sends. Thread-safe; may be empty.
    std::function<void(const DeviceId&, const std::string& address)> seen_from{};
    // The next bytes of a signature database of a device of that agency. Thread-safe.
    std::function<Result<std::string>(const AgencyId&, std::string_view body)> signatures{};
    // Which release of luy-agent the device is to run, as JSON; the next bytes of its package; whether luy-agent may be
    // removed. Thread-safe.
    std::function<Result<std::string>(const DeviceId&, const AgencyId&, std::string_view body)> release{};
    std::function<Result<std::string>(std::string_view body)> release_piece{};
    std::function<Result<void>(const DeviceId&, const AgencyId&, std::string_view body)> removal{};
  };
  explicit AgentService(Dependencies dependencies) : d_(std::move(dependencies)) {}

  Admission admit(const Head& head, const Peer& peer) override;
  void serve(HttpRequest request, Reply reply) override;
  void decorate(api::Response& response) const override;

 private:
  void take_batch(const HttpRequest& request, const DeviceId& device, Reply reply);
  api::Response give_orders(const DeviceId& device);
  api::Response give_policy(const HttpRequest& request, const DeviceId& device);
  api::Response give_software_list(const HttpRequest& request, const DeviceId& device);
  api::Response give_signatures(const HttpRequest& request, const DeviceId& device);
  api::Response give_release(const HttpRequest& request, const DeviceId& device);
  api::Response give_backup_key(const DeviceId& device);
  api::Response renew(const HttpRequest& request, const DeviceId& device);

  Dependencies d_;
};

}  // namespace luy::hub
