// What goes with orders: the hub's answer that carries them, and the agent's results.
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "order/order.h"

namespace luy::order {
namespace {

using simdjson::dom::object;

constexpr std::size_t answer_bytes_max = orders_per_answer_max * 3 * document_bytes_max;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t depth_max = 8;
constexpr std::array<std::string_view, 3> outcome_names = {"done", "refused", "failed"};

bool text_of(const object& from, std::string_view key, std::string& out) {
  std::string_view value;
  if (from[key].get(value) != simdjson::SUCCESS) return false;
  out = value;
  return true;
}
bool time_of(const object& from, std::string_view key, Time& out) {
  std::string text;
  if (!text_of(from, key, text)) return false;
  const auto time = from_rfc3339(text);
  if (time) out = *time;
  return time.has_value();
}
bool bytes_of(const object& from, std::string_view key, std::size_t size, std::string& out) {
  std::string text;
  if (!text_of(from, key, text)) return false;
  auto bytes = from_base64(text);
  if (!bytes || bytes->size() != size) return false;
  out = *std::move(bytes);
  return true;
}

// At most `bytes_max` bytes, never half a character.
std::string cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

}  // namespace

std::string to_json(const Answer& answer) {
  std::string out =
      "{\"now\":\"" + to_rfc3339(answer.now) + "\",\"key\":\"" + to_base64(answer.key) + "\",\"orders\":[";
  bool first = true;
  for (const SignedOrder& one : answer.orders) {
    out += first ? "{\"document\":" : ",{\"document\":";
    first = false;
    append_json_text(out, one.document);
    out += ",\"signature\":\"" + to_base64(one.signature) + "\"}";
  }
  out += ']';
  if (answer.policy > 0) out += ",\"policy\":" + std::to_string(answer.policy);
  return out + '}';
}

Result<Answer> read_answer(std::string_view json) {
  if (json.size() > answer_bytes_max) return Error(malformed, "size");
  simdjson::dom::parser parser(answer_bytes_max);
  object document;
  simdjson::dom::array list;
  Answer out;
  if (parser.allocate(answer_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(document) != simdjson::SUCCESS) {
    return Error(malformed, "JSON");
  }
  if (!time_of(document, "now", out.now)) return Error(malformed, "now");
  if (!bytes_of(document, "key", key_bytes, out.key)) return Error(malformed, "key");
  if (document["orders"].get(list) != simdjson::SUCCESS) return Error(malformed, "orders");
  for (const auto one : list) {
    object order;
    SignedOrder given;
    if (out.orders.size() >= orders_per_answer_max || one.get(order) != simdjson::SUCCESS ||
        !text_of(order, "document", given.document) ||
        !bytes_of(order, "signature", signature_bytes, given.signature)) {
      return Error(malformed, "orders");
    }
    out.orders.push_back(std::move(given));
  }
  // A hub from before there were policies says nothing of them.
  simdjson::dom::element policy;
  if (document["policy"].get(policy) == simdjson::SUCCESS &&
      (policy.get(out.policy) != simdjson::SUCCESS || out.policy < 0)) {
    return Error(malformed, "policy");
  }
  return out;
}

std::string_view name_of(Outcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}

std::string to_json(const OrderResult& result) {
  std::string out = "{\"order\":";
  append_json_text(out, result.order);
  out += ",\"state\":\"" + std::string(name_of(result.outcome)) + "\",\"at\":\"" + to_rfc3339(result.at) + '"';
  const auto add = [&](std::string_view key, std::string_view text) {
    out += out.back() == '{' ? "" : ",";
    append_json_text(out, key);
    out += ':';
    append_json_text(out, cut(text, result_detail_bytes_max));
  };
  add("code", result.code);
  add("vi", result.vi);
  add("en", result.en);
  add("sha256", result.sha256);
  out += ",\"details\":{";
  for (std::size_t i = 0; i < std::min(result.details.size(), result_details_max); ++i) {
    if (out.size() > result_bytes_max - 6 * result_detail_bytes_max) break;
    add(result.details[i].first, result.details[i].second);
  }
  return out + "}}";
}

Result<OrderResult> read_result(std::string_view json) {
  if (json.size() > 2 * result_bytes_max) return Error(malformed, "size");
  simdjson::dom::parser parser(2 * result_bytes_max);
  object document;
  OrderResult out;
  std::string state;
  if (parser.allocate(2 * result_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(document) != simdjson::SUCCESS) {
    return Error(malformed, "JSON");
  }
  if (!text_of(document, "order", out.order) || !is_id_text(out.order)) return Error(malformed, "order");
  const auto found = text_of(document, "state", state) ? std::find(outcome_names.begin(), outcome_names.end(), state)
                                                       : outcome_names.end();
  if (found == outcome_names.end()) return Error(malformed, "state");
  out.outcome = static_cast<Outcome>(found - outcome_names.begin());
  // An offset may lead out of the years that to_json() can write; what is kept must be readable again.
  if (!time_of(document, "at", out.at) || from_rfc3339(to_rfc3339(out.at)) != out.at) return Error(malformed, "at");
  for (const auto& [key, target] : {std::pair<const char*, std::string*>{"code", &out.code},
                                    {"vi", &out.vi},
                                    {"en", &out.en},
                                    {"sha256", &out.sha256}}) {
    if (!text_of(document, key, *target) || target->size() > result_detail_bytes_max) return Error(malformed, key);
  }
  object details;
  if (document["details"].get(details) != simdjson::SUCCESS) return Error(malformed, "details");
  for (const auto field : details) {
    std::string_view value;
    if (out.details.size() >= result_details_max || field.value.get(value) != simdjson::SUCCESS ||
        field.key.size() > name_bytes_max || value.size() > result_detail_bytes_max) {
      return Error(malformed, "details");
    }
    out.details.emplace_back(std::string(field.key), std::string(value));
  }
  return out;
}

}  // namespace luy::order
