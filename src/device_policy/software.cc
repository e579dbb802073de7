#include "device_policy/software.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/json.h"
#include "base/utf8.h"

namespace luy::device_policy {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t section_bytes_max = 96 << 10;
constexpr std::size_t depth_max = 8;
constexpr std::array<std::string_view, 3> install_names = {"off", "watch", "refuse"};
constexpr std::array<std::string_view, 3> execute_names = {"off", "audit", "deny"};
constexpr std::array<std::string_view, 3> removable_names = {"off", "watch", "refuse"};
constexpr std::array<std::string_view, 6> field_names = {"install", "execute",  "removable",
                                                         "contact", "programs", "media"};

// One line for a terminal: what moves the cursor or colours it is no name of anything.
bool is_line(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

template <class Gate>
std::optional<Gate> gate_of(const object& from, std::string_view key, std::span<const std::string_view> names) {
  std::string_view value;
  if (from[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), value);
  if (found == names.end()) return std::nullopt;
  return static_cast<Gate>(found - names.begin());
}

Error wrong(std::string_view field) {
  return Error(malformed, "software." + std::string(field));
}

Result<void> read_programs(const object& from, std::vector<TrustedProgram>& out) {
  array list;
  if (from["programs"].get(list) != simdjson::SUCCESS || list.size() > programs_max) return wrong("programs");
  for (const element one : list) {
    object program;
    std::string_view name;
    std::string_view sha256;
    if (one.get(program) != simdjson::SUCCESS || program["name"].get(name) != simdjson::SUCCESS ||
        program["sha256"].get(sha256) != simdjson::SUCCESS || name.empty() || !is_line(name, program_name_bytes_max) ||
        !is_sha256(sha256)) {
      return wrong("programs");
    }
    for (const TrustedProgram& before : out) {
      if (before.sha256 == sha256) return wrong("programs");
    }
    out.push_back({std::string(name), std::string(sha256)});
  }
  return {};
}

Result<void> read_media(const object& from, std::vector<std::string>& out) {
  array list;
  if (from["media"].get(list) != simdjson::SUCCESS || list.size() > media_max) return wrong("media");
  for (const element one : list) {
    std::string_view serial;
    if (one.get(serial) != simdjson::SUCCESS || serial.empty() || !is_line(serial, serial_bytes_max) ||
        std::find(out.begin(), out.end(), serial) != out.end()) {
      return wrong("media");
    }
    out.emplace_back(serial);
  }
  return {};
}

}  // namespace

std::string_view name_of(InstallGate gate) {
  return install_names.at(static_cast<std::size_t>(gate));
}
std::string_view name_of(ExecuteGate gate) {
  return execute_names.at(static_cast<std::size_t>(gate));
}
std::string_view name_of(RemovableGate gate) {
  return removable_names.at(static_cast<std::size_t>(gate));
}

std::string to_json(const Software& section) {
  std::string out = "{\"install\":\"" + std::string(name_of(section.install)) + "\",\"execute\":\"" +
                    std::string(name_of(section.execute)) + "\",\"removable\":\"" +
                    std::string(name_of(section.removable)) + "\",\"contact\":";
  append_json_text(out, section.contact);
  out += ",\"programs\":[";
  for (std::size_t i = 0; i < section.programs.size(); ++i) {
    out += i > 0 ? ",{\"name\":" : "{\"name\":";
    append_json_text(out, section.programs[i].name);
    out += ",\"sha256\":\"" + section.programs[i].sha256 + "\"}";
  }
  out += "],\"media\":[";
  for (std::size_t i = 0; i < section.media.size(); ++i) {
    if (i > 0) out += ',';
    append_json_text(out, section.media[i]);
  }
  return out + "]}";
}

Result<ReadSoftware> read_software(std::string_view json) {
  if (json.size() > section_bytes_max) return Error(malformed, "software");
  simdjson::dom::parser parser(section_bytes_max);
  object from;
  if (parser.allocate(section_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(from) != simdjson::SUCCESS) {
    return Error(malformed, "software");
  }
  ReadSoftware out;
  const auto install = gate_of<InstallGate>(from, "install", install_names);
  if (!install) return wrong("install");
  const auto execute = gate_of<ExecuteGate>(from, "execute", execute_names);
  if (!execute) return wrong("execute");
  const auto removable = gate_of<RemovableGate>(from, "removable", removable_names);
  if (!removable) return wrong("removable");
  std::string_view contact;
  if (from["contact"].get(contact) != simdjson::SUCCESS || !is_line(contact, contact_bytes_max)) {
    return wrong("contact");
  }
  out.section = {*install, *execute, *removable, std::string(contact), {}, {}};
  LUY_TRY_VOID(read_programs(from, out.section.programs));
  LUY_TRY_VOID(read_media(from, out.section.media));
  for (const auto field : from) {
    if (std::find(field_names.begin(), field_names.end(), field.key) == field_names.end()) {
      out.unknown.emplace_back(field.key);
    }
  }
  return out;
}

std::vector<std::string> weakened(const Software& before, const Software& after) {
  std::vector<std::string> out;
  if (after.install < before.install) out.emplace_back("install");
  if (after.execute < before.execute) out.emplace_back("execute");
  if (after.removable < before.removable) out.emplace_back("removable");
  const auto is_new = [&](const TrustedProgram& one) {
    return std::none_of(before.programs.begin(), before.programs.end(),
                        [&](const TrustedProgram& known) { return known.sha256 == one.sha256; });
  };
  if (std::any_of(after.programs.begin(), after.programs.end(), is_new)) out.emplace_back("programs");
  const auto is_foreign = [&](const std::string& one) {
    return std::find(before.media.begin(), before.media.end(), one) == before.media.end();
  };
  if (std::any_of(after.media.begin(), after.media.end(), is_foreign)) out.emplace_back("media");
  return out;
}

}  // namespace luy::device_policy
