// The section "software": what becomes of programs that nobody approved when somebody installs or runs them, and of
// storage that is plugged in. docs/format/device-policy.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "device_policy/antivirus.h"

namespace luy::device_policy {

inline constexpr std::size_t programs_max = 200;
inline constexpr std::size_t media_max = 200;
inline constexpr std::size_t program_name_bytes_max = 200;
inline constexpr std::size_t serial_bytes_max = 200;
inline constexpr std::size_t contact_bytes_max = 300;

// Each stricter than the one before.
enum class InstallGate : std::uint8_t { off, watch, refuse };
enum class ExecuteGate : std::uint8_t { off, audit, deny };
enum class RemovableGate : std::uint8_t { off, watch, refuse };
std::string_view name_of(InstallGate gate);
std::string_view name_of(ExecuteGate gate);
std::string_view name_of(RemovableGate gate);

// A program that may run although no package brought it.
struct TrustedProgram {
  std::string name;    // For people.
  std::string sha256;  // Of its content, lower-case hexadecimal.
  bool operator==(const TrustedProgram&) const = default;
};

struct Software {
  InstallGate install = InstallGate::off;
  ExecuteGate execute = ExecuteGate::off;
  RemovableGate removable = RemovableGate::off;
  std::string contact;  // Whom a person is told to ask; one line, may be empty.
  std::vector<TrustedProgram> programs;
  std::vector<std::string> media;  // Serial numbers of storage that may be plugged in.
  bool operator==(const Software&) const = default;
};

// As it stands in documents: fields in a fixed sequence.
std::string to_json(const Software& section);
struct ReadSoftware {
  Software section;
  std::vector<std::string> unknown;  // Names of fields that were skipped.
};
// Errors: malformed, naming the field ("software.install").
Result<ReadSoftware> read_software(std::string_view json);
// See SectionKind.
std::vector<std::string> weakened(const Software& before, const Software& after);

}  // namespace luy::device_policy
