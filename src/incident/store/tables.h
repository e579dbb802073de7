// The module's tables: values in, rows out. Private to the module.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "incident/case.h"
#include "incident/case_paper.h"
#include "incident/part.h"
#include "records/database.h"

namespace luy::incident::tables {

// The next number of a row, from 1.
Result<std::uint64_t> next_number(records::Connection& c, const std::string& row);

Result<void> save(records::Connection& c, const Case& one);
// Errors: case_unknown.
Result<Case> load(records::Connection& c, const CaseId& id);
Result<void> each_case(records::Connection& c, const std::function<void(Case)>& each);  // Newest first.

Result<void> add_entry(records::Connection& c, const CaseId& id, TimelineEntry entry);
Result<std::uint64_t> last_entry(records::Connection& c, const CaseId& id);  // Its number; 0 when there is none.
// Whether there is an entry of this kind with exactly these data.
Result<bool> has_entry(records::Connection& c, const CaseId& id, std::string_view kind,
                       const boost::json::object& data);
// Gives the entries behind `after` the name under which the audit trail knows the act that made them.
Result<void> name_act(records::Connection& c, const CaseId& id, std::uint64_t after, std::string_view act);
Result<std::vector<TimelineEntry>> timeline(records::Connection& c, const CaseId& id);

Result<void> add_link(records::Connection& c, const CaseId& id, const Link& link);
Result<std::vector<Link>> links(records::Connection& c, const CaseId& id);

Result<void> save(records::Connection& c, const CaseId& id, const Part& part);
Result<std::vector<Part>> parts(records::Connection& c, const CaseId& id);  // Oldest first.
struct HeldPart {
  CaseId case_id;
  Part part;
};
Result<std::vector<HeldPart>> parts_of_kind(records::Connection& c, PartKind kind);

Result<void> save(records::Connection& c, const CasePaper& paper);
Result<std::vector<CasePaper>> papers(records::Connection& c, const CaseId& id);  // Oldest first.
Result<std::vector<CasePaper>> office_papers(records::Connection& c);             // Those of no case, newest first.
// Errors: paper_unknown.
Result<CasePaper> load_paper(records::Connection& c, const PaperId& id);

}  // namespace luy::incident::tables
