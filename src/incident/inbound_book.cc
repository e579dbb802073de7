#include "incident/inbound_book.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/log.h"
#include "incident/move.h"
#include "incident/store/tables.h"
#include "paper/number.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using State = InboundWarning::State;

constexpr std::array<std::string_view, 3> state_names = {"fresh", "handled", "no_action"};
constexpr std::string_view columns = "id, number, body, registered_at, state, act";
constexpr std::string_view list_source = "inbound:";  // Then the number.

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::size_t count_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_int64() ? static_cast<std::size_t>(found->get_int64()) : 0;
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr ? found->if_object() : nullptr;
}

json::object to_json(const InboundWarning& one) {
  json::object out;
  out["source"] = one.source;
  out["reference"] = one.reference;
  if (one.dated) out["dated"] = to_iso(*one.dated);
  out["title"] = one.title;
  out["summary"] = one.summary;
  out["received_at"] = to_rfc3339(one.received_at);
  out["received_by"] = one.received_by;
  out["contact"] = one.contact;
  if (one.file) {
    out["file"] = json::object{
        {"name", one.file->name}, {"bytes", static_cast<std::int64_t>(one.file->bytes)}, {"sha256", one.file->sha256}};
  }
  if (one.handled_at) out["handled_at"] = to_rfc3339(*one.handled_at);
  out["handled_by"] = one.handled_by;
  out["answer"] = one.answer;
  if (one.warning) out["warning"] = json::object{{"id", one.warning->id.text()}, {"number", one.warning->number}};
  if (one.indicators) {
    out["indicators"] = json::object{{"id", one.indicators->id},
                                     {"name", one.indicators->name},
                                     {"count", static_cast<std::int64_t>(one.indicators->count)}};
  }
  return out;
}

void read_body(InboundWarning& out, const json::object& body) {
  out.source = text_at(body, "source");
  out.reference = text_at(body, "reference");
  out.dated = day_from_iso(text_at(body, "dated"));
  out.title = text_at(body, "title");
  out.summary = text_at(body, "summary");
  out.received_at = from_rfc3339(text_at(body, "received_at")).value_or(Time());
  out.received_by = text_at(body, "received_by");
  out.contact = text_at(body, "contact");
  if (const json::object* file = object_at(body, "file")) {
    out.file = InboundWarning::File{text_at(*file, "name"), count_at(*file, "bytes"), text_at(*file, "sha256")};
  }
  out.handled_at = from_rfc3339(text_at(body, "handled_at"));
  out.handled_by = text_at(body, "handled_by");
  out.answer = text_at(body, "answer");
  if (const json::object* warning = object_at(body, "warning")) {
    out.warning = InboundWarning::PassedOn{WarningId::trusted(text_at(*warning, "id")), text_at(*warning, "number")};
  }
  if (const json::object* list = object_at(body, "indicators")) {
    out.indicators = InboundWarning::Indicators{text_at(*list, "id"), text_at(*list, "name"), count_at(*list, "count")};
  }
}

InboundWarning read(const records::Row& row) {
  InboundWarning out;
  out.id = InboundId::trusted(row.text(0));
  out.number = row.text(1);
  boost::system::error_code error;
  const json::value body = json::parse(json::string_view(row.text(2).data(), row.text(2).size()), error);
  if (!error && body.is_object()) read_body(out, body.get_object());
  out.registered_at = from_micros(row.integer(3));
  out.state = inbound_state_from_name(row.text(4)).value_or(State::fresh);
  out.act = row.text(5);
  return out;
}

Result<InboundWarning> load(records::Connection& c, const InboundId& id) {
  std::optional<InboundWarning> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_inbound WHERE id = $1",
                       {std::string_view(id.text())}, [&](const records::Row& row) { out = read(row); }));
  if (!out) return Error(inbound_unknown);
  return *std::move(out);
}

Result<void> save(records::Connection& c, const InboundWarning& one) {
  const std::string body = json::serialize(to_json(one));
  LUY_TRY_VOID(c.run(
      "INSERT INTO incident_inbound (id, number, body, registered_at, state, act) VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (id) DO UPDATE SET body = excluded.body, state = excluded.state",
      {std::string_view(one.id.text()), std::string_view(one.number), std::string_view(body),
       to_micros(one.registered_at), name_of(one.state), std::string_view(one.act)}));
  return {};
}

// The texts cleaned; not numbered yet, without its file.
Result<InboundWarning> draft_of(const NewInbound& wanted, Time now) {
  InboundWarning out;
  out.source = clean_text(wanted.source, title_bytes_max);
  out.reference = clean_text(wanted.reference, title_bytes_max);
  out.title = clean_text(wanted.title, title_bytes_max);
  out.summary = clean_text(wanted.summary, text_bytes_max);
  Text missing;
  const auto want = [&](const std::string& text, const char* vi, const char* en) {
    if (!text.empty()) return;
    missing.vi += (missing.vi.empty() ? "" : ", ") + std::string(vi);
    missing.en += (missing.en.empty() ? "" : ", ") + std::string(en);
  };
  want(out.source, "nơi gửi", "who sent it");
  want(out.title, "trích yếu", "the title");
  want(out.summary, "nội dung chính", "what it says");
  if (!missing.vi.empty()) return Error(text_missing, missing.vi, missing.en);
  if (wanted.received_at > now + skew_max) return Error(time_in_future, moment_text(wanted.received_at));
  out.received_at = std::min(wanted.received_at, now);
  out.dated = wanted.dated;
  if (out.dated && *out.dated > day_of(out.received_at)) {
    return Error(ends_before_start, to_vietnamese(*out.dated) + " > " + to_vietnamese(day_of(out.received_at)));
  }
  out.contact = wanted.contact;
  return out;
}

std::string list_of(const std::vector<indicator::Atom>& atoms, const std::string& note) {
  std::string out = "type,value,comment\n";
  // No comma, quote or line feed can stand in what was found (indicator/free_text.h).
  for (const indicator::Atom& one : atoms)
    out += std::string(indicator::name_of(one.type)) + "," + one.value + "," + note + "\n";
  return out;
}

directory::AuditEntry entry_of(const char* act, const InboundId& id) {
  directory::AuditEntry out;
  out.act = act;
  if (!id.empty()) out.object = "inbound:" + id.text();
  return out;
}

}  // namespace

std::string_view name_of(State state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<State> inbound_state_from_name(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<State>(found - state_names.begin());
}

Result<InboundWarning> InboundBook::take(const Actor& actor, const NewInbound& wanted) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<InboundWarning> {
    LUY_TRY_VOID(actor.caller.require(directory::Action::warning_issue, actor.place));
    const Time now = d_.clock.now();
    LUY_TRY(InboundWarning out, draft_of(wanted, now));
    if (!wanted.file.empty()) {
      if (sniff_type(wanted.file) != "application/pdf") {
        const Text kind = kind_of_refused(wanted.file);
        return Error(file_type_refused, kind.vi + " (chỉ nhận PDF)", kind.en + " (a PDF is asked for)");
      }
      LUY_TRY(const StoredFile stored, d_.vault.put(wanted.file));
      out.file = InboundWarning::File{clean_file_name(wanted.file_name), stored.size, stored.sha256};
    }
    const int year = paper::number_year(day_of(now));
    LUY_TRY(const std::uint64_t number, tables::next_number(c, "inbound|" + std::to_string(year)));
    char text[40];
    std::snprintf(text, sizeof text, "CBD-%d-%03llu", year, static_cast<unsigned long long>(number));
    out.id = InboundId::make(now, d_.random);
    out.number = text;
    out.registered_at = now;
    out.received_by = actor.name;
    out.act = make_id_text(now, d_.random);
    LUY_TRY_VOID(save(c, out));
    done.object = "inbound:" + out.id.text();
    done.after = to_json(out);
    done.after["number"] = out.number;
    done.after["proof_of"] = out.act;
    return out;
  };
  return d_.audit.perform(actor.caller, entry_of("inbound_register", {}), work);
}

Result<InboundWarning> InboundBook::import_indicators(const Actor& actor, const InboundId& id, std::string_view text,
                                                      const std::string& name) {
  LUY_TRY_VOID(actor.caller.require(directory::Action::warning_issue, actor.place));
  LUY_TRY(const InboundWarning known, find(id));
  LUY_TRY(const indicator::FoundInText found, indicator::find_in_text(text));
  if (found.atoms.empty()) return Error(no_indicators);
  const std::string content = list_of(found.atoms, known.number);
  indicator::Book::NewList wanted;
  wanted.name = clean_text(name, indicator::name_bytes_max);
  if (wanted.name.empty()) wanted.name = clean_text(known.number + " " + known.title, indicator::name_bytes_max);
  wanted.format = indicator::Format::csv;
  wanted.content = content;
  wanted.source = std::string(list_source) + known.number;
  wanted.added_by = actor.name;
  wanted.replaces = true;
  InboundWarning out;
  const auto imported =
      d_.indicators.import(wanted, [&](records::Connection& c, const indicator::List& list) -> Result<void> {
        LUY_TRY(out, load(c, id));
        out.indicators = InboundWarning::Indicators{list.id.text(), list.name, list.count};
        LUY_TRY_VOID(save(c, out));
        directory::AuditEntry entry = entry_of("inbound_indicators", id);
        entry.after["number"] = out.number;
        entry.after["list"] = list.id.text();
        entry.after["count"] = list.count;
        return d_.audit.note(c, actor.caller, entry);
      });
  if (!imported) return imported.error();
  if (const auto delivered = d_.audit.deliver(); !delivered) {
    log(LogLevel::warning, "incident", "audit entries wait for delivery: " + delivered.error().text());
  }
  return out;
}

Result<void> InboundBook::link_in(records::Connection& c, const Actor& actor, const InboundId& id,
                                  const Warning& warning) const {
  LUY_TRY(InboundWarning one, load(c, id));
  if (one.warning) return Error(inbound_passed_on, one.number);
  one.warning = InboundWarning::PassedOn{warning.id, warning.number};
  LUY_TRY_VOID(save(c, one));
  directory::AuditEntry entry = entry_of("inbound_warning", id);
  entry.after["number"] = one.number;
  entry.after["warning"] = warning.number;
  return d_.audit.note(c, actor.caller, entry);
}

Result<InboundWarning> InboundBook::settle(const Actor& actor, const InboundId& id, State as,
                                           const std::string& answer) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<InboundWarning> {
    LUY_TRY_VOID(actor.caller.require(directory::Action::warning_issue, actor.place));
    LUY_TRY(InboundWarning out, load(c, id));
    if (out.state != State::fresh) return Error(inbound_settled, out.number);
    out.answer = clean_text(answer, text_bytes_max);
    if (out.answer.empty()) return Error(text_missing, "kết quả xử lý", "what came of it");
    if (as == State::fresh) return Error(unknown_choice, std::string(name_of(as)));
    out.state = as;
    out.handled_at = d_.clock.now();
    out.handled_by = actor.name;
    LUY_TRY_VOID(save(c, out));
    done.after["number"] = out.number;
    done.after["state"] = name_of(out.state);
    done.after["answer"] = out.answer;
    return out;
  };
  return d_.audit.perform(actor.caller, entry_of("inbound_answer", id), work);
}

Result<InboundWarning> InboundBook::find(const InboundId& id) const {
  return d_.database.read([&](records::Connection& c) { return load(c, id); });
}

Result<std::vector<InboundWarning>> InboundBook::list() const {
  std::vector<InboundWarning> out;
  LUY_TRY_VOID(d_.database.read([&](records::Connection& c) {
    return c.query("SELECT " + std::string(columns) + " FROM incident_inbound ORDER BY registered_at DESC, number DESC",
                   {}, [&](const records::Row& row) { out.push_back(read(row)); });
  }));
  return out;
}

}  // namespace luy::incident
