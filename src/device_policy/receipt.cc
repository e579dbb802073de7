// What goes with policies: the hub's answer that carries one, and what the agent says of it.
#include <simdjson.h>

#include "base/encoding.h"
#include "base/json.h"
#include "base/utf8.h"
#include "device_policy/policy.h"

namespace luy::device_policy {
namespace {

using simdjson::dom::object;

constexpr std::size_t answer_bytes_max = 256 << 10;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t sentence_bytes_max = 1000;
constexpr std::size_t depth_max = 8;

bool text_of(const object& from, std::string_view key, std::string& out) {
  std::string_view value;
  if (from[key].get(value) != simdjson::SUCCESS) return false;
  out = value;
  return true;
}
bool bytes_of(const object& from, std::string_view key, std::size_t size, std::string& out) {
  std::string text;
  if (!text_of(from, key, text)) return false;
  auto bytes = from_base64(text);
  if (!bytes || bytes->size() != size) return false;
  out = *std::move(bytes);
  return true;
}

std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::string_view out = text.substr(0, bytes_max);
  while (!out.empty() && (static_cast<unsigned char>(text[out.size()]) & 0xC0U) == 0x80U) out.remove_suffix(1);
  return out;
}

void add(std::string& out, std::string_view key, std::string_view text, std::size_t bytes_max) {
  out += ",\"" + std::string(key) + "\":";
  append_json_text(out, cut(text, bytes_max));
}

}  // namespace

std::string to_json(const Answer& answer) {
  std::string out = "{\"key\":\"" + to_base64(answer.key) + "\",\"policy\":";
  if (!answer.policy) return out + "null}";
  out += "{\"document\":";
  append_json_text(out, answer.policy->document);
  return out + ",\"signature\":\"" + to_base64(answer.policy->signature) + "\"}}";
}

Result<Answer> read_answer(std::string_view json) {
  if (json.size() > answer_bytes_max) return Error(malformed, "size");
  simdjson::dom::parser parser(answer_bytes_max);
  object root;
  Answer out;
  if (parser.allocate(answer_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(root) != simdjson::SUCCESS) {
    return Error(malformed, "JSON");
  }
  if (!bytes_of(root, "key", key_bytes, out.key)) return Error(malformed, "key");
  simdjson::dom::element policy;
  object given;
  if (root["policy"].get(policy) != simdjson::SUCCESS) return Error(malformed, "policy");
  if (policy.is_null()) return out;
  SignedPolicy one;
  if (policy.get(given) != simdjson::SUCCESS || !text_of(given, "document", one.document) ||
      !bytes_of(given, "signature", signature_bytes, one.signature)) {
    return Error(malformed, "policy");
  }
  out.policy = std::move(one);
  return out;
}

std::string to_json(const Receipt& receipt) {
  std::string out =
      "{\"policy\":" + std::to_string(receipt.version) + ",\"state\":\"" + (receipt.held ? "held" : "refused") +
      "\",\"held_version\":" + std::to_string(receipt.held_version) + ",\"at\":\"" + to_rfc3339(receipt.at) + '"';
  add(out, "code", receipt.code, sentence_bytes_max);
  add(out, "vi", receipt.vi, sentence_bytes_max);
  add(out, "en", receipt.en, sentence_bytes_max);
  add(out, "sha256", receipt.sha256, sentence_bytes_max);
  out += ",\"unknown\":[";
  for (std::size_t i = 0; i < receipt.unknown.size() && i < unknown_max; ++i) {
    if (i > 0) out += ',';
    append_json_text(out, cut(receipt.unknown[i], unknown_bytes_max));
  }
  return out + "]}";
}

Result<Receipt> read_receipt(std::string_view json) {
  if (json.size() > 2 * receipt_bytes_max) return Error(malformed, "size");
  simdjson::dom::parser parser(2 * receipt_bytes_max);
  object root;
  Receipt out;
  std::string state;
  std::string at;
  if (parser.allocate(2 * receipt_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(root) != simdjson::SUCCESS) {
    return Error(malformed, "JSON");
  }
  if (root["policy"].get(out.version) != simdjson::SUCCESS || out.version < 0) return Error(malformed, "policy");
  if (!text_of(root, "state", state) || (state != "held" && state != "refused")) return Error(malformed, "state");
  out.held = state == "held";
  if (root["held_version"].get(out.held_version) != simdjson::SUCCESS || out.held_version < 0) {
    return Error(malformed, "held_version");
  }
  const auto time = text_of(root, "at", at) ? from_rfc3339(at) : std::nullopt;
  // An offset may lead out of the years that to_json() can write; what is kept must be readable again.
  if (!time || from_rfc3339(to_rfc3339(*time)) != *time) return Error(malformed, "at");
  out.at = *time;
  for (const auto& [key, target] : {std::pair<const char*, std::string*>{"code", &out.code},
                                    {"vi", &out.vi},
                                    {"en", &out.en},
                                    {"sha256", &out.sha256}}) {
    if (!text_of(root, key, *target) || target->size() > sentence_bytes_max) return Error(malformed, key);
  }
  simdjson::dom::array unknown;
  if (root["unknown"].get(unknown) != simdjson::SUCCESS || unknown.size() > unknown_max) {
    return Error(malformed, "unknown");
  }
  for (const auto one : unknown) {
    std::string_view name;
    if (one.get(name) != simdjson::SUCCESS || name.size() > unknown_bytes_max) return Error(malformed, "unknown");
    out.unknown.emplace_back(name);
  }
  return out;
}

}  // namespace luy::device_policy
