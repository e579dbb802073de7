#include "device_policy/policy.h"

#include <simdjson.h>

#include <array>

#include "base/check.h"
#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"

namespace luy::device_policy {
namespace {

using simdjson::dom::object;

constexpr std::size_t depth_max = 12;

constexpr std::array<SectionKind, 3> kinds = {{
    {"antivirus",
     [](std::string_view json) -> Result<std::string> {
       LUY_TRY(const ReadAntivirus read, read_antivirus(json));
       if (!read.unknown.empty()) return Error(malformed, "antivirus." + read.unknown.front());
       return to_json(read.section);
     },
     [](std::string_view before, std::string_view after) {
       return weakened(read_antivirus(before).value().section, read_antivirus(after).value().section);
     }},
    {"software",
     [](std::string_view json) -> Result<std::string> {
       LUY_TRY(const ReadSoftware read, read_software(json));
       if (!read.unknown.empty()) return Error(malformed, "software." + read.unknown.front());
       return to_json(read.section);
     },
     [](std::string_view before, std::string_view after) {
       return weakened(read_software(before).value().section, read_software(after).value().section);
     }},
    {"backup",
     [](std::string_view json) -> Result<std::string> {
       LUY_TRY(const ReadBackup read, read_backup(json));
       if (!read.unknown.empty()) return Error(malformed, "backup." + read.unknown.front());
       return to_json(read.section);
     },
     [](std::string_view before, std::string_view after) {
       return weakened(read_backup(before).value().section, read_backup(after).value().section);
     }},
}};

void note_unknown(Policy& policy, std::string_view name) {
  if (policy.unknown.size() >= unknown_max) return;
  std::string_view cut = name.substr(0, unknown_bytes_max);
  while (!is_utf8(cut)) cut.remove_suffix(1);
  policy.unknown.emplace_back(cut);
}

// The parser must outlive what is read of it.
bool parse(simdjson::dom::parser& parser, std::string_view json, object& out) {
  return json.size() <= document_bytes_max && parser.allocate(document_bytes_max, depth_max) == simdjson::SUCCESS &&
         parser.parse(json.data(), json.size(), true).get(out) == simdjson::SUCCESS;
}

}  // namespace

std::span<const SectionKind> section_kinds() {
  return kinds;
}

const SectionKind* section_kind(std::string_view name) {
  for (const SectionKind& kind : kinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::string to_document(std::string_view device, std::int64_t version, Time issued_at,
                        const std::map<std::string, std::string>& sections) {
  LUY_CHECK(is_id_text(device) && version >= 1);
  std::string out = "{\"v\":1,\"device\":\"" + std::string(device) + "\",\"version\":" + std::to_string(version) +
                    ",\"issued_at\":\"" + to_rfc3339(issued_at) + "\",\"sections\":{";
  for (const auto& [name, json] : sections) {
    if (out.back() != '{') out += ',';
    append_json_text(out, name);
    out += ':' + json;
  }
  return out + "}}";
}

Result<Policy> read(std::string_view document) {
  simdjson::dom::parser parser(document_bytes_max);
  object root;
  if (!parse(parser, document, root)) return Error(malformed, "JSON");
  Policy policy;
  std::int64_t form = 0;
  std::string_view text;
  object sections;
  if (root["v"].get(form) != simdjson::SUCCESS || form != 1) return Error(malformed, "v");
  if (root["device"].get(text) != simdjson::SUCCESS || !is_id_text(text)) return Error(malformed, "device");
  policy.device = text;
  if (root["version"].get(policy.version) != simdjson::SUCCESS || policy.version < 1) {
    return Error(malformed, "version");
  }
  const auto at = root["issued_at"].get(text) == simdjson::SUCCESS ? from_rfc3339(text) : std::nullopt;
  if (!at) return Error(malformed, "issued_at");
  policy.issued_at = *at;
  if (root["sections"].get(sections) != simdjson::SUCCESS) return Error(malformed, "sections");
  for (const auto section : sections) {
    if (section.key == "software") {
      if (policy.software) return Error(malformed, "software");
      LUY_TRY(ReadSoftware one, read_software(simdjson::minify(section.value)));
      policy.software = std::move(one.section);
      for (const std::string& field : one.unknown) note_unknown(policy, "software." + field);
      continue;
    }
    if (section.key == "backup") {
      if (policy.backup) return Error(malformed, "backup");
      LUY_TRY(ReadBackup one, read_backup(simdjson::minify(section.value)));
      policy.backup = std::move(one.section);
      for (const std::string& field : one.unknown) note_unknown(policy, "backup." + field);
      continue;
    }
    if (section.key != "antivirus") {
      note_unknown(policy, section.key);
      continue;
    }
    if (policy.antivirus) return Error(malformed, "antivirus");
    LUY_TRY(ReadAntivirus one, read_antivirus(simdjson::minify(section.value)));
    policy.antivirus = std::move(one.section);
    for (const std::string& field : one.unknown) note_unknown(policy, "antivirus." + field);
  }
  return policy;
}

std::int64_t claimed_version(std::string_view document) {
  simdjson::dom::parser parser(document_bytes_max);
  object root;
  std::int64_t version = 0;
  if (!parse(parser, document, root) || root["version"].get(version) != simdjson::SUCCESS || version < 1) return 0;
  return version;
}

std::string signed_bytes(std::string_view document) {
  return std::string(signed_prefix) + std::string(document);
}

Result<Policy> accept(const SignedPolicy& given, const Guard& guard, const order::Verify& verify) {
  if (!verify(guard.key, signed_bytes(given.document), given.signature)) return Error(signature_wrong);
  LUY_TRY(Policy policy, read(given.document));
  if (policy.device != guard.device) return Error(not_for_this_device, policy.device);
  if (policy.version <= guard.held_version) {
    return Error(older, std::to_string(policy.version) + " ≤ " + std::to_string(guard.held_version));
  }
  return policy;
}

}  // namespace luy::device_policy
