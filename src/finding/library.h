// All rules there are, from all origins, read together: what they are called, what feeds them, what was refused.
// Immutable; shared between those who list them and those who compile them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "detect/pipeline.h"
#include "detect/rule_set.h"
#include "finding/finding.h"
#include "finding/rule_text.h"

namespace luy::finding {

struct RuleInfo {
  std::string id;
  std::string file;  // "own/linux/sshd_guessing/rule.yml"
  Origin origin = Origin::own;
  bool correlation = false;
  Severity severity = Severity::medium;
  Text title;
  bool vietnamese = false;
  detect::LogSource logsource;  // Empty for a correlation.
  std::vector<std::string> techniques;
  std::vector<std::string> tactics;
  std::vector<std::string> articles;
  std::vector<std::string> fed_by;  // Names of the pipelines that can feed it; of a correlation, all of its rules.
  bool fed = false;
  // Rules that a correlation is made of, with their log sources; what excepts the correlation is applied to them.
  std::vector<std::pair<std::string, detect::LogSource>> parts;
  // The rules that read events: the parts, or the rule itself.
  std::vector<std::pair<std::string, detect::LogSource>> sources() const;
  Hash meaning{};  // detect::meanings_of().
  // Ours and those written here are on; imported ones from medium on.
  bool on_by_default() const { return origin != Origin::imported || severity >= Severity::medium; }
};

struct RefusedRule {
  detect::Refusal refusal;
  Origin origin = Origin::own;
};

struct Library {
  std::vector<detect::RuleFile> files;  // Own, local, imported: with equal ids the first one stands.
  std::vector<RuleInfo> rules;          // Those that can report, by id. Parts of correlations are not among them.
  std::unordered_map<std::string, std::size_t> by_id;
  // The file of each id, and of each name that references may use; of parts, too. The first of several.
  std::unordered_map<std::string, std::string> files_by_name;
  std::vector<RefusedRule> refused;
  detect::Routing routing;

  const RuleInfo* find(const std::string& id) const;
  const std::string* text_of(const RuleInfo& rule) const;  // The whole file's bytes.
};
using LibraryPointer = std::shared_ptr<const Library>;

// Each file's layer is that of the origin its name begins with.
LibraryPointer make_library(std::vector<detect::RuleFile> files, detect::Routing routing);

// A folder of rules as it comes with the hub: rule files, named relative to it and in the order of their names. What
// its folder lists/ holds are pipelines that fill placeholders; pipelines/ is built in. Errors: file errors, detect's.
struct RuleFolder {
  std::vector<detect::RuleFile> rules;
  detect::Routing routing;  // The built-in one with the lists.
};
Result<RuleFolder> read_rule_folder(const std::filesystem::path& folder);

// The origin that a file's name begins with.
Origin origin_of_file(const std::string& file);

// What people read of a rule; the file is read again, which is done for one rule at a time.
RuleText text_of_rule(const Library& library, const RuleInfo& rule);

}  // namespace luy::finding
