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
#include "cli/rule_cache.h"
#include "cli/rule_files.h"
#include "detect/correlate.h"
#include "detect/engine.h"

namespace luy::cli {
namespace {

struct DetectOptions {
  std::vector<std::filesystem::path> rules;
  std::vector<std::filesystem::path> pipelines;
  std::filesystem::path events;
  std::filesystem::path cache;
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

// Lines read ahead, so that the clock is asked once for many and measures neither reading nor writing.
class Block {
 public:
  struct Line {
    std::uint64_t number;  // In the file, from 0.
    std::size_t begin;
    std::size_t size;
  };

  // False when the file has ended and nothing was read.
  Result<bool> fill(LineReader& reader) {
    constexpr std::size_t lines_max = 256;
    constexpr std::size_t bytes_max = 1 << 20;
    lines_.clear();
    text_.clear();
    while (lines_.size() < lines_max && text_.size() < bytes_max) {
      LUY_TRY(const auto line, reader.next());
      if (!line) break;
      const std::uint64_t number = next_number_++;
      if (line->text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      lines_.push_back({number, text_.size(), line->text.size()});
      text_ += line->text;
    }
    text_.append(room_after, ' ');
    return !lines_.empty();
  }
  const std::vector<Line>& lines() const { return lines_; }
  std::string_view text(const Line& line) const { return std::string_view(text_).substr(line.begin, line.size); }
  std::size_t capacity(const Line& line) const { return text_.size() - line.begin; }

 private:
  static constexpr std::size_t room_after = 64;  // What simdjson may read behind a text.
  std::string text_;
  std::vector<Line> lines_;
  std::uint64_t next_number_ = 0;
};

struct Hit {
  std::uint64_t number;
  std::uint32_t rule;  // As in ResolvedCorrelation::sources: beyond the rules, a correlation.
};

void match_block(const Block& block, detect::Matcher& matcher, detect::Correlator& correlator,
                 const detect::RuleSet& rules, Stats& stats, std::vector<Hit>& hits) {
  for (const Block::Line& line : block.lines()) {
    const auto found = matcher.match(block.text(line), block.capacity(line));
    if (!found) {
      ++stats.refused_lines;
      continue;
    }
    for (const std::uint32_t rule : *found) {
      if (!rules.rules[rule].silent) hits.push_back({line.number, rule});
    }
    if (found->empty() || rules.correlations.empty()) continue;
    for (const detect::Alert& alert : correlator.add(matcher, *found, line.number)) {
      if (rules.correlations[alert.correlation].correlation.silent) continue;
      hits.push_back({line.number, static_cast<std::uint32_t>(rules.rules.size()) + alert.correlation});
    }
  }
}

// What follows the event's number, by rule and then by correlation.
std::vector<std::string> line_ends(const detect::RuleSet& rules) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& id) {
    out.push_back(",\"rule\":" + boost::json::serialize(boost::json::value(id)) + "}\n");
  };
  for (const detect::Rule& rule : rules.rules) add(rule.heading.id);
  for (const detect::ResolvedCorrelation& one : rules.correlations) add(one.correlation.heading.id);
  return out;
}

Result<void> run(const DetectOptions& options, detect::Matcher& matcher, detect::Correlator& correlator,
                 const detect::RuleSet& rules, Stats& stats, std::ostream& out) {
  LUY_TRY(LineReader reader, LineReader::open(options.events));
  const std::vector<std::string> ends = line_ends(rules);
  Block block;
  std::vector<Hit> hits;
  std::string text;
  for (;;) {
    LUY_TRY(const bool more, block.fill(reader));
    if (!more) break;
    hits.clear();
    const double begin = cpu_seconds();
    match_block(block, matcher, correlator, rules, stats, hits);
    stats.match_seconds += cpu_seconds() - begin;
    stats.events += block.lines().size();
    stats.matches += hits.size();
    text.clear();
    for (const Hit& hit : hits) text += "{\"event\":" + std::to_string(hit.number) + ends[hit.rule];
    out << text;
  }
  return {};
}

void detect_events(const DetectOptions& options, Terminal& terminal) {
  Stats stats;
  const double begin = cpu_seconds();
  auto routing = read_routing(options.pipelines);
  if (!routing) return terminal.fail(routing.error());
  const auto loaded = load_rules(options.rules, *std::move(routing), options.cache, terminal.err);
  if (!loaded) return terminal.fail(loaded.error());
  const std::shared_ptr<const detect::Engine>& engine = loaded->engine;
  detect::Matcher matcher(engine, {!options.no_memo, !options.no_prefilter, true});
  detect::Correlator correlator(engine, {});
  stats.load_seconds = cpu_seconds() - begin;
  if (const auto done = run(options, matcher, correlator, engine->rules(), stats, terminal.out); !done)
    return terminal.fail(done.error());
  if (stats.refused_lines != 0) {
    terminal.err << stats.refused_lines
                 << " dòng không phải JSON hợp lệ, bỏ qua / lines are no valid JSON and were skipped\n";
  }
  if (!options.stats) return;
  const double rate = stats.match_seconds > 0 ? static_cast<double>(stats.events) / stats.match_seconds : 0;
  const boost::json::object object{{"events", stats.events},
                                   {"matches", stats.matches},
                                   {"rules", engine->rules().rules.size()},
                                   {"refused_rules", engine->rules().refused.size()},
                                   {"cache", name_of(loaded->cache)},
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
  command->add_option(
      "--cache", options->cache,
      "Thư mục giữ bản biên dịch luật cho lần sau / folder that keeps the compiled rules for next time");
  command->add_flag("--no-memo", options->no_memo, "Không ghi nhớ giá trị / do not remember values");
  command->add_flag("--no-prefilter", options->no_prefilter, "Không lọc trước / evaluate every rule");
  command->add_flag("--stats", options->stats,
                    "In số sự kiện mỗi giây CPU ra luồng lỗi / print events per second of CPU time to standard error");
  command->callback([options, &terminal] { detect_events(*options, terminal); });
}

}  // namespace luy::cli
