#include "hardening/load.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/check.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "hardening/readers/text.h"
#include "regulation/load.h"
#include "regulation/map_reader.h"

namespace luy::hardening {
namespace {

using regulation::Faults;
using regulation::MapReader;
using regulation::YamlNode;

// What one reader needs and may have besides `reader` and `default`.
struct Shape {
  Reader reader;
  std::vector<std::string_view> needs;
  std::vector<std::string_view> may{};
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      {Reader::sshd, {"key"}, {"also", "default"}},
      {Reader::sysctl, {"key"}},
      {Reader::login_defs, {"key"}, {"default"}},
      {Reader::pam, {"service", "type", "module"}, {"key", "default"}},
      {Reader::pwquality, {"key"}, {"default"}},
      {Reader::faillock, {"key"}, {"default"}},
      {Reader::mount, {"key"}},
      {Reader::file, {"key"}},
      {Reader::unit, {"key"}, {"also"}},
      {Reader::package, {"key"}, {"also"}},
      {Reader::systemd_conf, {"key", "file", "sections"}, {"default"}},
      {Reader::apt, {"key"}, {"also", "default"}},
      {Reader::sudoers, {"key"}, {"default"}},
      {Reader::accounts, {"key"}, {"limit"}},
      {Reader::module, {"key"}},
      {Reader::nginx, {"key"}, {"default"}},
      {Reader::postgres, {"key"}, {"default"}},
      {Reader::pg_hba, {"key"}},
      {Reader::samba, {"key"}, {"also", "default"}},
      {Reader::samba_shares, {"key"}, {"also", "default"}},
      {Reader::ini, {"key", "file", "sections"}, {"also", "default"}},
      {Reader::words, {"key", "file"}, {"also", "folder", "default", "hidden"}},
  };
  return all;
}

// Of readers whose key is one of a few questions.
const std::map<Reader, std::vector<std::string_view>>& questions() {
  static const std::map<Reader, std::vector<std::string_view>> all = {
      {Reader::accounts,
       {"uid_zero", "unshadowed", "plus_entry", "group_missing", "system_shell", "open_home", "duplicate_uid",
        "duplicate_name", "duplicate_gid", "empty_password", "weak_hash", "no_maximum_age", "old_password",
        "future_change", "no_inactive_lock", "no_warning"}},
      {Reader::pg_hba, {"address", "method"}},
  };
  return all;
}
constexpr std::array<std::string_view, 4> needs_limit = {"no_maximum_age", "old_password", "no_inactive_lock",
                                                         "no_warning"};

template <class List>
bool is_in(std::string_view word, const List& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string> texts(MapReader& reader, std::string_view key, Faults& faults) {
  std::vector<std::string> out;
  if (!reader.has(key)) return out;
  for (const YamlNode& item : reader.list(key)) {
    if (item.kind != YamlNode::Kind::scalar || item.scalar.empty()) faults.add(regulation::wrong_type, item, key);
    out.push_back(item.scalar);
  }
  if (out.empty()) faults.add(regulation::bad_value, reader.at(key), key);
  return out;
}

std::optional<std::int64_t> number(MapReader& reader, std::string_view key) {
  const auto written = reader.optional_text(key);
  if (!written) return std::nullopt;
  const auto value = number_of(*written);
  if (!value) reader.fault(regulation::bad_value, key, *written);
  return value;
}

std::optional<std::uint32_t> bits(MapReader& reader, std::string_view key) {
  const auto written = reader.optional_text(key);
  if (!written) return std::nullopt;
  const auto value = number_of(*written, 8);
  if (!value || *value < 0 || *value > 07777) {
    reader.fault(regulation::bad_value, key, *written);
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*value);
}

bool truth(MapReader& reader, std::string_view key) {
  const auto written = reader.optional_text(key);
  if (written && *written != "yes" && *written != "no") {
    reader.fault(regulation::bad_value, key, regulation::with_choices(*written, {"yes", "no"}));
  }
  return written && *written == "yes";
}

std::vector<std::string_view> reader_names() {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < reader_count; ++i) out.push_back(name_of(static_cast<Reader>(i)));
  return out;
}

Reading read_reading(const YamlNode& node, Faults& faults) {
  Reading out;
  MapReader reader(node, faults,
                   {"reader", "key", "also", "file", "folder", "sections", "service", "type", "module", "limit",
                    "default", "hidden"});
  const std::string written = reader.text("reader");
  const auto which = reader_from_name(written);
  if (!which) {
    reader.fault(regulation::unknown_name, "reader", regulation::with_choices(written, reader_names()));
    return out;
  }
  out.reader = *which;
  const auto shape =
      std::find_if(shapes().begin(), shapes().end(), [&](const Shape& one) { return one.reader == *which; });
  for (const YamlNode& key : node.keys) {
    const bool fits_reader = key.scalar == "reader" || is_in(key.scalar, shape->needs) || is_in(key.scalar, shape->may);
    if (!fits_reader) faults.add(regulation::unknown_key, key, key.scalar + ": " + written);
  }
  for (const std::string_view key : shape->needs) {
    if (!reader.has(key)) faults.add(regulation::missing_key, node, key);
  }
  out.key = reader.optional_text("key").value_or("");
  out.also = texts(reader, "also", faults);
  out.file = reader.optional_text("file").value_or("");
  out.folder = reader.optional_text("folder").value_or("");
  out.sections = texts(reader, "sections", faults);
  out.service = reader.optional_text("service").value_or("");
  out.type = reader.optional_text("type").value_or("");
  out.module = reader.optional_text("module").value_or("");
  out.limit = number(reader, "limit");
  out.fallback = reader.optional_text("default");
  out.hidden = truth(reader, "hidden");
  for (const std::string_view key : {"file", "folder"}) {
    if (reader.has(key) && !reader.text(key).starts_with('/')) reader.fault(regulation::bad_value, key, "/…");
  }
  if (*which == Reader::file && !out.key.starts_with('/')) reader.fault(regulation::bad_value, "key", "/…");
  if (const auto asked = questions().find(*which); asked != questions().end()) {
    const auto& choices = asked->second;
    if (std::find(choices.begin(), choices.end(), out.key) == choices.end()) {
      reader.fault(regulation::unknown_name, "key", regulation::with_choices(out.key, choices));
    }
    if (is_in(out.key, needs_limit) != out.limit.has_value()) reader.fault(regulation::missing_key, "key", "limit");
  }
  return out;
}

Rule read_rule(const YamlNode& node, Reader which, Faults& faults) {
  Rule out;
  MapReader reader(node, faults,
                   {"is", "is_not", "at_least", "at_most", "time", "words_within", "words_with", "words_without",
                    "mask_covers", "mode_within", "owners", "groups", "present"});
  out.is = texts(reader, "is", faults);
  out.is_not = texts(reader, "is_not", faults);
  out.at_least = number(reader, "at_least");
  out.at_most = number(reader, "at_most");
  out.time = truth(reader, "time");
  out.words_within = texts(reader, "words_within", faults);
  out.words_with = texts(reader, "words_with", faults);
  out.words_without = texts(reader, "words_without", faults);
  out.mask_covers = bits(reader, "mask_covers");
  out.mode_within = bits(reader, "mode_within");
  out.owners = texts(reader, "owners", faults);
  out.groups = texts(reader, "groups", faults);
  if (reader.has("present")) out.present = truth(reader, "present");
  const bool of_files = out.mode_within || !out.owners.empty() || !out.groups.empty();
  if (node.keys.empty() || (of_files != (which == Reader::file) && which == Reader::file)) {
    faults.add(regulation::missing_key, node,
               which == Reader::file ? "mode_within, owners, groups" : "is, at_least, …");
  }
  if (of_files && which != Reader::file) faults.add(regulation::unknown_key, node, "mode_within, owners, groups");
  if (out.time && !out.at_least && !out.at_most) faults.add(regulation::missing_key, node, "at_least, at_most");
  return out;
}

Check read_check(const YamlNode& node, Group group, Faults& faults) {
  Check out;
  out.group = group;
  MapReader reader(
      node, faults,
      {"id", "severity", "title", "why", "read", "right", "absent", "applies", "mend", "references", "obligations"});
  out.id = reader.text("id");
  if (!regulation::is_slug(out.id)) reader.fault(regulation::bad_value, "id", out.id);
  out.severity = reader.name<Severity>("severity", severity_from_name, severity_count);
  out.title = reader.both("title");
  out.why = reader.both("why");
  out.reading = read_reading(reader.map("read"), faults);
  out.rule = read_rule(reader.map("right"), out.reading.reader, faults);
  out.mend = reader.text("mend");
  out.references = texts(reader, "references", faults);
  out.obligations = texts(reader, "obligations", faults);
  if (reader.has("absent")) {
    out.absent = reader.name<State>("absent", state_from_name, state_count);
    if (out.absent == State::unknown) reader.fault(regulation::bad_value, "absent", "unknown");
  } else if (!out.reading.fallback) {
    faults.add(regulation::missing_key, node, "absent");
  }
  if (reader.has("applies")) {
    MapReader applies(reader.map("applies"), faults, {"packages", "systems", "classes"});
    out.packages = texts(applies, "packages", faults);
    out.systems = texts(applies, "systems", faults);
    out.classes = texts(applies, "classes", faults);
    for (const std::string& name : out.classes) {
      const std::vector<std::string_view> known = {"server", "workstation", "mobile", "storage"};
      if (!is_in(name, known)) {
        applies.fault(regulation::unknown_name, "classes", regulation::with_choices(name, known));
      }
    }
  }
  return out;
}

Error in_file(const Error& inner) {
  const std::string_view name = inner.name();
  return Error(bad_checks, inner.detail() + " (" + std::string(name.substr(name.find('.') + 1)) + ")");
}

Result<void> load_file(const CheckFile& file, Catalogue& out) {
  const auto root = regulation::parse_yaml(file.name, file.bytes);
  if (!root) return in_file(root.error());
  Faults faults{std::string(file.name)};
  MapReader reader(*root, faults, {"group", "checks"});
  const auto group = reader.name<Group>("group", group_from_name, group_count);
  for (const YamlNode& node : reader.list("checks")) {
    Check check = read_check(node, group, faults);
    if (out.find(check.id) != nullptr) faults.add(regulation::duplicate, node, check.id);
    out.checks.push_back(std::move(check));
    if (out.checks.size() > checks_max) faults.add(regulation::over_limit, node, std::to_string(checks_max));
    if (faults.first()) break;
  }
  if (faults.first()) return in_file(*faults.first());
  return {};
}

}  // namespace

Result<Catalogue> load_checks(std::span<const CheckFile> files) {
  Catalogue out;
  std::string all;
  for (const CheckFile& file : files) {
    LUY_TRY_VOID(load_file(file, out));
    all.append(file.name).append("\n").append(file.bytes);
  }
  constexpr std::size_t digits = 16;
  out.digest = to_hex(sha256(all)).substr(0, digits);
  return out;
}

const Catalogue& builtin_checks() {
  static const Catalogue catalogue = [] {
    auto loaded = load_checks(builtin_files());
    return std::move(loaded.value());
  }();
  return catalogue;
}

}  // namespace luy::hardening
