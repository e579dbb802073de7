#include "posture/posture.h"

#include <algorithm>

namespace luy::posture {
namespace {

using hardening::State;

bool is_for(const hardening::Check& check, inventory::DeviceClass device_class) {
  const auto& classes = check.classes;
  return classes.empty() || std::find(classes.begin(), classes.end(), name_of(device_class)) != classes.end();
}

// A finding's story names so many; the device's page has them all.
constexpr std::size_t told_max = 10;

}  // namespace

std::vector<Line> lines_of(const inventory::DeviceState& state, const hardening::Catalogue& catalogue,
                           const Exceptions& exceptions, Day today) {
  std::vector<Line> out;
  if (!state.hardening) return out;
  std::map<std::string_view, const fact::CheckResult*> results;
  for (const fact::CheckResult& result : state.hardening->value.results) results.emplace(result.check, &result);
  for (const hardening::Check& check : catalogue.checks) {
    const auto found = results.find(check.id);
    if (found == results.end()) continue;
    Line line{&check, hardening::state_from_name(found->second->state).value_or(State::unknown), *found->second, {}};
    if (!is_for(check, state.device.device_class)) {
      line.state = State::not_applicable;
      line.result = {};
      line.result.check = check.id;
      line.result.reason = "other_class";
    }
    const auto excepted = exceptions.find(check.id);
    if (excepted != exceptions.end() && excepted->second.holds(today)) line.exception = excepted->second;
    out.push_back(std::move(line));
  }
  return out;
}

void Counts::add(const Line& line) {
  switch (line.state) {
    case State::right:
      ++right;
      break;
    case State::wrong:
      ++(line.exception ? excepted : wrong);
      break;
    case State::unknown:
      ++unknown;
      break;
    case State::not_applicable:
      ++not_applicable;
      break;
  }
}

std::vector<const Line*> grave(const std::vector<Line>& lines) {
  std::vector<const Line*> out;
  for (const Line& line : lines) {
    const bool counts = line.state == State::wrong && !line.exception;
    if (counts && line.check->severity == hardening::Severity::high) out.push_back(&line);
  }
  return out;
}

finding::Report report_of(const inventory::DeviceState& state, const std::vector<const Line*>& fresh, Time now) {
  const auto& device = state.device;
  const std::string count = std::to_string(fresh.size());
  finding::Report report;
  report.kind = finding::Kind::hardening;
  report.group_key = "hardening|" + device.id.text();
  report.severity = finding::Severity::medium;
  report.title = {"Thiết bị " + device.name + " chưa đạt kiểm tra cấu hình quan trọng",
                  "The device " + device.name + " fails important hardening checks"};
  report.story = {"Có " + count + " kiểm tra mức cao chưa đạt:", count + " checks of high severity are not met:"};
  for (std::size_t i = 0; i < fresh.size() && i < told_max; ++i) {
    const Line& line = *fresh[i];
    std::string where = line.result.file.value_or("");
    if (line.result.line) where += ":" + std::to_string(*line.result.line);
    if (!where.empty()) where = " (" + where + ")";
    report.story.vi += "\n– " + line.check->title.vi + where;
    report.story.en += "\n– " + line.check->title.en + where;
  }
  report.agency = device.agency;
  report.device = device.id;
  report.entities.push_back({finding::EntityType::device, device.id.text()});
  report.seqs.push_back(state.hardening->seq);
  report.first = report.last = now;
  return report;
}

}  // namespace luy::posture
