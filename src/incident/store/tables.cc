#include "incident/store/tables.h"

#include <boost/json.hpp>

namespace luy::incident::tables {
namespace {

namespace json = boost::json;

json::object object_of(std::string_view text) {
  boost::system::error_code error;
  json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  return !error && parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

json::array array_of(std::string_view text) {
  boost::system::error_code error;
  json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  return !error && parsed.is_array() ? std::move(parsed.get_array()) : json::array();
}

constexpr std::string_view case_columns =
    "id, number, agency, title, description, system, edition, state, state_since, round, classification, moments, "
    "merged_into, opened_by, conflict_record, town, system_id";

Case read_case(const records::Row& row) {
  Case out;
  out.id = CaseId::trusted(row.text(0));
  out.number = row.text(1);
  out.agency = AgencyId::trusted(row.text(2));
  out.title = row.text(3);
  out.description = row.text(4);
  out.system = row.text(5);
  out.edition = row.text(6);
  out.state = row.text(7);
  out.state_since = from_micros(row.integer(8));
  out.round = static_cast<unsigned>(row.integer(9));
  out.found = classification_from(object_of(row.text(10)));
  out.moments = moments_from(object_of(row.text(11)));
  if (!row.null(12)) out.merged_into = CaseId::parse(row.text(12));
  out.opened_by = row.text(13);
  if (!row.text(14).empty()) out.conflict = conflict_from(object_of(row.text(14)));
  out.town = town_side_from(object_of(row.text(15)));
  if (!row.null(16)) out.system_id = SystemId::trusted(row.text(16));
  return out;
}

Part read_part(const records::Row& row) {
  Part out;
  out.id = PartId::trusted(row.text(0));
  out.kind = part_kind_from_name(row.text(1)).value_or(PartKind::entity);
  out.round = static_cast<unsigned>(row.integer(2));
  out.at = from_micros(row.integer(3));
  out.by = row.text(4);
  out.body = object_of(row.text(5));
  return out;
}

constexpr std::string_view paper_columns =
    "id, case_id, form, round, state, number, notation, data, made_at, issued_at, pdf, signed_pdf, signers, "
    "deliveries, "
    "form_version, office, ties";

CasePaper read_paper(const records::Row& row) {
  CasePaper out;
  out.id = PaperId::trusted(row.text(0));
  if (!row.text(1).empty()) out.case_id = CaseId::trusted(row.text(1));
  out.form = row.text(2);
  out.round = static_cast<unsigned>(row.integer(3));
  out.state = paper_state_from_name(row.text(4)).value_or(CasePaper::State::draft);
  out.number = static_cast<unsigned>(row.integer(5));
  out.notation = row.text(6);
  out.data = object_of(row.text(7));
  out.made_at = from_micros(row.integer(8));
  if (!row.null(9)) out.issued_at = from_micros(row.integer(9));
  out.pdf = row.text(10);
  out.signed_pdf = row.text(11);
  out.signers = signers_from(array_of(row.text(12)));
  out.deliveries = deliveries_from(array_of(row.text(13)));
  out.form_version = static_cast<unsigned>(row.integer(14));
  if (!row.text(15).empty()) out.office = owner_from(object_of(row.text(15)));
  if (!row.text(16).empty()) out.ties = ties_from(object_of(row.text(16)));
  return out;
}

}  // namespace

Result<std::uint64_t> next_number(records::Connection& c, const std::string& row_name) {
  LUY_TRY_VOID(c.run("INSERT INTO incident_counter (name, last) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING",
                     {std::string_view(row_name)}));
  LUY_TRY_VOID(c.run("UPDATE incident_counter SET last = last + 1 WHERE name = $1", {std::string_view(row_name)}));
  std::uint64_t out = 0;
  LUY_TRY_VOID(c.query("SELECT last FROM incident_counter WHERE name = $1", {std::string_view(row_name)},
                       [&](const records::Row& row) { out = static_cast<std::uint64_t>(row.integer(0)); }));
  return out;
}

Result<void> save(records::Connection& c, const Case& one) {
  const std::string classification = json::serialize(to_json(one.found));
  const std::string moments = json::serialize(to_json(one.moments));
  const std::string conflict = one.conflict ? json::serialize(to_json(*one.conflict)) : std::string();
  const std::string town = json::serialize(to_json(one.town));
  const std::optional<std::string> system = one.system_id ? std::optional(one.system_id->text()) : std::nullopt;
  const std::optional<std::string> merged = one.merged_into ? std::optional(one.merged_into->text()) : std::nullopt;
  LUY_TRY_VOID(c.run(
      "INSERT INTO incident_case (id, number, agency, title, description, system, edition, state, state_since, round, "
      "classification, moments, merged_into, opened_by, opened_at, conflict_record, town, system_id) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) "
      "ON CONFLICT (id) DO UPDATE SET agency = excluded.agency, title = excluded.title, "
      "description = excluded.description, system = excluded.system, edition = excluded.edition, "
      "state = excluded.state, state_since = excluded.state_since, round = excluded.round, "
      "classification = excluded.classification, moments = excluded.moments, merged_into = excluded.merged_into, "
      "conflict_record = excluded.conflict_record, town = excluded.town, system_id = excluded.system_id",
      {std::string_view(one.id.text()), std::string_view(one.number), std::string_view(one.agency.text()),
       std::string_view(one.title), std::string_view(one.description), std::string_view(one.system),
       std::string_view(one.edition), std::string_view(one.state), to_micros(one.state_since),
       static_cast<std::int64_t>(one.round), std::string_view(classification), std::string_view(moments),
       records::nullable(merged), std::string_view(one.opened_by), to_micros(one.moments.at(Moment::opened)),
       std::string_view(conflict), std::string_view(town), records::nullable(system)}));
  return {};
}

Result<Case> load(records::Connection& c, const CaseId& id) {
  std::optional<Case> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(case_columns) + " FROM incident_case WHERE id = $1",
                       {std::string_view(id.text())}, [&](const records::Row& row) { out = read_case(row); }));
  if (!out) return Error(case_unknown);
  return *std::move(out);
}

Result<void> each_case(records::Connection& c, const std::function<void(Case)>& each) {
  return c.query("SELECT " + std::string(case_columns) + " FROM incident_case ORDER BY opened_at DESC, id DESC", {},
                 [&](const records::Row& row) { each(read_case(row)); });
}

Result<std::uint64_t> last_entry(records::Connection& c, const CaseId& id) {
  std::uint64_t out = 0;
  LUY_TRY_VOID(c.query("SELECT COALESCE(MAX(number), 0) FROM incident_entry WHERE case_id = $1",
                       {std::string_view(id.text())},
                       [&](const records::Row& row) { out = static_cast<std::uint64_t>(row.integer(0)); }));
  return out;
}

Result<void> add_entry(records::Connection& c, const CaseId& id, TimelineEntry entry) {
  LUY_TRY(const std::uint64_t last, last_entry(c, id));
  entry.number = last + 1;
  const std::string data = json::serialize(entry.data);
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_entry (case_id, number, at, by_name, kind, text_vi, text_en, data, act) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            {std::string_view(id.text()), static_cast<std::int64_t>(entry.number), to_micros(entry.at),
             std::string_view(entry.by), std::string_view(entry.kind), std::string_view(entry.text.vi),
             std::string_view(entry.text.en), std::string_view(data), std::string_view(entry.act)}));
  return {};
}

Result<bool> has_entry(records::Connection& c, const CaseId& id, std::string_view kind, const json::object& data) {
  const std::string text = json::serialize(data);
  bool out = false;
  LUY_TRY_VOID(c.query("SELECT 1 FROM incident_entry WHERE case_id = $1 AND kind = $2 AND data = $3 LIMIT 1",
                       {std::string_view(id.text()), kind, std::string_view(text)},
                       [&](const records::Row&) { out = true; }));
  return out;
}

Result<void> name_act(records::Connection& c, const CaseId& id, std::uint64_t after, std::string_view act) {
  LUY_TRY_VOID(c.run("UPDATE incident_entry SET act = $3 WHERE case_id = $1 AND number > $2",
                     {std::string_view(id.text()), static_cast<std::int64_t>(after), act}));
  return {};
}

Result<std::vector<TimelineEntry>> timeline(records::Connection& c, const CaseId& id) {
  std::vector<TimelineEntry> out;
  LUY_TRY_VOID(
      c.query("SELECT number, at, by_name, kind, text_vi, text_en, data, act FROM incident_entry WHERE case_id = $1 "
              "ORDER BY number",
              {std::string_view(id.text())}, [&](const records::Row& row) {
                TimelineEntry one;
                one.number = static_cast<std::uint64_t>(row.integer(0));
                one.at = from_micros(row.integer(1));
                one.by = row.text(2);
                one.kind = row.text(3);
                one.text = {std::string(row.text(4)), std::string(row.text(5))};
                one.data = object_of(row.text(6));
                one.act = row.text(7);
                out.push_back(std::move(one));
              }));
  return out;
}

Result<void> add_link(records::Connection& c, const CaseId& id, const Link& link) {
  const std::optional<std::string> through = link.through ? std::optional(link.through->text()) : std::nullopt;
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_link (case_id, kind, ref, through) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (case_id, kind, ref) DO NOTHING",
            {std::string_view(id.text()), std::string_view(link.kind), std::string_view(link.ref),
             records::nullable(through)}));
  return {};
}

Result<std::vector<Link>> links(records::Connection& c, const CaseId& id) {
  std::vector<Link> out;
  LUY_TRY_VOID(c.query("SELECT kind, ref, through FROM incident_link WHERE case_id = $1 ORDER BY kind, ref",
                       {std::string_view(id.text())}, [&](const records::Row& row) {
                         Link one{std::string(row.text(0)), std::string(row.text(1)), std::nullopt};
                         if (!row.null(2)) one.through = CaseId::parse(row.text(2));
                         out.push_back(std::move(one));
                       }));
  return out;
}

Result<void> save(records::Connection& c, const CaseId& id, const Part& part) {
  const std::string body = json::serialize(part.body);
  LUY_TRY_VOID(c.run(
      "INSERT INTO incident_part (id, case_id, kind, round, at, by_name, body) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
      {std::string_view(part.id.text()), std::string_view(id.text()), name_of(part.kind),
       static_cast<std::int64_t>(part.round), to_micros(part.at), std::string_view(part.by), std::string_view(body)}));
  return {};
}

Result<std::vector<Part>> parts(records::Connection& c, const CaseId& id) {
  std::vector<Part> out;
  LUY_TRY_VOID(
      c.query("SELECT id, kind, round, at, by_name, body FROM incident_part WHERE case_id = $1 ORDER BY at, id",
              {std::string_view(id.text())}, [&](const records::Row& row) { out.push_back(read_part(row)); }));
  return out;
}

Result<std::vector<HeldPart>> parts_of_kind(records::Connection& c, PartKind kind) {
  std::vector<HeldPart> out;
  LUY_TRY_VOID(
      c.query("SELECT p.id, p.kind, p.round, p.at, p.by_name, p.body, p.case_id FROM incident_part p "
              "WHERE p.kind = $1 ORDER BY p.at, p.id",
              {name_of(kind)}, [&](const records::Row& row) {
                out.push_back({CaseId::trusted(row.text(6)), read_part(row)});
              }));
  return out;
}

Result<void> save(records::Connection& c, const CasePaper& paper) {
  const std::string data = json::serialize(paper.data);
  const std::string signers = json::serialize(to_json(paper.signers));
  const std::string deliveries = json::serialize(to_json(paper.deliveries));
  const std::string office = paper.office ? json::serialize(to_json(*paper.office)) : std::string();
  const std::string ties = paper.ties ? json::serialize(to_json(*paper.ties)) : std::string();
  const std::optional<std::int64_t> issued =
      paper.issued_at ? std::optional(to_micros(*paper.issued_at)) : std::nullopt;
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_paper (id, case_id, form, round, state, number, notation, data, made_at, "
            "issued_at, pdf, signed_pdf, signers, deliveries, form_version, office, ties) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state, ties = excluded.ties, number = excluded.number, "
            "notation = excluded.notation, data = excluded.data, issued_at = excluded.issued_at, "
            "pdf = excluded.pdf, signed_pdf = excluded.signed_pdf, signers = excluded.signers, "
            "deliveries = excluded.deliveries",
            {std::string_view(paper.id.text()), std::string_view(paper.case_id.text()), std::string_view(paper.form),
             static_cast<std::int64_t>(paper.round), name_of(paper.state), static_cast<std::int64_t>(paper.number),
             std::string_view(paper.notation), std::string_view(data), to_micros(paper.made_at),
             records::nullable(issued), std::string_view(paper.pdf), std::string_view(paper.signed_pdf),
             std::string_view(signers), std::string_view(deliveries), static_cast<std::int64_t>(paper.form_version),
             std::string_view(office), std::string_view(ties)}));
  return {};
}

Result<std::vector<CasePaper>> papers(records::Connection& c, const CaseId& id) {
  std::vector<CasePaper> out;
  LUY_TRY_VOID(
      c.query("SELECT " + std::string(paper_columns) + " FROM incident_paper WHERE case_id = $1 ORDER BY made_at, id",
              {std::string_view(id.text())}, [&](const records::Row& row) { out.push_back(read_paper(row)); }));
  return out;
}

Result<std::vector<CasePaper>> office_papers(records::Connection& c) {
  std::vector<CasePaper> out;
  LUY_TRY_VOID(c.query(
      "SELECT " + std::string(paper_columns) + " FROM incident_paper WHERE case_id = '' ORDER BY made_at DESC, id DESC",
      {}, [&](const records::Row& row) { out.push_back(read_paper(row)); }));
  return out;
}

Result<CasePaper> load_paper(records::Connection& c, const PaperId& id) {
  std::optional<CasePaper> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(paper_columns) + " FROM incident_paper WHERE id = $1",
                       {std::string_view(id.text())}, [&](const records::Row& row) { out = read_paper(row); }));
  if (!out) return Error(paper_unknown);
  return *std::move(out);
}

}  // namespace luy::incident::tables
