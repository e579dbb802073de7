#include "finding/library.h"

#include <algorithm>
#include <set>

#include "base/file.h"
#include "detect/builtin.h"
#include "detect/error.h"
#include "detect/package.h"

namespace luy::finding {
namespace {

// Rules that people brought may build upon ours, and change nothing about them or each other.
static_assert(static_cast<std::uint8_t>(Origin::own) == detect::base_layer);
std::uint8_t layer_of(Origin origin) {
  return static_cast<std::uint8_t>(origin);
}

std::vector<std::string> feeders(const detect::Routing& routing, const detect::LogSource& source) {
  std::set<std::string> out;
  for (const detect::Route& route : routing.routes) {
    if (detect::is_for(source, route.logsource)) out.insert(route.pipeline);
  }
  return {out.begin(), out.end()};
}

RuleInfo info_of(const detect::Heading& heading) {
  RuleInfo out;
  out.id = heading.id;
  out.file = heading.file;
  out.origin = origin_of_file(heading.file);
  out.severity = severity_of(heading.level);
  out.title = {heading.title, heading.title};
  out.techniques = techniques_of(heading.tags);
  out.tactics = tactics_of(heading.tags);
  return out;
}

// The document of the file in which the rule stands.
const detect::YamlNode* document_of(const std::vector<detect::YamlNode>& documents, const std::string& id) {
  for (const detect::YamlNode& one : documents) {
    if (!one.is_map()) continue;
    const std::string own = one.text("id").empty() ? one.text("name") : one.text("id");
    if ((own.empty() ? one.text("title") : own) == id) return &one;
  }
  return nullptr;
}

// Our own texts are needed for lists; those of thousands of imported rules are not.
void add_texts(Library& library, RuleInfo& rule) {
  if (rule.origin == Origin::imported) return;
  const RuleText text = text_of_rule(library, rule);
  rule.vietnamese = text.vietnamese;
  if (!text.title.vi.empty()) rule.title = text.title;
  rule.articles = text.articles;
}

class Builder {
 public:
  Builder(Library& library, const detect::RuleSet& set)
      : library_(library), set_(set), meanings_(detect::meanings_of(set)) {}

  void run() {
    for (std::size_t i = 0; i < set_.rules.size(); ++i) {
      const detect::Rule& rule = set_.rules[i];
      name(rule.heading);
      if (rule.silent) continue;
      RuleInfo info = info_of(rule.heading);
      info.meaning = meanings_[i];
      info.logsource = rule.logsource;
      info.fed = detect::is_fed(library_.routing, rule.logsource);
      info.fed_by = feeders(library_.routing, rule.logsource);
      library_.rules.push_back(std::move(info));
    }
    for (std::size_t i = 0; i < set_.correlations.size(); ++i) {
      const detect::ResolvedCorrelation& one = set_.correlations[i];
      name(one.correlation.heading);
      if (one.correlation.silent) continue;
      library_.rules.push_back(correlation(one));
      library_.rules.back().meaning = meanings_[set_.rules.size() + i];
    }
    std::sort(library_.rules.begin(), library_.rules.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    for (RuleInfo& rule : library_.rules) add_texts(library_, rule);
    for (std::size_t i = 0; i < library_.rules.size(); ++i) library_.by_id[library_.rules[i].id] = i;
    for (const detect::Refusal& one : set_.refused) library_.refused.push_back({one, origin_of_file(one.file)});
  }

 private:
  void name(const detect::Heading& heading) {
    library_.files_by_name.emplace(heading.id, heading.file);
    if (!heading.name.empty()) library_.files_by_name.emplace(heading.name, heading.file);
  }
  RuleInfo correlation(const detect::ResolvedCorrelation& one) const {
    RuleInfo info = info_of(one.correlation.heading);
    info.correlation = true;
    info.fed = true;
    std::set<std::string> by;
    std::set<std::uint32_t> seen;
    std::vector<std::uint32_t> open = one.sources;
    while (!open.empty()) {
      const std::uint32_t source = open.back();
      open.pop_back();
      if (!seen.insert(source).second) continue;
      if (source >= set_.rules.size()) {
        const auto& inner = set_.correlations[source - set_.rules.size()].sources;
        open.insert(open.end(), inner.begin(), inner.end());
        continue;
      }
      const detect::Rule& rule = set_.rules[source];
      info.parts.emplace_back(rule.heading.id, rule.logsource);
      info.fed = info.fed && detect::is_fed(library_.routing, rule.logsource);
      for (std::string& name : feeders(library_.routing, rule.logsource)) by.insert(std::move(name));
    }
    info.fed_by.assign(by.begin(), by.end());
    return info;
  }

  Library& library_;
  const detect::RuleSet& set_;
  const std::vector<Hash> meanings_;
};

}  // namespace

std::vector<std::pair<std::string, detect::LogSource>> RuleInfo::sources() const {
  if (correlation) return parts;
  return {{id, logsource}};
}

const RuleInfo* Library::find(const std::string& id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? nullptr : &rules[found->second];
}

const std::string* Library::text_of(const RuleInfo& rule) const {
  for (const detect::RuleFile& file : files) {
    if (file.name == rule.file) return &file.bytes;
  }
  return nullptr;
}

LibraryPointer make_library(std::vector<detect::RuleFile> files, detect::Routing routing) {
  auto library = std::make_shared<Library>();
  library->files = std::move(files);
  for (detect::RuleFile& file : library->files) file.layer = layer_of(origin_of_file(file.name));
  library->routing = std::move(routing);
  const detect::RuleSet set = detect::make_rule_set(library->files, library->routing.placeholders);
  Builder(*library, set).run();
  return library;
}

Result<RuleFolder> read_rule_folder(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename() == "pipelines" && at->is_directory()) at.disable_recursion_pending();
    if (at->is_regular_file(error) && detect::is_rule_file(at->path().string())) files.push_back(at->path());
    if (files.size() > detect::package_files_max) return Error(detect::over_limit, folder.string());
  }
  if (error) return file_error(folder.string(), error.value());
  std::sort(files.begin(), files.end());
  RuleFolder out;
  out.routing = detect::builtin_routing();
  for (const fs::path& file : files) {
    LUY_TRY(std::string bytes, read_file(file, detect::rule_file_bytes_max));
    std::string name = file.lexically_relative(folder).string();
    if (name.starts_with("lists/")) {
      LUY_TRY_VOID(detect::add_pipeline(name, bytes, out.routing));
    } else {
      out.rules.push_back({std::move(name), std::move(bytes)});
    }
  }
  return out;
}

Origin origin_of_file(const std::string& file) {
  if (file.starts_with("local/")) return Origin::local;
  return file.starts_with("imported/") ? Origin::imported : Origin::own;
}

RuleText text_of_rule(const Library& library, const RuleInfo& rule) {
  RuleText none;
  none.title = rule.title;
  const std::string* bytes = library.text_of(rule);
  if (bytes == nullptr) return none;
  const auto documents = detect::parse_yaml(rule.file, *bytes);
  if (!documents) return none;
  const detect::YamlNode* document = document_of(*documents, rule.id);
  return document == nullptr ? none : read_rule_text(*document);
}

}  // namespace luy::finding
