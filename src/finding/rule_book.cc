#include "finding/rule_book.h"

#include <algorithm>

#include "base/file.h"
#include "detect/error.h"
#include "detect/package.h"
#include "detect/yaml.h"
#include "finding/store/rule_tables.h"

namespace luy::finding {

Result<std::unique_ptr<RuleBook>> RuleBook::open(Dependencies dependencies) {
  std::unique_ptr<RuleBook> book(new RuleBook(std::move(dependencies)));
  LUY_TRY_VOID(book->refresh());
  return book;
}

RuleBook::SnapshotPointer RuleBook::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

Result<std::vector<detect::RuleFile>> RuleBook::imported_files(const std::string& package) const {
  if (package.empty()) return std::vector<detect::RuleFile>();
  LUY_TRY(const std::string bytes, read_file(d_.folder / package, detect::package_bytes_max));
  return detect::unpack_rules(bytes);
}

Result<std::vector<detect::RuleFile>> RuleBook::files(const std::map<std::string, LocalRule>& local,
                                                      const std::vector<detect::RuleFile>& imported) const {
  std::vector<detect::RuleFile> out;
  for (const detect::RuleFile& file : d_.own) out.push_back({"own/" + file.name, file.bytes});
  for (const auto& [rule, text] : local) out.push_back({local_file(rule), text.yaml});
  for (const detect::RuleFile& file : imported) out.push_back({"imported/" + file.name, file.bytes});
  return out;
}

Result<void> RuleBook::refresh() {
  const std::lock_guard refreshing(refreshing_);
  const SnapshotPointer before = snapshot();
  auto after = std::make_shared<Snapshot>();
  bool same = false;
  const auto read = d_.database.read([&](records::Connection& c) -> Result<void> {
    LUY_TRY(after->revision, tables::revision(c));
    same = before && before->revision == after->revision;
    if (same) return {};
    LUY_TRY_VOID(tables::load_switches(c, after->switches));
    LUY_TRY_VOID(tables::load_exceptions(c, after->exceptions));
    LUY_TRY_VOID(tables::load_local(c, [&](const std::string& rule, std::uint64_t version, std::string yaml) {
      after->local[rule] = {version, std::move(yaml)};
    }));
    LUY_TRY(after->package, tables::package(c));
    return {};
  });
  if (!read) return read.error();
  if (same) return {};
  if (before && before->local == after->local && before->package == after->package) {
    after->library = before->library;
  } else {
    LUY_TRY(const auto imported, imported_files(after->package));
    LUY_TRY(auto all, files(after->local, imported));
    after->library = make_library(std::move(all), d_.routing);
  }
  {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(after);
  }
  if (before && d_.changed) d_.changed();
  return {};
}

LibraryPointer RuleBook::library() const {
  return snapshot()->library;
}

bool RuleBook::enabled_in(const Snapshot& snapshot, const RuleInfo& rule) {
  const auto found = snapshot.switches.find(rule.id);
  return found == snapshot.switches.end() ? rule.on_by_default() : found->second.enabled;
}

bool RuleBook::enabled(const RuleInfo& rule) const {
  return enabled_in(*snapshot(), rule);
}

std::optional<Switched> RuleBook::switched(const std::string& rule) const {
  const SnapshotPointer now = snapshot();
  const auto found = now->switches.find(rule);
  return found == now->switches.end() ? std::nullopt : std::optional(found->second);
}

std::vector<RuleException> RuleBook::exceptions(const std::string& rule) const {
  std::vector<RuleException> out;
  const Time time = d_.clock.now();
  for (const RuleException& one : snapshot()->exceptions) {
    if (one.rule == rule && one.expires_at > time) out.push_back(one);
  }
  return out;
}

std::size_t RuleBook::exception_count(const std::string& rule) const {
  return exceptions(rule).size();
}

std::optional<RuleException> RuleBook::exception(const ExceptionId& id) const {
  for (const RuleException& one : snapshot()->exceptions) {
    if (one.id == id) return one;
  }
  return std::nullopt;
}

std::uint64_t RuleBook::version(const std::string& rule) const {
  const SnapshotPointer now = snapshot();
  const auto found = now->local.find(rule);
  return found == now->local.end() ? 0 : found->second.version;
}

std::string RuleBook::package() const {
  return snapshot()->package;
}

std::uint64_t RuleBook::revision() const {
  return snapshot()->revision;
}

Result<void> RuleBook::change(const InTransaction& work, const InTransaction& also) {
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(work(c));
    LUY_TRY_VOID(tables::next_revision(c));
    return also ? also(c) : Result<void>();
  });
  if (!stored) return stored.error();
  return refresh();
}

Result<void> RuleBook::switch_in(records::Connection& c, const std::string& rule, const Switched& wanted) const {
  if (library()->find(rule) == nullptr) return Error(rule_unknown, rule);
  LUY_TRY_VOID(tables::save_switch(c, rule, wanted));
  return tables::next_revision(c);
}

Result<void> RuleBook::set_enabled(const std::string& rule, const Switched& wanted, const InTransaction& also) {
  if (library()->find(rule) == nullptr) return Error(rule_unknown, rule);
  return change([&](records::Connection& c) { return tables::save_switch(c, rule, wanted); }, also);
}

Result<RuleException> RuleBook::checked(const Snapshot& now, RuleException wanted) const {
  const RuleInfo* rule = now.library->find(wanted.rule);
  if (rule == nullptr) return Error(rule_unknown, wanted.rule);
  if (now.exceptions.size() >= exceptions_max) return Error(too_many_rules, std::to_string(exceptions_max));
  wanted.at = d_.clock.now();
  wanted.id = ExceptionId::make(wanted.at, d_.random);
  if (wanted.expires_at <= wanted.at) return Error(bad_exception, "expires_at");
  // Tried on a rule of the same log source: what it says must be a selection.
  detect::Rule trial;
  trial.heading.id = "trial";
  trial.logsource = rule->logsource;
  if (trial.logsource.empty()) trial.logsource.product = "any";
  LUY_TRY(const std::string document, filter_document(wanted, trial));
  const auto parsed = detect::parse_file("exception", document, now.library->routing.placeholders);
  if (!parsed.refused.empty()) return Error(bad_exception, parsed.refused.front().error.detail());
  if (parsed.filters.size() != 1) return Error(bad_exception, "filter");
  return wanted;
}

Result<RuleException> RuleBook::except_in(records::Connection& c, RuleException wanted) const {
  LUY_TRY(const RuleException good, checked(*snapshot(), std::move(wanted)));
  LUY_TRY_VOID(tables::save_exception(c, good));
  LUY_TRY_VOID(tables::next_revision(c));
  return good;
}

Result<RuleException> RuleBook::add_exception(RuleException wanted, const InTransaction& also) {
  LUY_TRY(const RuleException good, checked(*snapshot(), std::move(wanted)));
  LUY_TRY_VOID(change([&](records::Connection& c) { return tables::save_exception(c, good); }, also));
  return good;
}

Result<std::vector<const RuleInfo*>> RuleBook::local_rules_with(const Library& library, const std::string& rule) const {
  const RuleInfo* info = library.find(rule);
  if (info == nullptr) return Error(rule_unknown, rule);
  if (info->origin != Origin::local) return Error(rule_kept, rule);
  std::vector<const RuleInfo*> out;
  for (const RuleInfo& one : library.rules) {
    if (one.file == info->file) out.push_back(&one);
  }
  return out;
}

Result<void> RuleBook::remove_local_in(records::Connection& c, const std::string& rule, const std::string& by) const {
  const SnapshotPointer now = snapshot();
  LUY_TRY(const auto together, local_rules_with(*now->library, rule));
  for (const auto& [id, text] : now->local) {
    if (local_file(id) != together.front()->file) continue;
    // A version without a text: the rule is not there any more.
    LUY_TRY_VOID(tables::add_local(c, id, std::string(), by, d_.clock.now()));
  }
  for (const RuleInfo* one : together) LUY_TRY_VOID(tables::forget_rule(c, one->id));
  return tables::next_revision(c);
}

Result<void> RuleBook::remove_exception(const ExceptionId& id, const InTransaction& also) {
  if (!exception(id)) return Error(exception_unknown);
  return change([&](records::Connection& c) { return tables::remove_exception(c, id); }, also);
}

Result<void> RuleBook::remove_local(const std::string& rule, const std::string& by, const InTransaction& also) {
  // remove_local_in() says that something changed; a second time does no harm.
  return change([&](records::Connection& c) { return remove_local_in(c, rule, by); }, also);
}

Fed RuleBook::fed(const RuleInfo& rule) const {
  if (!rule.fed) return Fed::never;
  const auto sources = rule.sources();
  const bool all = d_.sources != nullptr && std::all_of(sources.begin(), sources.end(),
                                                        [&](const auto& one) { return d_.sources->seen(one.second); });
  return all ? Fed::seen : Fed::possible;
}

// The id under which the text is kept: of the correlation in it, or else of its first rule.
Result<std::string> RuleBook::check_local(const Snapshot& now, const std::string& yaml) const {
  if (yaml.size() > local_rule_bytes_max) {
    return Error(detect::over_limit, "1: > " + std::to_string(local_rule_bytes_max) + " bytes");
  }
  LUY_TRY(const ArmedPointer alone, arm_alone(yaml));
  // A filter reaches the rules of every file: silencing others goes through exceptions, which take two people.
  LUY_TRY(const std::vector<detect::YamlNode> documents, detect::parse_yaml(local_file("new"), yaml));
  for (const detect::YamlNode& document : documents) {
    if (document.find("filter") != nullptr) return Error(rule_filters);
  }
  const detect::RuleSet& set = alone->engine->rules();
  std::vector<const detect::Heading*> headings;
  for (const auto& one : set.correlations) headings.push_back(&one.correlation.heading);
  for (const auto& one : set.rules) headings.push_back(&one.heading);
  if (headings.empty()) return Error(detect::bad_rule, "1: detection");
  const std::string id = headings.front()->id;
  const auto foreign = [&](const std::string& name) {
    const auto known = now.library->files_by_name.find(name);
    return known != now.library->files_by_name.end() && known->second != local_file(id);
  };
  for (const detect::Heading* heading : headings) {
    if (foreign(heading->id)) return Error(rule_not_local, heading->id);
    if (!heading->name.empty() && foreign(heading->name)) return Error(rule_name_taken, heading->name);
  }
  return id;
}

Result<std::string> RuleBook::save_local_in(records::Connection& c, const std::string& yaml,
                                            const std::string& by) const {
  const SnapshotPointer now = snapshot();
  LUY_TRY(const std::string id, check_local(*now, yaml));
  if (!now->local.contains(id) && now->local.size() >= local_rules_max) {
    return Error(too_many_rules, std::to_string(local_rules_max));
  }
  LUY_TRY_VOID(tables::add_local(c, id, yaml, by, d_.clock.now()));
  LUY_TRY_VOID(tables::next_revision(c));
  return id;
}

Result<std::string> RuleBook::save_local(const std::string& yaml, const std::string& by, const InTransaction& also,
                                         std::optional<std::uint64_t> revision) {
  std::string id;
  LUY_TRY_VOID(change(
      [&](records::Connection& c) -> Result<void> {
        LUY_TRY(const std::uint64_t current, tables::revision(c));
        if (revision && *revision != current) return Error(rules_changed);
        LUY_TRY(id, save_local_in(c, yaml, by));
        return {};
      },
      also));
  return id;
}

}  // namespace luy::finding
