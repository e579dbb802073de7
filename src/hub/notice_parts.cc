// The running hub's part for notices: what happens that somebody is told of. Nothing of a log, of a device or of a
// person leaves; what is behind a notice, the console tells.
#include <algorithm>

#include "base/log.h"
#include "hub/audit_api.h"
#include "hub/notice_desk.h"
#include "hub/state.h"

namespace luy::hub {
namespace {

using notice::Kind;

constexpr days look_back_time{1};

std::string text_in(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : std::string();
}

std::optional<Happening> happening_of(const finding::Finding& one) {
  Happening out;
  out.event = {"finding:" + one.id.text(), Kind::finding, one.agency, one.opened_at, {}};
  out.event.path = "/findings/" + one.id.text();
  out.event.due = one.due_at;
  if (one.kind == finding::Kind::saved_search) {
    out.event.kind = Kind::search;
    out.event.title = {"Một tìm kiếm đang theo dõi vượt ngưỡng", "A watched search went over its limit"};
    return out;
  }
  if (one.severity < finding::Severity::high) return std::nullopt;
  const bool critical = one.severity == finding::Severity::critical;
  out.event.title = critical ? notice::Text{"Phát hiện mới mức nghiêm trọng", "A new finding of critical severity"}
                             : notice::Text{"Phát hiện mới mức cao", "A new finding of high severity"};
  out.concerns = directory::Action::finding_triage;
  return out;
}

Happening happening_of(const regulation::Obligation& obligation, const AgencyId& agency, Time at, Day day) {
  Happening out;
  out.event = {"verdict:" + obligation.id + ":" + agency.text() + ":" + to_iso(day),
               Kind::verdict,
               agency,
               at,
               {"Nghĩa vụ bị vi phạm: " + obligation.title.vi, "A duty is violated: " + obligation.title.en}};
  out.event.obligation = obligation.id;
  out.event.path = "/obligations/" + obligation.id;
  out.concerns = directory::Action::verdict_read;
  return out;
}

void complain(const Result<void>& done) {
  if (!done) log(LogLevel::error, "hub", "notices: " + done.error().text());
}

}  // namespace

Result<void> Hub::State::open_notices() {
  NoticeDesk::Dependencies of_notices{core->database(),
                                      core->directory(),
                                      core->agencies(),
                                      clock,
                                      random,
                                      core->folder().root() / "notices",
                                      [this] { return url("https", console_listener); },
                                      [this] { return recent_happenings(); }};
  LUY_TRY(auto desk_of_notices, NoticeDesk::open(std::move(of_notices)));
  notices = desk_of_notices.get();
  desks.push_back(std::move(desk_of_notices));
  core->on_entry(
      [this](const directory::AuditRecord& record, const boost::json::object& entry) { notice_entry(record, entry); });
  return {};
}

void Hub::State::notice_findings(std::span<const finding::Change> changes) {
  if (notices == nullptr) return;
  std::vector<Happening> out;
  for (const finding::Change& change : changes) {
    if (change.kind != finding::Change::Kind::opened) continue;
    if (auto one = happening_of(*change.finding)) out.push_back(owned_by_searcher(*std::move(one), *change.finding));
  }
  notices->tell(std::move(out));
}

// A search that hit is told to whoever keeps it: "search|<id>|…".
Happening Hub::State::owned_by_searcher(Happening happening, const finding::Finding& one) const {
  if (one.kind != finding::Kind::saved_search) return happening;
  const std::size_t begin = one.group_key.find('|') + 1;
  const auto id = finding::SearchId::parse(one.group_key.substr(begin, one.group_key.find('|', begin) - begin));
  const auto search = id && saved_searches != nullptr ? saved_searches->find(*id) : nullptr;
  if (search) happening.accounts.push_back(search->owner);
  return happening;
}

void Hub::State::notice_verdicts(std::span<const duty::VerdictChange> changes) {
  if (notices == nullptr) return;
  std::vector<Happening> out;
  for (const duty::VerdictChange& change : changes) {
    const duty::Verdict& verdict = change.verdict;
    const regulation::Obligation* obligation = pack.obligation(verdict.obligation);
    const bool became = !change.gone && verdict.state == duty::State::violated && change.before &&
                        *change.before != duty::State::violated;
    if (!became || obligation == nullptr) continue;
    out.push_back(happening_of(*obligation, verdict.agency, verdict.judged_at, day_of(verdict.judged_at)));
  }
  notices->tell(std::move(out));
}

void Hub::State::notice_reminders(const std::vector<incident::CaseBook::Told>& reminders) {
  if (notices == nullptr) return;
  std::vector<Happening> out;
  for (const incident::CaseBook::Told& one : reminders) {
    const bool over = one.reminder.kind == incident::Reminder::Kind::overdue;
    Happening happening;
    happening.event = {"incident:" + one.one.id.text() + ":" + one.clock + ":" +
                           std::string(incident::name_of(one.reminder.kind)) + ":" + to_rfc3339(one.due),
                       Kind::incident,
                       one.one.agency,
                       clock.now(),
                       {"Sự cố " + one.one.number + (over ? " đã quá hạn" : " sắp đến hạn"),
                        "Incident " + one.one.number + (over ? " is overdue" : " is due soon")}};
    happening.event.due = one.due;
    happening.event.path = "/incidents/" + one.one.id.text();
    happening.concerns = directory::Action::incident_read;
    happening.roles = one.reminder.to;
    happening.everybody_above = true;
    out.push_back(std::move(happening));
  }
  // Nobody reminds of it again.
  complain(notices->tell_now(std::move(out)));
}

// Comes from the audit trail before the entry is in the evidence, and again under the same number after a crash.
void Hub::State::notice_entry(const directory::AuditRecord& record, const boost::json::object& entry) {
  const std::string act = text_in(entry, "event.action");
  if (text_in(entry, "event.outcome") != "success") return;
  if (act == "act_propose") return notices->look_at_acts();
  const std::string object = text_in(entry, "luy.object");
  const auto id_after = [&](std::string_view prefix) {
    return object.starts_with(prefix) ? object.substr(prefix.size()) : std::string();
  };
  if (act == directory::name_of(directory::Action::warning_issue)) {
    const auto id = incident::WarningId::parse(id_after("warning:"));
    if (id) complain(notices->tell_now(warning_happenings(*id)));
    return;
  }
  const bool signs_in = act == "sign_in" || act == "sign_in_passkey" || act == "sign_in_federated";
  if (!signs_in && act != "password_issue" && act != "break_glass_use") return;
  const auto account = AccountId::parse(id_after("account:"));
  const auto known = account ? std::as_const(core->directory()).accounts().find(*account)
                             : Result<directory::Account>(Error(directory::account_unknown));
  if (!known) return;
  Happening out;
  out.event = {"audit:" + std::to_string(record.number), Kind::account, known->agency, record.at, {}};
  out.event.path = "/account";
  if (act == "break_glass_use") {
    const auto hour = std::chrono::floor<std::chrono::hours>(record.at).time_since_epoch().count();
    out.event.key = "break_glass:" + account->text() + ":" + std::to_string(hour);
    out.event.kind = Kind::break_glass;
    out.event.title = {"Phong bì niêm phong đã mở: tài khoản khẩn cấp đang được dùng",
                       "The sealed envelope is open: an emergency account is in use"};
    out.event.path = "/emergency";
    out.concerns = directory::Action::act_decide;
    out.everybody_above = true;
  } else {
    out.accounts = {*account};
    out.event.title = {"Tài khoản được cấp mật khẩu mới", "An account was issued a new password"};
  }
  if (!signs_in) return complain(notices->tell_now({std::move(out)}));
  const std::string address = text_in(entry, "source.ip");
  const auto fresh = notices->outbox().is_new_place(*account, address);
  if (!fresh) return complain(fresh.error());
  out.event.title = {"Tài khoản được dùng từ một nơi mới", "An account was used from a new place"};
  const auto told = *fresh ? notices->tell_now({std::move(out)}) : Result<void>();
  complain(told);
  if (told) complain(notices->outbox().remember_place(*account, address));
}

std::vector<Happening> Hub::State::warning_happenings(const incident::WarningId& id) {
  std::vector<Happening> out;
  const auto warning = incidents->warnings().find(id);
  if (!warning) return out;
  for (const incident::Warning::Receiver& receiver : warning->receivers) {
    Happening one;
    one.event = {
        "warning:" + id.text() + ":" + receiver.agency.text(),
        Kind::warning,
        receiver.agency,
        warning->issued_at,
        {"Cảnh báo " + warning->number + " cần phản hồi", "Warning " + warning->number + " is to be answered"}};
    one.event.due = warning->due;
    one.event.path = "/warnings/" + id.text();
    one.concerns = directory::Action::warning_answer;
    out.push_back(std::move(one));
  }
  return out;
}

// What happened shortly before the hub ended may not have been written down.
std::vector<Happening> Hub::State::recent_happenings() {
  std::vector<Happening> out;
  const Time since = clock.now() - look_back_time;
  for (const finding::FindingPointer& one : findings->all()) {
    if (one->opened_at < since) continue;
    if (auto happening = happening_of(*one)) out.push_back(owned_by_searcher(*std::move(happening), *one));
  }
  for (const duty::Cell& cell : engine->cells({})) {
    const regulation::Obligation* obligation = pack.obligation(cell.obligation);
    if (obligation == nullptr || !cell.violated_since || *cell.violated_since < since) continue;
    out.push_back(happening_of(*obligation, cell.agency, *cell.violated_since, day_of(*cell.violated_since)));
  }
  return out;
}

}  // namespace luy::hub
