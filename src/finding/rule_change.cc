// What a change of rules would take away, and packages, which change most.
#include <algorithm>
#include <map>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "detect/error.h"
#include "detect/package.h"
#include "finding/rule_book.h"
#include "finding/store/rule_tables.h"

namespace luy::finding {
namespace {

constexpr std::string_view package_ending = ".tar";

std::set<std::string> ids_of(const Library& library, Origin origin) {
  std::set<std::string> out;
  for (const RuleInfo& rule : library.rules) {
    if (rule.origin == origin) out.insert(rule.id);
  }
  return out;
}

// The package that a stored file belongs to; empty: the unnamed one.
std::string_view package_of(std::string_view file) {
  if (!file.starts_with('@')) return {};
  return file.substr(1, std::min(file.find('/'), file.size()) - 1);
}

}  // namespace

bool RuleBook::exception_takes_two(const RuleInfo& rule) const {
  if (takes_two(rule)) return true;
  const SnapshotPointer now = snapshot();
  std::set<std::string> parts;
  for (const auto& [id, logsource] : rule.sources()) parts.insert(id);
  return std::any_of(now->library->rules.begin(), now->library->rules.end(), [&](const RuleInfo& other) {
    if (!takes_two(other) || !enabled_in(*now, other)) return false;
    const auto sources = other.sources();
    return std::any_of(sources.begin(), sources.end(), [&](const auto& one) { return parts.contains(one.first); });
  });
}

RuleBook::Lessened RuleBook::lessened(const Snapshot& before, const Library& after,
                                      const std::vector<Origin>& origins) {
  Lessened out;
  for (const RuleInfo& rule : before.library->rules) {
    if (!takes_two(rule) || !enabled_in(before, rule)) continue;
    if (std::find(origins.begin(), origins.end(), rule.origin) == origins.end()) continue;
    const RuleInfo* then = after.find(rule.id);
    const bool as_good = then != nullptr && then->severity >= rule.severity && then->meaning == rule.meaning &&
                         enabled_in(before, *then);
    if (!as_good) out.push_back(rule.id);
  }
  return out;
}

Result<RuleBook::Saving> RuleBook::saving(const std::string& yaml) const {
  const SnapshotPointer now = snapshot();
  Saving out;
  LUY_TRY(out.id, check_local(*now, yaml));
  std::map<std::string, LocalRule> local = now->local;
  local[out.id].yaml = yaml;
  // What was imported neither refers to local rules nor is referred to by them.
  LUY_TRY(auto all, files(local, {}));
  const LibraryPointer after = make_library(std::move(all), d_.routing);
  if (const RuleInfo* rule = after->find(out.id)) out.severity = rule->severity;
  out.lessened = lessened(*now, *after, {Origin::own, Origin::local});
  return out;
}

Result<RuleBook::Lessened> RuleBook::lessened_by_removing(const std::string& rule) const {
  const SnapshotPointer now = snapshot();
  LUY_TRY(const auto together, local_rules_with(*now->library, rule));
  std::map<std::string, LocalRule> local = now->local;
  std::erase_if(local, [&](const auto& one) { return local_file(one.first) == together.front()->file; });
  LUY_TRY(auto all, files(local, {}));
  return lessened(*now, *make_library(std::move(all), d_.routing), {Origin::own, Origin::local});
}

Result<std::filesystem::path> RuleBook::kept_package(const std::string& package) const {
  std::error_code error;
  std::filesystem::path path = d_.folder / package;
  if (package.find('/') != std::string::npos || !std::filesystem::exists(path, error)) return Error(rules_changed);
  return path;
}

Result<RuleBook::Lessened> RuleBook::lessened_by_adopting(const std::string& package) const {
  const SnapshotPointer now = snapshot();
  LUY_TRY_VOID(kept_package(package));
  {
    const std::lock_guard lock(mutex_);
    if (compared_.package == package && compared_.revision == now->revision) return compared_.lessened;
  }
  LUY_TRY(const auto imported, imported_files(package));
  LUY_TRY(auto all, files(now->local, imported));
  return lessened(*now, *make_library(std::move(all), d_.routing), {Origin::imported});
}

Result<void> RuleBook::check_current_in(records::Connection& c) const {
  LUY_TRY(const std::uint64_t current, tables::revision(c));
  if (current != revision()) return Error(rules_changed);
  return {};
}

RuleBook::Imported RuleBook::compare(const Snapshot& before, const Library& after, std::size_t files) const {
  Imported out;
  out.files = files;
  const std::set<std::string> old_ids = ids_of(*before.library, Origin::imported);
  const std::set<std::string> new_ids = ids_of(after, Origin::imported);
  out.rules = new_ids.size();
  for (const std::string& id : new_ids) out.fresh += old_ids.contains(id) ? 0 : 1;
  for (const std::string& id : old_ids) out.gone += new_ids.contains(id) ? 0 : 1;
  for (const RuleInfo& rule : after.rules) {
    if (rule.origin != Origin::imported) continue;
    out.on += enabled_in(before, rule) ? 1 : 0;
    out.unfed += rule.fed ? 0 : 1;
    out.waiting += fed(rule) == Fed::possible ? 1 : 0;
    if (rule.fed && enabled_in(before, rule) && !old_ids.contains(rule.id)) out.fresh_rules.push_back(rule.id);
  }
  for (const RefusedRule& one : after.refused) {
    if (one.origin == Origin::imported) out.refused.push_back(one.refusal);
  }
  out.lessened = lessened(before, after, {Origin::imported});
  return out;
}

// The files of a named package lie in a folder of that name behind "@"; those of the unnamed one do not.
Result<RuleBook::Together> RuleBook::together(const Snapshot& now, std::string_view package,
                                              const std::string& name) const {
  if (!detect::is_package_name(name)) return Error(package_name, name);
  LUY_TRY(auto brought, detect::unpack_rules(package));
  if (brought.empty() && !package.empty()) return Error(detect::bad_package, "0 .yml");
  LUY_TRY(auto kept, imported_files(now.package));
  Together out;
  out.brought = brought.size();
  const std::size_t before = kept.size();
  std::erase_if(kept, [&](const detect::RuleFile& file) { return package_of(file.name) == name; });
  if (package.empty() && kept.size() == before) return Error(package_unknown, name);
  for (detect::RuleFile& file : brought) {
    if (file.name.starts_with('@')) file.name.front() = '_';
    if (!name.empty()) file.name = "@" + name + "/" + file.name;
    kept.push_back(std::move(file));
  }
  if (kept.size() > detect::package_files_max) return Error(detect::over_limit, std::to_string(kept.size()));
  std::map<std::string, std::size_t> counts;
  for (const detect::RuleFile& file : kept) ++counts[std::string(package_of(file.name))];
  for (const auto& [one, files] : counts) out.packages.push_back({one, files});
  out.files = std::move(kept);
  return out;
}

Result<RuleBook::Imported> RuleBook::preview(std::string_view package, const std::string& name) const {
  const SnapshotPointer now = snapshot();
  LUY_TRY(Together would, together(*now, package, name));
  LUY_TRY(auto all, files(now->local, would.files));
  Imported out = compare(*now, *make_library(std::move(all), d_.routing), would.brought);
  out.packages = std::move(would.packages);
  return out;
}

// Packages that are neither in use nor kept. In a transaction, so that none of them is adopted at the same time.
Result<void> RuleBook::sweep_packages(const std::string& kept) const {
  return d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY(const std::string in_use, tables::package(c));
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(d_.folder, ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(package_ending) && name != in_use && name != kept) {
        std::filesystem::remove(entry.path(), ignored);
      }
    }
    return {};
  });
}

Result<RuleBook::Staged> RuleBook::stage(std::string_view package, const std::string& name) {
  const std::unique_lock alone(importing_, std::try_to_lock);
  if (!alone.owns_lock()) return Error(import_busy);
  const SnapshotPointer now = snapshot();
  LUY_TRY(Together would, together(*now, package, name));
  const std::string packed = detect::pack_rules(would.files);
  if (packed.size() > detect::package_bytes_max) return Error(detect::over_limit, std::to_string(packed.size()));
  LUY_TRY(auto all, files(now->local, would.files));
  Staged out;
  out.brings = compare(*now, *make_library(std::move(all), d_.routing), would.brought);
  out.brings.packages = std::move(would.packages);
  out.revision = now->revision;
  // Named by its content: the file is there before the records point at it, and the one before stays until then.
  out.package = to_hex(sha256(packed)) + std::string(package_ending);
  LUY_TRY_VOID(make_folder(d_.folder));
  LUY_TRY_VOID(write_file_durably(d_.folder / out.package, packed));
  LUY_TRY_VOID(sweep_packages(out.package));
  const std::lock_guard lock(mutex_);
  compared_ = {out.package, out.revision, out.brings.lessened};
  return out;
}

Result<void> RuleBook::adopt_in(records::Connection& c, const std::string& package, const std::string& by) const {
  LUY_TRY_VOID(kept_package(package));
  LUY_TRY_VOID(tables::set_package(c, package, by, d_.clock.now()));
  return tables::next_revision(c);
}

Result<void> RuleBook::adopt(const Staged& staged, const std::string& by, const InTransaction& also) {
  return change(
      [&](records::Connection& c) -> Result<void> {
        LUY_TRY(const std::uint64_t current, tables::revision(c));
        if (current != staged.revision) return Error(rules_changed);
        return adopt_in(c, staged.package, by);
      },
      also);
}

}  // namespace luy::finding
