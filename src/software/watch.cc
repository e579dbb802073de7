#include "software/watch.h"

#include <algorithm>

namespace luy::software {
namespace {

// A finding's story names so many; the device's page has them all.
constexpr std::size_t told_max = 10;

std::string who_and_when(const inventory::InstalledPackage& package, bool vi) {
  std::string out;
  if (!package.installed_by.empty()) out += (vi ? ", người cài: " : ", installed by ") + package.installed_by;
  if (package.installed_at) {
    const std::string day = to_iso(day_of(*package.installed_at));
    const std::string shown = vi ? day.substr(8, 2) + "/" + day.substr(5, 2) + "/" + day.substr(0, 4) : day;
    out += (vi ? ", ngày " : " on ") + shown;
  }
  return out;
}

finding::Report report_for(const inventory::DeviceState& state, std::uint64_t seq, Time now) {
  finding::Report out;
  out.kind = finding::Kind::software;
  out.agency = state.device.agency;
  out.device = state.device.id;
  out.entities.push_back({finding::EntityType::device, state.device.id.text()});
  out.seqs.push_back(seq);
  out.first = out.last = now;
  return out;
}

// Of one program for remote control, or of doubtful origin.
finding::Report report_of(const inventory::DeviceState& state, const Line& line, Wrong kind, Time now) {
  const std::string& name = line.package.name;
  const std::string& called = state.device.name;
  const bool pirated = kind == Wrong::pirated;
  finding::Report report = report_for(state, state.software->seq, now);
  report.group_key = "software|" + std::string(name_of(kind)) + "|" + state.device.id.text() + "|" + name;
  report.severity = pirated ? finding::Severity::high : finding::Severity::medium;
  report.title = pirated ? finding::Text{"Phần mềm nghi bẻ khóa trên thiết bị " + called + ": " + name,
                                         "Software that looks pirated on the device " + called + ": " + name}
                         : finding::Text{"Phần mềm điều khiển từ xa trên thiết bị " + called + ": " + name,
                                         "Software for remote control on the device " + called + ": " + name};
  const std::string& version = line.package.version;
  report.story = {
      line.mark->label + " (gói " + name + " " + version + ")" + who_and_when(line.package, true) + ".",
      line.mark->label + " (package " + name + " " + version + ")" + who_and_when(line.package, false) + "."};
  return report;
}

}  // namespace

Result<void> Watch::look() {
  const std::size_t living = d_.inventory.approvals().size();
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    if (!state->software && !state->software_gate) continue;
    Seen now;
    now.living = living;
    if (state->software) {
      now.seq = state->software->seq;
      now.unapproved = state->software->value.unapproved;
    }
    if (state->software_gate) now.gate_seq = state->software_gate->seq;
    Seen& seen = seen_[state->device.id];
    if (seen == now) continue;
    if (state->software) LUY_TRY_VOID(look_at(*state));
    if (state->software_gate) LUY_TRY_VOID(look_at_gate(*state));
    seen = now;
  }
  return {};
}

Result<void> Watch::tell(const inventory::DeviceState& state, std::string_view kind, const std::set<std::string>& hold,
                         const std::function<Result<void>(const std::set<std::string>& fresh)>& report) {
  const std::set<std::string> told = d_.book.told(state.device.id, kind);
  std::set<std::string> fresh;
  std::set_difference(hold.begin(), hold.end(), told.begin(), told.end(), std::inserter(fresh, fresh.end()));
  if (!fresh.empty()) LUY_TRY_VOID(report(fresh));
  return hold == told ? Result<void>() : d_.book.set_told(state.device.id, kind, hold);
}

Result<void> Watch::look_at(const inventory::DeviceState& state) {
  const DeviceId& device = state.device.id;
  const Time now = d_.clock.now();
  std::vector<Line> lines;
  const auto names = d_.inventory.package_names(device);
  if (may_have(names, std::nullopt, d_.marks)) {
    LUY_TRY(lines, survey(d_.inventory, device, d_.marks));
  }
  std::map<Wrong, std::set<std::string>> hold;
  std::map<std::string, const Line*> by_name;
  for (const Line& line : lines) {
    by_name.emplace(line.package.name, &line);
    for (const Wrong kind : line.kinds) {
      // Both are one finding: what nobody approved, or nobody approves any more.
      hold[kind == Wrong::expired ? Wrong::unapproved : kind].insert(line.package.name);
    }
  }
  const std::string& called = state.device.name;
  for (const Wrong kind : {Wrong::pirated, Wrong::remote_control}) {
    const auto report_each = [&](const std::set<std::string>& fresh) -> Result<void> {
      for (const std::string& name : fresh) LUY_TRY_VOID(d_.report(report_of(state, *by_name.at(name), kind, now)));
      return {};
    };
    LUY_TRY_VOID(tell(state, name_of(kind), hold[kind], report_each));
  }
  return tell(state, name_of(Wrong::unapproved), hold[Wrong::unapproved], [&](const std::set<std::string>& fresh) {
    const std::string count = std::to_string(fresh.size());
    finding::Report report = report_for(state, state.software->seq, now);
    report.group_key = "software|unapproved|" + device.text();
    report.severity = finding::Severity::low;
    report.title = {"Thiết bị " + called + " có phần mềm chưa được phê duyệt",
                    "The device " + called + " has software that nobody approved"};
    report.story = {"Có " + count + " phần mềm chưa được phê duyệt hoặc phê duyệt đã hết hạn:",
                    count + " packages are not approved, or no more:"};
    std::size_t listed = 0;
    for (const std::string& name : fresh) {
      if (++listed > told_max) break;
      const Line& line = *by_name.at(name);
      const bool ended = line.is(Wrong::expired);
      report.story.vi += "\n– " + name + " " + line.package.version + (ended ? " (phê duyệt đã hết hạn)" : "") +
                         who_and_when(line.package, true);
      report.story.en += "\n– " + name + " " + line.package.version + (ended ? " (its approval has ended)" : "") +
                         who_and_when(line.package, false);
    }
    return d_.report(report);
  });
}

Result<void> Watch::look_at_gate(const inventory::DeviceState& state) {
  const fact::SoftwareGate& gate = state.software_gate->value;
  std::set<std::string> hold;
  std::map<std::string, const fact::RefusedSoftware*> met;
  for (const fact::RefusedSoftware& one : gate.refused) {
    const std::string name = one.act + " " + one.name;
    // A name is a line in the book.
    if (name.find('\n') != std::string::npos) continue;
    hold.insert(name);
    met[name] = &one;
  }
  return tell(state, "gate", hold, [&](const std::set<std::string>& fresh) {
    finding::Report report = report_for(state, state.software_gate->seq, d_.clock.now());
    report.group_key = "software|gate|" + state.device.id.text();
    report.title = {"Thiết bị " + state.device.name + ": có người cài hoặc chạy phần mềm chưa được phê duyệt",
                    "The device " + state.device.name + ": somebody installed or ran software that nobody approved"};
    report.severity = finding::Severity::low;
    report.story = {"Chốt kiểm soát đã gặp:", "The gates met:"};
    std::size_t listed = 0;
    for (const std::string& name : fresh) {
      const fact::RefusedSoftware& one = *met.at(name);
      if (one.refused) report.severity = finding::Severity::medium;
      if (++listed > told_max) continue;
      const bool install = one.act == "install";
      const std::string what = one.name + (one.version.empty() ? "" : " " + one.version);
      const std::string whom = one.user.empty() ? "" : " (" + one.user + ")";
      report.story.vi += std::string("\n– ") + (install ? "cài " : "chạy ") + what + whom +
                         (one.refused ? ": đã từ chối" : ": chỉ ghi nhận");
      report.story.en += std::string("\n– ") + (install ? "installing " : "running ") + what + whom +
                         (one.refused ? ": refused" : ": only noted");
    }
    return d_.report(report);
  });
}

}  // namespace luy::software
