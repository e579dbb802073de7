// `luy detect`: rules over a file of events, with the engine the hub uses: for analysts, tests and benchmarks.
#include <time.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/rule_files.h"
#include "detect/correlate.h"
#include "detect/engine.h"

namespace luy::cli {
namespace {

struct DetectOptions {
  std::vector<std::filesystem::path> rules;
  std::vector<std::filesystem::path> pipelines;
  std::filesystem::path events;
  bool no_memo = false;
  bool no_prefilter = false;
  bool stats = false;
};

struct Stats {
  std::uint64_t events = 0;
  std::uint64_t matches = 0;
  std::uint64_t refused_lines = 0;
  double load_seconds = 0;
  double match_seconds = 0;  // CPU time of parsing and matching, without reading the file.
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

Result<std::shared_ptr<const detect::Engine>> load(const DetectOptions& options) {
  LUY_TRY(detect::Routing routing, read_routing(options.pipelines));
  LUY_TRY(const std::vector<detect::RuleFile> files, read_rules(options.rules));
  detect::RuleSet rules = detect::make_rule_set(files, routing.placeholders);
  return detect::Engine::make(std::move(rules), std::move(routing));
}

// Lines as they come; matched in blocks so that the clock is not asked for every event.
Result<void> run(const DetectOptions& options, detect::Matcher& matcher, detect::Correlator& correlator,
                 const detect::Engine& engine, Stats& stats, std::ostream& out) {
  LUY_TRY(LineReader reader, LineReader::open(options.events));
  std::vector<std::string> ends;  // What follows the event's number, by rule.
  for (const detect::Rule& rule : engine.rules().rules) {
    ends.push_back(",\"rule\":" + boost::json::serialize(boost::json::value(rule.heading.id)) + "}\n");
  }
  std::vector<std::string> alert_ends;
  for (const detect::ResolvedCorrelation& one : engine.rules().correlations) {
    alert_ends.push_back(",\"rule\":" + boost::json::serialize(boost::json::value(one.correlation.heading.id)) + "}\n");
  }
  std::string text;
  for (std::uint64_t number = 0;; ++number) {
    LUY_TRY(const auto line, reader.next());
    if (!line) break;
    if (line->text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    ++stats.events;
    const double begin = options.stats ? cpu_seconds() : 0;
    const auto found = matcher.match(line->text, line->capacity);
    const auto alerts = found && !found->empty() && !alert_ends.empty() ? correlator.add(matcher, *found, number)
                                                                        : std::span<const detect::Alert>();
    if (options.stats) stats.match_seconds += cpu_seconds() - begin;
    if (!found) {
      ++stats.refused_lines;
      continue;
    }
    for (const std::uint32_t rule : *found) {
      if (engine.rules().rules[rule].silent) continue;
      ++stats.matches;
      text += "{\"event\":" + std::to_string(number) + ends[rule];
    }
    for (const detect::Alert& alert : alerts) {
      if (engine.rules().correlations[alert.correlation].correlation.silent) continue;
      ++stats.matches;
      text += "{\"event\":" + std::to_string(number) + alert_ends[alert.correlation];
    }
    if (text.size() > 1 << 16) {
      out << text;
      text.clear();
    }
  }
  out << text;
  return {};
}

void detect_events(const DetectOptions& options, Terminal& terminal) {
  Stats stats;
  const double begin = cpu_seconds();
  const auto engine = load(options);
  if (!engine) return terminal.fail(engine.error());
  detect::Matcher matcher(*engine, {!options.no_memo, !options.no_prefilter, true});
  detect::Correlator correlator(*engine, {});
  stats.load_seconds = cpu_seconds() - begin;
  if (const auto done = run(options, matcher, correlator, **engine, stats, terminal.out); !done)
    return terminal.fail(done.error());
  if (stats.refused_lines != 0) {
    terminal.err << stats.refused_lines
                 << " dòng không phải JSON hợp lệ, bỏ qua / lines are no valid JSON and were skipped\n";
  }
  if (!options.stats) return;
  const double rate = stats.match_seconds > 0 ? static_cast<double>(stats.events) / stats.match_seconds : 0;
  const boost::json::object object{{"events", stats.events},
                                   {"matches", stats.matches},
                                   {"rules", (*engine)->rules().rules.size()},
                                   {"refused_rules", (*engine)->rules().refused.size()},
                                   {"load_cpu_seconds", stats.load_seconds},
                                   {"match_cpu_seconds", stats.match_seconds},
                                   {"events_per_cpu_second", rate}};
  terminal.err << boost::json::serialize(object) << "\n";
}

}  // namespace

void add_detect_command(CLI::App& app, Terminal& terminal) {
  const auto options = std::make_shared<DetectOptions>();
  CLI::App* command = app.add_subcommand(
      "detect", "Đối chiếu tệp sự kiện với luật phát hiện / match a file of events against detection rules");
  command
      ->add_option("--rules", options->rules, "Thư mục, gói .tgz hoặc tệp luật Sigma / folder, .tgz or file of rules")
      ->required();
  command->add_option("--pipeline", options->pipelines, "Tệp ánh xạ trường bổ sung / further field mapping pipelines");
  command
      ->add_option(
          "--events", options->events,
          "Tệp sự kiện, mỗi dòng một JSON, có thể nén gzip; '-' là đầu vào chuẩn / one JSON event a line, may be "
          "gzip; '-' reads standard input")
      ->required();
  command->add_flag("--no-memo", options->no_memo, "Không ghi nhớ giá trị / do not remember values");
  command->add_flag("--no-prefilter", options->no_prefilter, "Không lọc trước / evaluate every rule");
  command->add_flag("--stats", options->stats,
                    "In số sự kiện mỗi giây CPU ra luồng lỗi / print events per second of CPU time to standard error");
  command->callback([options, &terminal] { detect_events(*options, terminal); });
}

}  // namespace luy::cli
