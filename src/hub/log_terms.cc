#include "hub/log_terms.h"

#include <algorithm>

#include "custody/retention_book.h"
#include "incident/system_book.h"

namespace luy::hub {

Result<std::unique_ptr<LogTerms>> LogTerms::open(records::Database& database, const AgencyView& agencies,
                                                 std::map<unsigned, int> level_days) {
  std::unique_ptr<LogTerms> out(new LogTerms(database, agencies, std::move(level_days)));
  LUY_TRY_VOID(out->refresh());
  return out;
}

Result<bool> LogTerms::refresh() {
  LUY_TRY(auto rules, custody::rules_in_force(database_));
  LUY_TRY(const auto levels, incident::system_levels(database_));
  std::map<AgencyId, int> floors;
  for (const auto& [agency, level] : levels) {
    if (const auto found = level_days_.find(level); found != level_days_.end()) floors[agency] = found->second;
  }
  const std::lock_guard lock(mutex_);
  const auto same_term = [](const custody::RetentionRule& a, const custody::RetentionRule& b) {
    return a.agency == b.agency && a.source_class == b.source_class && a.keep_days == b.keep_days;
  };
  const bool differs = floors != floors_ || !std::ranges::equal(rules, rules_, same_term);
  floors_ = std::move(floors);
  rules_ = std::move(rules);
  return differs;
}

int LogTerms::days_of(const AgencyId& agency) const {
  const std::lock_guard lock(mutex_);
  const auto floor = floors_.find(agency);
  const custody::Place place{agency, agencies_.lineage(agency), floor == floors_.end() ? 0 : floor->second};
  return custody::term_of(rules_, place, custody::SourceClass::server).keep_days;
}

int LogTerms::longest() const {
  const std::lock_guard lock(mutex_);
  int out = 0;
  for (const auto& [agency, floor] : floors_) out = std::max(out, floor);
  for (const custody::RetentionRule& rule : rules_) out = std::max(out, rule.keep_days);
  return out;
}

}  // namespace luy::hub
