// What the agent and luy-agent-gate tell each other about signature databases, as files in DIR/signatures:
// "files/<SHA-256>" (fetched and verified), "wanted" (all of it is there: install it), "state" (what became of it).
// docs/format/signatures.md. Pure, but for what names a folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "device_policy/antivirus.h"

namespace luy::agent {

inline constexpr std::size_t signature_text_bytes_max = 64 << 10;
// What the installer itself puts beside them: its only signature is of a text that says which set is loaded.
inline constexpr std::string_view mark_name = "luy-mark.hsb";
inline constexpr std::string_view own_prefix = "luy-";  // Of every list that is not ClamAV's own.

inline std::filesystem::path signature_folder(const std::filesystem::path& data) {
  return data / "signatures";
}

// Whether the installer may replace a file of this name in ClamAV's folder: ClamAV's own databases and lists of ours.
// The agent, which writes the names, has fewer rights than the installer.
bool is_signature_file(std::string_view name);

std::string wanted_text(const std::vector<device_policy::SignatureFile>& files);
std::optional<std::vector<device_policy::SignatureFile>> read_wanted(std::string_view text);

struct InstalledSignature {
  std::string name;
  std::string sha256;
  std::int64_t version = 0;      // By its head; 0: it has none.
  std::optional<Time> built_at;  // The same.
  // "installed", "newer_present" (freshclam brought a newer one), "rolled_back", "refused" (not what the name says).
  std::string outcome;
  bool operator==(const InstalledSignature&) const = default;
};
struct SignatureState {
  std::string of;      // SHA-256 of the text of "wanted" that this is about.
  Time at{};           // When it was found out.
  std::string result;  // "installed", "rolled_back", "waiting" (it is tried again), "failed".
  std::string why;     // Where it is not installed; English.
  std::vector<InstalledSignature> files;
};
std::string to_text(const SignatureState& state);
std::optional<SignatureState> read_signature_state(std::string_view text);

// ClamAV's own database, by its name: "daily" of "daily.cvd"; empty for any other file.
std::string_view official_base(std::string_view name);

struct DatabaseHead {
  std::int64_t version = 0;
  Time built_at{};
};
// Of a .cvd or .cld; nullopt when it is none.
std::optional<DatabaseHead> database_head(std::string_view first_bytes);
std::optional<DatabaseHead> head_of_file(const std::filesystem::path& file);

}  // namespace luy::agent
