// smb.conf(5): blanks and case in names do not count; the later of two values wins; "include" is read where it stands.
#include <map>

#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

constexpr const char* main_file = "/etc/samba/smb.conf";

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : lower(name)) {
    if (c != ' ' && c != '\t') out += c;
  }
  return out;
}

using Section = std::map<std::string, Value>;

class Smb {
 public:
  explicit Smb(Machine& machine) : machine_(machine) {}

  Result<bool> read(const std::string& path, int depth) {
    // A name with a macro differs with every client: what it says is not known here.
    if (depth > include_depth_max || path.find('%') != std::string::npos) return Error(unreadable, path);
    LUY_TRY(const auto text, machine_.file(path));
    if (!text) return false;
    std::string pending;
    std::int64_t begun = 0;
    for (const Line& line : lines_of(*text, "#;")) {
      if (pending.empty()) begun = line.number;
      pending += line.text;
      if (pending.ends_with('\\')) {
        pending.pop_back();
        continue;
      }
      const std::string whole = std::move(pending);
      pending.clear();
      if (whole.starts_with('[')) {
        section_ = folded(std::string_view(whole).substr(1, whole.find(']') - 1));
        sections_[section_];
        continue;
      }
      const auto equals = whole.find('=');
      if (equals == std::string::npos) continue;
      const std::string name = folded(std::string_view(whole).substr(0, equals));
      const std::string value = unquoted(trim(std::string_view(whole).substr(equals + 1)));
      if (name == "include" && !value.empty()) {
        LUY_TRY_VOID(read(value, depth + 1));
      } else {
        sections_[section_].insert_or_assign(name, Value{value, path, begun});
      }
    }
    return true;
  }

  const std::map<std::string, Section>& sections() const { return sections_; }

 private:
  Machine& machine_;
  std::string section_ = "global";
  std::map<std::string, Section> sections_;
};

const Value* find(const Section& section, const Reading& reading) {
  const auto found = section.find(folded(reading.key));
  if (found != section.end()) return &found->second;
  for (const std::string& name : reading.also) {
    const auto other = section.find(folded(name));
    if (other != section.end()) return &other->second;
  }
  return nullptr;
}

}  // namespace

Result<Answer> read_samba(const Reading& reading, Machine& machine) {
  Smb smb(machine);
  LUY_TRY(const bool is_there, smb.read(main_file, 0));
  if (!is_there) return not_applicable("no_file");
  const auto global = smb.sections().find("global");
  const Value* value = global == smb.sections().end() ? nullptr : find(global->second, reading);
  Answer out;
  if (value != nullptr) {
    out.values.push_back(*value);
  } else if (reading.fallback) {
    out.values.push_back({*reading.fallback, {}, 0});
  }
  return out;
}

// Of every share its own value, else what [global] says for all.
Result<Answer> read_samba_shares(const Reading& reading, Machine& machine) {
  Smb smb(machine);
  LUY_TRY(const bool is_there, smb.read(main_file, 0));
  if (!is_there) return not_applicable("no_file");
  const auto global = smb.sections().find("global");
  const Value* for_all = global == smb.sections().end() ? nullptr : find(global->second, reading);
  Answer out;
  for (const auto& [name, section] : smb.sections()) {
    if (name == "global") continue;
    const Value* own = find(section, reading);
    if (own == nullptr) own = for_all;
    if (own != nullptr) {
      out.values.push_back(*own);
    } else if (reading.fallback) {
      out.values.push_back({*reading.fallback, main_file, 0});
    }
  }
  return out;
}

}  // namespace luy::hardening
