#include "incident/provider_book.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/encoding.h"
#include "incident/move.h"
#include "incident/store/provider_store.h"
#include "incident/store/tables.h"
#include "paper/number.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using directory::Action;
using directory::AuditEntry;

constexpr std::array<std::string_view, provider_state_count> state_names = {"asked",    "noted",  "returned",
                                                                            "answered", "closed", "withdrawn"};

Result<std::string> needed(std::string_view text, std::size_t bytes_max, const char* vi, const char* en) {
  std::string out = clean_text(text, bytes_max);
  if (out.empty()) return Error(text_missing, vi, en);
  return out;
}

Error wrong_turn(const ProviderRequest& request) {
  const Text state = title_of(request.state);
  return Error(provider_turn, request.number + " " + state.vi, request.number + " is " + state.en);
}

Result<std::vector<ProviderFile>> checked(std::vector<ProviderFile> files) {
  if (files.size() > provider_files_max) return Error(too_many, "tệp", "files");
  for (ProviderFile& file : files) {
    const auto bytes = from_hex(file.sha256);
    file.name = clean_text(file.name, title_bytes_max);
    if (file.name.empty() || !bytes || bytes->size() != 32) return Error(provider_file, file.name);
    file.sha256 = to_hex(as_bytes(*bytes));
  }
  return files;
}

// The texts of a request as they are kept.
Result<ProviderRequest> draft_of(const NewProviderRequest& wanted) {
  ProviderRequest out;
  out.agency = wanted.agency;
  out.provider = clean_text(wanted.provider, title_bytes_max);
  out.text = clean_text(wanted.text, text_bytes_max);
  out.legal_basis = clean_text(wanted.legal_basis, provider_basis_bytes_max);
  out.kind = wanted.kind;
  Text missing;
  const auto want = [&](const std::string& text, const char* vi, const char* en) {
    if (!text.empty()) return;
    missing.vi += (missing.vi.empty() ? "" : ", ") + std::string(vi);
    missing.en += (missing.en.empty() ? "" : ", ") + std::string(en);
  };
  want(out.provider, "tên doanh nghiệp", "the provider's name");
  want(out.text, "nội dung yêu cầu", "what is asked for");
  want(out.legal_basis, "căn cứ pháp lý", "the legal basis");
  if (!missing.vi.empty()) return Error(text_missing, missing.vi, missing.en);
  if (wanted.accounts.size() > provider_accounts_max) return Error(too_many, "tài khoản", "accounts");
  for (const AccountId& account : wanted.accounts) {
    if (!out.is_for(account)) out.accounts.push_back(account);
  }
  if (wanted.about) {
    out.case_id = wanted.about->id;
    out.case_number = wanted.about->number;
    out.case_title = wanted.about->title;
  }
  out.system = wanted.system;
  out.system_name = clean_text(wanted.system_name, title_bytes_max);
  return out;
}

void sort_by_urgency(std::vector<ProviderRequest>& all) {
  const auto rank = [](const ProviderRequest& one) { return one.is_open() ? 0 : one.is_over() ? 2 : 1; };
  std::stable_sort(all.begin(), all.end(), [&](const ProviderRequest& a, const ProviderRequest& b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return a.is_open() ? a.due < b.due : false;
  });
}

}  // namespace

std::string_view name_of(ProviderState state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<ProviderState> provider_state_from_name(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<ProviderState>(found - state_names.begin());
}

Text title_of(ProviderState state) {
  switch (state) {
    case ProviderState::asked:
      return {"đã gửi", "sent"};
    case ProviderState::noted:
      return {"đã tiếp nhận", "taken note of"};
    case ProviderState::returned:
      return {"trả lại để trả lời bổ sung", "sent back"};
    case ProviderState::answered:
      return {"đã trả lời", "answered"};
    case ProviderState::closed:
      return {"đã kết thúc", "closed"};
    case ProviderState::withdrawn:
      break;
  }
  return {"đã rút", "withdrawn"};
}

std::string_view name_of(ProviderDelay::State state) {
  constexpr std::array<std::string_view, 3> names = {"waiting", "granted", "refused"};
  return names.at(static_cast<std::size_t>(state));
}

bool ProviderRequest::is_for(const AccountId& account) const {
  return std::find(accounts.begin(), accounts.end(), account) != accounts.end();
}

Result<void> ProviderBook::tell_case(records::Connection& c, const ProviderRequest& request, const std::string& by,
                                     Text what, const std::string& act) const {
  if (!request.case_id) return {};
  return d_.cases.note_in(c, *request.case_id, by, "provider", std::move(what),
                          {{"request", request.id.text()}, {"number", request.number}}, act);
}

void ProviderBook::told(const ProviderRequest& request) const {
  if (d_.changed) d_.changed(request.agency);
  if (!request.case_id) return;
  if (const auto one = d_.cases.find(*request.case_id)) d_.cases.tell(*one, "changed");
}

Result<ProviderRequest> ProviderBook::ask(const Actor& actor, const NewProviderRequest& wanted) {
  AuditEntry entry;
  entry.act = directory::name_of(Action::provider_ask);
  auto made = d_.audit.perform(
      actor.caller, std::move(entry), [&](records::Connection& c, AuditEntry& done) -> Result<ProviderRequest> {
        LUY_TRY_VOID(actor.caller.require(Action::provider_ask, {d_.lineage(wanted.agency), std::nullopt, false}));
        const Time now = d_.clock.now();
        LUY_TRY(ProviderRequest out, draft_of(wanted));
        if (!out.case_id && !out.system) return Error(provider_about_nothing);
        if (wanted.about && wanted.about->agency != wanted.agency) {
          return Error(provider_about_other, wanted.about->number);
        }
        const Choice* kind = find_choice(rules().kinds, out.kind);
        if (kind == nullptr) return Error(unknown_choice, out.kind.substr(0, 60));
        out.due = wanted.due.value_or(d_.cases.end_of(rules().limit, now));
        if (out.due <= now) return Error(provider_due_over, moment_text(out.due));
        const int year = paper::number_year(day_of(now));
        LUY_TRY(const std::uint64_t number, tables::next_number(c, "provider|" + std::to_string(year)));
        std::array<char, 40> text{};
        std::snprintf(text.data(), text.size(), "YC-%d-%04llu", year, static_cast<unsigned long long>(number));
        out.id = ProviderRequestId::make(now, d_.random);
        out.number = text.data();
        out.asked_at = now;
        out.asked_by = actor.name;
        out.act = d_.cases.new_act();
        out.history.push_back({now, actor.name, "asked", "", false});
        LUY_TRY_VOID(provider_store::save(c, out));
        LUY_TRY_VOID(tell_case(c, out, actor.name,
                               {"Yêu cầu " + out.provider + ": " + kind->title.vi + " (" + out.number + ")",
                                "Asked " + out.provider + ": " + kind->title.en + " (" + out.number + ")"},
                               out.act));
        done.object = "provider_request:" + out.id.text();
        json::array accounts;
        for (const AccountId& account : out.accounts) accounts.emplace_back(account.text());
        done.after = {{"agency", out.agency.text()},     {"number", out.number},       {"provider", out.provider},
                      {"accounts", std::move(accounts)}, {"kind", out.kind},           {"text", out.text},
                      {"legal_basis", out.legal_basis},  {"due", to_rfc3339(out.due)}, {"proof_of", out.act}};
        done.after["case"] = out.case_id ? json::value(out.case_id->text()) : json::value(nullptr);
        done.after["system"] = out.system ? json::value(out.system->text()) : json::value(nullptr);
        return out;
      });
  if (made) told(*made);
  return made;
}

Result<ProviderRequest> ProviderBook::change(const Actor& actor, Side side, const ProviderRequestId& id,
                                             std::string_view act, const Work& work) {
  AuditEntry entry;
  entry.act = act;
  entry.object = "provider_request:" + id.text();
  auto changed = d_.audit.perform(
      actor.caller, std::move(entry), [&](records::Connection& c, AuditEntry& done) -> Result<ProviderRequest> {
        LUY_TRY(ProviderRequest request, provider_store::load(c, id));
        if (side == Side::provider) {
          if (!actor.caller.account || !request.is_for(*actor.caller.account)) return Error(provider_request_unknown);
          LUY_TRY_VOID(actor.caller.require(Action::provider_answer, {{}, actor.caller.account, false}));
        } else {
          LUY_TRY_VOID(actor.caller.require(Action::provider_ask, {d_.lineage(request.agency), std::nullopt, false}));
        }
        done.before = {{"state", name_of(request.state)}, {"due", to_rfc3339(request.due)}};
        done.after = {{"agency", request.agency.text()}, {"number", request.number}, {"proof_of", d_.cases.new_act()}};
        const std::size_t known = request.history.size();
        LUY_TRY_VOID(work(c, request, done));
        done.after["state"] = name_of(request.state);
        done.after["due"] = to_rfc3339(request.due);
        for (std::size_t i = known; i < request.history.size(); ++i) {
          request.history[i].of_provider = side == Side::provider;
        }
        LUY_TRY_VOID(provider_store::save(c, request));
        return request;
      });
  if (changed) told(*changed);
  return changed;
}

Result<ProviderRequest> ProviderBook::decide(const Actor& actor, const ProviderRequestId& id,
                                             const ProviderDecision& decision) {
  using Kind = ProviderDecision::Kind;
  return change(actor, Side::asking, id, "provider_decide",
                [&](records::Connection& c, ProviderRequest& request, AuditEntry& done) -> Result<void> {
                  const Time now = d_.clock.now();
                  const std::string note = clean_text(decision.note, reason_bytes_max);
                  const bool needs_note = decision.kind == Kind::send_back || decision.kind == Kind::withdraw;
                  if (needs_note && note.empty()) return Error(text_missing, "lý do", "why");
                  const char* what = "closed";
                  Text told{"Kết thúc yêu cầu " + request.number, "Closed the request " + request.number};
                  if (decision.kind == Kind::grant_delay || decision.kind == Kind::refuse_delay) {
                    using State = ProviderDelay::State;
                    if (!request.is_open()) return wrong_turn(request);
                    if (!request.delay || request.delay->state != State::waiting) return Error(provider_delay_none);
                    const bool is_granted = decision.kind == Kind::grant_delay;
                    request.delay->state = is_granted ? State::granted : State::refused;
                    request.delay->decided_at = now;
                    request.delay->note = note;
                    if (is_granted) {
                      const Time due = decision.due.value_or(request.delay->until);
                      if (due <= now) return Error(provider_due_over, moment_text(due));
                      request.due = due;
                    }
                    what = is_granted ? "delay_granted" : "delay_refused";
                    const std::string until = moment_text(request.due);
                    told = is_granted ? Text{"Gia hạn yêu cầu " + request.number + " đến " + until,
                                             "More time for the request " + request.number + ", until " + until}
                                      : Text{"Không gia hạn yêu cầu " + request.number,
                                             "No more time for the request " + request.number};
                  } else if (decision.kind == Kind::withdraw) {
                    if (request.is_over()) return wrong_turn(request);
                    request.state = ProviderState::withdrawn;
                    what = "withdrawn";
                    told = {"Rút yêu cầu " + request.number + ": " + note,
                            "Withdrew the request " + request.number + ": " + note};
                  } else if (decision.kind == Kind::send_back) {
                    if (request.state != ProviderState::answered) return wrong_turn(request);
                    if (!decision.due) return Error(text_missing, "hạn trả lời mới", "the new deadline");
                    if (*decision.due <= now) return Error(provider_due_over, moment_text(*decision.due));
                    request.state = ProviderState::returned;
                    request.due = *decision.due;
                    what = "returned";
                    told = {"Trả lại yêu cầu " + request.number + " để trả lời bổ sung: " + note,
                            "Sent the request " + request.number + " back: " + note};
                  } else {
                    if (request.state != ProviderState::answered) return wrong_turn(request);
                    request.state = ProviderState::closed;
                  }
                  request.history.push_back({now, actor.name, what, note, false});
                  done.after["decision"] = what;
                  done.after["note"] = note;
                  return tell_case(c, request, actor.name, std::move(told),
                                   done.after.at("proof_of").as_string().c_str());
                });
}

Result<ProviderRequest> ProviderBook::record_letter(const Actor& actor, const ProviderRequestId& id,
                                                    ProviderAnswer letter) {
  return change(actor, Side::asking, id, "provider_letter",
                [&](records::Connection& c, ProviderRequest& request, AuditEntry& done) -> Result<void> {
                  if (!request.is_open()) return wrong_turn(request);
                  LUY_TRY(letter.text, needed(letter.text, text_bytes_max, "nội dung trả lời", "what it says"));
                  LUY_TRY(letter.document,
                          needed(letter.document, title_bytes_max, "số, ký hiệu văn bản", "the letter's number"));
                  LUY_TRY(letter.files, checked(std::move(letter.files)));
                  LUY_TRY_VOID(check_span(request.asked_at, letter.at, d_.clock.now()));
                  if (request.answers.size() >= provider_answers_max) return Error(too_many, "trả lời", "answers");
                  letter.by = actor.name;
                  letter.act = done.after.at("proof_of").as_string().c_str();
                  request.state = ProviderState::answered;
                  request.history.push_back({d_.clock.now(), actor.name, "answered", letter.document, false});
                  done.after["document"] = letter.document;
                  done.after["text"] = letter.text;
                  request.answers.push_back(letter);
                  return tell_case(
                      c, request, actor.name,
                      {request.provider + " trả lời " + request.number + " bằng văn bản " + letter.document,
                       request.provider + " answered " + request.number + " by letter " + letter.document},
                      letter.act);
                });
}

Result<ProviderRequest> ProviderBook::note(const Actor& actor, const ProviderRequestId& id) {
  return change(actor, Side::provider, id, "provider_note",
                [&](records::Connection& c, ProviderRequest& request, AuditEntry& done) -> Result<void> {
                  if (request.noted_at) return {};
                  if (!request.is_open()) return wrong_turn(request);
                  request.noted_at = d_.clock.now();
                  if (request.state == ProviderState::asked) request.state = ProviderState::noted;
                  request.history.push_back({*request.noted_at, actor.name, "noted", "", true});
                  return tell_case(c, request, actor.name,
                                   {request.provider + " đã tiếp nhận yêu cầu " + request.number,
                                    request.provider + " took note of the request " + request.number},
                                   done.after.at("proof_of").as_string().c_str());
                });
}

Result<ProviderRequest> ProviderBook::ask_delay(const Actor& actor, const ProviderRequestId& id, Time until,
                                                const std::string& reason) {
  return change(
      actor, Side::provider, id, "provider_delay",
      [&](records::Connection& c, ProviderRequest& request, AuditEntry& done) -> Result<void> {
        if (!request.is_open()) return wrong_turn(request);
        const Time now = d_.clock.now();
        LUY_TRY(const std::string why, needed(reason, reason_bytes_max, "lý do", "why"));
        if (until <= now) return Error(provider_due_over, moment_text(until));
        if (until <= request.due) return Error(provider_delay_short, moment_text(request.due));
        if (request.delays >= provider_delays_max) return Error(too_many, "đề nghị gia hạn", "delays");
        ++request.delays;
        request.delay = ProviderDelay{now, actor.name, until, why, ProviderDelay::State::waiting, {}, ""};
        request.history.push_back({now, actor.name, "delay_asked", why, true});
        done.after["until"] = to_rfc3339(until);
        done.after["reason"] = why;
        return tell_case(
            c, request, actor.name,
            {request.provider + " đề nghị gia hạn " + request.number + " đến " + moment_text(until),
             request.provider + " asks for more time for " + request.number + ", until " + moment_text(until)},
            done.after.at("proof_of").as_string().c_str());
      });
}

Result<ProviderRequest> ProviderBook::answer(const Actor& actor, const ProviderRequestId& id, const std::string& text,
                                             std::vector<ProviderFile> files) {
  return change(actor, Side::provider, id, directory::name_of(Action::provider_answer),
                [&](records::Connection& c, ProviderRequest& request, AuditEntry& done) -> Result<void> {
                  if (!request.is_open()) return wrong_turn(request);
                  const Time now = d_.clock.now();
                  ProviderAnswer made{now, actor.name, "", "", {}, done.after.at("proof_of").as_string().c_str()};
                  LUY_TRY(made.text, needed(text, text_bytes_max, "nội dung trả lời", "the answer"));
                  LUY_TRY(made.files, checked(files));
                  if (request.answers.size() >= provider_answers_max) return Error(too_many, "trả lời", "answers");
                  if (!request.noted_at) request.noted_at = now;
                  request.state = ProviderState::answered;
                  request.history.push_back({now, actor.name, "answered", "", true});
                  json::array hashes;
                  for (const ProviderFile& file : made.files) {
                    hashes.push_back(json::object{{"name", file.name}, {"sha256", file.sha256}});
                  }
                  done.after["text"] = made.text;
                  done.after["files"] = std::move(hashes);
                  const std::string act = made.act;
                  request.answers.push_back(std::move(made));
                  return tell_case(c, request, actor.name,
                                   {request.provider + " đã trả lời yêu cầu " + request.number,
                                    request.provider + " answered the request " + request.number},
                                   act);
                });
}

Result<std::vector<ProviderRequest>> ProviderBook::remind() {
  const Time now = d_.clock.now();
  const auto is_due = [&](const ProviderRequest& one) {
    // A deadline that was moved can be missed again.
    return one.is_overdue(now) && std::none_of(one.history.begin(), one.history.end(), [&](const ProviderEntry& entry) {
             return entry.kind == "overdue" && entry.at > one.due;
           });
  };
  LUY_TRY(std::vector<ProviderRequest> known, list());
  std::erase_if(known, [&](const ProviderRequest& one) { return !is_due(one); });
  if (known.empty()) return known;
  std::vector<ProviderRequest> out;
  const auto noted = d_.database.write([&](records::Connection& c) -> Result<void> {
    out.clear();
    for (const ProviderRequest& one : known) {
      LUY_TRY(ProviderRequest request, provider_store::load(c, one.id));
      if (!is_due(request)) continue;
      request.history.push_back({now, "", "overdue", moment_text(request.due), false});
      LUY_TRY_VOID(provider_store::save(c, request));
      LUY_TRY_VOID(tell_case(c, request, "luy-hub",
                             {"Quá hạn: " + request.provider + " chưa trả lời yêu cầu " + request.number,
                              "Overdue: " + request.provider + " has not answered the request " + request.number},
                             ""));
      out.push_back(std::move(request));
    }
    return {};
  });
  if (!noted) return noted.error();
  for (const ProviderRequest& one : out) told(one);
  return out;
}

Result<ProviderRequest> ProviderBook::find(const ProviderRequestId& id) const {
  return d_.database.read([&](records::Connection& c) { return provider_store::load(c, id); });
}

Result<std::vector<ProviderRequest>> ProviderBook::list() const {
  LUY_TRY(std::vector<ProviderRequest> out,
          d_.database.read([](records::Connection& c) { return provider_store::all(c); }));
  sort_by_urgency(out);
  return out;
}

Result<std::vector<ProviderRequest>> ProviderBook::list_of(const AccountId& account) const {
  LUY_TRY(std::vector<ProviderRequest> out,
          d_.database.read([&](records::Connection& c) { return provider_store::of_account(c, account); }));
  sort_by_urgency(out);
  return out;
}

}  // namespace luy::incident
