#include "hub/agent_service.h"

#include <boost/json.hpp>
#include <memory>

#include "base/encoding.h"
#include "base/log.h"
#include "base/utf8.h"
#include "event/batch.h"

namespace luy::hub {
namespace {

constexpr std::string_view batches_path = "/agent/v1/batches";
constexpr std::string_view renew_path = "/agent/v1/renew";
constexpr std::string_view orders_path = "/agent/v1/orders";
constexpr std::string_view policy_path = "/agent/v1/policy";
constexpr std::string_view software_path = "/agent/v1/software";
constexpr std::string_view backup_key_path = "/agent/v1/backup-key";
constexpr std::string_view signatures_path = "/agent/v1/signatures";
constexpr std::string_view release_path = "/agent/v1/release";
constexpr std::string_view release_package_path = "/agent/v1/release/package";
constexpr std::string_view removal_path = "/agent/v1/removal";
constexpr std::string_view batch_type = "application/x-luy-batch";

api::Response error_of(const Error& error) {
  return api::error_response(error);
}

bool is_about_release(std::string_view path) {
  return path == release_path || path == release_package_path || path == removal_path;
}

// A stream becomes part of a source id, which is split at its first two slashes and shown to people.
bool is_clean_stream(std::string_view stream) {
  if (stream.empty() || stream.size() > event::stream_bytes_max || !is_utf8(stream)) return false;
  for (const char c : stream) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

}  // namespace

Service::Admission AgentService::admit(const Head& head, const Peer& peer) {
  if (peer.device.empty() || !d_.enrolment.accepts(peer.serial, peer.device)) {
    return {error_of(Error(certificate_revoked)), 0};
  }
  const bool batches = head.path == batches_path;
  if (!batches && head.path != renew_path && head.path != orders_path && head.path != policy_path &&
      head.path != software_path && head.path != backup_key_path && head.path != signatures_path &&
      !is_about_release(head.path)) {
    return {refuse(404, Error(http_not_found, head.path)), 0};
  }
  if (head.method != "POST") {
    api::Response response = refuse(405, Error(http_method, head.method));
    response.headers.emplace_back("Allow", "POST");
    return {std::move(response), 0};
  }
  const std::string_view wanted = batches ? batch_type : std::string_view("application/json");
  if (!head.header("content-type").starts_with(wanted)) {
    return {refuse(415, Error(http_media_type, std::string(wanted))), 0};
  }
  return {std::nullopt, batches ? event::batch_bytes_max : csr_bytes_max * 2};
}

void AgentService::serve(HttpRequest request, Reply reply) {
  const auto device = DeviceId::parse(request.peer.device);
  if (!device) return reply.send(error_of(Error(certificate_revoked)));
  if (request.head.path == batches_path) return take_batch(request, *device, std::move(reply));
  if (request.head.path == orders_path) return reply.send(give_orders(*device));
  if (request.head.path == policy_path) return reply.send(give_policy(request, *device));
  if (request.head.path == software_path) return reply.send(give_software_list(request, *device));
  if (request.head.path == signatures_path) return reply.send(give_signatures(request, *device));
  if (is_about_release(request.head.path)) return reply.send(give_release(request, *device));
  if (request.head.path == backup_key_path) return reply.send(give_backup_key(*device));
  reply.send(renew(request, *device));
}

void AgentService::take_batch(const HttpRequest& request, const DeviceId& device, Reply reply) {
  const std::optional<AgencyId> agency = d_.agency_of(device);
  if (!agency) return reply.send(error_of(Error(device_refused)));
  if (d_.seen_from) d_.seen_from(device, request.peer.address);
  auto batch = event::decode_batch(request.body);
  if (!batch) return reply.send(error_of(batch.error()));
  const std::string prefix = agency->text() + "/" + device.text() + "/";
  Submission submission;
  submission.key =
      evidence::BatchKey{device.text(), batch->spool_id, batch->number, evidence::Senders::digest_of(request.body)};
  submission.dropped = batch->dropped;
  submission.records.reserve(batch->records.size());
  for (event::BatchRecord& record : batch->records) {
    if (!is_clean_stream(record.stream)) return reply.send(error_of(Error(stream_invalid, "control characters")));
    if (record.transport == event::Transport::hub) {
      return reply.send(error_of(Error(stream_invalid, "the hub's own transport")));
    }
    submission.records.push_back(
        {prefix + record.stream, static_cast<std::uint8_t>(record.transport), std::move(record.raw)});
  }
  const std::uint64_t number = batch->number;
  // std::function wants copyable captures; the Reply itself is not copyable.
  auto shared = std::make_shared<Reply>(std::move(reply));
  submission.done = [this, device, shared, number](Result<evidence::Appended> appended) {
    if (!appended) return shared->send(error_of(appended.error()));
    if (appended->conflict) return shared->send(error_of(Error(evidence::batch_conflict, std::to_string(number))));
    api::Response response = api::json(boost::json::object{{"acked", number}});
    if (d_.orders.waiting(device)) response.headers.emplace_back("Luy-Orders", "1");
    shared->send(std::move(response));
  };
  if (!d_.writer.submit(std::move(submission))) shared->send(error_of(Error(evidence_busy)));
}

api::Response AgentService::give_orders(const DeviceId& device) {
  const std::optional<AgencyId> agency = d_.agency_of(device);
  if (!agency) return error_of(Error(device_refused));
  // A policy that cannot be made keeps nobody from taking orders.
  const auto policy = d_.policies.version(device, *agency);
  if (!policy) log(LogLevel::error, "hub", "policy of " + device.text() + ": " + policy.error().text());
  auto answer = d_.orders.take(device, policy ? *policy : 0);
  if (!answer) return error_of(answer.error());
  api::Response response;
  response.body = *std::move(answer);
  return response;
}

api::Response AgentService::give_policy(const HttpRequest& request, const DeviceId& device) {
  const std::optional<AgencyId> agency = d_.agency_of(device);
  if (!agency) return error_of(Error(device_refused));
  boost::system::error_code error;
  const boost::json::value body = boost::json::parse(request.body, error);
  const boost::json::object* object = error ? nullptr : body.if_object();
  const boost::json::value* held = object != nullptr && object->size() == 1 ? object->if_contains("version") : nullptr;
  if (held == nullptr || !held->is_int64() || held->get_int64() < 0) {
    return error_of(Error(api::bad_request, "version"));
  }
  auto answer = d_.policies.give(device, *agency, held->get_int64());
  if (!answer) return error_of(answer.error());
  api::Response response;
  response.body = *std::move(answer);
  return response;
}

api::Response AgentService::give_software_list(const HttpRequest& request, const DeviceId& device) {
  if (!d_.agency_of(device) || !d_.software_list) return error_of(Error(device_refused));
  auto answer = d_.software_list(device, request.body);
  if (!answer) return error_of(answer.error());
  api::Response response;
  response.body = *std::move(answer);
  return response;
}

api::Response AgentService::give_signatures(const HttpRequest& request, const DeviceId& device) {
  const std::optional<AgencyId> agency = d_.agency_of(device);
  if (!agency || !d_.signatures) return error_of(Error(device_refused));
  auto bytes = d_.signatures(*agency, request.body);
  if (!bytes) return error_of(bytes.error());
  api::Response response;
  response.content_type = "application/octet-stream";
  response.body = *std::move(bytes);
  return response;
}

api::Response AgentService::give_release(const HttpRequest& request, const DeviceId& device) {
  const std::optional<AgencyId> agency = d_.agency_of(device);
  if (!agency || !d_.release || !d_.release_piece || !d_.removal) return error_of(Error(device_refused));
  if (request.head.path == removal_path) {
    const auto allowed = d_.removal(device, *agency, request.body);
    return allowed ? api::json(boost::json::object{}) : error_of(allowed.error());
  }
  const bool package = request.head.path == release_package_path;
  auto answer = package ? d_.release_piece(request.body) : d_.release(device, *agency, request.body);
  if (!answer) return error_of(answer.error());
  api::Response response;
  if (package) response.content_type = "application/octet-stream";
  response.body = *std::move(answer);
  return response;
}

api::Response AgentService::give_backup_key(const DeviceId& device) {
  if (!d_.agency_of(device)) return error_of(Error(device_refused));
  const auto key = d_.backup_key(device);
  if (!key) return error_of(key.error());
  return api::json(boost::json::object{{"key", *key}});
}

api::Response AgentService::renew(const HttpRequest& request, const DeviceId& device) {
  if (!d_.agency_of(device)) return error_of(Error(device_refused));
  boost::system::error_code error;
  const boost::json::value body = boost::json::parse(request.body, error);
  const boost::json::object* object = error ? nullptr : body.if_object();
  const boost::json::value* csr = object != nullptr && object->size() == 1 ? object->if_contains("csr") : nullptr;
  if (csr == nullptr || !csr->is_string()) return error_of(Error(api::bad_request, "csr"));
  const boost::json::string& text = csr->get_string();
  auto renewed = d_.enrolment.renew(device, request.peer.serial, std::string_view(text.data(), text.size()));
  if (!renewed) return error_of(renewed.error());
  return api::json(boost::json::object{{"certificate", renewed->pem},
                                       {"ca", d_.ca.certificate_pem()},
                                       {"orders_key", to_base64(d_.orders.public_key())}});
}

void AgentService::decorate(api::Response& response) const {
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace luy::hub
