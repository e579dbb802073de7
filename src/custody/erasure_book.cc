#include "custody/erasure_book.h"

#include <algorithm>

#include "base/utf8.h"
#include "custody/text.h"
#include "directory/deciders.h"

namespace luy::custody {
namespace {

namespace json = boost::json;
using directory::AuditEntry;
using directory::Caller;

constexpr std::size_t reason_bytes_max = 4'000;
constexpr std::size_t basis_bytes_max = 800;
constexpr std::size_t problem_bytes_max = 1'000;

template <class T, class Text>
std::string list_text(const std::vector<T>& all, const Text& text) {
  std::vector<std::string> out;
  for (const T& one : all) out.push_back(text(one));
  return json_of(out);
}
std::string numbers_text(const std::vector<std::uint64_t>& all) {
  return list_text(all, [](std::uint64_t one) { return std::to_string(one); });
}
std::string days_text(const std::vector<Day>& all) {
  return list_text(all, [](Day one) { return to_iso(one); });
}
std::vector<std::uint64_t> numbers_of(std::string_view text) {
  std::vector<std::uint64_t> out;
  for (const std::string& one : texts_of(text)) out.push_back(std::stoull(one));
  return out;
}
std::vector<Day> days_of(std::string_view text) {
  std::vector<Day> out;
  for (const std::string& one : texts_of(text)) {
    if (const auto day = day_from_iso(one)) out.push_back(*day);
  }
  return out;
}

Erasure erasure_of(const records::Row& row) {
  Erasure out;
  out.id = ErasureId::trusted(row.text(0));
  out.agency = AgencyId::trusted(row.text(1));
  out.reason = row.text(2);
  out.legal_basis = row.text(3);
  out.seqs = numbers_of(row.text(4));
  out.days = days_of(row.text(5));
  out.decided_by = texts_of(row.text(6));
  out.decided_at = from_micros(row.integer(7));
  out.done_days = days_of(row.text(8));
  out.note_seqs = numbers_of(row.text(9));
  if (!row.null(10)) out.done_at = from_micros(row.integer(10));
  out.problem = row.text(11);
  return out;
}

Result<std::vector<Erasure>> query(records::Connection& c, const std::string& rest) {
  std::vector<Erasure> out;
  LUY_TRY_VOID(
      c.query("SELECT id, agency, reason, legal_basis, seqs, days, decided_by, decided_at, done_days, note_seqs, "
              "done_at, problem "
              "FROM custody_erasure " +
                  rest,
              {}, [&](const records::Row& row) { out.push_back(erasure_of(row)); }));
  return out;
}

directory::Object place_in(const json::object& body) {
  directory::Object out;
  for (const json::value& one : body.at("above").as_array()) {
    out.agencies.push_back(AgencyId::trusted(std::string_view(one.as_string().data(), one.as_string().size())));
  }
  return out;
}

}  // namespace

json::object to_json(const RecordSummary& record) {
  return {{"seq", record.seq},
          {"received", to_rfc3339(record.received)},
          {"source", record.source},
          {"bytes", record.bytes},
          {"leaf", record.leaf}};
}

Result<std::vector<std::uint64_t>> ErasureBook::seqs_of(const json::object& body) {
  const json::value* found = body.if_contains("seqs");
  if (found == nullptr || !found->is_array()) return Error(erasure_invalid, "seqs");
  std::vector<std::uint64_t> out;
  for (const json::value& one : found->get_array()) {
    boost::system::error_code error;
    const auto seq = one.is_number() ? one.to_number<std::uint64_t>(error) : 0;
    if (!one.is_number() || error) return Error(erasure_invalid, "seqs");
    out.push_back(seq);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.empty() || out.size() > erasure_records_max)
    return Error(erasure_invalid, "seqs: " + std::to_string(out.size()));
  return out;
}

directory::ActKind ErasureBook::act() {
  const auto run = [this](records::Connection& c, const Caller& caller, const json::object& body,
                          AuditEntry& entry) -> Result<json::object> {
    LUY_TRY_VOID(caller.require(directory::Action::evidence_erase, place_in(body)));
    const auto agency = AgencyId::parse(text_at(body, "agency"));
    if (!agency) return Error(erasure_invalid, "agency");
    entry.object = "agency:" + agency->text();
    LUY_TRY(const std::vector<std::uint64_t> seqs, seqs_of(body));
    LUY_TRY(const std::string reason, clean_text(erasure_invalid, "reason", text_at(body, "reason"), reason_bytes_max));
    LUY_TRY(const std::string basis,
            clean_text(erasure_invalid, "legal_basis", text_at(body, "legal_basis"), basis_bytes_max));
    LUY_TRY(const std::vector<RecordSummary> records, d_.describe(*agency, seqs));
    json::array shown;
    std::vector<Day> days;
    for (const RecordSummary& one : records) {
      shown.push_back(to_json(one));
      if (std::find(days.begin(), days.end(), one.day) == days.end()) days.push_back(one.day);
    }
    std::sort(days.begin(), days.end());
    // What the second person sees: which records, not what is in them.
    entry.after = {{"agency", agency->text()}, {"reason", reason}, {"legal_basis", basis}};
    entry.after["records"] = std::move(shown);
    const std::string id = ErasureId::make(d_.clock.now(), d_.random).text();
    LUY_TRY(const std::vector<std::string> by, directory::deciders_of(c, caller, text_at(body, "by")));
    const std::string deciders = json_of(by);
    const std::string numbers = numbers_text(seqs);
    const std::string of_days = days_text(days);
    LUY_TRY_VOID(c.run(
        "INSERT INTO custody_erasure (id, agency, reason, legal_basis, seqs, days, decided_by, decided_at, done_days, "
        "note_seqs, done_at, problem) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]', '[]', NULL, '')",
        {std::string_view(id), std::string_view(agency->text()), std::string_view(reason), std::string_view(basis),
         std::string_view(numbers), std::string_view(of_days), std::string_view(deciders), to_micros(d_.clock.now())}));
    return json::object();
  };
  const auto places = [](records::Connection&, const json::object& body) -> Result<std::vector<AgencyId>> {
    return std::vector<AgencyId>{place_in(body).agencies.front()};
  };
  return {directory::Action::evidence_erase, run, places};
}

Result<std::vector<Erasure>> ErasureBook::list() const {
  return d_.database.read([](records::Connection& c) { return query(c, "ORDER BY id DESC"); });
}

Result<std::vector<Erasure>> ErasureBook::waiting() const {
  return d_.database.read([](records::Connection& c) { return query(c, "WHERE done_at IS NULL ORDER BY id"); });
}

Result<void> ErasureBook::note_done(const ErasureId& id, Day day, const std::vector<std::uint64_t>& notes) {
  return d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY(std::vector<Erasure> open, query(c, "WHERE done_at IS NULL ORDER BY id"));
    const auto found = std::find_if(open.begin(), open.end(), [&](const Erasure& one) { return one.id == id; });
    if (found == open.end()) return {};
    if (std::find(found->done_days.begin(), found->done_days.end(), day) == found->done_days.end()) {
      found->done_days.push_back(day);
    }
    found->note_seqs.insert(found->note_seqs.end(), notes.begin(), notes.end());
    const bool is_done = found->done_days.size() >= found->days.size();
    const std::string done_days = days_text(found->done_days);
    const std::string numbers = numbers_text(found->note_seqs);
    LUY_TRY_VOID(
        c.run("UPDATE custody_erasure SET done_days = $1, note_seqs = $2, done_at = $3, problem = '' WHERE id = $4",
              {std::string_view(done_days), std::string_view(numbers),
               records::nullable(is_done ? std::optional(to_micros(d_.clock.now())) : std::nullopt),
               std::string_view(id.text())}));
    return {};
  });
}

Result<void> ErasureBook::note_problem(const ErasureId& id, const std::string& problem) {
  const std::string text(utf8_front(problem, problem_bytes_max));
  return d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE custody_erasure SET problem = $1 WHERE id = $2 AND problem <> $1",
                       {std::string_view(text), std::string_view(id.text())}));
    return {};
  });
}

}  // namespace luy::custody
