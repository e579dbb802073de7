#include "backup/backup.h"

#include <algorithm>
#include <array>
#include <map>

namespace luy::backup {
namespace {

constexpr std::array<std::string_view, 4> standing_names = {"kept", "soon", "overdue", "never"};

std::optional<Duration> period_of(const regulation::Pack& pack, std::string_view record) {
  for (const regulation::Obligation& one : pack.obligations) {
    if (one.record != record) continue;
    const auto period = one.parameters.duration("period_days");
    if (period) return *period;
  }
  return std::nullopt;
}

void take(SetStanding::Part& part, const std::optional<Time>& succeeded) {
  if (succeeded && (!part.newest || *succeeded > *part.newest)) part.newest = succeeded;
}

// A device's clock that runs ahead must not make a copy younger than it can be.
void judge(SetStanding::Part& part, const std::optional<Duration>& period, std::optional<Time> first_due, Time now) {
  if (part.newest && *part.newest > now) part.newest = now;
  if (!period) {
    part.standing = part.newest ? Standing::kept : Standing::never;
    return;
  }
  part.due_at = part.newest ? std::optional(*part.newest + *period) : first_due;
  if (part.due_at && *part.due_at <= now) {
    part.standing = Standing::overdue;
  } else if (!part.newest) {
    part.standing = Standing::never;
  } else {
    part.standing = *part.due_at - now <= soon_days ? Standing::soon : Standing::kept;
  }
}

const SetStanding::Part& part_of(const SetStanding& one, std::string_view record) {
  if (record == "backup_run") return one.run;
  return record == "media_copy" ? one.copy : one.drill;
}

// Worst first: what is over before what was never done, what ends earlier before what ends later.
bool is_worse(const SetStanding::Part& a, const SetStanding::Part& b) {
  const auto rank = [](Standing standing) {
    constexpr std::array<int, 4> ranks = {3, 2, 0, 1};
    return ranks[static_cast<std::size_t>(standing)];
  };
  if (rank(a.standing) != rank(b.standing)) return rank(a.standing) < rank(b.standing);
  return a.due_at.value_or(Time::max()) < b.due_at.value_or(Time::max());
}

struct Words {
  const char* vi;
  const char* en;
};

Words words_of(std::string_view record) {
  if (record == "backup_run") return {"sao lưu bộ ", "backup of "};
  if (record == "media_copy") return {"chép ra thiết bị lưu trữ ngoài bộ ", "copy to external media of "};
  return {"diễn tập phục hồi bộ ", "restore drill of "};
}

regulation::Text urgent_text(std::string_view record, const SetStanding& one) {
  const Words words = words_of(record);
  regulation::Text out;
  out.vi = words.vi + one.set + " trên máy " + one.device_name;
  out.en = words.en + one.set + " on the machine " + one.device_name;
  if (record == "media_copy" && !one.has_medium) {
    out.vi += " (chưa có thiết bị lưu trữ ngoài nào)";
    out.en += " (it has no external medium)";
  }
  return out;
}

// No set anywhere: the first machine is what it waits for.
DutyRecord nothing_set_up(std::string_view record, const std::vector<Reported>& of_agency,
                          const std::optional<Duration>& period) {
  DutyRecord out;
  const auto first = std::min_element(of_agency.begin(), of_agency.end(), [](const Reported& a, const Reported& b) {
    return a.enrolled_at < b.enrolled_at;
  });
  if (first == of_agency.end()) return out;
  out.waiting = 1;
  out.urgent = record == "backup_run"
                   ? regulation::Text{"đặt bộ sao lưu đầu tiên của đơn vị", "the agency's first backup set"}
                   : regulation::Text{"đặt bộ sao lưu trước", "a backup set first"};
  out.since = first->enrolled_at;
  if (period) out.due_at = first->enrolled_at + *period;
  return out;
}

}  // namespace

std::string_view name_of(Standing standing) {
  return standing_names[static_cast<std::size_t>(standing)];
}

Limits limits_of(const regulation::Pack& pack) {
  return {period_of(pack, "backup_run"), period_of(pack, "media_copy"), period_of(pack, "restore_drill")};
}

std::vector<SetStanding> standings(const std::vector<Reported>& reported, const Limits& limits, Time now) {
  std::vector<SetStanding> out;
  for (const Reported& device : reported) {
    if (device.backup == nullptr) continue;
    std::map<std::string, SetStanding> sets;
    std::map<std::string, std::optional<Time>> first_due;
    for (const fact::BackupRun& run : device.backup->runs) {
      SetStanding& one = sets[run.set];
      one.device = device.device;
      one.device_name = device.device_name;
      one.agency = device.agency;
      one.set = run.set;
      one.kind = run.kind;
      one.seq = device.seq;
      take(one.run, run.succeeded_at);
      if (run.state == "failed" || run.state == "waiting") one.run.because = run.because;
      if (run.target == "medium") {
        one.has_medium = true;
        take(one.copy, run.succeeded_at);
        if (run.state == "failed" || run.state == "waiting") one.copy.because = run.because;
      }
      auto& due = first_due[run.set];
      if (run.due_at && !run.succeeded_at && (!due || *run.due_at < *due)) due = run.due_at;
    }
    for (auto& [name, one] : sets) {
      for (const fact::RestoreDrill& drill : device.backup->drills) {
        if (drill.set != name) continue;
        if (drill.passed) take(one.drill, drill.ended_at);
      }
      // The newest stands first; what failed after the last that passed is what people have to know.
      const auto newest = std::find_if(device.backup->drills.begin(), device.backup->drills.end(),
                                       [&](const fact::RestoreDrill& drill) { return drill.set == name; });
      if (newest != device.backup->drills.end() && !newest->passed) one.drill.because = newest->because;
      const std::optional<Time> first = first_due[name];
      judge(one.run, limits.run, first, now);
      judge(one.copy, limits.copy, one.has_medium ? first : std::nullopt, now);
      judge(one.drill, limits.drill, std::nullopt, now);
      // What is on a disk that works holds the set, whatever hinders another target.
      if (one.run.standing == Standing::kept) one.run.because.clear();
      out.push_back(std::move(one));
    }
  }
  return out;
}

std::optional<DutyRecord> duty_record(const std::string& record, const std::vector<Reported>& of_agency,
                                      const Limits& limits, Time now) {
  const bool known = record == "backup_run" || record == "media_copy" || record == "restore_drill";
  if (!known) return std::nullopt;
  const std::optional<Duration> period = record == "backup_run"   ? limits.run
                                         : record == "media_copy" ? limits.copy
                                                                  : limits.drill;
  std::vector<SetStanding> all = standings(of_agency, limits, now);
  DutyRecord out = all.empty() ? nothing_set_up(record, of_agency, period) : DutyRecord{};
  if (period) out.days = std::chrono::floor<days>(*period).count();
  std::stable_sort(all.begin(), all.end(), [&](const SetStanding& a, const SetStanding& b) {
    return is_worse(part_of(a, record), part_of(b, record));
  });
  for (const SetStanding& one : all) {
    const SetStanding::Part& part = part_of(one, record);
    if (part.standing == Standing::kept) {
      ++out.kept;
    } else {
      if (out.waiting++ == 0) {
        out.urgent = urgent_text(record, one);
        out.due_at = part.due_at;
        out.since = part.newest;
        out.urgent_seq = one.seq;
      }
    }
    if (part.newest && (!out.newest || *part.newest > *out.newest)) {
      out.newest = part.newest;
      out.newest_seq = one.seq;
    }
  }
  return out;
}

}  // namespace luy::backup
