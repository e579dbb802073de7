// From the rules that are on to a compiled engine: exceptions become filters, what nobody needs is left out.
#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/log.h"
#include "detect/compiled.h"
#include "detect/error.h"
#include "finding/rule_book.h"

namespace luy::finding {
namespace {

constexpr std::size_t cached_from = 500;  // Rule files.

// A scalar in single quotes, whatever is in it (YAML 1.2, 7.3.2).
std::string yaml_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "'";
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "    ";
    out += text.substr(0, end);
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Keeps what is on and what that is made of.
class Pruner {
 public:
  Pruner(detect::RuleSet& set, const std::function<bool(const detect::Heading&)>& on) : set_(set) {
    rules_.resize(set.rules.size());
    correlations_.resize(set.correlations.size());
    for (std::size_t i = 0; i < set.rules.size(); ++i) {
      if (!set.rules[i].silent && on(set.rules[i].heading)) {
        rules_[i] = true;
      } else {
        set.rules[i].silent = true;
      }
    }
    for (std::size_t i = set.correlations.size(); i-- > 0;) {
      detect::ResolvedCorrelation& one = set.correlations[i];
      if (!one.correlation.silent && on(one.correlation.heading)) {
        correlations_[i] = true;
      } else {
        one.correlation.silent = true;
      }
      if (!correlations_[i]) continue;
      // Sources stand earlier in the list, so going backwards reaches all.
      for (const std::uint32_t source : one.sources) mark(source);
    }
  }

  void run() {
    std::vector<std::uint32_t> place(rules_.size() + correlations_.size());
    std::vector<detect::Rule> rules;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (!rules_[i]) continue;
      place[i] = static_cast<std::uint32_t>(rules.size());
      rules.push_back(std::move(set_.rules[i]));
    }
    std::vector<detect::ResolvedCorrelation> correlations;
    for (std::size_t i = 0; i < correlations_.size(); ++i) {
      if (!correlations_[i]) continue;
      place[rules_.size() + i] = static_cast<std::uint32_t>(rules.size() + correlations.size());
      for (std::uint32_t& source : set_.correlations[i].sources) source = place[source];
      correlations.push_back(std::move(set_.correlations[i]));
    }
    set_.rules = std::move(rules);
    set_.correlations = std::move(correlations);
  }

 private:
  void mark(std::uint32_t source) {
    if (source < rules_.size()) {
      rules_[source] = true;
    } else {
      correlations_[source - rules_.size()] = true;
    }
  }
  detect::RuleSet& set_;
  std::vector<bool> rules_;
  std::vector<bool> correlations_;
};

Result<ArmedPointer> arm_engine(std::shared_ptr<const detect::Engine> engine, LibraryPointer library,
                                std::uint64_t revision, std::optional<Time> until) {
  auto out = std::make_shared<Armed>();
  out->until = until;
  out->revision = revision;
  for (const detect::Rule& rule : engine->rules().rules) {
    out->of_rule.push_back(rule.silent ? nullptr : library->find(rule.heading.id));
  }
  for (const detect::ResolvedCorrelation& one : engine->rules().correlations) {
    out->of_correlation.push_back(one.correlation.silent ? nullptr : library->find(one.correlation.heading.id));
    out->longest = std::max(out->longest, Duration(std::chrono::seconds(one.correlation.timespan_seconds)));
  }
  out->engine = std::move(engine);
  out->library = std::move(library);
  return ArmedPointer(std::move(out));
}

// The engine that was compiled from the same rules before; nullptr when there is none.
std::shared_ptr<const detect::Engine> cached_engine(const std::filesystem::path& file, const Hash& key,
                                                    const detect::Routing& routing) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return nullptr;
  const auto bytes = read_file(file, detect::compiled_bytes_max);
  auto engine = bytes ? detect::decode_compiled(*bytes, key, routing) : bytes.error();
  return engine ? *std::move(engine) : nullptr;
}

}  // namespace

Result<std::string> filter_document(const RuleException& exception, const detect::Rule& rule) {
  if (exception.filter.size() > exception_bytes_max) {
    return Error(bad_exception, "> " + std::to_string(exception_bytes_max) + " bytes");
  }
  LUY_TRY(const auto documents, detect::parse_yaml("exception", exception.filter));
  if (documents.size() != 1 || !(documents.front().is_map() || documents.front().is_list())) {
    return Error(bad_exception, "field: value");
  }
  const detect::LogSource& source = rule.logsource;
  std::string out = "title: exception\nid: " + yaml_text("exception-" + exception.id.text() + "-" + rule.heading.id) +
                    "\nlogsource:\n";
  if (!source.product.empty()) out += "  product: " + yaml_text(source.product) + "\n";
  if (!source.category.empty()) out += "  category: " + yaml_text(source.category) + "\n";
  if (!source.service.empty()) out += "  service: " + yaml_text(source.service) + "\n";
  out += "filter:\n  rules:\n    - " + yaml_text(rule.heading.id) + "\n";
  if (exception.agency) {
    out += "  where:\n    " + std::string(agency_field) + ": " + yaml_text(exception.agency->text()) + "\n";
  }
  out += "  selection:\n" + indented(exception.filter);
  out += exception.agency ? "  condition: not (where and selection)\n" : "  condition: not selection\n";
  return out;
}

// All rules, and their exceptions as filters. `until`: when the first of these ends.
Result<std::vector<detect::RuleFile>> RuleBook::files_to_arm(const Snapshot& now, std::optional<Time>& until) const {
  const Time time = d_.clock.now();
  std::vector<detect::RuleFile> files = now.library->files;
  for (const RuleException& one : now.exceptions) {
    const RuleInfo* rule = now.library->find(one.rule);
    if (rule == nullptr || one.expires_at <= time) continue;
    until = until ? std::min(*until, one.expires_at) : one.expires_at;
    for (const auto& [id, logsource] : rule->sources()) {
      detect::Rule part;
      part.heading.id = id;
      part.logsource = logsource;
      LUY_TRY(std::string document, filter_document(one, part));
      files.push_back({"exception/" + one.id.text() + "/" + id, std::move(document), detect::every_layer});
    }
  }
  return files;
}

Result<ArmedPointer> RuleBook::arm_only(const std::vector<std::string>& rules) const {
  const SnapshotPointer now = snapshot();
  for (const std::string& rule : rules) {
    if (now->library->find(rule) == nullptr) return Error(rule_unknown, rule);
  }
  std::optional<Time> until;
  LUY_TRY(const std::vector<detect::RuleFile> files, files_to_arm(*now, until));
  detect::RuleSet set = detect::make_rule_set(files, now->library->routing.placeholders);
  const auto wanted = [&](const detect::Heading& heading) {
    return std::find(rules.begin(), rules.end(), heading.id) != rules.end();
  };
  Pruner(set, wanted).run();
  LUY_TRY(auto engine, detect::Engine::make(std::move(set), now->library->routing));
  return arm_engine(std::move(engine), now->library, now->revision, until);
}

Result<ArmedPointer> RuleBook::arm() const {
  const SnapshotPointer now = snapshot();
  std::optional<Time> until;
  LUY_TRY(const std::vector<detect::RuleFile> files, files_to_arm(*now, until));
  const auto on = [&](const detect::Heading& heading) {
    const RuleInfo* rule = now->library->find(heading.id);
    return rule != nullptr && enabled_in(*now, *rule);
  };
  // A small set is compiled faster than it is read.
  const bool caching = files.size() > cached_from;
  const std::filesystem::path file = d_.folder / "compiled";
  Hash key{};
  if (caching) {
    std::vector<detect::RuleFile> keyed = files;
    keyed.push_back({"switches", {}});
    for (const RuleInfo& rule : now->library->rules) keyed.back().bytes += enabled_in(*now, rule) ? '1' : '0';
    key = detect::compile_key(keyed, now->library->routing);
    if (auto engine = cached_engine(file, key, now->library->routing)) {
      return arm_engine(std::move(engine), now->library, now->revision, until);
    }
  }
  detect::RuleSet set = detect::make_rule_set(files, now->library->routing.placeholders);
  Pruner(set, on).run();
  LUY_TRY(auto engine, detect::Engine::make(std::move(set), now->library->routing));
  if (caching) {
    // Only a copy: without it the next start takes some seconds longer.
    const auto made = make_folder(d_.folder);
    const auto kept = made ? write_file_durably(file, detect::encode_compiled(*engine, key)) : made;
    if (!kept) log(LogLevel::warning, "finding", "compiled rules: " + kept.error().text());
  }
  return arm_engine(std::move(engine), now->library, now->revision, until);
}

Result<ArmedPointer> RuleBook::arm_alone(const std::string& yaml) const {
  std::vector<detect::RuleFile> files = {{"local/bench", yaml}};
  LibraryPointer library = make_library(std::move(files), d_.routing);
  detect::RuleSet set = detect::make_rule_set(library->files, library->routing.placeholders);
  if (!set.refused.empty()) return set.refused.front().error;
  if (set.rules.empty()) return Error(detect::bad_rule, "1: detection");
  LUY_TRY(auto engine, detect::Engine::make(std::move(set), library->routing));
  return arm_engine(std::move(engine), std::move(library), 0, std::nullopt);
}

}  // namespace luy::finding
