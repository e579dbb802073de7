// The module's tables: values in, rows out. Private to the module.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finding/finding.h"
#include "records/database.h"

namespace luy::finding::tables {

Result<void> load(records::Connection& c, const std::function<void(Finding)>& each);
Result<void> save(records::Connection& c, const Finding& finding);
Result<void> remove(records::Connection& c, const FindingId& id);

// Whether the number is new to the finding.
Result<bool> add_member(records::Connection& c, const FindingId& id, std::uint64_t seq);
// Whether any finding of the rule has the number.
Result<bool> is_member_of_rule(records::Connection& c, std::string_view rule, std::uint64_t seq);
Result<std::vector<std::uint64_t>> members(records::Connection& c, const FindingId& id, std::uint64_t before,
                                           std::size_t limit);

Result<void> add_history(records::Connection& c, const FindingId& id, const HistoryEntry& entry);
Result<std::vector<HistoryEntry>> history(records::Connection& c, const FindingId& id);

struct HitRow {
  std::string rule;
  Day day;
  std::uint64_t count = 0;
  Time last;
};
Result<void> load_hits(records::Connection& c, const std::function<void(HitRow)>& each);
Result<void> save_hits(records::Connection& c, const HitRow& row);
Result<void> trim_hits(records::Connection& c, Day before);

Result<std::optional<std::uint64_t>> progress(records::Connection& c, std::string_view reader);
Result<void> save_progress(records::Connection& c, std::string_view reader, std::uint64_t next_seq);

}  // namespace luy::finding::tables
