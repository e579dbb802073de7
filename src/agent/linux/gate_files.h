// What the agent and luy-agent-gate tell each other, as files in DIR/software: docs/format/software-list.md. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "device_policy/software.h"
#include "fact/fact.h"

namespace luy::agent {

inline constexpr std::size_t gate_wanted_bytes_max = 256 << 10;
inline constexpr std::size_t gate_state_bytes_max = 1 << 20;
// The gate says how it stands every few seconds; what is older than this nobody stands behind any more.
inline constexpr Duration gate_state_age_max = std::chrono::minutes(1);

// The policy's section as the agent hands it over.
struct GateWanted {
  device_policy::Software section;
};
std::string to_text(const GateWanted& wanted);
std::optional<GateWanted> read_gate_wanted(std::string_view text);

struct GateState {
  Time at;
  std::string install = "off";  // As fact::SoftwareGate.
  std::string execute = "off";
  std::string because;  // Why a gate is not as wanted; a word, may be empty.
  std::int64_t trusted = 0;
  fact::Removable media;
};
std::string to_text(const GateState& state);
std::optional<GateState> read_gate_state(std::string_view text);

}  // namespace luy::agent
