#include "incident/warning_book.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "incident/move.h"
#include "incident/store/tables.h"
#include "paper/number.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, warning_step_count> step_names = {"read", "acted", "reported"};

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

json::object object_of(std::string_view text) {
  boost::system::error_code error;
  json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  return !error && parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

json::object body_of(const Warning::Receiver& receiver) {
  json::object out;
  out["report"] = receiver.report;
  for (std::size_t i = 0; i < warning_step_count; ++i) {
    if (!receiver.answers[i]) continue;
    const Warning::Answer& one = *receiver.answers[i];
    out[step_names.at(i)] = json::object{{"at", to_rfc3339(one.at)}, {"by", one.by}, {"act", one.act}};
  }
  return out;
}

Warning::Receiver receiver_from(std::string_view agency, const json::object& body) {
  Warning::Receiver out;
  out.agency = AgencyId::trusted(agency);
  out.report = text_at(body, "report");
  for (std::size_t i = 0; i < warning_step_count; ++i) {
    const std::string_view name = step_names.at(i);
    const json::value* found = body.if_contains(json::string_view(name.data(), name.size()));
    if (found == nullptr || !found->is_object()) continue;
    const json::object& one = found->get_object();
    out.answers[i] =
        Warning::Answer{from_rfc3339(text_at(one, "at")).value_or(Time()), text_at(one, "by"), text_at(one, "act")};
  }
  return out;
}

constexpr std::string_view columns = "id, number, body, due_at, issued_at, issued_by, act";

Warning read(const records::Row& row) {
  Warning out;
  out.id = WarningId::trusted(row.text(0));
  out.number = row.text(1);
  const json::object body = object_of(row.text(2));
  out.title = text_at(body, "title");
  out.risk = text_at(body, "risk");
  out.affected = text_at(body, "affected");
  out.actions = text_at(body, "actions");
  out.due = from_micros(row.integer(3));
  out.issued_at = from_micros(row.integer(4));
  out.issued_by = row.text(5);
  out.act = row.text(6);
  return out;
}

Result<void> load_receivers(records::Connection& c, Warning& warning) {
  return c.query("SELECT agency, body FROM incident_warning_receiver WHERE warning = $1 ORDER BY agency",
                 {std::string_view(warning.id.text())}, [&](const records::Row& row) {
                   warning.receivers.push_back(receiver_from(row.text(0), object_of(row.text(1))));
                 });
}

Result<Warning> load(records::Connection& c, const WarningId& id) {
  std::optional<Warning> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_warning WHERE id = $1",
                       {std::string_view(id.text())}, [&](const records::Row& row) { out = read(row); }));
  if (!out) return Error(warning_unknown);
  LUY_TRY_VOID(load_receivers(c, *out));
  return *std::move(out);
}

Result<void> save(records::Connection& c, const WarningId& id, const Warning::Receiver& receiver) {
  const std::string body = json::serialize(body_of(receiver));
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_warning_receiver (warning, agency, body) VALUES ($1, $2, $3) "
            "ON CONFLICT (warning, agency) DO UPDATE SET body = excluded.body",
            {std::string_view(id.text()), std::string_view(receiver.agency.text()), std::string_view(body)}));
  return {};
}

// A warning as it was wanted, with its texts cleaned; not numbered yet.
Result<Warning> draft_of(const NewWarning& wanted, Time now) {
  Warning out;
  out.title = clean_text(wanted.title, title_bytes_max);
  out.risk = clean_text(wanted.risk, text_bytes_max);
  out.affected = clean_text(wanted.affected, text_bytes_max);
  out.actions = clean_text(wanted.actions, text_bytes_max);
  Text missing;
  const auto want = [&](bool is_missing, const char* vi, const char* en) {
    if (!is_missing) return;
    missing.vi += (missing.vi.empty() ? "" : ", ") + std::string(vi);
    missing.en += (missing.en.empty() ? "" : ", ") + std::string(en);
  };
  want(out.title.empty(), "tên cảnh báo", "the title");
  want(out.risk.empty(), "nguy cơ", "the risk");
  want(out.actions.empty(), "việc phải làm", "what to do");
  want(wanted.agencies.empty(), "cơ quan nhận", "the receivers");
  if (!missing.vi.empty()) return Error(text_missing, missing.vi, missing.en);
  if (wanted.agencies.size() > receivers_max) return Error(too_many, std::to_string(wanted.agencies.size()));
  if (wanted.due <= now) return Error(warning_due_over, moment_text(wanted.due));
  out.due = wanted.due;
  for (const AgencyId& agency : wanted.agencies) {
    const bool known = std::any_of(out.receivers.begin(), out.receivers.end(),
                                   [&](const Warning::Receiver& one) { return one.agency == agency; });
    if (!known) out.receivers.push_back({agency, {}, {}});
  }
  return out;
}

}  // namespace

std::string_view name_of(WarningStep step) {
  return step_names.at(static_cast<std::size_t>(step));
}

std::optional<WarningStep> warning_step_from_name(std::string_view name) {
  const auto found = std::find(step_names.begin(), step_names.end(), name);
  if (found == step_names.end()) return std::nullopt;
  return static_cast<WarningStep>(found - step_names.begin());
}

Result<Warning> WarningBook::issue(const directory::Caller& caller, const std::string& by, const NewWarning& wanted,
                                   const Place& place, const Also& also) {
  directory::AuditEntry entry;
  entry.act = directory::name_of(directory::Action::warning_issue);
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<Warning> {
    const Time now = d_.clock.now();
    LUY_TRY(Warning out, draft_of(wanted, now));
    for (const Warning::Receiver& one : out.receivers) {
      LUY_TRY_VOID(caller.require(directory::Action::warning_issue, place(one.agency)));
    }
    const int year = paper::number_year(day_of(now));
    LUY_TRY(const std::uint64_t number, tables::next_number(c, "warning|" + std::to_string(year)));
    char text[40];
    std::snprintf(text, sizeof text, "CB-%d-%03llu", year, static_cast<unsigned long long>(number));
    out.id = WarningId::make(now, d_.random);
    out.number = text;
    out.issued_at = now;
    out.issued_by = by;
    out.act = make_id_text(now, d_.random);
    const std::string body = json::serialize(
        json::object{{"title", out.title}, {"risk", out.risk}, {"affected", out.affected}, {"actions", out.actions}});
    LUY_TRY_VOID(
        c.run("INSERT INTO incident_warning (id, number, body, due_at, issued_at, issued_by, act) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7)",
              {std::string_view(out.id.text()), std::string_view(out.number), std::string_view(body),
               to_micros(out.due), to_micros(now), std::string_view(by), std::string_view(out.act)}));
    json::array agencies;
    for (const Warning::Receiver& one : out.receivers) {
      LUY_TRY_VOID(save(c, out.id, one));
      agencies.emplace_back(one.agency.text());
    }
    if (also) LUY_TRY_VOID(also(c, out));
    done.object = "warning:" + out.id.text();
    done.after["number"] = out.number;
    done.after["title"] = out.title;
    done.after["due"] = to_rfc3339(out.due);
    done.after["receivers"] = std::move(agencies);
    done.after["proof_of"] = out.act;
    return out;
  };
  auto issued = d_.audit.perform(caller, std::move(entry), work);
  if (issued && d_.changed) d_.changed(wanted.agencies);
  return issued;
}

Result<Warning> WarningBook::answer(const directory::Caller& caller, const std::string& by, const WarningId& id,
                                    const AgencyId& agency, WarningStep step, const std::string& text,
                                    const Place& place) {
  directory::AuditEntry entry;
  entry.act = directory::name_of(directory::Action::warning_answer);
  entry.object = "warning:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<Warning> {
    LUY_TRY_VOID(caller.require(directory::Action::warning_answer, place(agency)));
    LUY_TRY(Warning out, load(c, id));
    const auto found = std::find_if(out.receivers.begin(), out.receivers.end(),
                                    [&](const Warning::Receiver& one) { return one.agency == agency; });
    if (found == out.receivers.end()) return Error(warning_unknown);
    const auto at = static_cast<std::size_t>(step);
    if (found->answers[at] || (at > 0 && !found->answers[at - 1])) {
      return Error(warning_order, std::string(name_of(step)));
    }
    const Time now = d_.clock.now();
    const std::string words = clean_text(text, text_bytes_max);
    if (step == WarningStep::reported) {
      if (words.empty()) return Error(text_missing, "nội dung báo cáo", "the report");
      found->report = words;
    }
    found->answers[at] = Warning::Answer{now, by, make_id_text(now, d_.random)};
    LUY_TRY_VOID(save(c, id, *found));
    done.after["agency"] = agency.text();
    done.after["number"] = out.number;
    done.after["step"] = name_of(step);
    if (!words.empty()) done.after["text"] = words;
    done.after["proof_of"] = found->answers[at]->act;
    return out;
  };
  auto answered = d_.audit.perform(caller, std::move(entry), work);
  if (answered && d_.changed) d_.changed({agency});
  return answered;
}

Result<Warning> WarningBook::find(const WarningId& id) const {
  return d_.database.read([&](records::Connection& c) { return load(c, id); });
}

Result<std::vector<Warning>> WarningBook::list() const {
  return d_.database.read([&](records::Connection& c) -> Result<std::vector<Warning>> {
    std::vector<Warning> out;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_warning ORDER BY issued_at DESC, id DESC",
                         {}, [&](const records::Row& row) { out.push_back(read(row)); }));
    for (Warning& one : out) LUY_TRY_VOID(load_receivers(c, one));
    return out;
  });
}

}  // namespace luy::incident
