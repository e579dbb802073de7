#include "agent/linux/tls_link.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include "base/encoding.h"
#include "base/json.h"
#include "base/log.h"

namespace luy::agent {
namespace {

constexpr Duration renewal_pause = std::chrono::hours(1);

// {"acked":<number>}: anything else is not an acknowledgement.
bool acknowledges(std::string_view body, std::uint64_t number) {
  const std::string wanted = "\"acked\":" + std::to_string(number);
  std::string compact;
  for (const char c : body) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') compact += c;
  }
  return compact == '{' + wanted + '}';
}

Delivery meaning_of(const HttpAnswer& answer, std::uint64_t number) {
  const int status = answer.head.status;
  if (status == 200) {
    if (acknowledges(answer.body, number)) return {Delivery::Outcome::accepted, "", {}};
    return {Delivery::Outcome::later, "the hub acknowledged something else", {}};
  }
  const std::string sentence = error_sentence(status, answer.body);
  if (status == 400 || status == 413) return {Delivery::Outcome::refused_batch, sentence, {}};
  if (status == 401 || status == 403) return {Delivery::Outcome::refused_device, sentence, {}};
  if (status == 409) return {Delivery::Outcome::number_taken, sentence, {}};
  return {Delivery::Outcome::later, sentence, answer.head.retry_after};
}

}  // namespace

Result<std::unique_ptr<TlsLink>> TlsLink::open(const std::filesystem::path& folder, const Clock& clock,
                                               const TlsDeadlines& deadlines) {
  std::unique_ptr<TlsLink> link(new TlsLink(folder, clock, deadlines));
  LUY_TRY_VOID(link->load());
  link->stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!link->stop_) return file_error("eventfd", errno);
  return link;
}

// Nothing has changed after an error.
Result<void> TlsLink::load() {
  LUY_TRY(Enrolment enrolment, load_enrolment(folder_));
  if (enrolment == enrolment_) return {};
  LUY_TRY(Url url, parse_url(enrolment.agent_url));
  LUY_TRY(PrivateKey key, load_or_make_key(folder_));
  LUY_TRY(Certificate certificate, read_certificate(enrolment.certificate));
  LUY_TRY(Certificate ca, read_certificate(enrolment.ca));
  if (!belongs_to(certificate.get(), key.get())) {
    return Error(key_unusable, (folder_ / "agent.key").string() + " does not belong to the certificate");
  }
  enrolment_ = std::move(enrolment);
  url_ = std::move(url);
  key_ = std::move(key);
  certificate_ = std::move(certificate);
  ca_ = std::move(ca);
  return {};
}

std::string TlsLink::hub_key() const {
  return enrolment_.device_id + ' ' + fingerprint(ca_.get());
}

void TlsLink::interrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(stop_.get(), &one, sizeof one);
}

Result<void> TlsLink::connect() {
  if (stream_ && stream_->usable()) return {};
  // Perhaps the machine was enrolled again while the agent ran. Another hub is for the next start: what has been told
  // must then be told anew.
  if (const auto now = load_enrolment(folder_); now && now->ca == enrolment_.ca) LUY_TRY_VOID(load());
  TlsPeer peer;
  peer.ca = ca_.get();
  peer.server_name = enrolment_.server_name;
  peer.certificate = certificate_.get();
  peer.key = key_.get();
  stream_.reset();
  LUY_TRY(stream_, TlsStream::connect(url_, peer, deadlines_, stop_.get()));
  return {};
}

// A kept connection may have been closed by the hub meanwhile: then once more on a new one. Sending a batch twice does
// no harm, the hub knows it by its number.
Result<HttpAnswer> TlsLink::post(std::string_view path, std::string_view content_type, std::string_view body) {
  const bool kept = stream_ && stream_->usable();
  LUY_TRY_VOID(connect());
  auto answer = stream_->exchange(http_post(url_, path, content_type, body));
  if (answer || !kept) return answer;
  stream_.reset();
  LUY_TRY_VOID(connect());
  return stream_->exchange(http_post(url_, path, content_type, body));
}

Delivery TlsLink::deliver(std::uint64_t number, std::string_view batch) {
  const auto answer = post("/agent/v1/batches", "application/x-luy-batch", batch);
  if (!answer) {
    stream_.reset();
    return {Delivery::Outcome::later, answer.error().en(), {}};
  }
  Delivery delivery = meaning_of(*answer, number);
  delivery.orders = answer->head.orders;
  if (delivery.outcome == Delivery::Outcome::refused_device) stream_.reset();
  return delivery;
}

Result<std::string> TlsLink::ask_orders() {
  return ask("/agent/v1/orders", "{}");
}

Result<std::string> TlsLink::ask_policy(std::int64_t held) {
  return ask("/agent/v1/policy", "{\"version\":" + std::to_string(held) + "}");
}

Result<std::string> TlsLink::ask_software(const std::string& held) {
  return ask("/agent/v1/software", "{\"held\":\"" + held + "\"}");
}

Result<std::string> TlsLink::ask_backup_key() {
  return ask("/agent/v1/backup-key", "{}");
}

Result<std::string> TlsLink::ask_signatures(const std::string& sha256, std::int64_t offset) {
  return ask("/agent/v1/signatures", "{\"sha256\":\"" + sha256 + "\",\"offset\":" + std::to_string(offset) + "}");
}

Result<std::string> TlsLink::ask_release(const std::string& version, const std::string& architecture) {
  return ask("/agent/v1/release", "{\"version\":\"" + version + "\",\"architecture\":\"" + architecture + "\"}");
}

Result<std::string> TlsLink::ask_release_piece(const std::string& sha256, std::int64_t offset) {
  return ask("/agent/v1/release/package", "{\"sha256\":\"" + sha256 + "\",\"offset\":" + std::to_string(offset) + "}");
}

Result<std::string> TlsLink::ask_removal(const std::string& body) {
  return ask("/agent/v1/removal", body);
}

Result<std::string> TlsLink::ask(std::string_view path, std::string_view body) {
  auto answer = post(path, "application/json", body);
  if (!answer) {
    stream_.reset();
    return answer.error();
  }
  if (answer->head.status == 200) return std::move(answer->body);
  return Error(hub_unreachable, error_sentence(answer->head.status, answer->body, "en"));
}

Result<std::string> TlsLink::pin_orders_key(const std::string& offered) {
  if (enrolment_.orders_key.empty()) {
    Enrolment pinned = enrolment_;
    pinned.orders_key = to_base64(offered);
    LUY_TRY_VOID(save_enrolment(folder_, pinned));
    enrolment_ = std::move(pinned);
    log(LogLevel::info, "agent", "the hub's key for orders is pinned");
  }
  const auto key = from_base64(enrolment_.orders_key);
  if (!key) return Error(reply_malformed, "orders_key");
  return *key;
}

Result<void> TlsLink::renew_when_due() {
  const Time begin = not_before(certificate_.get());
  const Time end = not_after(certificate_.get());
  if (end - clock_.now() > (end - begin) / 3 || clock_.monotonic() < next_renewal_) return {};
  next_renewal_ = clock_.monotonic() + renewal_pause;
  LUY_TRY(const std::string csr, make_csr(key_.get()));
  std::string request = "{\"csr\":";
  append_json_text(request, csr);
  request += '}';
  LUY_TRY(const HttpAnswer answer, post("/agent/v1/renew", "application/json", request));
  if (answer.head.status != 200) {
    return Error(enrolment_refused, error_sentence(answer.head.status, answer.body, "vi"),
                 error_sentence(answer.head.status, answer.body, "en"));
  }
  Enrolment renewed = enrolment_;
  LUY_TRY(renewed.certificate, parse_renewal(answer.body));
  LUY_TRY(Certificate certificate, read_certificate(renewed.certificate));
  if (!belongs_to(certificate.get(), key_.get())) return Error(reply_malformed, "certificate");
  LUY_TRY_VOID(save_enrolment(folder_, renewed));
  enrolment_ = std::move(renewed);
  certificate_ = std::move(certificate);
  stream_.reset();  // The next connection shows the new one.
  log(LogLevel::info, "agent", "the certificate was renewed until " + to_rfc3339(not_after(certificate_.get())));
  return {};
}

Result<Enrolment> enrol(const EnrolRequest& request, const TlsDeadlines& deadlines) {
  LUY_TRY(const Url url, parse_url(request.hub));
  TlsPeer peer;
  peer.ca_fingerprint = normal_fingerprint(request.fingerprint);
  if (peer.ca_fingerprint.empty()) {
    return Error(hub_not_trusted, "the fingerprint is not 64 hexadecimal digits");
  }
  peer.server_name = url.host;
  LUY_TRY_VOID(make_folder(request.folder, 0700));
  LUY_TRY(const PrivateKey key, load_or_make_key(request.folder));
  LUY_TRY(const std::string csr, make_csr(key.get()));
  LUY_TRY(const auto stream, TlsStream::connect(url, peer, deadlines, -1));
  const std::string body = enrolment_request(request.token, csr, request.identity, request.os, request.hardware);
  LUY_TRY(const HttpAnswer answer, stream->exchange(http_post(url, "/api/v1/agents/enrol", "application/json", body)));
  if (answer.head.status != 201) {
    return Error(enrolment_refused, error_sentence(answer.head.status, answer.body, "vi"),
                 error_sentence(answer.head.status, answer.body, "en"));
  }
  LUY_TRY(const Enrolment enrolment, parse_enrolment(answer.body));
  LUY_TRY(const Certificate certificate, read_certificate(enrolment.certificate));
  LUY_TRY(const Certificate ca, read_certificate(enrolment.ca));
  if (!belongs_to(certificate.get(), key.get())) return Error(reply_malformed, "certificate");
  if (fingerprint(ca.get()) != peer.ca_fingerprint) return Error(reply_malformed, "ca");
  LUY_TRY_VOID(save_enrolment(request.folder, enrolment));
  return enrolment;
}

}  // namespace luy::agent
