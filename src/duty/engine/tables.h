// The SQL of the engine. Times are milliseconds; a reason's arguments are packed (duty/reason.h), proofs are JSON.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "duty/engine/book.h"
#include "records/database.h"

namespace luy::duty::tables {

Result<void> each_prior(
    records::Connection& db,
    const std::function<void(const std::string& obligation, const std::string& subject, Prior)>& visit);
Result<std::int64_t> last_history_number(records::Connection& db);
Result<void> save(records::Connection& db, const Book& book, SlotNumber slot);
Result<void> remove(records::Connection& db, const std::string& obligation, const std::string& subject);
Result<void> save_history(records::Connection& db, std::int64_t number, const std::string& obligation,
                          const Pending::History& entry);
Result<void> trim_history(records::Connection& db, Time before);
// Of one verdict, or (`obligation` empty) of one device. Newest first.
Result<std::vector<PastVerdict>> history(records::Connection& db, std::string_view obligation,
                                         std::string_view subject_or_device, std::size_t limit);

// Violated verdicts per agency and obligation at the beginning of a day. nullopt: the engine did not run then.
using DayCounts = std::map<std::pair<std::string, std::string>, std::int64_t>;
Result<std::optional<DayCounts>> day_counts(records::Connection& db, Day day);
Result<void> save_day(records::Connection& db, Day day, const DayCounts& counts);
Result<void> trim_days(records::Connection& db, Day before);

}  // namespace luy::duty::tables
