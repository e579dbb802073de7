// The hub over mutual TLS: batches, and the renewal of our certificate.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "agent/enrolment.h"
#include "agent/hub_link.h"
#include "agent/linux/tls_stream.h"
#include "base/clock.h"

namespace luy::agent {

class TlsLink final : public HubLink {
 public:
  // Reads key and enrolment from the data folder. Errors: not_enrolled, key_unusable, those of base/file.h.
  static Result<std::unique_ptr<TlsLink>> open(const std::filesystem::path& folder, const Clock& clock,
                                               const TlsDeadlines& deadlines = {});

  Delivery deliver(std::uint64_t number, std::string_view batch) override;
  Result<void> renew_when_due() override;
  Result<std::string> ask_orders() override;
  Result<std::string> ask_policy(std::int64_t held) override;
  // The list of what the device may install, when its content is not the one with that digest: a
  // device_policy::ListAnswer as JSON. Errors: the same.
  Result<std::string> ask_software(const std::string& held);
  // The key of this device's repositories: {"key":"<64 hexadecimal digits>"}. Errors: the network's, the hub's.
  Result<std::string> ask_backup_key();
  // The bytes of a signature database from `offset` on, as many as the hub gives. Errors: the same.
  Result<std::string> ask_signatures(const std::string& sha256, std::int64_t offset);
  // Which release of luy-agent this machine is to run: what device_policy::read_release_answer() takes. Errors: the
  // same.
  Result<std::string> ask_release(const std::string& version, const std::string& architecture);
  // The bytes of that package from `offset` on, as many as the hub gives. Errors: the same.
  Result<std::string> ask_release_piece(const std::string& sha256, std::int64_t offset);
  // Of a machine that luy-agent is being taken off (docs/format/release.md). Errors: the same.
  Result<std::string> ask_removal(const std::string& body);
  void interrupt() override;

  // The key whose orders are obeyed (32 bytes). The first one the hub tells over this connection is kept; another later
  // is not: only a new enrolment changes it. On the sender's thread. Errors: those of base/file.h, reply_malformed.
  Result<std::string> pin_orders_key(const std::string& offered);
  const Url& url() const { return url_; }

  const Enrolment& enrolment() const { return enrolment_; }
  // Which hub and device this is: changes when the machine is enrolled elsewhere, not when it renews its certificate.
  std::string hub_key() const;

 private:
  TlsLink(std::filesystem::path folder, const Clock& clock, const TlsDeadlines& deadlines)
      : folder_(std::move(folder)), clock_(clock), deadlines_(deadlines) {}
  Result<HttpAnswer> post(std::string_view path, std::string_view content_type, std::string_view body);
  Result<std::string> ask(std::string_view path, std::string_view body);
  Result<void> connect();
  Result<void> load();

  const std::filesystem::path folder_;
  const Clock& clock_;
  const TlsDeadlines deadlines_;
  Enrolment enrolment_;
  Url url_;
  PrivateKey key_;
  Certificate certificate_;
  Certificate ca_;
  UniqueFd stop_;
  std::unique_ptr<TlsStream> stream_;
  Duration next_renewal_{0};
};

// `luy-agent enrol`: trades the token for a certificate and stores it. `fingerprint` is that of the hub's authority.
struct EnrolRequest {
  std::string hub;  // "https://host:port"
  std::string token;
  std::string fingerprint;
  std::filesystem::path folder;
  fact::Identity identity;
  fact::Os os;
  fact::Hardware hardware;
};
// Errors: url_malformed, hub_unreachable, hub_not_trusted, enrolment_refused, reply_malformed, key_unusable, those of
// base/file.h. After an error an earlier enrolment is still in force.
Result<Enrolment> enrol(const EnrolRequest& request, const TlsDeadlines& deadlines = {});

}  // namespace luy::agent
