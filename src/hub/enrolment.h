// Who may become a device and which certificates live: one-time tokens, issued certificates, revocation. Rows in the
// tables hub_token and hub_certificate; of a token only its hash is kept.
//
// Threads: any. accepts() reads memory only, so the io thread may ask it for every request.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "fact/fact.h"
#include "hub/ca.h"
#include "records/database.h"

namespace luy::hub {

inline constexpr ErrorKind token_refused{
    "hub.token_refused", ErrorClass::denied,
    "Mã kết nối (token) không đúng, đã được dùng hoặc đã hết hạn. Hãy tạo mã mới trên trang quản trị.",
    "The enrolment token is wrong, used already or expired. Issue a new one on the console."};
inline constexpr ErrorKind enrol_too_often{"hub.enrol_too_often", ErrorClass::busy,
                                           "Quá nhiều lần kết nối không thành công từ địa chỉ này. Hãy thử lại sau {}.",
                                           "Too many failed enrolments from this address. Try again in {}."};
inline constexpr ErrorKind certificate_revoked{
    "hub.certificate_revoked", ErrorClass::denied,
    "Chứng thư của máy này đã bị thu hồi hoặc không do máy chủ này cấp. Hãy kết nối lại bằng mã mới (luy-agent enrol).",
    "This machine's certificate was revoked or never issued by this hub. Enrol again with a new token (luy-agent "
    "enrol)."};

inline constexpr std::chrono::hours token_lifetime{24};
// Failures only: the machines of a whole agency may enrol from one address within a minute.
inline constexpr std::size_t enrol_failures_max = 10;
inline constexpr std::chrono::minutes enrol_failures_period{10};
inline constexpr std::size_t enrol_addresses_max = 10'000;

struct IssuedToken {
  std::string token;  // 52 hexadecimal characters; shown once.
  Time expires_at;
};

struct EnrolmentRequest {
  std::string token;
  std::string csr;
  fact::Identity identity;
  fact::Os os;
  fact::Hardware hardware;
  std::string address;
};

struct EnrolmentResult {
  DeviceId device;
  AgencyId agency;
  bool existed = false;
  IssuedCertificate certificate;
  std::vector<std::string> revoked;  // Serials that no longer work.
};

class Enrolment {
 public:
  // What the inventory answers: which device this machine is, and whether it was known before.
  struct Registered {
    DeviceId device;
    bool existed = false;
  };
  using Register =
      std::function<Result<Registered>(const AgencyId&, const fact::Identity&, const fact::Os&, const fact::Hardware&)>;

  // Loads the living certificates. Errors: those of the database. Everything borrowed must outlive it.
  static Result<std::unique_ptr<Enrolment>> open(records::Database& database, const Ca& ca, const Clock& clock,
                                                 Random& random, Register register_device);

  Result<IssuedToken> issue_token(const AgencyId& agency, std::string_view issued_by);
  // The same within the caller's transaction, which also holds the entry of the audit trail.
  Result<IssuedToken> issue_token_in(records::Connection& connection, const AgencyId& agency,
                                     std::string_view issued_by);

  // What else belongs into the transaction that makes the certificate valid: the entry of the audit trail.
  using Note = std::function<Result<void>(records::Connection&, const EnrolmentResult&)>;

  // The certificate request is checked before anything changes; then the token is claimed, so that of two who show it
  // at once only one goes on; then the device is registered, and in one transaction its older certificates are revoked
  // and the new one is kept. A failure after the claim gives the token back. Errors: enrol_too_often, token_refused,
  // csr_invalid, those of the inventory (the machine belongs to another agency) and of the database.
  Result<EnrolmentResult> enrol(const EnrolmentRequest& request, const Note& note = nullptr);

  // A new certificate for a device that shows a living one; all others but that one are revoked.
  Result<IssuedCertificate> renew(const DeviceId& device, std::string_view serial, std::string_view csr);

  // Every certificate of the device; answers the serials.
  Result<std::vector<std::string>> revoke(const DeviceId& device, std::string_view reason);

  // Whether the certificate is one of ours, of that device, and not revoked. Expiry is TLS's business.
  bool accepts(std::string_view serial, std::string_view device) const;
  std::size_t living() const;

 private:
  Enrolment(records::Database& database, const Ca& ca, const Clock& clock, Random& random, Register register_device)
      : database_(database), ca_(ca), clock_(clock), random_(random), register_(std::move(register_device)) {}
  Result<void> load();
  Result<AgencyId> claim(std::string_view hash);
  void give_back(std::string_view hash);
  Result<EnrolmentResult> enrol_claimed(const EnrolmentRequest& request, const AgencyId& agency, std::string_view hash,
                                        const Note& note);
  Result<std::vector<std::string>> revoke_in(records::Connection& connection, const DeviceId& device,
                                             std::string_view keep_serial, std::string_view reason);
  Result<void> keep_in(records::Connection& connection, const IssuedCertificate& certificate, const DeviceId& device);
  bool over_limit(const std::string& address);
  void note_failure(const std::string& address);
  void forget(const std::vector<std::string>& serials);
  void remember(const std::string& serial, const DeviceId& device);

  records::Database& database_;
  const Ca& ca_;
  const Clock& clock_;
  Random& random_;
  Register register_;

  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> living_;  // Serial → device.
  struct Failures {
    Duration since{};
    std::size_t count = 0;
  };
  std::map<std::string, Failures> failures_;  // By address; monotonic time.
};

}  // namespace luy::hub
