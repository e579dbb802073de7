#include "premises/text.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>

#include "base/utf8.h"
#include "base/vietnamese.h"

namespace luy::premises {
namespace {

namespace json = boost::json;

constexpr std::size_t password_chars_min = 8;  // As short as any device lets one be, in practice.

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Signs that no model, serial or firmware number has.
bool is_rare(char c) {
  return std::strchr("!@$%^&*=?~|\\<>{}[]`\"'", c) != nullptr;
}

// Where a secret's name ends in folded text and is followed by ":" or "=" and something.
bool names_secret(const std::string& folded) {
  constexpr std::array<std::string_view, 16> names = {
      "mat khau",   "matkhau", "mat ma", "mk",  "password", "passwd",    "pass",      "pwd",
      "passphrase", "psk",     "secret", "pin", "ma pin",   "khoa wifi", "community", "pre-shared key"};
  for (const std::string_view name : names) {
    for (std::size_t at = folded.find(name); at != std::string::npos; at = folded.find(name, at + 1)) {
      if (at > 0 && (is_lower(folded[at - 1]) || is_digit(folded[at - 1]))) continue;
      std::size_t next = at + name.size();
      while (next < folded.size() && is_space(folded[next])) ++next;
      const bool told = next < folded.size() && (folded[next] == ':' || folded[next] == '=');
      const bool is_said = folded.compare(next, 3, "la ") == 0 || folded.compare(next, 3, "is ") == 0;
      if (!told && !is_said) continue;
      next += told ? 1 : 3;
      while (next < folded.size() && is_space(folded[next])) ++next;
      if (next < folded.size()) return true;
    }
  }
  return false;
}

bool is_mail_address(std::string_view word) {
  const std::size_t at = word.find('@');
  return at != std::string_view::npos && at > 0 && word.find('.', at) != std::string_view::npos &&
         word.find('@', at + 1) == std::string_view::npos;
}

bool word_is_suspect(std::string_view word, Suspect suspect) {
  while (!word.empty() && std::strchr("\"'.,;:()", word.front()) != nullptr) word.remove_prefix(1);
  while (!word.empty() && std::strchr("\"'.,;:()?!", word.back()) != nullptr && !is_rare(word.back())) {
    word.remove_suffix(1);
  }
  const bool has_address = word.find("://") != std::string_view::npos || is_mail_address(word);
  if (word.size() < password_chars_min || has_address) return false;
  const bool letters = std::any_of(word.begin(), word.end(), [](char c) { return is_lower(c) || is_upper(c); });
  const bool digits = std::any_of(word.begin(), word.end(), is_digit);
  const bool rare = std::any_of(word.begin(), word.end(), is_rare);
  if (letters && digits && rare) return true;
  if (suspect != Suspect::mixed) return false;
  const bool both = std::any_of(word.begin(), word.end(), is_lower) && std::any_of(word.begin(), word.end(), is_upper);
  return both && digits;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool seems_secret(std::string_view text, Suspect suspect) {
  if (names_secret(fold_vietnamese(text))) return true;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && is_space(text[at])) ++at;
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    if (end > at && word_is_suspect(text.substr(at, end - at), suspect)) return true;
    at = end;
  }
  return false;
}

Result<std::string> clean_text(std::string_view text, const TextRule& rule) {
  const std::string field(rule.field);
  if (text.size() > rule.bytes_max || !is_utf8(text)) return Error(text_invalid, field);
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  const std::size_t first = out.find_first_not_of(' ');
  if (first == std::string::npos) {
    return rule.may_be_empty ? Result<std::string>(std::string()) : Error(text_invalid, field);
  }
  out = out.substr(first, out.find_last_not_of(' ') - first + 1);
  if (seems_secret(out, rule.suspect)) return Error(holds_secret, field);
  return out;
}

std::optional<std::string> plain_address(std::string_view text) {
  const std::string given(text);
  const int family = given.find(':') == std::string::npos ? AF_INET : AF_INET6;
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(family, given.c_str(), bytes.data()) != 1) return std::nullopt;
  std::array<char, INET6_ADDRSTRLEN> out{};
  if (inet_ntop(family, bytes.data(), out.data(), out.size()) == nullptr) return std::nullopt;
  return std::string(out.data());
}

std::optional<std::string> plain_mac(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c == ':' || c == '-' || c == '.') continue;
    if (hex_value(c) < 0) return std::nullopt;
    digits += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (digits.size() != 12) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) out += (i == 0 ? "" : ":") + digits.substr(i, 2);
  return out;
}

json::value time_json(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::value day_json(const std::optional<Day>& day) {
  return day ? json::value(to_iso(*day)) : json::value(nullptr);
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::int64_t number_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr || !found->is_number()) return 0;
  boost::system::error_code error;
  const auto number = found->to_number<std::int64_t>(error);
  return error ? 0 : number;
}

Result<std::optional<Day>> day_at(const json::object& object, std::string_view key) {
  const std::string text = text_at(object, key);
  if (text.empty()) return std::optional<Day>();
  const auto day = day_from_iso(text);
  if (!day) return Error(text_invalid, std::string(key));
  return std::optional(*day);
}

}  // namespace luy::premises
