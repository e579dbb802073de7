#include "fact/offline.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/hash.h"

namespace luy::fact {
namespace {

constexpr std::string_view signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view proof_head = "luy offline 1\n";
constexpr std::size_t summary_bytes = 12;
constexpr std::size_t proof_bytes = 10;
constexpr std::size_t line_signs = 6;
constexpr std::size_t code_signs = 16;
constexpr Day epoch{std::chrono::days(18262)};  // 2020-01-01.

std::optional<unsigned> value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'I' || c == 'L') c = '1';
  if (c == 'O') c = '0';
  const std::size_t at = signs.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

// Weighted by odd numbers modulo 32: each wrong sign changes it, and so does each swap of neighbours but of signs that
// differ by 16. `seed` differs by line, so that lines cannot change places.
unsigned check_of(const std::vector<unsigned>& values, unsigned seed) {
  unsigned sum = seed;
  for (std::size_t i = 0; i < values.size(); ++i) sum += static_cast<unsigned>(2 * i + 1) * values[i];
  return sum % 32;
}

std::vector<unsigned> to_values(std::span<const std::uint8_t> bytes) {
  std::vector<unsigned> out;
  unsigned held = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = held << 8 | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out.push_back(held >> bits & 31);
    }
    held &= (1U << bits) - 1;
  }
  if (bits > 0) out.push_back(held << (5 - bits) & 31);
  return out;
}

std::vector<std::uint8_t> to_bytes(const std::vector<unsigned>& values, std::size_t count) {
  std::vector<std::uint8_t> out;
  unsigned held = 0;
  int bits = 0;
  for (const unsigned value : values) {
    held = held << 5 | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<std::uint8_t>(held >> bits & 0xFF));
    }
    held &= (1U << bits) - 1;
  }
  out.resize(count);
  return out;
}

// Of what people type: without blanks, dashes and line ends. nullopt where a sign is none.
std::optional<std::vector<unsigned>> typed(std::string_view text) {
  std::vector<unsigned> out;
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '\n' || c == '\r' || c == '\t') continue;
    const auto value = value_of(c);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

std::array<std::uint8_t, proof_bytes> proof_of(std::span<const std::uint8_t> summary, const OfflineCode& code) {
  std::string message(proof_head);
  message.append(reinterpret_cast<const char*>(summary.data()), summary.size());
  const Hash hash = hmac_sha256(std::string_view(reinterpret_cast<const char*>(code.data()), code.size()), message);
  std::array<std::uint8_t, proof_bytes> out{};
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

std::array<std::uint8_t, summary_bytes> bytes_of(const OfflineSummary& s) {
  const auto day = static_cast<unsigned>(std::clamp<std::int64_t>((s.day - epoch).count(), 0, 0xFFFF));
  const unsigned bits = (s.network_up ? 1U : 0U) | (s.address_set ? 2U : 0U) | (s.wireless ? 4U : 0U) |
                        (s.accounts_unknown ? 8U : 0U) | (s.antivirus_present ? 16U : 0U) |
                        (s.antivirus_running ? 32U : 0U) | (s.disks_unknown ? 64U : 0U);
  return {1,
          static_cast<std::uint8_t>(day >> 8),
          static_cast<std::uint8_t>(day & 0xFF),
          static_cast<std::uint8_t>(bits),
          s.volumes,
          s.open_volumes,
          s.logins,
          s.logins_without_password,
          s.signature_days,
          s.serial[0],
          s.serial[1],
          s.serial[2]};
}

OfflineSummary summary_of(std::span<const std::uint8_t> bytes) {
  OfflineSummary s;
  s.day = epoch + std::chrono::days(bytes[1] << 8 | bytes[2]);
  const unsigned bits = bytes[3];
  s.network_up = (bits & 1U) != 0;
  s.address_set = (bits & 2U) != 0;
  s.wireless = (bits & 4U) != 0;
  s.accounts_unknown = (bits & 8U) != 0;
  s.antivirus_present = (bits & 16U) != 0;
  s.antivirus_running = (bits & 32U) != 0;
  s.disks_unknown = (bits & 64U) != 0;
  s.volumes = bytes[4];
  s.open_volumes = bytes[5];
  s.logins = bytes[6];
  s.logins_without_password = bytes[7];
  s.signature_days = bytes[8];
  std::copy_n(bytes.begin() + 9, s.serial.size(), s.serial.begin());
  return s;
}

// The signs of the report without those that check. Errors: offline_line_wrong.
Result<std::vector<unsigned>> checked_lines(std::string_view text) {
  const auto all = typed(text);
  std::vector<unsigned> out;
  for (std::size_t line = 0; line < offline_lines; ++line) {
    const std::size_t at = line * (line_signs + 1);
    if (!all || all->size() < at + line_signs + 1) return Error(offline_line_wrong, std::to_string(line + 1));
    const auto begin = all->begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<unsigned> values(begin, begin + line_signs);
    if (check_of(values, static_cast<unsigned>(line) + 1) != (*all)[at + line_signs]) {
      return Error(offline_line_wrong, std::to_string(line + 1));
    }
    out.insert(out.end(), values.begin(), values.end());
  }
  if (all->size() != offline_lines * (line_signs + 1)) return Error(offline_line_wrong, std::to_string(offline_lines));
  return out;
}

}  // namespace

std::string code_text(const OfflineCode& code) {
  const std::vector<unsigned> values = to_values(code);
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += signs[values[i]];
  }
  return out + '-' + signs[check_of(values, 0)];
}

Result<OfflineCode> parse_code(std::string_view text) {
  auto values = typed(text);
  if (!values) return Error(offline_code_wrong, "ký tự lạ", "a sign that codes do not have");
  if (values->size() != code_signs + 1) return Error(offline_code_wrong, "thiếu hoặc thừa ký tự", "its length");
  const unsigned check = values->back();
  values->pop_back();
  if (check_of(*values, 0) != check) return Error(offline_code_wrong, "gõ nhầm", "mistyped");
  const std::vector<std::uint8_t> bytes = to_bytes(*values, OfflineCode().size());
  OfflineCode out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

std::array<std::uint8_t, 3> serial_mark(std::string_view serial) {
  if (serial.empty()) return {};
  const Hash hash = sha256(serial);
  return {hash[0], hash[1], hash[2]};
}

std::string report_text(const OfflineSummary& summary, const OfflineCode& code) {
  const auto head = bytes_of(summary);
  const auto proof = proof_of(head, code);
  std::vector<std::uint8_t> bytes(head.begin(), head.end());
  bytes.insert(bytes.end(), proof.begin(), proof.end());
  std::vector<unsigned> values = to_values(bytes);
  values.resize(offline_lines * line_signs);
  std::string out;
  for (std::size_t line = 0; line < offline_lines; ++line) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(line * line_signs);
    const std::vector<unsigned> part(begin, begin + line_signs);
    if (line > 0) out += '\n';
    for (const unsigned value : part) out += signs[value];
    out += signs[check_of(part, static_cast<unsigned>(line) + 1)];
  }
  return out;
}

Result<void> check_lines(std::string_view text) {
  const auto checked = checked_lines(text);
  return checked ? Result<void>() : Result<void>(checked.error());
}

Result<OfflineSummary> parse_report(std::string_view text, const OfflineCode& code) {
  LUY_TRY(const std::vector<unsigned> values, checked_lines(text));
  const std::vector<std::uint8_t> bytes = to_bytes(values, summary_bytes + proof_bytes);
  const std::span<const std::uint8_t> head(bytes.data(), summary_bytes);
  const auto proof = proof_of(head, code);
  const bool fits = std::equal(proof.begin(), proof.end(), bytes.begin() + static_cast<std::ptrdiff_t>(summary_bytes));
  if (!fits || head[0] != 1) return Error(offline_not_proved);
  return summary_of(head);
}

}  // namespace luy::fact
