#include "device_policy/release.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/json.h"

namespace luy::device_policy {
namespace {

using simdjson::dom::object;

constexpr std::string_view heading = "luy-release-v1";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t numbers_max = 4;
constexpr std::size_t digits_max = 9;
constexpr std::size_t depth_max = 8;

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t out = 0;
  if (!is_digits(text) || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string_view take_number(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('.'), rest.size());
  const std::string_view out = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return out;
}

// The value of the line that begins so; the line is taken off.
std::optional<std::string_view> take_line(std::string_view& rest, std::string_view name) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos || !rest.starts_with(name)) return std::nullopt;
  const std::string_view out = rest.substr(name.size(), end - name.size());
  rest.remove_prefix(end + 1);
  return out;
}

bool is_hex_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_architecture(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= 32 && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool is_release_version(std::string_view text) {
  if (text.empty() || text.size() > release_version_bytes_max || text.back() == '.') return false;
  for (std::size_t count = 0; !text.empty(); ++count) {
    const std::string_view one = take_number(text);
    if (count == numbers_max || one.size() > digits_max || !number_of(one)) return false;
  }
  return true;
}

int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    // "1.2" comes before "1.2.0", as dpkg has it.
    if (a.empty() || b.empty()) return a.empty() ? -1 : 1;
    const std::int64_t left = number_of(take_number(a)).value_or(0);
    const std::int64_t right = number_of(take_number(b)).value_or(0);
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

std::string release_text(const Release& release) {
  return std::string(heading) + "\npackage " + std::string(release_package) + "\nversion " + release.version +
         "\narchitecture " + release.architecture + "\nbytes " + std::to_string(release.bytes) + "\nsha256 " +
         release.sha256 + "\n";
}

std::string to_statement(const Release& release, std::string_view signature) {
  return release_text(release) + "signature " + to_base64(signature) + "\n";
}

Result<SignedRelease> read_statement(std::string_view text) {
  if (text.size() > statement_bytes_max) return Error(release_malformed, "bytes");
  SignedRelease out;
  std::string_view rest = text;
  const auto first = take_line(rest, heading);
  if (!first || !first->empty()) return Error(release_malformed, std::string(heading));
  if (take_line(rest, "package ") != release_package) return Error(release_malformed, "package");
  const auto version = take_line(rest, "version ");
  if (!version || !is_release_version(*version)) return Error(release_malformed, "version");
  const auto architecture = take_line(rest, "architecture ");
  if (!architecture || !is_architecture(*architecture)) return Error(release_malformed, "architecture");
  const auto bytes = take_line(rest, "bytes ");
  const auto size = bytes ? number_of(*bytes) : std::nullopt;
  if (!size || *size < 1 || *size > release_bytes_max) return Error(release_malformed, "bytes");
  const auto digest = take_line(rest, "sha256 ");
  if (!digest || !is_hex_digest(*digest)) return Error(release_malformed, "sha256");
  const auto signature = take_line(rest, "signature ");
  const auto raw = signature ? from_base64(*signature) : std::nullopt;
  if (!raw || raw->size() != signature_bytes || !rest.empty()) return Error(release_malformed, "signature");
  out.release = {std::string(*version), std::string(*architecture), *size, std::string(*digest)};
  out.signature = *raw;
  return out;
}

Result<Release> accept_release(std::string_view statement, std::string_view key, const order::Verify& verify) {
  LUY_TRY(SignedRelease given, read_statement(statement));
  if (!verify(key, release_text(given.release), given.signature)) {
    return Error(release_not_signed, given.release.version);
  }
  return std::move(given.release);
}

std::string key_step_text(std::string_view key) {
  return std::string(key_step_prefix) + to_hex(as_bytes(key)) + "\n";
}

Result<std::string> follow_keys(const std::vector<KeyStep>& chain, std::string_view pinned,
                                const order::Verify& verify) {
  if (chain.empty()) return Error(release_key_foreign, "-");
  std::size_t at = 0;
  if (!pinned.empty()) {
    const auto known = std::find_if(chain.begin(), chain.end(), [&](const KeyStep& one) { return one.key == pinned; });
    if (known == chain.end()) return Error(release_key_foreign, to_hex(as_bytes(pinned)));
    at = static_cast<std::size_t>(known - chain.begin());
  }
  for (; at + 1 < chain.size(); ++at) {
    const KeyStep& next = chain[at + 1];
    if (!verify(chain[at].key, key_step_text(next.key), next.signature)) {
      return Error(release_key_foreign, to_hex(as_bytes(next.key)));
    }
  }
  return chain.back().key;
}

std::string to_json(const std::optional<WantedRelease>& wanted) {
  if (!wanted) return "{\"release\":null}";
  std::string out = "{\"release\":{\"statement\":";
  append_json_text(out, wanted->statement);
  out += ",\"keys\":[";
  for (const KeyStep& one : wanted->keys) {
    if (out.back() != '[') out += ',';
    out += "{\"key\":\"" + to_base64(one.key) + "\",\"signature\":\"" + to_base64(one.signature) + "\"}";
  }
  return out + "],\"attempt\":" + std::to_string(wanted->attempt) +
         ",\"patience_seconds\":" + std::to_string(wanted->patience_seconds) + "}}";
}

Result<std::optional<WantedRelease>> read_release_answer(std::string_view json) {
  simdjson::dom::parser parser(release_answer_bytes_max);
  object root;
  if (json.size() > release_answer_bytes_max ||
      parser.allocate(release_answer_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(root) != simdjson::SUCCESS) {
    return Error(release_malformed, "JSON");
  }
  simdjson::dom::element given;
  if (root["release"].get(given) != simdjson::SUCCESS) return Error(release_malformed, "release");
  if (given.is_null()) return std::optional<WantedRelease>();
  WantedRelease out;
  object from;
  std::string_view text;
  simdjson::dom::array keys;
  if (given.get(from) != simdjson::SUCCESS) return Error(release_malformed, "release");
  if (from["statement"].get(text) != simdjson::SUCCESS) return Error(release_malformed, "statement");
  out.statement = text;
  LUY_TRY_VOID(read_statement(out.statement));
  if (from["keys"].get(keys) != simdjson::SUCCESS) return Error(release_malformed, "keys");
  for (const auto one : keys) {
    std::string_view key;
    std::string_view signature;
    const bool there = one["key"].get(key) == simdjson::SUCCESS && one["signature"].get(signature) == simdjson::SUCCESS;
    auto raw_key = there ? from_base64(key) : std::nullopt;
    auto raw_signature = there ? from_base64(signature) : std::nullopt;
    const std::size_t expected = out.keys.empty() ? 0 : signature_bytes;
    if (!raw_key || raw_key->size() != key_bytes || !raw_signature || raw_signature->size() != expected ||
        out.keys.size() == key_steps_max) {
      return Error(release_malformed, "keys");
    }
    out.keys.push_back({*std::move(raw_key), *std::move(raw_signature)});
  }
  if (out.keys.empty()) return Error(release_malformed, "keys");
  if (from["attempt"].get(out.attempt) != simdjson::SUCCESS || out.attempt < 1) {
    return Error(release_malformed, "attempt");
  }
  if (from["patience_seconds"].get(out.patience_seconds) != simdjson::SUCCESS ||
      out.patience_seconds < patience_seconds_min || out.patience_seconds > patience_seconds_max) {
    return Error(release_malformed, "patience_seconds");
  }
  return std::optional<WantedRelease>(std::move(out));
}

}  // namespace luy::device_policy
