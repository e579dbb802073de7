// Reports of evidence that is read again: what is counted already is left out.
#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "finding/book.h"
#include "finding/group.h"
#include "finding/store/tables.h"

namespace luy::finding {

std::string clean(std::string_view text, std::size_t bytes_max) {
  std::string out = to_utf8(utf8_front(text.substr(0, std::min(text.size(), bytes_max)), bytes_max));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

Text clean(const Text& text, std::size_t bytes_max) {
  return {clean(text.vi, bytes_max), clean(text.en, bytes_max)};
}

std::string rule_part(const Report& report) {
  return (report.rule ? clean(report.rule->id, group_key_bytes_max / 2) : std::string(name_of(report.kind))) + "|";
}

std::string stored_key(const Report& report) {
  return rule_part(report) + clean(report.group_key, group_key_bytes_max / 2);
}

Result<std::vector<FindingPointer>> Book::report_again(std::span<const Report> reports) {
  LUY_TRY(const std::vector<Change> changes, store(reports, std::nullopt, true));
  std::vector<FindingPointer> out;
  for (const Change& change : changes) out.push_back(change.finding);
  return out;
}

Book::Known Book::known_of(std::span<const Report> reports) const {
  std::map<AgencyId, std::set<std::string>> wanted;
  for (const Report& one : reports) {
    if (one.rule) wanted[one.agency].insert(rule_part(one));
  }
  Known out;
  const std::shared_lock lock(mutex_);
  for (const auto& [id, finding] : findings_) {
    const auto of_agency = wanted.find(finding->agency);
    if (of_agency == wanted.end()) continue;
    for (const std::string& prefix : of_agency->second) {
      if (finding->group_key.starts_with(prefix)) out[{finding->agency, prefix}].push_back(finding);
    }
  }
  return out;
}

// Beyond members_max a finding knows only from where to where it counted; what lies there is taken to be counted, so
// that nothing is ever counted twice.
Result<std::optional<Report>> Book::uncounted(records::Connection& c, const Known& all, const Report& report) const {
  Report out = report;
  if (!report.rule) return std::optional(std::move(out));
  const std::string rule = clean(report.rule->id, entity_bytes_max);
  const std::string prefix = rule_part(report);
  const std::string key = stored_key(report);
  const std::string older = clean(report.group_key + std::string(older_events), group_key_bytes_max / 2);
  std::vector<FindingPointer> full;
  bool crowded = false;  // The group's own finding cannot take all numbers.
  if (const auto known = all.find({report.agency, prefix}); known != all.end()) {
    for (const FindingPointer& finding : known->second) {
      const bool same = finding->group_key == key || finding->group_key == prefix + older ||
                        finding->group_key == prefix + std::string(further_groups);
      if (same && finding->members >= members_max) full.push_back(finding);
      const bool newer = !report.seqs.empty() && report.seqs.front() <= finding->last_seq;
      crowded = crowded || (finding->group_key == key && newer && finding->members + report.seqs.size() > members_max);
    }
  }
  std::vector<std::uint64_t> fresh;
  for (const std::uint64_t seq : report.seqs) {
    const bool covered = std::any_of(full.begin(), full.end(), [&](const FindingPointer& one) {
      return one->first_seq <= seq && seq <= one->last_seq;
    });
    if (covered) continue;
    LUY_TRY(const bool known, tables::is_member_of_rule(c, rule, seq));
    if (!known) fresh.push_back(seq);
  }
  if (fresh.empty()) return std::optional<Report>();
  if (fresh.size() != report.seqs.size()) out.further = 0;
  out.seqs = std::move(fresh);
  if (crowded) out.group_key = older;
  return std::optional(std::move(out));
}

}  // namespace luy::finding
