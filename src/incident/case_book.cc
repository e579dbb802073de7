#include "incident/case_book.h"

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "incident/store/tables.h"
#include "paper/sentence.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

// Of an earlier round, and no longer true once the case is open again.
constexpr Moment moments_of_round[] = {Moment::triaged,        Moment::escalated,       Moment::ended,
                                       Moment::initial_report, Moment::progress_report, Moment::closing_report,
                                       Moment::support_asked,  Moment::remedy_plan};

std::string case_number(Day day, std::uint64_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "SC-%d-%03llu", paper::number_year(day), static_cast<unsigned long long>(number));
  return text;
}

std::size_t count_of(const CaseFile& file, PartKind kind) {
  return static_cast<std::size_t>(std::count_if(file.parts.begin(), file.parts.end(), [&](const Part& part) {
    return part.kind == kind && part.round == file.one.round;
  }));
}

bool is_filled(const Part& part, std::string_view key) {
  const json::value* value = part.body.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() && !value->get_string().empty();
}

}  // namespace

CaseFacts CaseBook::facts_of(const CaseFile& file) const {
  CaseFacts out;
  out.state = file.one.state;
  out.round = file.one.round;
  out.discovered = file.one.discovered();
  for (const CasePaper& paper : file.papers) out.papers.push_back(fact_of(paper, order_of(paper)));
  out.guidance = count_of(file, PartKind::guidance);
  out.joint_actions = count_of(file, PartKind::action);
  for (const Part& part : file.parts) {
    const bool is_action = part.kind == PartKind::action && part.round == file.one.round;
    if (is_action && (!is_filled(part, "owner") || !is_filled(part, "outcome"))) ++out.joint_actions_open;
  }
  return out;
}

Result<void> CaseBook::add_entry(records::Connection& c, const CaseId& id, const std::string& by, std::string kind,
                                 Text text, json::object data, std::string act) const {
  return tables::add_entry(c, id,
                           {0, d_.clock.now(), by, std::move(kind), std::move(text), std::move(data), std::move(act)});
}

std::string CaseBook::new_act() const {
  return make_id_text(d_.clock.now(), d_.random);
}

Result<void> CaseBook::demand_open(const Case& one) const {
  const ProcessState* state = d_.process.state(one.state);
  if (state == nullptr || state->is_end) return Error(case_over, one.number);
  return {};
}

Result<CaseFile> CaseBook::load_file(records::Connection& c, const CaseId& id) const {
  CaseFile out;
  LUY_TRY(out.one, tables::load(c, id));
  LUY_TRY(out.timeline, tables::timeline(c, id));
  LUY_TRY(out.parts, tables::parts(c, id));
  LUY_TRY(out.papers, tables::papers(c, id));
  LUY_TRY(out.links, tables::links(c, id));
  return out;
}

// The tasks of the playbook for the state that was just entered.
Result<void> CaseBook::enter_state(records::Connection& c, const Case& one, const std::string& by) const {
  const auto book = d_.playbooks.find(one.found.kind);
  if (book == d_.playbooks.end()) return {};
  LUY_TRY(const std::vector<Part> there, tables::parts(c, one.id));
  for (const PlaybookTask& task : tasks_of(book->second, one.state)) {
    const bool is_there = std::any_of(there.begin(), there.end(), [&](const Part& part) {
      const json::value* id = part.body.if_contains("playbook");
      return part.kind == PartKind::task && part.round == one.round && id != nullptr && id->is_string() &&
             id->get_string() == json::string_view(task.id);
    });
    if (is_there) continue;
    Part part;
    part.id = PartId::make(d_.clock.now(), d_.random);
    part.kind = PartKind::task;
    part.round = one.round;
    part.at = d_.clock.now();
    part.by = by;
    part.body["playbook"] = task.id;
    part.body["state"] = task.state;
    part.body["title"] = task.title.vi;
    part.body["title_en"] = task.title.en;
    part.body["detail"] = task.detail.vi;
    part.body["detail_en"] = task.detail.en;
    part.body["role"] = task.role;
    part.body["due"] = to_rfc3339(limit_end(task.within, one.state_since, d_.calendar));
    LUY_TRY_VOID(tables::save(c, one.id, part));
  }
  return {};
}

Result<Case> CaseBook::open_in(records::Connection& c, const Actor& actor, const NewCase& wanted,
                               const std::vector<Link>& links, const std::string& act) const {
  LUY_TRY_VOID(actor.permit(wanted.agency));
  const Time now = d_.clock.now();
  LUY_TRY_VOID(check_discovered(d_.process, wanted.discovered, now));
  Case one;
  // It is a name: it stands within sentences.
  one.title = paper::without_end_marks(clean_text(wanted.title, title_bytes_max));
  if (one.title.empty()) return Error(text_missing, "tên sự cố", "the title");
  if (find_choice(d_.process.kinds, wanted.found.kind) == nullptr) {
    return Error(unknown_choice, wanted.found.kind.substr(0, 60));
  }
  one.edition = d_.process.edition_on(day_of(wanted.discovered))->id;
  if (!wanted.found.properties.empty() || wanted.found.level || !wanted.found.severity_override.empty()) {
    LUY_TRY_VOID(check_classification(d_.process, *d_.process.edition(one.edition), wanted.found));
  }
  one.id = CaseId::make(now, d_.random);
  LUY_TRY(const std::uint64_t number,
          tables::next_number(c, "case|" + std::to_string(paper::number_year(day_of(now)))));
  one.number = case_number(day_of(now), number);
  one.agency = wanted.agency;
  one.description = clean_text(wanted.description, text_bytes_max);
  one.system = clean_text(wanted.system, title_bytes_max);
  one.system_id = wanted.system_id;
  one.state = d_.process.start;
  one.state_since = now;
  one.found = wanted.found;
  // A clock a little ahead: it cannot have been found after it was opened.
  one.moments[Moment::discovered] = std::min(wanted.discovered, now);
  one.moments[Moment::opened] = now;
  if (wanted.reported) one.moments[Moment::reported] = *wanted.reported;
  if (wanted.reported) one.moments[Moment::received] = now;
  one.opened_by = actor.name;
  // What the town office opens itself it knows of.
  if (receiving(d_.process, actor.roles_in(wanted.agency)).for_town) one.town.receipt = {now, actor.name, act};
  LUY_TRY_VOID(tables::save(c, one));
  LUY_TRY_VOID(add_entry(c, one.id, actor.name, "opened",
                         {"Mở vụ " + one.number + ": " + one.title, "Opened " + one.number + ": " + one.title},
                         to_json(one.found)));
  for (const Link& link : links) LUY_TRY_VOID(tables::add_link(c, one.id, link));
  LUY_TRY_VOID(enter_state(c, one, actor.name));
  LUY_TRY_VOID(tables::name_act(c, one.id, 0, act));
  return one;
}

Result<void> CaseBook::note_in(records::Connection& c, const CaseId& id, const std::string& by, std::string kind,
                               Text text, json::object data, const std::string& act) const {
  LUY_TRY_VOID(tables::load(c, id));
  return add_entry(c, id, by, std::move(kind), std::move(text), std::move(data), act);
}

Result<Case> CaseBook::link_in(records::Connection& c, const Actor& actor, const CaseId& id, const Link& link,
                               const std::string& act) const {
  LUY_TRY(Case one, tables::load(c, id));
  LUY_TRY_VOID(actor.permit(one.agency));
  LUY_TRY_VOID(demand_open(one));
  LUY_TRY_VOID(tables::add_link(c, id, link));
  LUY_TRY_VOID(add_entry(c, id, actor.name, "joined", {"Ghép thêm vào vụ", "Joined the case"},
                         {{"kind", link.kind}, {"ref", link.ref}}, act));
  return one;
}

Result<Case> CaseBook::open(const Actor& actor, const NewCase& wanted) {
  directory::AuditEntry entry;
  entry.act = "incident_open";
  auto opened = d_.audit.perform(actor.caller, std::move(entry),
                                 [&](records::Connection& c, directory::AuditEntry& done) -> Result<Case> {
                                   const std::string act = new_act();
                                   LUY_TRY(Case one, open_in(c, actor, wanted, {}, act));
                                   done.object = "case:" + one.id.text();
                                   done.after = to_json(one);
                                   done.after["proof_of"] = act;
                                   return one;
                                 });
  if (opened) tell(*opened, "opened");
  return opened;
}

namespace {

std::vector<Link> links_of(const std::vector<finding::FindingId>& found) {
  std::vector<Link> out;
  for (const finding::FindingId& id : found) out.push_back({"finding", id.text(), std::nullopt});
  return out;
}

Result<void> demand_agency(finding::Book& findings, const std::vector<finding::FindingId>& found,
                           const AgencyId& agency) {
  if (found.empty()) return Error(text_missing, "phát hiện", "the findings");
  if (found.size() > links_per_call_max) return Error(too_many, std::to_string(found.size()));
  for (const finding::FindingId& id : found) {
    const finding::FindingPointer one = findings.find(id);
    if (!one) return Error(finding::finding_unknown, id.text());
    if (one->agency != agency) return Error(wrong_agency);
  }
  return {};
}

}  // namespace

Result<Case> CaseBook::open_from(const Actor& actor, finding::Book& findings, const NewCase& wanted,
                                 const std::vector<finding::FindingId>& found) {
  LUY_TRY_VOID(actor.permit(wanted.agency));
  LUY_TRY_VOID(demand_agency(findings, found, wanted.agency));
  NewCase made = wanted;
  for (const finding::FindingId& id : found) made.discovered = std::min(made.discovered, findings.find(id)->opened_at);
  std::optional<Case> out;
  const std::string act = new_act();
  finding::Book::StateChange change{found, finding::State::in_case, actor.name, {}, act};
  const auto changed = findings.set_state(change, [&](records::Connection& c) -> Result<void> {
    LUY_TRY(out, open_in(c, actor, made, links_of(found), act));
    directory::AuditEntry entry;
    entry.act = "incident_open";
    entry.object = "case:" + out->id.text();
    entry.after = to_json(*out);
    entry.after["proof_of"] = act;
    return d_.audit.note(c, actor.caller, entry);
  });
  if (!changed) return changed.error();
  if (const auto delivered = d_.audit.deliver(); !delivered) {
    log(LogLevel::warning, "incident", "audit entries wait for delivery: " + delivered.error().text());
  }
  tell(*out, "opened");
  return *std::move(out);
}

Result<Case> CaseBook::join(const Actor& actor, finding::Book& findings, const CaseId& id,
                            const std::vector<finding::FindingId>& found) {
  LUY_TRY(const Case before, find(id));
  LUY_TRY_VOID(actor.permit(before.agency));
  LUY_TRY_VOID(demand_agency(findings, found, before.agency));
  const std::string act = new_act();
  finding::Book::StateChange change{found, finding::State::in_case, actor.name, before.number, act};
  const auto changed = findings.set_state(change, [&](records::Connection& c) -> Result<void> {
    for (const Link& link : links_of(found)) LUY_TRY_VOID(link_in(c, actor, id, link, act));
    directory::AuditEntry entry;
    entry.act = "incident_join";
    entry.object = "case:" + id.text();
    entry.after["agency"] = before.agency.text();
    entry.after["number"] = before.number;
    entry.after["proof_of"] = act;
    entry.after["findings"] = found.size();
    return d_.audit.note(c, actor.caller, entry);
  });
  if (!changed) return changed.error();
  if (const auto delivered = d_.audit.deliver(); !delivered) {
    log(LogLevel::warning, "incident", "audit entries wait for delivery: " + delivered.error().text());
  }
  auto joined = find(id);
  if (joined) tell(*joined, "changed");
  return joined;
}

Result<Case> CaseBook::change(const Actor& actor, const CaseId& id, std::string_view act, const Work& work) {
  directory::AuditEntry entry;
  entry.act = "incident_" + std::string(act);
  entry.object = "case:" + id.text();
  auto changed = d_.audit.perform(actor.caller, std::move(entry),
                                  [&](records::Connection& c, directory::AuditEntry& done) -> Result<Case> {
                                    LUY_TRY(Case one, tables::load(c, id));
                                    LUY_TRY_VOID(actor.permit(one.agency));
                                    LUY_TRY(const std::uint64_t last, tables::last_entry(c, id));
                                    const json::value assignee = account_json(one.town);
                                    done.before["state"] = one.state;
                                    done.after["agency"] = one.agency.text();
                                    done.after["proof_of"] = new_act();
                                    LUY_TRY_VOID(work(c, one, done.after));
                                    if (done.after.contains("assignee")) done.before["assignee"] = assignee;
                                    LUY_TRY_VOID(tables::name_act(c, id, last, done.after["proof_of"].as_string()));
                                    done.after["state"] = one.state;
                                    done.after["number"] = one.number;
                                    LUY_TRY_VOID(tables::save(c, one));
                                    return one;
                                  });
  if (changed) tell(*changed, act == "move" ? "moved" : "changed");
  return changed;
}

Result<Case> CaseBook::move(const Actor& actor, const CaseId& id, const std::string& event, const std::string& reason,
                            const std::map<std::string, std::string>& fields) {
  return change(actor, id, "move", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
    LUY_TRY(const CaseFile file, load_file(c, id));
    const Time now = d_.clock.now();
    const std::string from = one.state;
    const Attempt attempt{event, actor.roles_in(one.agency), clean_text(reason, reason_bytes_max), fields};
    LUY_TRY(const Move moved, decide(d_.process, facts_of(file), attempt, now));
    for (const EventField& field : moved.transition->fields) {
      if (field.type != EventField::Type::case_id) continue;
      const auto into = CaseId::parse(fields.at(field.id));
      if (!into) return Error(bad_merge);
      LUY_TRY_VOID(merge_into(c, actor, one, *into, after.at("proof_of").as_string().c_str()));
      one.merged_into = *into;
    }
    if (moved.starts_round) {
      ++one.round;
      one.merged_into.reset();
      for (const Moment moment : moments_of_round) one.moments.erase(moment);
    }
    one.state = moved.transition->to;
    one.state_since = now;
    for (const Moment moment : moved.transition->moments) one.moments[moment] = now;
    // It ended when it was remedied, not when somebody wrote it down.
    const bool ends = one.moments.contains(Moment::ended) && one.moments.at(Moment::ended) == now;
    if (ends && moved.times.size() == 1) one.moments[Moment::ended] = moved.times.begin()->second;
    if (moved.transition->is_beyond) one.found.is_beyond = true;
    after["event"] = event;
    after["reason"] = attempt.reason;
    json::object data{{"event", event}, {"from", from}, {"to", one.state}, {"round", one.round}};
    for (const auto& [name, value] : fields) data[name] = clean_text(value, title_bytes_max);
    const std::string why = attempt.reason.empty() ? "" : ": " + attempt.reason;
    LUY_TRY_VOID(add_entry(c, id, actor.name, "moved",
                           {moved.transition->title.vi + why, moved.transition->title.en + why}, std::move(data)));
    return enter_state(c, one, actor.name);
  });
}

// Links go along with where they come from, and both cases say so.
Result<void> CaseBook::merge_into(records::Connection& c, const Actor& actor, const Case& from, const CaseId& into,
                                  const std::string& act) const {
  Result<Case> target = tables::load(c, into);
  if (!target || target->id == from.id || target->agency != from.agency) return Error(bad_merge);
  if (!demand_open(*target)) return Error(bad_merge);
  LUY_TRY(const std::vector<Link> all, tables::links(c, from.id));
  for (const Link& link : all) {
    LUY_TRY_VOID(tables::add_link(c, into, {link.kind, link.ref, link.through ? link.through : from.id}));
  }
  LUY_TRY_VOID(tables::add_link(c, into, {"case", from.id.text(), std::nullopt}));
  LUY_TRY_VOID(tables::add_link(c, from.id, {"case", into.text(), std::nullopt}));
  // What was found first counts for the clocks of both.
  if (from.discovered() < target->discovered()) {
    target->moments[Moment::discovered] = from.discovered();
    target->edition = d_.process.edition_on(day_of(from.discovered()))->id;
    LUY_TRY_VOID(tables::save(c, *target));
  }
  return add_entry(c, into, actor.name, "joined",
                   {"Nhận vụ " + from.number + ": " + from.title, "Took in " + from.number + ": " + from.title},
                   {{"kind", "case"}, {"ref", from.id.text()}}, act);
}

std::vector<CaseBook::WayOn> CaseBook::ways_on(const CaseFile& file) const {
  std::vector<WayOn> out;
  const CaseFacts facts = facts_of(file);
  for (const Transition& one : d_.process.transitions) {
    if (std::find(one.from.begin(), one.from.end(), facts.state) == one.from.end()) continue;
    // What the one who acts will enter is not missing yet.
    Attempt attempt;
    attempt.event = one.event;
    attempt.reason = "-";
    for (const EventField& field : one.fields) attempt.fields[field.id] = "-";
    out.push_back({&one, missing_for(d_.process, one, facts, attempt)});
  }
  return out;
}

Result<Case> CaseBook::classify(const Actor& actor, const CaseId& id, const Classification& found) {
  return change(actor, id, "classify", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
    LUY_TRY_VOID(demand_open(one));
    const Edition& edition = *d_.process.edition(one.edition);
    LUY_TRY_VOID(check_classification(d_.process, edition, found));
    const bool is_new_kind = one.found.kind != found.kind;
    one.found = found;
    after["classification"] = to_json(found);
    const Choice& severity = *find_choice(edition.severities, severity_of(edition, found));
    const Choice& kind = *find_choice(d_.process.kinds, found.kind);
    LUY_TRY_VOID(add_entry(c, id, actor.name, "classified",
                           {"Phân loại: " + kind.title.vi + "; mức độ: " + severity.title.vi,
                            "Classified: " + kind.title.en + "; severity: " + severity.title.en},
                           to_json(found)));
    return is_new_kind ? enter_state(c, one, actor.name) : Result<void>();
  });
}

Result<Case> CaseBook::mark(const Actor& actor, const CaseId& id, Moment moment, Time at, const std::string& how) {
  return change(actor, id, "mark", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
    if (moment != Moment::notified && moment != Moment::breach_notified) {
      return Error(part_field, std::string(name_of(moment)));
    }
    LUY_TRY_VOID(check_span(one.discovered(), at, d_.clock.now()));
    const std::string text = clean_text(how, title_bytes_max);
    if (text.empty()) return Error(text_missing, "nơi nhận và cách thông báo", "to whom and how");
    // The first notice counts.
    const auto [known, is_new] = one.moments.try_emplace(moment, at);
    if (!is_new) known->second = std::min(known->second, at);
    after["moment"] = name_of(moment);
    return add_entry(
        c, id, actor.name, "notified",
        {"Đã thông báo lúc " + moment_text(at) + ": " + text, "Notified at " + moment_text(at) + ": " + text});
  });
}

Result<void> CaseBook::note(const Actor& actor, const CaseId& id, const std::string& text) {
  LUY_TRY_VOID(change(actor, id, "note", [&](records::Connection& c, Case&, json::object&) -> Result<void> {
    const std::string cleaned = clean_text(text, text_bytes_max);
    if (cleaned.empty()) return Error(text_missing, "nội dung ghi chú", "the note");
    return add_entry(c, id, actor.name, "note", {cleaned, cleaned});
  }));
  return {};
}

Result<Case> CaseBook::find(const CaseId& id) const {
  return d_.database.read([&](records::Connection& c) { return tables::load(c, id); });
}

Result<CaseFile> CaseBook::file(const CaseId& id) const {
  return d_.database.read([&](records::Connection& c) { return load_file(c, id); });
}

Result<std::vector<Case>> CaseBook::list(const std::function<bool(const AgencyId&)>& visible) const {
  return d_.database.read([&](records::Connection& c) -> Result<std::vector<Case>> {
    std::vector<Case> out;
    LUY_TRY_VOID(tables::each_case(c, [&](Case one) {
      if (!visible || visible(one.agency)) out.push_back(std::move(one));
    }));
    return out;
  });
}

std::vector<LegalClock> CaseBook::clocks(const Case& one) const {
  return clocks_of(*d_.process.edition(one.edition), one.found, one.moments, d_.calendar, d_.clock.now());
}

// A case that was closed still owes its closing report; one that joined another or was none owes nothing.
bool CaseBook::owes(const Case& one) const {
  const ProcessState* state = d_.process.state(one.state);
  return state == nullptr || !state->is_end || one.moments.contains(Moment::ended);
}

std::optional<Time> CaseBook::limit_of(Moment from, Moment until, Time at) const {
  const Edition* edition = d_.process.edition_on(day_of(at));
  if (edition == nullptr) return std::nullopt;
  for (const ClockRule& rule : edition->clocks) {
    if (rule.from == from && rule.until == until) return limit_end(rule.limit, at, d_.calendar);
  }
  return std::nullopt;
}

Time CaseBook::end_of(const Limit& limit, Time from) const {
  return limit_end(limit, from, d_.calendar);
}

void CaseBook::tell(const Case& one, std::string_view change) const {
  if (d_.changed) d_.changed(one, change);
}

Result<std::vector<CaseBook::Told>> CaseBook::remind() {
  LUY_TRY(const std::vector<Case> all, list({}));
  const Time now = d_.clock.now();
  std::vector<std::pair<Told, Text>> due;
  for (const Case& one : all) {
    if (!owes(one)) continue;
    for (const LegalClock& clock : clocks(one)) {
      if (clock.stopped) continue;
      const Reminder* latest = nullptr;
      for (const Reminder& reminder : clock.reminders) {
        if (reminder.at <= now) latest = &reminder;
      }
      if (latest != nullptr) due.emplace_back(Told{one, clock.rule->id, *latest, clock.due}, clock.rule->title);
    }
  }
  std::vector<Told> out;
  if (due.empty()) return out;
  const auto noted = d_.database.write([&](records::Connection& c) -> Result<void> {
    for (const auto& [told, title] : due) {
      json::object data{{"clock", told.clock}, {"kind", name_of(told.reminder.kind)}, {"due", to_rfc3339(told.due)}};
      data["to"] = json::array(told.reminder.to.begin(), told.reminder.to.end());
      LUY_TRY(const bool known, tables::has_entry(c, told.one.id, "reminder", data));
      if (known) continue;
      const std::string until = moment_text(told.due);
      LUY_TRY_VOID(add_entry(c, told.one.id, "luy-hub", "reminder",
                             {"Nhắc hạn: " + title.vi + ", hạn " + until, "Reminder: " + title.en + ", until " + until},
                             std::move(data)));
      out.push_back(told);
    }
    return {};
  });
  if (!noted) return noted.error();
  return out;
}

}  // namespace luy::incident
