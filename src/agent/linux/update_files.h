// What the agent and luy-agent-gate tell each other about releases of luy-agent, as files in DIR/release:
// "files/<SHA-256>" (a package, fetched and verified), "wanted" (the hub's answer: install it), "state" (what became of
// it), "reported" (which version the hub last answered). docs/format/release.md. Pure, but for what names a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace luy::agent {

inline constexpr std::size_t update_text_bytes_max = 32 << 10;
inline constexpr std::size_t update_why_bytes_max = 1000;
// Of the program that installs: only root can write there, also where it is root without its powers as the agent is.
inline constexpr std::string_view update_folder = "/var/lib/luy-agent-update";

inline std::filesystem::path release_folder(const std::filesystem::path& data) {
  return data / "release";
}

struct UpdateState {
  std::string of;      // SHA-256 of the text of "wanted" that this is about.
  Time at{};           // When it was found out.
  std::string result;  // "installing", "installed", "rolled_back", "refused", "waiting" (it is tried again), "failed".
  std::string from;    // Version that was installed before; may be empty.
  std::string to;      // The same, wanted.
  std::string code;    // Name of an ErrorKind; empty when installed.
  std::string why;     // English, of one line.
  bool operator==(const UpdateState&) const = default;
  bool ended() const { return result != "waiting" && result != "installing"; }
};
// Texts are cut and brought into one line.
std::string to_text(const UpdateState& state);
std::optional<UpdateState> read_update_state(std::string_view text);

// How far an update is, so that it goes on after a crash or a power cut.
struct UpdateJournal {
  enum class Phase : std::uint8_t { installing, watching, rolling_back };
  std::string of;
  std::string from;
  std::string to;
  Phase phase = Phase::installing;
  std::int64_t starts = 1;  // Of the phase.
  std::string code;         // Why it is rolled back.
  std::string why;
  std::int64_t patience_seconds = 0;
  bool operator==(const UpdateJournal&) const = default;
};
std::string to_text(const UpdateJournal& journal);
std::optional<UpdateJournal> read_update_journal(std::string_view text);

}  // namespace luy::agent
