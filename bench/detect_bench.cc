// The detection engine over SigmaHQ's whole set, one thread: JSON in, rules out. Prints medians over short runs:
//   load_cold, load_rss                      the rule set from its package
//   load_cached, cache_size                  the same from its compiled form (detect/compiled.h)
//   <lane>, <lane>_no_memo                   events per second of CPU time, per file of recorded events
//   event_count, value_count                 the same with a correlation over a large window
//   hostile_64KiB_10k_rules                  one line made to hurt
// Arguments: the folder with rules.tgz and lane_*.ndjson.gz. CPU time of the calling thread, so a busy machine does not
// lie.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "detect/compiled.h"
#include "detect/correlate.h"
#include "detect/engine.h"
#include "detect/package.h"

namespace {

using namespace luy;
using namespace luy::detect;

constexpr double seconds_min = 0.7;  // Of each measurement.

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

double rss_mebibytes() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * 4096 / (1 << 20);
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void print(const std::string& name, double value, const char* unit) {
  std::printf("%s %.6g %s\n", name.c_str(), value, unit);
}

struct Lane {
  std::string text;  // With room after it.
  std::vector<std::string_view> lines;
};

Lane read_lane(const std::string& path) {
  Lane out;
  out.text = gunzip(read(path)).value();
  const std::size_t size = out.text.size();
  out.text.resize(size + 64);
  const std::string_view all = std::string_view(out.text).substr(0, size);
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    if (end > at) out.lines.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The whole set from its compiled form: what a start of the hub costs.
void load_from_cache(const std::string& package, const Routing& routing) {
  const std::vector<RuleSource> sources{{"rules.tgz", package}};
  const std::string cached = load_engine(sources, routing, {}).value().to_keep;
  const double begin = cpu_seconds();
  const LoadedEngine loaded = load_engine(sources, routing, cached).value();
  print("load_cached", cpu_seconds() - begin, "s");
  print("cache_size", static_cast<double>(cached.size()) / (1 << 20), "MiB");
  if (!loaded.to_keep.empty()) std::fprintf(stderr, "  the cache was not used\n");
}

// Events per second of CPU time, after one round that fills caches.
double rate(const std::shared_ptr<const Engine>& engine, const Lane& lane, bool memo, bool verbose) {
  Matcher matcher(engine, {memo, true, false});
  std::size_t matches = 0;
  const auto round = [&] {
    for (const std::string_view line : lane.lines) {
      const auto capacity = static_cast<std::size_t>(lane.text.data() + lane.text.size() - line.data());
      matches += matcher.match(line, capacity).value().size();
    }
  };
  round();
  const double begin = cpu_seconds();
  double spent = 0;
  std::size_t events = 0;
  while (spent < seconds_min) {
    round();
    events += lane.lines.size();
    spent = cpu_seconds() - begin;
  }
  if (verbose) {
    const MatchCounts& counts = matcher.counts();
    std::fprintf(stderr, "  evaluated/event %.2f memo hits %llu misses %llu matches/event %.3f\n",
                 static_cast<double>(counts.evaluated) / static_cast<double>(counts.events),
                 static_cast<unsigned long long>(counts.memo_hits), static_cast<unsigned long long>(counts.memo_misses),
                 static_cast<double>(matches) / static_cast<double>(counts.events));
  }
  return static_cast<double>(events) / spent;
}

// The same with one correlation over a window that never empties.
double correlation_rate(const Lane& lane, const std::string& section) {
  const std::string text =
      "title: failed\nid: f\nlogsource: {product: windows, category: authentication}\n"
      "detection: {s: {EventType: authentication_failure}, condition: s}\n---\ntitle: many\nid: m\ncorrelation: {" +
      section + "}\n";
  Routing routing;
  routing.declared = {"category", "product", "service"};
  const auto engine = Engine::make(make_rule_set({{"r.yml", text}}, {}), std::move(routing)).value();
  Matcher matcher(engine, {true, true, false});
  Correlator correlator(engine, {});
  std::uint64_t number = 0;
  const double begin = cpu_seconds();
  double spent = 0;
  while (spent < seconds_min) {
    for (const std::string_view line : lane.lines) {
      const auto capacity = static_cast<std::size_t>(lane.text.data() + lane.text.size() - line.data());
      const auto rules = matcher.match(line, capacity);
      correlator.add(matcher, *rules, number++);
    }
    spent = cpu_seconds() - begin;
  }
  return static_cast<double>(number) / spent;
}

// Ten thousand rules against one line of 64 KiB made to meet as many literals as it can; milliseconds of the slowest
// way.
double hostile_milliseconds() {
  std::string rules;
  std::string line = "{\"A\":\"";
  for (int i = 0; i < 10'000; ++i) {
    const std::string word = "evil-" + std::to_string(i * 7919 % 100'003) + "-word";
    rules += (i == 0 ? "" : "---\n");
    rules += "title: t\nid: r" + std::to_string(i) + "\nlogsource: {product: p}\ndetection: {s: {A|" +
             (i % 50 == 0 ? "re: '" + word + ".*(a+)+b$'" : "contains: '" + word + "'") +
             "}, f: {A|contains: 'a*a*a*b" + std::to_string(i) + "'}, condition: s and not f}\n";
    if (line.size() < 40'000) line += word;
  }
  line += std::string(65'536 - line.size() - 2, 'a') + "\"}";
  std::vector<RuleFile> files;
  for (std::size_t at = 0; at < rules.size();) {
    const std::size_t end = std::min(rules.find("---\n", at), rules.size());
    files.push_back({"r.yml", rules.substr(at, end - at)});
    at = end + 4;
  }
  const auto engine = Engine::make(make_rule_set(files, {}), Routing()).value();
  Matcher matcher(engine, {false, true, true});
  matcher.match(line).value();  // Expressions are compiled at their first use.
  const double begin = cpu_seconds();
  constexpr int rounds = 5;
  for (int i = 0; i < rounds; ++i) matcher.match(line).value();
  return (cpu_seconds() - begin) * 1000 / rounds;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  const std::string folder = arguments[1];
  const std::string pipelines = arguments[2];
  const bool verbose = count > 3;
  const std::string package = read(folder + "/rules.tgz");
  if (package.empty()) {
    std::fprintf(stderr, "%s/rules.tgz is not there: skipped\n", folder.c_str());
    return 0;
  }
  const double before = rss_mebibytes();
  const double begin = cpu_seconds();
  Routing routing;
  for (const char* name : {"windows", "declared"}) {
    add_pipeline(name, read(pipelines + "/" + name + ".yml"), routing).value();
  }
  RuleSet rules = make_rule_set(unpack_rules(package).value(), routing.placeholders);
  const double parsed = cpu_seconds();
  const auto engine = Engine::make(std::move(rules), routing).value();
  print("load_cold", cpu_seconds() - begin, "s");
  if (verbose) std::fprintf(stderr, "  of it parsing %.3f\n", parsed - begin);
  load_from_cache(package, routing);
  for (const char* name : {"structured_windows", "sysmon_file_event", "cisco_syslog", "correlation"}) {
    const Lane lane = read_lane(folder + "/lane_" + name + ".ndjson.gz");
    print(name, rate(engine, lane, true, verbose), "events/s");
    print(std::string(name) + "_no_memo", rate(engine, lane, false, verbose), "events/s");
  }
  const Lane lane = read_lane(folder + "/lane_correlation.ndjson.gz");
  print("event_count",
        correlation_rate(lane,
                         "type: event_count, rules: [f], group-by: [User], timespan: 1d, condition: {gte: 1000000}"),
        "events/s");
  print(
      "value_count",
      correlation_rate(
          lane,
          "type: value_count, rules: [f], group-by: [User], timespan: 1d, condition: {field: SourceIP, gte: 1000000}"),
      "events/s");
  print("hostile_64KiB_10k_rules", hostile_milliseconds(), "ms");
  print("load_rss", rss_mebibytes() - before, "MiB");
  return 0;
}
