// For how long the logs of servers are kept where more is asked for than the pack's own number (article 9.1): by the
// level of an information system of the agency, or by a term that two people set (module custody). What verdicts on 9.2
// count by. Read from the tables, kept in memory.
//
// Threads: every function from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "custody/retention.h"
#include "hub/agency_view.h"
#include "records/database.h"

namespace luy::hub {

class LogTerms {
 public:
  // `level_days`: by level (custody_desk.h). `agencies` must outlive this. Errors: those of the database.
  static Result<std::unique_ptr<LogTerms>> open(records::Database& database, const AgencyView& agencies,
                                                std::map<unsigned, int> level_days);

  // Reads the tables again; true: something is different. Errors: those of the database; what was known stays.
  Result<bool> refresh();

  int days_of(const AgencyId& agency) const;  // 0: nobody asks for more than the pack.
  int longest() const;                        // Of all agencies.

 private:
  LogTerms(records::Database& database, const AgencyView& agencies, std::map<unsigned, int> level_days)
      : database_(database), agencies_(agencies), level_days_(std::move(level_days)) {}

  records::Database& database_;
  const AgencyView& agencies_;
  const std::map<unsigned, int> level_days_;
  mutable std::mutex mutex_;  // Guards what follows.
  std::map<AgencyId, int> floors_;
  std::vector<custody::RetentionRule> rules_;
};

}  // namespace luy::hub
