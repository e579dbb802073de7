#include "incident/report_book.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "incident/store/tables.h"
#include "paper/sentence.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> state_names = {"fresh", "received", "in_case", "declined"};
constexpr std::size_t code_characters = 12;
// No 0, O, 1, I, L: people read it aloud.
constexpr std::string_view alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
constexpr std::string_view everybody = "*";

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

// As it was told: without the hyphens, in capitals.
std::string hash_of_code(std::string_view code) {
  std::string plain;
  for (const char c : code.substr(0, 4 * code_characters)) {
    if (c == '-' || c == ' ') continue;
    plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return to_hex(sha256(plain));
}

json::object body_of(const StaffReport& report) {
  return {{"sign", report.sign},         {"what", report.what},   {"where", report.where},
          {"reporter", report.reporter}, {"photo", report.photo}, {"seen", to_rfc3339(report.seen)}};
}

constexpr std::string_view columns =
    "id, number, agency, body, reported_at, received_at, received_by, state, case_id, answer, received_act, town";

StaffReport read(const records::Row& row) {
  StaffReport out;
  out.id = ReportId::trusted(row.text(0));
  out.number = row.text(1);
  out.agency = AgencyId::trusted(row.text(2));
  boost::system::error_code error;
  const json::value body = json::parse(json::string_view(row.text(3).data(), row.text(3).size()), error);
  if (!error && body.is_object()) {
    const json::object& object = body.get_object();
    out.sign = text_at(object, "sign");
    out.what = text_at(object, "what");
    out.where = text_at(object, "where");
    out.reporter = text_at(object, "reporter");
    out.photo = text_at(object, "photo");
    if (const auto seen = from_rfc3339(text_at(object, "seen"))) out.seen = *seen;
  }
  out.reported_at = from_micros(row.integer(4));
  if (!row.null(5)) out.received_at = from_micros(row.integer(5));
  out.received_by = row.text(6);
  const auto state = std::find(state_names.begin(), state_names.end(), row.text(7));
  if (state != state_names.end()) out.state = static_cast<StaffReport::State>(state - state_names.begin());
  if (!row.null(8)) out.case_id = CaseId::parse(row.text(8));
  out.answer = row.text(9);
  out.received_act = row.text(10);
  const json::value town = json::parse(json::string_view(row.text(11).data(), row.text(11).size()), error);
  if (!error && town.is_object()) out.town = town_side_from(town.get_object());
  return out;
}

Result<void> save(records::Connection& c, const StaffReport& report) {
  const std::optional<std::int64_t> received =
      report.received_at ? std::optional(to_micros(*report.received_at)) : std::nullopt;
  const std::optional<std::string> in_case = report.case_id ? std::optional(report.case_id->text()) : std::nullopt;
  const std::string town = json::serialize(to_json(report.town));
  LUY_TRY_VOID(
      c.run("UPDATE incident_report SET received_at = $2, received_by = $3, state = $4, case_id = $5, "
            "answer = $6, received_act = $7, town = $8 WHERE id = $1",
            {std::string_view(report.id.text()), records::nullable(received), std::string_view(report.received_by),
             name_of(report.state), records::nullable(in_case), std::string_view(report.answer),
             std::string_view(report.received_act), std::string_view(town)}));
  return {};
}

// Of what somebody told the first sentence, and of a long one its beginning.
std::string short_title(const std::string& what) {
  constexpr std::size_t bytes_max = 150;  // About 110 letters.
  constexpr std::size_t bytes_min = 20;   // "TP. Thanh Hóa" is no sentence.
  std::string out = what.substr(0, what.find('\n'));
  for (const std::string_view end : {". ", "! ", "? "}) {
    out.resize(std::min(out.find(end, bytes_min), out.size()));
  }
  if (out.size() <= bytes_max) return out;
  const std::size_t blank = out.rfind(' ', bytes_max);
  out.resize(blank == std::string::npos ? utf8_front(out, bytes_max).size() : blank);
  return paper::without_end_marks(out) + "…";
}

NewCase case_of(const StaffReport& report, const std::string& title) {
  NewCase out;
  out.agency = report.agency;
  out.title = title.empty() ? short_title(report.what) : title;
  out.description = report.what;
  out.system = report.where;
  out.discovered = report.seen;
  out.reported = report.reported_at;
  return out;
}

// Whether it is received now for somebody who had not received it.
bool mark_received(const Process& process, StaffReport& report, const Actor& actor, Time now, const std::string& act) {
  const Receiving who = receiving(process, actor.roles_in(report.agency));
  const bool is_agencys = who.for_agency && !report.received_at;
  const bool is_towns = who.for_town && !report.town.receipt;
  if (is_agencys) {
    report.received_at = now;
    report.received_by = actor.name;
    report.received_act = act;
  }
  if (is_towns) report.town.receipt = {now, actor.name, act};
  return is_agencys || is_towns;
}

std::optional<Time> first_receipt(const StaffReport& report) {
  if (!report.town.receipt) return report.received_at;
  return std::min(report.received_at.value_or(report.town.receipt->at), report.town.receipt->at);
}

}  // namespace

std::string_view name_of(StaffReport::State state) {
  return state_names.at(static_cast<std::size_t>(state));
}

HourlyLimit::Window& HourlyLimit::window(const std::string& key, Time now) {
  const bool is_full = windows_.size() >= keys_max_ && !windows_.contains(key);
  if (is_full)
    std::erase_if(windows_, [&](const auto& one) { return now - one.second.begins >= std::chrono::hours(1); });
  const bool is_still_full = windows_.size() >= keys_max_ && !windows_.contains(key);
  Window& out = windows_[is_still_full ? std::string(everybody) : key];
  if (now - out.begins >= std::chrono::hours(1)) out = {now, 0};
  return out;
}

bool HourlyLimit::take(const std::string& key, Time now) {
  const std::lock_guard lock(mutex_);
  Window& one = window(key, now);
  if (one.count >= limit_) return false;
  ++one.count;
  return true;
}

bool HourlyLimit::allows(const std::string& key, Time now) {
  const std::lock_guard lock(mutex_);
  return window(key, now).count < limit_;
}

ReportBook::ReportBook(Dependencies dependencies)
    : d_(std::move(dependencies)),
      by_address_(reports_per_address_hour, addresses_max),
      together_(reports_per_hour, 1),
      wrong_codes_(wrong_codes_per_address_hour, addresses_max) {}

std::string ReportBook::make_code() const {
  std::string out;
  // Bytes that would favour the first letters are thrown away.
  const std::size_t fair = 256 / alphabet.size() * alphabet.size();
  while (out.size() < code_characters) {
    std::array<std::uint8_t, 1> byte{};
    d_.random.fill(byte);
    if (byte[0] < fair) out += alphabet[byte[0] % alphabet.size()];
  }
  return out;
}

Result<ReportBook::Receipt> ReportBook::take(const NewReport& wanted, const std::string& address) {
  const Time now = d_.clock.now();
  StaffReport report;
  if (find_choice(d_.cases.process().signs, wanted.sign) == nullptr) {
    return Error(unknown_choice, clean_text(wanted.sign, 60));
  }
  report.what = clean_text(wanted.what, text_bytes_max);
  if (report.what.empty()) return Error(text_missing, "thấy gì", "what you see");
  LUY_TRY_VOID(check_discovered(d_.cases.process(), wanted.seen, now));
  if (!by_address_.take(address, now)) return Error(reports_too_fast, address);
  if (!together_.take(std::string(everybody), now)) {
    return Error(reports_too_fast, "toàn hệ thống", "everywhere together");
  }
  if (!wanted.photo.empty()) {
    const auto type = sniff_type(wanted.photo);
    if (!type || !type->starts_with("image/")) {
      const Text kind = kind_of_refused(wanted.photo);
      return Error(photo_type_refused, kind.vi, kind.en);
    }
    LUY_TRY(const StoredFile stored, d_.vault.put(wanted.photo));
    report.photo = stored.sha256;
  }
  report.id = ReportId::make(now, d_.random);
  report.agency = wanted.agency;
  report.sign = wanted.sign;
  report.where = clean_text(wanted.where, title_bytes_max);
  report.reporter = clean_text(wanted.reporter, title_bytes_max);
  report.seen = std::min(wanted.seen, now);
  report.reported_at = now;
  const std::string code = make_code();
  directory::Caller caller;
  caller.username = "lan-report";
  caller.address = address;
  directory::AuditEntry entry;
  entry.act = "incident_report";
  const auto insert = [&](records::Connection& c, directory::AuditEntry& done) -> Result<Receipt> {
    const int year = paper::number_year(day_of(now));
    LUY_TRY(const std::uint64_t number, tables::next_number(c, "report|" + std::to_string(year)));
    char text[40];
    std::snprintf(text, sizeof text, "TB-%d-%04llu", year, static_cast<unsigned long long>(number));
    report.number = text;
    const std::string hash = hash_of_code(code);
    const std::string body = json::serialize(body_of(report));
    LUY_TRY_VOID(
        c.run("INSERT INTO incident_report (id, number, code_hash, agency, body, reported_at, received_by, "
              "state, answer, received_act) VALUES ($1, $2, $3, $4, $5, $6, '', 'fresh', '', '')",
              {std::string_view(report.id.text()), std::string_view(report.number), std::string_view(hash),
               std::string_view(report.agency.text()), std::string_view(body), to_micros(now)}));
    done.object = "report:" + report.id.text();
    done.after["number"] = report.number;
    done.after["agency"] = report.agency.text();
    done.after["proof_of"] = "report:" + report.id.text();
    return Receipt{report, code.substr(0, 4) + "-" + code.substr(4, 4) + "-" + code.substr(8)};
  };
  auto taken = d_.audit.perform(caller, std::move(entry), insert);
  if (taken && d_.changed) d_.changed(taken->report.agency);
  return taken;
}

Result<StaffReport> ReportBook::follow(std::string_view number, std::string_view code, const std::string& address) {
  const Time now = d_.clock.now();
  if (!wrong_codes_.allows(address, now)) return Error(reports_too_fast, address);
  const std::string wanted = clean_text(number, 60);
  std::optional<StaffReport> found;
  std::string stored(64, '0');
  LUY_TRY_VOID(d_.database.read([&](records::Connection& c) {
    return c.query("SELECT " + std::string(columns) + ", code_hash FROM incident_report WHERE number = $1",
                   {std::string_view(wanted)}, [&](const records::Row& row) {
                     found = read(row);
                     stored = row.text(12);
                   });
  }));
  const bool is_right = equal_constant_time(stored, hash_of_code(code));
  if (found && is_right) return *std::move(found);
  wrong_codes_.take(address, now);
  return Error(report_unknown);
}

Result<StaffReport> ReportBook::find(const ReportId& id) const {
  return d_.database.read([&](records::Connection& c) -> Result<StaffReport> {
    std::optional<StaffReport> found;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_report WHERE id = $1",
                         {std::string_view(id.text())}, [&](const records::Row& row) { found = read(row); }));
    if (!found) return Error(report_unknown);
    return *std::move(found);
  });
}

Result<std::vector<StaffReport>> ReportBook::list(const std::function<bool(const AgencyId&)>& visible) const {
  return d_.database.read([&](records::Connection& c) -> Result<std::vector<StaffReport>> {
    std::vector<StaffReport> out;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_report ORDER BY reported_at DESC, id DESC",
                         {}, [&](const records::Row& row) {
                           StaffReport one = read(row);
                           if (!visible || visible(one.agency)) out.push_back(std::move(one));
                         }));
    return out;
  });
}

Result<StaffReport> ReportBook::change(const Actor& actor, const ReportId& id, std::string_view act, const Work& work,
                                       const std::string& note) {
  directory::AuditEntry entry;
  entry.act = "incident_report_" + std::string(act);
  entry.object = "report:" + id.text();
  const auto run = [&](records::Connection& c, directory::AuditEntry& done) -> Result<StaffReport> {
    std::optional<StaffReport> report;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_report WHERE id = $1",
                         {std::string_view(id.text())}, [&](const records::Row& row) { report = read(row); }));
    if (!report) return Error(report_unknown);
    LUY_TRY_VOID(actor.permit(report->agency));
    if (report->state == StaffReport::State::in_case || report->state == StaffReport::State::declined) {
      return Error(report_taken, report->number);
    }
    done.before["assignee"] = account_json(report->town);
    done.after["agency"] = report->agency.text();
    done.after["proof_of"] = d_.cases.new_act();
    if (!note.empty()) done.after["note"] = note;
    LUY_TRY_VOID(work(c, *report, done.after["proof_of"].as_string().c_str()));
    LUY_TRY_VOID(save(c, *report));
    done.after["state"] = name_of(report->state);
    done.after["number"] = report->number;
    if (report->case_id) done.after["case"] = report->case_id->text();
    done.after["assignee"] = account_json(report->town);
    return *report;
  };
  auto changed = d_.audit.perform(actor.caller, std::move(entry), run);
  if (changed && d_.changed) d_.changed(changed->agency);
  return changed;
}

Result<StaffReport> ReportBook::receive(const Actor& actor, const ReportId& id) {
  return change(actor, id, "receive",
                [&](records::Connection&, StaffReport& report, const std::string& act) -> Result<void> {
                  if (!mark_received(d_.cases.process(), report, actor, d_.clock.now(), act)) {
                    return Error(report_taken, report.number);
                  }
                  report.state = StaffReport::State::received;
                  return {};
                });
}

Result<StaffReport> ReportBook::assign(const Actor& actor, const ReportId& id, const std::optional<Assignee>& to,
                                       const std::string& note) {
  const auto give = [&](records::Connection&, StaffReport& report, const std::string&) -> Result<void> {
    if (!is_same_account(report.town.assignee, to)) report.town.assignee = to;
    return {};
  };
  return change(actor, id, "assign", give, clean_text(note, title_bytes_max));
}

Result<Case> ReportBook::open_case(const Actor& actor, const ReportId& id, const std::string& title) {
  std::optional<Case> out;
  const auto changed = change(
      actor, id, "open_case", [&](records::Connection& c, StaffReport& report, const std::string& act) -> Result<void> {
        mark_received(d_.cases.process(), report, actor, d_.clock.now(), act);
        LUY_TRY(out,
                d_.cases.open_in(c, actor, case_of(report, title), {{"report", report.id.text(), std::nullopt}}, act));
        // It may have been received before it became a case; what the office did for it goes along.
        if (const auto received = first_receipt(report)) out->moments[Moment::received] = *received;
        out->town = report.town;
        LUY_TRY_VOID(tables::save(c, *out));
        report.state = StaffReport::State::in_case;
        report.case_id = out->id;
        return {};
      });
  if (!changed) return changed.error();
  d_.cases.tell(*out, "opened");
  return *std::move(out);
}

Result<Case> ReportBook::join_case(const Actor& actor, const ReportId& id, const CaseId& into) {
  std::optional<Case> out;
  const auto changed = change(
      actor, id, "join_case", [&](records::Connection& c, StaffReport& report, const std::string& act) -> Result<void> {
        mark_received(d_.cases.process(), report, actor, d_.clock.now(), act);
        LUY_TRY(out, d_.cases.link_in(c, actor, into, {"report", report.id.text(), std::nullopt}, act));
        if (out->agency != report.agency) return Error(bad_merge);
        // What the office did for the report it did for the case, which may have none of its own.
        if (!out->town.receipt) out->town.receipt = report.town.receipt;
        if (!out->town.assignee) out->town.assignee = report.town.assignee;
        LUY_TRY_VOID(tables::save(c, *out));
        report.state = StaffReport::State::in_case;
        report.case_id = into;
        return {};
      });
  if (!changed) return changed.error();
  d_.cases.tell(*out, "changed");
  return *std::move(out);
}

Result<StaffReport> ReportBook::decline(const Actor& actor, const ReportId& id, const std::string& answer) {
  return change(actor, id, "decline",
                [&](records::Connection&, StaffReport& report, const std::string& act) -> Result<void> {
                  report.answer = clean_text(answer, text_bytes_max);
                  if (report.answer.empty())
                    return Error(text_missing, "trả lời cho người báo", "the answer for who reported");
                  mark_received(d_.cases.process(), report, actor, d_.clock.now(), act);
                  report.state = StaffReport::State::declined;
                  return {};
                });
}

}  // namespace luy::incident
