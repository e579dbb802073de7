#include "agent/linux/gate_files.h"

#include <span>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

constexpr std::string_view wanted_heading = "luy-gate-wanted 1 ";
constexpr std::string_view state_heading = "luy-gate-state 1 ";

// Text in a line of its own, or beside others: hexadecimal, so that it ends nothing.
std::string coded(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return text.empty() ? "-" : to_hex(std::span(bytes, text.size()));
}
std::optional<std::string> decoded(std::string_view text) {
  return text == "-" ? std::optional(std::string()) : from_hex(text);
}

}  // namespace

std::string to_text(const GateWanted& wanted) {
  const std::string json = device_policy::to_json(wanted.section);
  return std::string(wanted_heading) + to_hex(sha256(json)) + '\n' + json;
}

std::optional<GateWanted> read_gate_wanted(std::string_view text) {
  const auto end = text.find('\n');
  if (!text.starts_with(wanted_heading) || end == std::string_view::npos) return std::nullopt;
  const std::string_view json = text.substr(end + 1);
  if (text.substr(wanted_heading.size(), end - wanted_heading.size()) != to_hex(sha256(json))) return std::nullopt;
  auto read = device_policy::read_software(json);
  if (!read) return std::nullopt;
  return GateWanted{std::move(read->section)};
}

std::string to_text(const GateState& state) {
  std::string out = std::string(state_heading) + to_rfc3339(state.at) + '\n' + state.install + ' ' + state.execute +
                    ' ' + coded(state.because) + ' ' + std::to_string(state.trusted) + ' ' + state.media.mode + '\n';
  for (const fact::RemovableDevice& one : state.media.devices) {
    out += coded(one.serial) + ' ' + coded(one.vendor) + ' ' + coded(one.model) + ' ' + std::to_string(one.bytes) +
           ' ' + (one.present ? '1' : '0') + ' ' + one.decision + ' ' + to_rfc3339(one.seen_at) + '\n';
  }
  return out;
}

std::optional<GateState> read_gate_state(std::string_view text) {
  const auto all = lines(text);
  if (all.size() < 2 || !all[0].starts_with(state_heading)) return std::nullopt;
  GateState out;
  const auto at = from_rfc3339(all[0].substr(state_heading.size()));
  const auto fields = words(all[1]);
  if (!at || fields.size() != 5) return std::nullopt;
  const auto because = decoded(fields[2]);
  const auto trusted = number(fields[3]);
  if (!because || !trusted) return std::nullopt;
  out.at = *at;
  out.install = fields[0];
  out.execute = fields[1];
  out.because = *because;
  out.trusted = *trusted;
  out.media.mode = fields[4];
  for (std::size_t i = 2; i < all.size(); ++i) {
    const auto parts = words(all[i]);
    if (parts.size() != 7) return std::nullopt;
    const auto serial = decoded(parts[0]);
    const auto vendor = decoded(parts[1]);
    const auto model = decoded(parts[2]);
    const auto bytes = number(parts[3]);
    const auto seen = from_rfc3339(parts[6]);
    if (!serial || !vendor || !model || !bytes || !seen) return std::nullopt;
    out.media.devices.push_back({*serial, *vendor, *model, *bytes, parts[4] == "1", std::string(parts[5]), *seen});
  }
  return out;
}

}  // namespace luy::agent
