#include "incident/case_link.h"

#include <algorithm>
#include <set>

namespace luy::incident {
namespace {

NamedCase named(const records::Row& row) {
  return {CaseId::trusted(row.text(0)), std::string(row.text(1)), AgencyId::trusted(row.text(2)),
          std::string(row.text(3)), std::string(row.text(4))};
}

bool names(std::string_view body, finding::EntityType type, const std::string& value) {
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(body, error);
  const boost::json::object* part = error ? nullptr : parsed.if_object();
  if (part == nullptr) return false;
  const auto text = [&](const char* key) -> std::string_view {
    const boost::json::value* found = part->if_contains(key);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
  };
  return text("type") == finding::name_of(type) && text("value") == value;
}

}  // namespace

Result<std::map<finding::FindingId, NamedCase>> cases_of_findings(const records::Database& database,
                                                                  std::span<const finding::FindingId> findings) {
  std::map<finding::FindingId, NamedCase> out;
  std::set<std::string> wanted;
  for (const finding::FindingId& finding : findings) wanted.insert(finding.text());
  if (wanted.empty()) return out;
  // A statement has as many parameters as its text says, so it asks for all between the first and the last.
  const auto read = database.read([&](records::Connection& c) {
    return c.query(
        "SELECT c.id, c.number, c.agency, c.title, c.state, l.ref FROM incident_link l JOIN incident_case c "
        "ON c.id = l.case_id WHERE l.kind = 'finding' AND l.ref >= $1 AND l.ref <= $2 "
        "ORDER BY c.merged_into IS NULL, c.opened_at",
        {std::string_view(*wanted.begin()), std::string_view(*wanted.rbegin())}, [&](const records::Row& row) {
          if (wanted.contains(std::string(row.text(5))))
            out.insert_or_assign(finding::FindingId::trusted(row.text(5)), named(row));
        });
  });
  if (!read) return read.error();
  return out;
}

Result<std::vector<NamedCase>> cases_naming(const records::Database& database, finding::EntityType type,
                                            const std::string& value, std::span<const finding::FindingId> findings) {
  return database.read([&](records::Connection& c) -> Result<std::vector<NamedCase>> {
    std::set<std::string> ids;
    LUY_TRY_VOID(c.query("SELECT case_id, body FROM incident_part WHERE kind = 'entity' ORDER BY at DESC LIMIT $1",
                         {entity_parts_max}, [&](const records::Row& row) {
                           if (names(row.text(1), type, value)) ids.emplace(row.text(0));
                         }));
    for (const finding::FindingId& finding : findings) {
      const std::string ref = finding.text();
      LUY_TRY_VOID(c.query("SELECT case_id FROM incident_link WHERE kind = 'finding' AND ref = $1",
                           {std::string_view(ref)}, [&](const records::Row& row) { ids.emplace(row.text(0)); }));
    }
    std::vector<NamedCase> out;
    for (const std::string& id : ids) {
      LUY_TRY_VOID(c.query("SELECT id, number, agency, title, state FROM incident_case WHERE id = $1",
                           {std::string_view(id)}, [&](const records::Row& row) { out.push_back(named(row)); }));
    }
    // Numbers of one year grow; those of a later year are larger as texts, too.
    std::sort(out.begin(), out.end(), [](const NamedCase& a, const NamedCase& b) { return a.number > b.number; });
    return out;
  });
}

}  // namespace luy::incident
