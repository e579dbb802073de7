// Requests to providers: the asking side (listProviderRequests, askProvider, listProviders, getProviderRequest,
// decideProviderRequest, recordProviderLetter) and the provider's (listOwnProviderRequests, getOwnProviderRequest,
// noteProviderRequest, askProviderDelay, answerProviderRequest).
#include <algorithm>

#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr Action read_requests = Action::incident_read;
constexpr Action ask_providers = Action::provider_ask;
constexpr Action answer_requests = Action::provider_answer;

ProviderBook::Actor who(const Request& request) {
  return {api::caller_of(request), request.actor->display_name};
}

json::object file_json(const ProviderFile& file) {
  return {{"name", file.name}, {"sha256", file.sha256}};
}

// `shown` is the name that the reader may see of whoever did it.
json::object answer_json(const ProviderAnswer& answer, const std::string& shown) {
  json::array files;
  for (const ProviderFile& file : answer.files) files.push_back(file_json(file));
  return {{"at", to_rfc3339(answer.at)},
          {"by", shown},
          {"text", answer.text},
          {"document", answer.document},
          {"files", std::move(files)}};
}

json::value delay_json(const std::optional<ProviderDelay>& delay) {
  if (!delay) return nullptr;
  return json::object{{"asked_at", to_rfc3339(delay->asked_at)},
                      {"by", delay->by},
                      {"until", to_rfc3339(delay->until)},
                      {"reason", delay->reason},
                      {"state", name_of(delay->state)},
                      {"decided_at", time_json(delay->decided_at)},
                      {"note", delay->note}};
}

json::object kind_title(const ApiDependencies& d, const std::string& kind) {
  const Choice* found = find_choice(d.providers.rules().kinds, kind);
  return text_json(found != nullptr ? found->title : Text{kind, kind});
}

// What both sides see.
json::object common_json(const ApiDependencies& d, const ProviderRequest& one) {
  json::object out;
  out["id"] = one.id.text();
  out["number"] = one.number;
  out["provider"] = one.provider;
  out["kind_title"] = kind_title(d, one.kind);
  out["text"] = one.text;
  out["legal_basis"] = one.legal_basis;
  out["asked_at"] = to_rfc3339(one.asked_at);
  out["due"] = to_rfc3339(one.due);
  out["state"] = name_of(one.state);
  out["overdue"] = one.is_overdue(d.clock.now());
  out["noted_at"] = time_json(one.noted_at);
  out["delay"] = delay_json(one.delay);
  return out;
}

json::array history_json(const ProviderRequest& one, const std::string* asking_side) {
  json::array out;
  for (const ProviderEntry& entry : one.history) {
    const bool is_hidden = asking_side != nullptr && !entry.of_provider && !entry.by.empty();
    out.push_back(json::object{{"at", to_rfc3339(entry.at)},
                               {"by", is_hidden ? *asking_side : entry.by},
                               {"kind", entry.kind},
                               {"note", entry.note}});
  }
  return out;
}

json::object account_json(const directory::Account& account) {
  return {{"id", account.id.text()}, {"name", account.display_name}, {"username", account.username}};
}

json::object request_json(const ApiDependencies& d, const Request& request, const ProviderRequest& one) {
  json::object out = common_json(d, one);
  out["agency"] = agency_json(d, one.agency);
  out["kind"] = one.kind;
  out["asked_by"] = one.asked_by;
  json::array accounts;
  for (const AccountId& id : one.accounts) {
    const auto account = d.directory.accounts().find(id);
    accounts.push_back(account ? account_json(*account)
                               : json::object{{"id", id.text()}, {"name", id.text()}, {"username", ""}});
  }
  out["accounts"] = std::move(accounts);
  out["incident"] = nullptr;
  if (one.case_id) {
    out["incident"] = json::object{{"id", one.case_id->text()}, {"number", one.case_number}, {"title", one.case_title}};
  }
  out["system"] = nullptr;
  if (one.system) out["system"] = json::object{{"id", one.system->text()}, {"name", one.system_name}};
  json::array answers;
  for (const ProviderAnswer& answer : one.answers) answers.push_back(answer_json(answer, answer.by));
  out["answers"] = std::move(answers);
  out["history"] = history_json(one, nullptr);
  out["may_decide"] = may(d, request, ask_providers, one.agency);
  return out;
}

// Nothing of the case but its number, of people on the other side nothing but their agency.
json::object own_json(const ApiDependencies& d, const ProviderRequest& one) {
  json::object out = common_json(d, one);
  const std::string agency = d.agency_name(one.agency);
  out["agency"] = agency;
  out["incident_number"] = one.case_id ? json::value(one.case_number) : json::value(nullptr);
  out["system_name"] = one.system ? json::value(one.system_name) : json::value(nullptr);
  json::array answers;
  for (const ProviderAnswer& answer : one.answers) {
    answers.push_back(answer_json(answer, answer.document.empty() ? answer.by : agency));
  }
  out["answers"] = std::move(answers);
  out["history"] = history_json(one, &agency);
  return out;
}

// Who may not see it is told the same as of one that is not there.
Result<ProviderRequest> visible_request(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<ProviderRequestId>("request", "request"));
  LUY_TRY(ProviderRequest one, d.providers.find(id));
  if (!may(d, request, read_requests, one.agency)) {
    return api::hide(request, read_requests, "provider_request:" + id.text(), Error(provider_request_unknown));
  }
  LUY_TRY_VOID(api::authorise(request, read_requests, object_of(d, one.agency)));
  return one;
}

Result<ProviderRequest> own_request(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, answer_requests, {{}, request.actor->account, false}));
  LUY_TRY(const auto id, request.id_param<ProviderRequestId>("request", "request"));
  LUY_TRY(ProviderRequest one, d.providers.find(id));
  if (!one.is_for(request.actor->account)) {
    return api::hide(request, answer_requests, "provider_request:" + id.text(), Error(provider_request_unknown));
  }
  return one;
}

Result<std::vector<ProviderFile>> files_at(const json::object& body) {
  std::vector<ProviderFile> out;
  const json::value* files = body.if_contains("files");
  if (files == nullptr || !files->is_array()) return out;
  for (const json::value& one : files->get_array()) {
    out.push_back({text_at(one.as_object(), "name"), text_at(one.as_object(), "sha256")});
  }
  return out;
}

Result<std::optional<Time>> maybe_time_at(const json::object& body, std::string_view key) {
  if (text_at(body, key).empty()) return std::optional<Time>();
  LUY_TRY(const Time time, time_at(body, key));
  return std::optional(time);
}

// Accounts in use whose role of a provider, in force today, is held in the agency or above it.
Result<std::vector<directory::Account>> providers_for(const ApiDependencies& d, const AgencyId& agency) {
  const std::vector<AgencyId> above = d.lineage(agency);
  const Day today = day_of(d.clock.now());
  LUY_TRY(const std::vector<directory::Account> all, std::as_const(d.directory).accounts().list());
  std::vector<directory::Account> out;
  for (const directory::Account& one : all) {
    const bool is_provider = std::any_of(one.grants.begin(), one.grants.end(), [&](const directory::Grant& grant) {
      return grant.role == directory::Role::provider && grant.valid_on(today) &&
             std::find(above.begin(), above.end(), grant.agency) != above.end();
    });
    if (one.enabled && is_provider) out.push_back(one);
  }
  return out;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, read_requests, directory::Object::anywhere()));
  std::optional<AgencyId> root;
  if (request.param("agency")) {
    LUY_TRY(root, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, read_requests, object_of(d, *root)));
  }
  const std::string incident = request.param("incident").value_or(""), system = request.param("system").value_or("");
  const std::string state = request.param("state").value_or("");
  const bool only_overdue = request.param("overdue").value_or("false") == "true";
  const Time now = d.clock.now();
  LUY_TRY(const std::vector<ProviderRequest> all, d.providers.list());
  json::array items;
  std::size_t overdue = 0;
  for (const ProviderRequest& one : all) {
    if (!may(d, request, read_requests, one.agency)) continue;
    if (one.is_overdue(now)) ++overdue;
    const std::vector<AgencyId> above = d.lineage(one.agency);
    const bool is_inside = !root || std::find(above.begin(), above.end(), *root) != above.end();
    const bool fits = (incident.empty() || (one.case_id && one.case_id->text() == incident)) &&
                      (system.empty() || (one.system && one.system->text() == system)) &&
                      (state.empty() || name_of(one.state) == state) && (!only_overdue || one.is_overdue(now));
    if (is_inside && fits) items.push_back(request_json(d, request, one));
  }
  json::object out;
  out["items"] = std::move(items);
  out["kinds"] = choices_json(d.providers.rules().kinds);
  out["overdue"] = overdue;
  const Limit& limit = d.providers.rules().limit;
  const bool is_working = limit.unit == regulation::Unit::working_days;
  const std::string amount = std::to_string(limit.amount);
  const std::string minutes = std::to_string(limit.amount / (24 * 60));
  out["answer_days"] = text_json(is_working ? Text{amount + " ngày làm việc", amount + " working days"}
                                            : Text{minutes + " ngày", minutes + " days"});
  return api::json(out);
}

Result<Response> list_providers(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY_VOID(api::authorise(request, ask_providers, object_of(d, agency)));
  LUY_TRY(const std::vector<directory::Account> all, providers_for(d, agency));
  json::array items;
  for (const directory::Account& one : all) items.push_back(account_json(one));
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> ask(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  if (!agency || !d.agency_exists(*agency)) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, ask_providers, object_of(d, *agency)));
  NewProviderRequest wanted;
  wanted.agency = *agency;
  wanted.provider = text_at(body, "provider");
  wanted.kind = text_at(body, "kind");
  wanted.text = text_at(body, "text");
  wanted.legal_basis = text_at(body, "legal_basis");
  LUY_TRY(wanted.due, maybe_time_at(body, "due"));
  if (const std::string text = text_at(body, "incident"); !text.empty()) {
    const auto id = CaseId::parse(text);
    if (!id) return Error(case_unknown);
    LUY_TRY(Case about, d.cases.find(*id));
    if (!may(d, request, Action::incident_read, about.agency)) return Error(case_unknown);
    wanted.about = std::move(about);
  }
  LUY_TRY(const auto system, chosen_system(d, request, {{"system_id", text_at(body, "system")}}, *agency));
  if (system) {
    wanted.system = system->id;
    wanted.system_name = system->name;
  }
  if (const json::value* accounts = body.if_contains("accounts"); accounts != nullptr && accounts->is_array()) {
    LUY_TRY(const std::vector<directory::Account> known, providers_for(d, *agency));
    for (const json::value& value : accounts->get_array()) {
      const std::string text = text_of(value);
      const auto found = std::find_if(known.begin(), known.end(),
                                      [&](const directory::Account& one) { return one.id.text() == text; });
      if (found == known.end()) return Error(provider_account_unknown, clean_text(text, 40));
      wanted.accounts.push_back(found->id);
    }
  }
  request.audited = true;
  LUY_TRY(const ProviderRequest made, d.providers.ask(who(request), wanted));
  return api::json(request_json(d, request, made), 201);
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ProviderRequest one, visible_request(d, request));
  return api::json(request_json(d, request, one));
}

Result<Response> decide(const ApiDependencies& d, const Request& request) {
  using Kind = ProviderDecision::Kind;
  constexpr std::pair<std::string_view, Kind> kinds[] = {{"grant_delay", Kind::grant_delay},
                                                         {"refuse_delay", Kind::refuse_delay},
                                                         {"return", Kind::send_back},
                                                         {"close", Kind::close},
                                                         {"withdraw", Kind::withdraw}};
  LUY_TRY(const ProviderRequest one, visible_request(d, request));
  const json::object& body = request.body.as_object();
  ProviderDecision decision;
  const std::string wanted = text_at(body, "decision");
  const auto found =
      std::find_if(std::begin(kinds), std::end(kinds), [&](const auto& each) { return each.first == wanted; });
  if (found == std::end(kinds)) return Error(api::bad_request, "decision");
  decision.kind = found->second;
  decision.note = text_at(body, "note");
  LUY_TRY(decision.due, maybe_time_at(body, "due"));
  request.audited = true;
  LUY_TRY(const ProviderRequest made, d.providers.decide(who(request), one.id, decision));
  return api::json(request_json(d, request, made));
}

Result<Response> letter(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ProviderRequest one, visible_request(d, request));
  const json::object& body = request.body.as_object();
  ProviderAnswer answer;
  answer.document = text_at(body, "document");
  answer.text = text_at(body, "text");
  LUY_TRY(answer.at, time_at(body, "answered_at"));
  LUY_TRY(answer.files, files_at(body));
  request.audited = true;
  LUY_TRY(const ProviderRequest made, d.providers.record_letter(who(request), one.id, std::move(answer)));
  return api::json(request_json(d, request, made));
}

Result<Response> list_own(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, answer_requests, {{}, request.actor->account, false}));
  LUY_TRY(const std::vector<ProviderRequest> all, d.providers.list_of(request.actor->account));
  json::array items;
  for (const ProviderRequest& one : all) items.push_back(own_json(d, one));
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> get_own(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ProviderRequest one, own_request(d, request));
  return api::json(own_json(d, one));
}

Result<Response> note(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ProviderRequest one, own_request(d, request));
  request.audited = true;
  LUY_TRY(const ProviderRequest made, d.providers.note(who(request), one.id));
  return api::json(own_json(d, made));
}

Result<Response> delay(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ProviderRequest one, own_request(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(const Time until, time_at(body, "until"));
  request.audited = true;
  LUY_TRY(const ProviderRequest made, d.providers.ask_delay(who(request), one.id, until, text_at(body, "reason")));
  return api::json(own_json(d, made));
}

Result<Response> answer(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ProviderRequest one, own_request(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(std::vector<ProviderFile> files, files_at(body));
  request.audited = true;
  LUY_TRY(const ProviderRequest made,
          d.providers.answer(who(request), one.id, text_at(body, "text"), std::move(files)));
  return api::json(own_json(d, made));
}

}  // namespace

std::vector<api::Route> provider_routes(const Shared& d) {
  constexpr auto requests = "/api/v1/provider-requests";
  constexpr auto own = "/api/v1/me/provider-requests";
  const auto under = [](const char* base, const char* rest) { return std::string(base) + rest; };
  const auto add = [&](Method method, const std::string& pattern, const char* operation, Action action,
                       HandlerFunction handler) {
    return route(d, method, pattern.c_str(), operation, action, handler);
  };
  return {
      add(Method::get, requests, "listProviderRequests", read_requests, list),
      add(Method::post, requests, "askProvider", ask_providers, ask),
      add(Method::get, under(requests, "/providers"), "listProviders", ask_providers, list_providers),
      add(Method::get, under(requests, "/{request}"), "getProviderRequest", read_requests, get),
      add(Method::post, under(requests, "/{request}/decision"), "decideProviderRequest", ask_providers, decide),
      add(Method::post, under(requests, "/{request}/letter"), "recordProviderLetter", ask_providers, letter),
      add(Method::get, own, "listOwnProviderRequests", answer_requests, list_own),
      add(Method::get, under(own, "/{request}"), "getOwnProviderRequest", answer_requests, get_own),
      add(Method::post, under(own, "/{request}/receipt"), "noteProviderRequest", answer_requests, note),
      add(Method::post, under(own, "/{request}/delay"), "askProviderDelay", answer_requests, delay),
      add(Method::post, under(own, "/{request}/answer"), "answerProviderRequest", answer_requests, answer),
  };
}

}  // namespace luy::incident
