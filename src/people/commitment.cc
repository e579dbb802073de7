#include "people/commitment.h"

#include <algorithm>
#include <set>

#include "people/text.h"

namespace luy::people {
namespace {

namespace json = boost::json;

constexpr std::size_t id_bytes_max = 40;
constexpr std::size_t sha256_chars = 64;

Error invalid(const char* vi, const char* en) {
  return Error(commitment_invalid, vi, en);
}

bool is_slug(const std::string& id) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= id_bytes_max && std::all_of(id.begin(), id.end(), is_plain);
}

// The day before the same day so many months later: a year from 05/03/2026 ends on 04/03/2027.
Day last_day_of(Day first, unsigned months) {
  using namespace std::chrono;
  year_month_day then = year_month_day(first) + std::chrono::months(static_cast<int>(months));
  if (!then.ok()) then = then.year() / then.month() / last;
  return sys_days(then) - days(1);
}

json::object summary_of(const Commitment& one) {
  return {{"agency", one.agency.text()},
          {"person", one.person ? json::value(one.person->text()) : json::value(nullptr)},
          {"holder", one.holder},
          {"text", one.text},
          {"version", one.version},
          {"system", one.system},
          {"paper", one.paper},
          {"paper_sha256", one.paper_sha256},
          {"signed_on", to_iso(one.signed_on)},
          {"until", one.until ? json::value(to_iso(*one.until)) : json::value(nullptr)}};
}

Commitment commitment_from(const records::Row& row) {
  Commitment out;
  out.id = CommitmentId::trusted(row.text(0));
  if (!row.null(1)) out.person = PersonId::trusted(row.text(1));
  out.holder = row.text(2);
  out.agency = AgencyId::trusted(row.text(3));
  out.text = row.text(4);
  out.version = row.integer(5);
  out.system = row.text(6);
  out.paper = row.text(7);
  out.paper_sha256 = row.text(8);
  out.signed_on = day_from_iso(row.text(9)).value_or(Day());
  out.signed_at = from_micros(row.integer(10));
  if (!row.null(11)) out.until = day_from_iso(row.text(11));
  if (!row.null(12)) out.ended_at = from_micros(row.integer(12));
  out.end_reason = row.text(13);
  out.act = row.text(14);
  return out;
}

Result<std::vector<Commitment>> load(records::Connection& c, std::string_view condition,
                                     std::initializer_list<records::Param> params) {
  std::vector<Commitment> out;
  LUY_TRY_VOID(
      c.query("SELECT id, person, holder, agency, text, version, system, paper, paper_sha256, signed_on, "
              "signed_at_us, until, ended_at_us, end_reason, act FROM people_commitment " +
                  std::string(condition) + " ORDER BY id DESC",
              params, [&](const records::Row& row) { out.push_back(commitment_from(row)); }));
  return out;
}

Result<void> save(records::Connection& c, const Commitment& one) {
  const auto person = one.person ? std::optional(one.person->text()) : std::nullopt;
  const auto until = one.until ? std::optional(to_iso(*one.until)) : std::nullopt;
  const auto ended = one.ended_at ? std::optional(to_micros(*one.ended_at)) : std::nullopt;
  const std::string signed_on = to_iso(one.signed_on);
  LUY_TRY_VOID(
      c.run("INSERT INTO people_commitment (id, person, holder, agency, text, version, system, paper, paper_sha256, "
            "signed_on, signed_at_us, until, ended_at_us, end_reason, act) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
            "$10, $11, $12, $13, $14, $15) ON CONFLICT (id) DO UPDATE SET ended_at_us = excluded.ended_at_us, "
            "end_reason = excluded.end_reason",
            {std::string_view(one.id.text()), records::nullable(person), std::string_view(one.holder),
             std::string_view(one.agency.text()), std::string_view(one.text), one.version, std::string_view(one.system),
             std::string_view(one.paper), std::string_view(one.paper_sha256), std::string_view(signed_on),
             to_micros(one.signed_at), records::nullable(until), records::nullable(ended),
             std::string_view(one.end_reason), std::string_view(one.act)}));
  return {};
}

Result<std::vector<CommitmentText>> load_texts(records::Connection& c) {
  std::vector<CommitmentText> out;
  LUY_TRY_VOID(
      c.query("SELECT id, version, title, body, months, by_person, by_name, at_us FROM people_commitment_text t "
              "WHERE version = (SELECT max(version) FROM people_commitment_text n WHERE n.id = t.id) "
              "ORDER BY id",
              {}, [&](const records::Row& row) {
                out.push_back({std::string(row.text(0)),
                               row.integer(1),
                               std::string(row.text(2)),
                               std::string(row.text(3)),
                               static_cast<unsigned>(row.integer(4)),
                               {std::string(row.text(5)), std::string(row.text(6))},
                               from_micros(row.integer(7))});
              }));
  return out;
}

Result<std::optional<CommitmentText>> newest_text(records::Connection& c, const std::string& id) {
  LUY_TRY(const std::vector<CommitmentText> all, load_texts(c));
  const auto found = std::find_if(all.begin(), all.end(), [&](const CommitmentText& one) { return one.id == id; });
  return found == all.end() ? std::optional<CommitmentText>() : std::optional(*found);
}

}  // namespace

Result<CommitmentText> CommitmentBook::set_text(const directory::Caller& caller, const Who& who, const Permit& permit,
                                                CommitmentText wanted) {
  directory::AuditEntry entry;
  entry.act = "commitment_text_set";
  entry.object = "commitment_text:" + wanted.id;
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<CommitmentText> {
    LUY_TRY_VOID(permit());
    if (!is_slug(wanted.id)) return invalid("mã nội dung", "the text's id");
    if (wanted.months == 0 || wanted.months > commitment_months_max) return invalid("số tháng", "the months");
    LUY_TRY(wanted.title, needed_text("title", wanted.title, name_bytes_max));
    LUY_TRY(wanted.body, needed_text("body", wanted.body, commitment_text_bytes_max));
    LUY_TRY(const std::optional<CommitmentText> before, newest_text(c, wanted.id));
    wanted.version = before ? before->version + 1 : 1;
    wanted.by = {who.person ? who.person->text() : std::string(), who.name};
    wanted.at = d_.clock.now();
    LUY_TRY_VOID(
        c.run("INSERT INTO people_commitment_text (id, version, title, body, months, by_person, by_name, at_us) VALUES "
              "($1, $2, $3, $4, $5, $6, $7, $8)",
              {std::string_view(wanted.id), wanted.version, std::string_view(wanted.title),
               std::string_view(wanted.body), std::int64_t{wanted.months}, std::string_view(wanted.by.id),
               std::string_view(wanted.by.name), to_micros(wanted.at)}));
    if (before) noted.before = {{"version", before->version}, {"title", before->title}, {"body", before->body}};
    noted.after = {
        {"version", wanted.version}, {"title", wanted.title}, {"body", wanted.body}, {"months", wanted.months}};
    return wanted;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<std::vector<CommitmentText>> CommitmentBook::texts() const {
  return d_.database.read([](records::Connection& c) { return load_texts(c); });
}

Result<Commitment> CommitmentBook::sign(const directory::Caller& caller, const Person& person,
                                        const std::string& text) {
  directory::AuditEntry entry;
  entry.act = "commitment_sign";
  entry.object = "person:" + person.id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Commitment> {
    LUY_TRY(const std::optional<CommitmentText> current, newest_text(c, text));
    if (!current) return Error(commitment_text_unknown, text);
    Commitment out;
    const Time now = d_.clock.now();
    out.id = CommitmentId::make(now, d_.random);
    out.person = person.id;
    out.holder = person.name;
    out.agency = person.agency;
    out.text = current->id;
    out.version = current->version;
    out.signed_at = now;
    out.signed_on = day_of(now);
    out.until = last_day_of(out.signed_on, current->months);
    out.act = out.id.text();
    LUY_TRY_VOID(save(c, out));
    noted.after = summary_of(out);
    // What was signed stands in the evidence, whatever becomes of the text.
    noted.after["title"] = current->title;
    noted.after["body"] = current->body;
    noted.after["proof_of"] = out.act;
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(made->agency);
  return made;
}

Result<Commitment> CommitmentBook::file(const directory::Caller& caller, const Permit& permit,
                                        const NewCompanyCommitment& wanted) {
  directory::AuditEntry entry;
  entry.act = "commitment_file";
  entry.object = "agency:" + wanted.agency.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Commitment> {
    LUY_TRY_VOID(permit());
    const Time now = d_.clock.now();
    Commitment out;
    out.id = CommitmentId::make(now, d_.random);
    out.agency = wanted.agency;
    LUY_TRY(out.holder, needed_text("name", wanted.name, name_bytes_max));
    LUY_TRY(out.system, needed_text("system", wanted.system, name_bytes_max));
    LUY_TRY(out.paper, needed_text("paper", wanted.paper, name_bytes_max));
    const bool is_hash = wanted.paper_sha256.size() == sha256_chars &&
                         wanted.paper_sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_hash) return invalid("mã băm của văn bản", "the paper's SHA-256");
    if (wanted.signed_on > day_of(now)) return invalid("ngày ký ở tương lai", "signed in the future");
    if (wanted.until && *wanted.until < wanted.signed_on) return invalid("ngày hết hạn", "its last day");
    out.paper_sha256 = wanted.paper_sha256;
    out.signed_at = now;
    out.signed_on = wanted.signed_on;
    out.until = wanted.until;
    out.act = out.id.text();
    LUY_TRY_VOID(save(c, out));
    noted.after = summary_of(out);
    noted.after["proof_of"] = out.act;
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(made->agency);
  return made;
}

Result<Commitment> CommitmentBook::end(const directory::Caller& caller, const Permit& permit, const CommitmentId& id,
                                       const std::string& reason) {
  directory::AuditEntry entry;
  entry.act = "commitment_end";
  entry.object = "commitment:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Commitment> {
    LUY_TRY(std::vector<Commitment> found, load(c, "WHERE id = $1", {std::string_view(id.text())}));
    if (found.empty()) return Error(commitment_unknown);
    Commitment& one = found.front();
    LUY_TRY_VOID(permit());
    if (one.ended_at) return Error(commitment_over);
    LUY_TRY(one.end_reason, needed_text("reason", reason, reason_bytes_max));
    one.ended_at = d_.clock.now();
    LUY_TRY_VOID(save(c, one));
    if (one.person) noted.object = "person:" + one.person->text();
    noted.before = summary_of(one);
    noted.after = {{"agency", one.agency.text()}, {"holder", one.holder}, {"reason", one.end_reason}};
    return one;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(made->agency);
  return made;
}

Result<Commitment> CommitmentBook::find(const CommitmentId& id) const {
  LUY_TRY(std::vector<Commitment> found, d_.database.read([&](records::Connection& c) {
    return load(c, "WHERE id = $1", {std::string_view(id.text())});
  }));
  if (found.empty()) return Error(commitment_unknown);
  return std::move(found.front());
}

Result<std::vector<Commitment>> CommitmentBook::list() const {
  return d_.database.read([](records::Connection& c) { return load(c, "", {}); });
}

Result<std::vector<CommitmentBook::Dependencies::Member>> CommitmentBook::missing(const AgencyId& agency) const {
  LUY_TRY(const std::vector<Commitment> all, list());
  const Day today = day_of(d_.clock.now());
  std::set<PersonId> bound;
  for (const Commitment& one : all) {
    if (one.person && one.in_force(today)) bound.insert(*one.person);
  }
  std::vector<Dependencies::Member> out;
  for (Dependencies::Member& member : d_.members(agency)) {
    if (!bound.contains(member.person)) out.push_back(std::move(member));
  }
  return out;
}

Result<DutyRecord> CommitmentBook::duty_record(const AgencyId& agency) const {
  LUY_TRY(const std::vector<Dependencies::Member> without, missing(agency));
  LUY_TRY(const std::vector<Commitment> all, list());
  DutyRecord out;
  for (const Dependencies::Member& one : without) {
    const std::string name = one.name;
    out.wait({name + " chưa có cam kết còn hiệu lực", name + " has no commitment in force"}, one.since, one.since, "");
  }
  const Time now = d_.clock.now();
  for (const Commitment& one : all) {
    const bool counts = one.agency == agency && one.in_force(day_of(now)) && one.signed_at > now - duty_days;
    if (counts) out.keep(one.signed_at, one.act);
  }
  return out;
}

}  // namespace luy::people
