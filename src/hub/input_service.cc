#include "hub/input_service.h"

#include <memory>
#include <vector>

#include "base/encoding.h"
#include "event/batch.h"
#include "hub/elastic.h"
#include "intake/bulk.h"
#include "intake/gzip.h"
#include "intake/otlp.h"

namespace luy::hub {
namespace {

using intake::otlp_response;
using intake::otlp_status;
constexpr auto transport = static_cast<std::uint8_t>(event::Transport::syslog);
constexpr std::string_view otlp_path = "/v1/logs";
constexpr std::string_view protobuf_type = "application/x-protobuf";
constexpr int status_invalid = 3;       // google.rpc.Code
constexpr int status_unavailable = 14;  // The same.

// What may be the token behind the scheme's word, in each of the three forms a sender can be configured for. One token
// in six reads as the Base64 of something with a colon in it, so an API key is tried as it stands too.
std::vector<std::string> tokens_of(std::string_view authorization) {
  const std::size_t blank = authorization.find(' ');
  if (blank == std::string_view::npos) return {};
  std::string scheme(authorization.substr(0, blank));
  for (char& c : scheme) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const std::string_view rest = authorization.substr(blank + 1);
  if (scheme == "bearer") return {std::string(rest)};
  if (scheme != "basic" && scheme != "apikey") return {};
  // "user:token" and "id:token"; an API key may also be the token itself.
  std::vector<std::string> tokens;
  const auto pair = from_base64(rest);
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon != std::string::npos) tokens.push_back(pair->substr(colon + 1));
  if (scheme == "apikey") tokens.emplace_back(rest);
  return tokens;
}

bool is_json(const Head& head) {
  return !head.header("content-type").starts_with(protobuf_type);
}

api::Response otlp_answer(const Head& head, int status, std::string body) {
  api::Response response;
  response.status = status;
  response.content_type = is_json(head) ? "application/json" : std::string(protobuf_type);
  response.body = std::move(body);
  return response;
}

api::Response come_again(api::Response response) {
  response.headers.emplace_back("Retry-After", "2");
  return response;
}

// The index is part of the source's name, which is split at slashes and shown to people.
std::string clean(std::string_view index) {
  std::string out(index);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '_';
  }
  return out;
}

Result<std::string> unpacked(const Head& head, std::string body, std::size_t bytes_max) {
  const std::string_view encoding = head.header("content-encoding");
  if (encoding == "gzip") return intake::gunzip(body, bytes_max);
  if (!encoding.empty() && encoding != "identity") return Error(http_media_type, "Content-Encoding: gzip");
  if (body.size() > bytes_max) return Error(intake::body_too_large, std::to_string(bytes_max));
  return body;
}

}  // namespace

std::optional<InputService::Place> InputService::place_of(const Head& head) const {
  for (const std::string& token : tokens_of(head.header("authorization"))) {
    if (token.empty()) continue;
    const auto sender = d_.book.find(intake::SenderKind::token, intake::token_key(token));
    if (!sender || sender->state != intake::SenderState::approved || !sender->device) continue;
    if (const auto agency = d_.agency_of(*sender->device)) return Place{sender->id, *agency, *sender->device};
  }
  return std::nullopt;
}

Service::Admission InputService::admit(const Head& head, const Peer&) {
  ++counters_.requests;
  const Error refused(input_token_refused);
  if (!place_of(head)) {
    api::Response response = head.path == otlp_path
                                 ? otlp_answer(head, 401, otlp_status(is_json(head), 16, refused.en()))
                                 : elastic_error(401, "security_exception", refused.en());
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"luy\"");
    return {std::move(response), 0};
  }
  const bool otlp = head.path == otlp_path;
  const bool put = head.method == "PUT";
  if ((otlp || bulk_index(head.path)) && (head.method == "POST" || (put && !otlp)))
    return {std::nullopt, input_body_bytes_max};
  if (auto answer = elastic_handshake(head)) return {std::move(answer), 0};
  return {
      elastic_error(head.path == otlp_path ? 405 : 404, "resource_not_found_exception", "nothing is at " + head.path),
      0};
}

void InputService::serve(HttpRequest request, Reply reply) {
  // Asked again: the token may have been removed since the head was read.
  const auto place = place_of(request.head);
  if (!place) return reply.send(elastic_error(401, "security_exception", Error(input_token_refused).en()));
  const bool otlp = request.head.path == otlp_path;
  auto body = unpacked(request.head, std::move(request.body), otlp ? otlp_bytes_max : bulk_bytes_max);
  if (!body) {
    const int status = body.error().is(intake::body_too_large) ? 413 : 400;
    return reply.send(
        otlp ? otlp_answer(request.head, status, otlp_status(is_json(request.head), status_invalid, body.error().en()))
             : elastic_error(status, "parse_exception", body.error().en()));
  }
  if (otlp) return take_otlp(request.head, *body, *place, std::move(reply));
  take_bulk(request.head, *std::move(body), *place, std::move(reply));
}

void InputService::take_bulk(const Head& head, std::string body, const Place& place, Reply reply) {
  auto parsed = intake::parse_bulk(body, bulk_index(head.path).value_or(std::string()));
  if (!parsed) return reply.send(elastic_error(400, "illegal_argument_exception", parsed.error().en()));
  // Shared by the answer and what waits for the store.
  struct Pending {
    std::vector<intake::BulkItem> items;
    std::vector<std::pair<std::size_t, std::string>> digests;  // Of items with an id: under way until settled.
    Reply reply;
  };
  auto pending = std::make_shared<Pending>(Pending{*std::move(parsed), {}, std::move(reply)});
  Delivery delivery{place.agency, place.device, {}, 0, {}};
  for (std::size_t i = 0; i < pending->items.size(); ++i) {
    intake::BulkItem& item = pending->items[i];
    if (item.status != 0) {
      ++counters_.refused;
      continue;
    }
    if (!item.id.empty()) {
      std::string digest = SeenIds::digest(item.index, item.id, item.document);
      const auto seen = seen_.begin(place.sender, digest);
      if (seen == SeenIds::Answer::stored) {
        // A sender that says "create" takes 409 for what it is: there already.
        item.status = item.action == "create" ? 409 : 200;
        item.error = "version_conflict_engine_exception";
        item.reason = "document already exists";
        ++counters_.repeated;
        continue;
      }
      if (seen == SeenIds::Answer::under_way) {
        item.status = 429;
        item.error = "es_rejected_execution_exception";
        item.reason = "the same document is being stored";
        continue;
      }
      pending->digests.emplace_back(i, std::move(digest));
    }
    delivery.records.push_back({"bulk/" + clean(item.index), transport, std::string(item.document)});
  }
  const std::size_t count = delivery.records.size();
  const auto settle = [this, pending, sender = place.sender, count](const Result<void>& stored) {
    for (const auto& [item, digest] : pending->digests) seen_.settle(sender, digest, stored.has_value());
    for (intake::BulkItem& item : pending->items) {
      if (item.status != 0) continue;
      item.status = stored ? 201 : 429;
      item.error = "es_rejected_execution_exception";
      item.reason = stored ? std::string() : stored.error().en();
    }
    if (stored) {
      counters_.records += count;
      d_.book.count(sender, count, 0);
    } else {
      ++counters_.busy;
    }
    pending->reply.send(bulk_answer(pending->items, 0));
  };
  if (count == 0) return settle({});
  delivery.done = settle;
  if (!d_.desk.take(delivery)) settle(Error(evidence_busy));
}

void InputService::take_otlp(const Head& head, const std::string& body, const Place& place, Reply reply) {
  const bool as_json = is_json(head);
  auto logs = as_json ? intake::otlp_from_json(body) : intake::otlp_from_protobuf(body);
  if (!logs) return reply.send(otlp_answer(head, 400, otlp_status(as_json, status_invalid, logs.error().en())));
  Delivery delivery{place.agency, place.device, {}, 0, {}};
  for (std::string& line : logs->lines) delivery.records.push_back({"otlp", transport, std::move(line)});
  const std::size_t count = delivery.records.size();
  counters_.refused += logs->rejected;
  // std::function wants copyable captures; the Reply itself is not copyable.
  auto shared = std::make_shared<Reply>(std::move(reply));
  const auto settle = [this, shared, head, as_json, count, rejected = logs->rejected,
                       sender = place.sender](const Result<void>& stored) {
    if (!stored) {
      ++counters_.busy;
      return shared->send(
          come_again(otlp_answer(head, 503, otlp_status(as_json, status_unavailable, stored.error().en()))));
    }
    counters_.records += count;
    d_.book.count(sender, count + rejected, rejected);
    shared->send(otlp_answer(head, 200, otlp_response(as_json, rejected, "records above 1 MiB are not taken")));
  };
  if (count == 0) return settle({});
  delivery.done = settle;
  if (!d_.desk.take(delivery)) settle(Error(evidence_busy));
}

void InputService::decorate(api::Response& response) const {
  response.headers.emplace_back("X-Elastic-Product", "Elasticsearch");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace luy::hub
