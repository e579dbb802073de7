// Pending security updates. What is pending is asked of libapt-pkg in a program of its own (luy-agent-apt), because
// the library holds tens of megabytes; how old the package lists are is read here, so that old lists are never taken
// for "up to date".
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "agent/linux/collectors.h"
#include "agent/linux/release_file.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// It takes under two seconds of processor time an hour. At a low priority that can become minutes on a machine that is
// busy all day, so it runs at the normal one.
constexpr RunLimits apt_limits{std::chrono::seconds(60), 4 << 20, 0};

// Memory: one line "<package> <microseconds>" per package that has had a security update offered since then.
using FirstOffered = std::map<std::string, Time, std::less<>>;

FirstOffered read_memory(std::string_view memory) {
  FirstOffered out;
  for (const std::string_view line : lines(memory)) {
    const auto fields = words(line);
    if (fields.size() != 2) continue;
    if (const auto micros = number(fields[1])) out.emplace(fields[0], from_micros(*micros));
  }
  return out;
}

std::string write_memory(const FirstOffered& offered) {
  std::string out;
  for (const auto& [package, at] : offered) out += package + ' ' + std::to_string(to_micros(at)) + '\n';
  return out;
}

bool is_release_file(std::string_view name) {
  return name.ends_with("_InRelease") || name.ends_with("_Release");
}

void read_lists(const Machine& machine, fact::Updates& updates) {
  std::optional<ReleaseFile> newest;
  for (const std::string& name : machine.list("var/lib/apt/lists")) {
    if (name.find("_Packages") != std::string::npos) updates.lists_present = true;
    if (!is_release_file(name)) continue;
    const ReleaseFile release = parse_release(machine.text("var/lib/apt/lists/" + name));
    const bool security = name.find("security") != std::string::npos ||
                          release.suite.find("security") != std::string::npos ||
                          release.codename.find("security") != std::string::npos;
    if (security && release.date && (!newest || *release.date > *newest->date)) newest = release;
  }
  if (!newest) return;
  updates.lists_date = newest->date;
  updates.lists_valid_until = newest->valid_until;
}

// {"security":[{"package":…,"installed":…,"offered":…,"archive":…}],"other_count":n} or {"error":"why not"}
Result<void> read_pending(const std::string& json, const FirstOffered& before, Time now, fact::Updates& updates) {
  simdjson::dom::parser parser(4 << 20);
  simdjson::dom::object document;
  simdjson::dom::array security;
  std::string_view error;
  if (parser.parse(json).get(document) == simdjson::SUCCESS && document["error"].get(error) == simdjson::SUCCESS) {
    return Error(collector_failed, "luy-agent-apt: " + std::string(error));
  }
  if (parser.parse(json).get(document) != simdjson::SUCCESS ||
      document["security"].get(security) != simdjson::SUCCESS ||
      document["other_count"].get(updates.other_count) != simdjson::SUCCESS) {
    return Error(collector_failed, "luy-agent-apt: unexpected output");
  }
  for (const simdjson::dom::element entry : security) {
    const auto field = [&](std::string_view key) {
      std::string_view value;
      return entry[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
    };
    fact::PendingUpdate update{field("package"), field("installed"), field("offered"), field("archive"), now};
    if (const auto seen = before.find(update.package); seen != before.end()) update.first_offered = seen->second;
    // The list held it when it was published, whenever this agent first looked.
    if (updates.lists_date) update.first_offered = std::min(update.first_offered, *updates.lists_date);
    updates.security.push_back(std::move(update));
  }
  std::sort(updates.security.begin(), updates.security.end(),
            [](const auto& a, const auto& b) { return a.package < b.package; });
  return {};
}

}  // namespace

Result<Finding> collect_updates(const Machine& machine, const std::string& memory) {
  fact::Updates updates;
  read_lists(machine, updates);
  updates.restart_required = machine.exists("run/reboot-required") || machine.exists("var/run/reboot-required");
  FirstOffered offered;
  if (!updates.lists_present) return Finding{"libapt-pkg, InRelease", std::move(updates), {}};
  const auto json = machine.kernel.run({machine.apt_program, "--root", machine.root.string()}, apt_limits);
  auto read = json ? read_pending(*json, read_memory(memory), machine.clock.now(), updates) : json.error();
  if (!read) {
    // Said as a fact: "unknown" is an answer, and the one before would be taken for the present.
    updates.security.clear();
    updates.other_count = 0;
    updates.unknown_because = read.error().detail();
    return Finding{"libapt-pkg, InRelease", std::move(updates), memory, read.error().text()};
  }
  for (const fact::PendingUpdate& update : updates.security) offered[update.package] = update.first_offered;
  return Finding{"libapt-pkg, InRelease", std::move(updates), write_memory(offered)};
}

}  // namespace luy::agent
