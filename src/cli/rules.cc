// `luy rules check`: which rules load, which are refused and why, and which no pipeline can ever feed.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/rule_cache.h"
#include "cli/rule_files.h"
#include "detect/engine.h"

namespace luy::cli {
namespace {

struct RulesOptions {
  std::vector<std::filesystem::path> rules;
  std::vector<std::filesystem::path> pipelines;
  std::filesystem::path cache;
  bool json = false;
};

std::string text_of(const detect::LogSource& source) {
  return (source.category.empty() ? "-" : source.category) + " / " + (source.product.empty() ? "-" : source.product) +
         " / " + (source.service.empty() ? "-" : source.service);
}

void print_text(const detect::RuleSet& set, const std::map<std::string, std::size_t>& unfed, std::size_t unfed_rules,
                std::ostream& out) {
  for (const detect::Refusal& one : set.refused) {
    out << "✗ " << printable(one.title) << " (" << printable(one.id) << ")\n    " << printable(one.error.vi())
        << "\n    " << printable(one.error.en()) << "\n";
  }
  if (unfed_rules != 0) {
    out << "\n"
        << unfed_rules
        << " luật không có nguồn nhật ký nào cung cấp sự kiện / rules that no configured source can feed:\n";
    for (const auto& [source, count] : unfed) out << "    " << count << "  " << printable(source) << "\n";
  }
  out << "\n"
      << set.rules.size() << " luật nạp được / rules load · " << set.correlations.size()
      << " luật tương quan / correlations · " << set.filters << " bộ lọc / filters · " << set.refused.size()
      << " bị từ chối / refused\n";
}

void print_json(const detect::RuleSet& set, const std::map<std::string, std::size_t>& unfed, std::ostream& out) {
  boost::json::array refused;
  for (const detect::Refusal& one : set.refused) {
    refused.push_back({{"file", one.file},
                       {"line", one.line},
                       {"id", one.id},
                       {"title", one.title},
                       {"error", one.error.name()},
                       {"reason", one.error.en()},
                       {"reason_vi", one.error.vi()}});
  }
  boost::json::object sources;
  for (const auto& [source, count] : unfed) sources[source] = count;
  const boost::json::object all{{"rules", set.rules.size()},
                                {"correlations", set.correlations.size()},
                                {"filters", set.filters},
                                {"refused", std::move(refused)},
                                {"unfed", std::move(sources)}};
  out << boost::json::serialize(all) << "\n";
}

void check(const RulesOptions& options, Terminal& terminal) {
  const auto routing = read_routing(options.pipelines);
  if (!routing) return terminal.fail(routing.error());
  // What Vectorscan cannot compile shows only when the engine is made.
  const auto loaded = load_rules(options.rules, *routing, options.cache, terminal.err);
  if (!loaded) return terminal.fail(loaded.error());
  const detect::RuleSet& set = loaded->engine->rules();
  std::map<std::string, std::size_t> unfed;
  std::size_t unfed_rules = 0;
  for (const detect::Rule& rule : set.rules) {
    if (detect::is_fed(*routing, rule.logsource)) continue;
    ++unfed[text_of(rule.logsource)];
    ++unfed_rules;
  }
  if (options.json) {
    print_json(set, unfed, terminal.out);
  } else {
    print_text(set, unfed, unfed_rules, terminal.out);
  }
  if (!set.refused.empty()) terminal.exit = ExitCode::fault;
}

}  // namespace

void add_rules_commands(CLI::App& app, Terminal& terminal) {
  CLI::App* family = app.add_subcommand("rules", "Luật phát hiện / detection rules");
  family->require_subcommand(1);
  const auto options = std::make_shared<RulesOptions>();
  CLI::App* command = family->add_subcommand(
      "check", "Kiểm tra luật, giải thích từng luật bị từ chối / check rules, explain each refused one");
  command
      ->add_option("--rules,rules", options->rules, "Thư mục, gói .tgz hoặc tệp luật / folder, .tgz or file of rules")
      ->required();
  command->add_option("--pipeline", options->pipelines, "Tệp ánh xạ trường bổ sung / further field mapping pipelines");
  command->add_option(
      "--cache", options->cache,
      "Thư mục giữ bản biên dịch luật cho lần sau / folder that keeps the compiled rules for next time");
  command->add_flag("--json", options->json, "In JSON / print JSON");
  command->callback([options, &terminal] { check(*options, terminal); });
  add_rules_hub_commands(*family, terminal);
}

}  // namespace luy::cli
