#include "notice/api.h"

#include <algorithm>
#include <memory>

namespace luy::notice {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;
using directory::Object;

json::object text_json(const Text& text) {
  return {{"vi", text.vi}, {"en", text.en}};
}
json::value maybe_text(const Text& text) {
  return text.en.empty() ? json::value(nullptr) : json::value(text_json(text));
}
json::value maybe_time(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}
std::string text_of(const json::value& value) {
  return std::string(std::string_view(value.as_string()));
}

Object place_of(const ApiDependencies& d, const AgencyId& agency) {
  return {d.lineage(agency), std::nullopt, false};
}
bool sees(const ApiDependencies& d, const Request& request, const AgencyId& agency) {
  return directory::may(*request.actor, Action::notice_manage, place_of(d, agency)).allowed;
}
json::object agency_json(const ApiDependencies& d, const AgencyId& agency) {
  return {{"id", agency.text()}, {"name", d.agency_name(agency)}};
}
Object own_object(const Request& request) {
  return {{}, request.actor ? std::optional(request.actor->account) : std::nullopt, false};
}

Response proposed_act(const directory::Proposed& proposed) {
  json::object body{{"done", proposed.done}};
  body["act"] = proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr);
  return api::json(std::move(body), proposed.done ? 200 : 202);
}
Response proposed_webhook(const Setup::ProposedWebhook& made) {
  json::object body{{"done", made.proposed.done}, {"webhook", made.webhook.text()}};
  body["act"] = made.proposed.waiting ? json::value(made.proposed.waiting->text()) : json::value(nullptr);
  return api::json(std::move(body), made.proposed.done ? 200 : 202);
}

Response tested(const Result<void>& done, const Text& good) {
  const Text text = done ? good : Text{done.error().vi(), done.error().en()};
  return api::json(json::object{{"ok", done.has_value()}, {"text", text_json(text)}});
}

// Why no mail reaches the person as things stand.
std::optional<Error> obstacle(const Standing& standing, const directory::Person& person) {
  if (!standing.mail_since) return Error(mail_off);
  if (person.email.empty()) return Error(no_address, person.name);
  if (!is_official(standing.settings, person.email)) return Error(address_not_official, person.email);
  return std::nullopt;
}

Result<json::object> my_notices(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const directory::Person person, d.directory.people().find(request.actor->person));
  LUY_TRY(const auto choices, d.outbox.choices(person.id));
  LUY_TRY(const Time digest, d.outbox.next_digest(person.id));
  LUY_TRY(const Language language, d.outbox.language(person.id));
  const auto problem = obstacle(*d.setup.standing(), person);
  json::object out;
  out["email"] = person.email.empty() ? json::value(nullptr) : json::value(person.email);
  out["goes"] = !problem.has_value();
  out["problem"] = problem ? maybe_text({problem->vi(), problem->en()}) : json::value(nullptr);
  out["digest_at"] = to_rfc3339(digest);
  out["language"] = name_of(language);
  json::array items;
  for (const Outbox::Choice& one : choices) {
    items.push_back({{"kind", name_of(one.kind)}, {"how", name_of(one.how)}, {"fixed", is_fixed(one.kind)}});
  }
  out["items"] = std::move(items);
  return out;
}

Result<Response> get_mine(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::session_use, own_object(request)));
  LUY_TRY(json::object out, my_notices(d, request));
  return api::json(std::move(out));
}

Result<Response> set_mine(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::session_use, own_object(request)));
  std::vector<Outbox::Choice> wanted;
  const json::object& body = request.body.as_object();
  const json::value* items = body.if_contains("items");
  const json::value* spoken = body.if_contains("language");
  if (items == nullptr && spoken == nullptr) return Error(api::bad_request, "items, language");
  for (const json::value& one : items != nullptr ? items->get_array() : json::array()) {
    const auto kind = kind_from_name(text_of(one.as_object().at("kind")));
    const auto how = how_from_name(text_of(one.as_object().at("how")));
    if (!kind || !how) return Error(api::bad_request, "items");
    wanted.push_back({*kind, *how});
  }
  const auto language = spoken != nullptr ? language_from_name(text_of(*spoken)) : std::nullopt;
  if (spoken != nullptr && !language) return Error(api::bad_request, "language");
  request.audited = true;
  if (items != nullptr) LUY_TRY_VOID(d.outbox.choose(api::caller_of(request), request.actor->person, wanted));
  if (language) LUY_TRY_VOID(d.outbox.choose(api::caller_of(request), request.actor->person, *language));
  LUY_TRY(json::object out, my_notices(d, request));
  return api::json(std::move(out));
}

// A call is its webhook's agency's, a mail belongs where it happened.
AgencyId place_of_notice(const ApiDependencies& d, const Notice& notice) {
  if (!notice.webhook) return notice.event.agency;
  const auto webhook = d.setup.webhook(*notice.webhook);
  return webhook ? webhook->settings.agency : notice.event.agency;
}

Result<json::object> notice_json(const ApiDependencies& d, const Notice& one) {
  json::object out;
  out["id"] = one.id.text();
  out["channel"] = name_of(one.channel);
  out["kind"] = name_of(one.event.kind);
  out["agency"] = agency_json(d, one.event.agency);
  out["person"] = nullptr;
  if (one.person) {
    const auto person = d.directory.people().find(*one.person);
    out["person"] = {{"id", one.person->text()}, {"name", person ? person->name : std::string()}};
  }
  out["webhook"] = nullptr;
  if (one.webhook) {
    const auto webhook = d.setup.webhook(*one.webhook);
    out["webhook"] = {{"id", one.webhook->text()}, {"name", webhook ? webhook->settings.name : std::string()}};
  }
  out["state"] = name_of(one.state);
  out["digest"] = one.digest;
  out["created_at"] = to_rfc3339(one.created_at);
  out["attempts"] = one.attempts;
  out["next_at"] = one.state == State::waiting ? json::value(to_rfc3339(one.next_at)) : json::value(nullptr);
  out["done_at"] = maybe_time(one.done_at);
  out["problem"] = maybe_text(one.problem);
  return out;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::notice_manage, Object::anywhere()));
  Outbox::Filter filter;
  if (const auto state = request.param("state")) filter.state = state_from_name(*state);
  if (const auto webhook = request.param("webhook")) filter.webhook = WebhookId::parse(*webhook);
  LUY_TRY(filter.limit, request.number_param("limit", 100, 1, listed_max));
  LUY_TRY(const auto all,
          d.outbox.list(filter, [&](const Notice& one) { return sees(d, request, place_of_notice(d, one)); }));
  json::array items;
  for (const Notice& one : all) {
    LUY_TRY(json::object line, notice_json(d, one));
    items.push_back(std::move(line));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> retry(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<NoticeId>("notice", "notice"));
  LUY_TRY_VOID(d.outbox.retry(api::caller_of(request), id, [&](const Notice& one) {
    return api::authorise(request, Action::notice_manage, place_of(d, place_of_notice(d, one)));
  }));
  request.audited = true;
  d.waiting();
  return api::no_content();
}

Result<Response> get_settings(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::notice_manage, Object::anywhere()));
  const StandingPointer standing = d.setup.standing();
  LUY_TRY(const Outbox::Counts counts, d.outbox.counts(Channel::mail, std::nullopt));
  json::object out;
  out["settings"] = to_json(standing->settings);
  out["may_change"] = directory::may(*request.actor, Action::notice_manage, d.hub_object()).allowed;
  out["changed_at"] = maybe_time(standing->changed_at);
  out["waiting"] = counts.waiting;
  out["failed"] = counts.failed;
  out["last_sent"] = maybe_time(counts.last_sent);
  out["problem"] = maybe_text(counts.problem);
  return api::json(std::move(out));
}

Result<Response> set_settings(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::notice_manage, d.hub_object()));
  LUY_TRY(const Settings wanted, settings_from_json(request.body));
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed, d.setup.propose(api::caller_of(request), wanted));
  return proposed_act(proposed);
}

Result<Response> test_mail(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::notice_manage, d.hub_object()));
  LUY_TRY(const directory::Person person, d.directory.people().find(request.actor->person));
  const auto problem = obstacle(*d.setup.standing(), person);
  if (problem) return tested(*problem, {});
  request.audited = true;
  LUY_TRY_VOID(d.directory.audit().record(
      api::caller_of(request), {"notice_test", "person:" + person.id.text(), directory::Outcome::done, "", {}, {}}));
  LUY_TRY(const Language language, d.outbox.language(person.id));
  return tested(d.test_mail(person.email, person.name, language),
                {"Máy chủ thư đã nhận thư gửi tới " + person.email + ".",
                 "The mail server took the mail to " + person.email + "."});
}

Result<json::object> webhook_json(const ApiDependencies& d, const Webhook& one) {
  LUY_TRY(const Outbox::Counts counts, d.outbox.counts(Channel::webhook, one.id));
  json::object out = to_json(one.settings);
  out["id"] = one.id.text();
  out["agency"] = agency_json(d, one.settings.agency);
  out["secret_at"] = maybe_time(one.secret_at);
  out["waiting"] = counts.waiting;
  out["failed"] = counts.failed;
  out["last_sent"] = maybe_time(counts.last_sent);
  out["problem"] = maybe_text(counts.problem);
  return out;
}

Result<Response> list_webhooks(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::notice_manage, Object::anywhere()));
  std::vector<Webhook> all;
  const StandingPointer standing = d.setup.standing();
  for (const auto& [id, one] : standing->webhooks) {
    if (sees(d, request, one.settings.agency)) all.push_back(one);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Webhook& a, const Webhook& b) { return a.settings.name < b.settings.name; });
  json::array items;
  for (const Webhook& one : all) {
    LUY_TRY(json::object line, webhook_json(d, one));
    items.push_back(std::move(line));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> create_webhook(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const WebhookSettings wanted, webhook_from_json(request.body));
  LUY_TRY(const auto made, d.setup.propose_webhook(api::caller_of(request), wanted));
  return proposed_webhook(made);
}

Result<Response> change_webhook(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<WebhookId>("webhook", "webhook"));
  LUY_TRY(const WebhookSettings wanted, webhook_from_json(request.body));
  LUY_TRY(const auto made, d.setup.propose_change(api::caller_of(request), id, wanted));
  return proposed_webhook(made);
}

Result<Response> remove_webhook(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<WebhookId>("webhook", "webhook"));
  LUY_TRY(const directory::Proposed proposed, d.setup.propose_removal(api::caller_of(request), id));
  return proposed_act(proposed);
}

Result<Response> renew_secret(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<WebhookId>("webhook", "webhook"));
  LUY_TRY(const Webhook renewed, d.setup.renew_secret(api::caller_of(request), id));
  return api::json(json::object{{"secret", renewed.secret}, {"previous_until", maybe_time(renewed.previous_until)}});
}

Result<Response> test_webhook(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<WebhookId>("webhook", "webhook"));
  LUY_TRY(const Webhook webhook, d.setup.webhook(id));
  LUY_TRY_VOID(api::authorise(request, Action::notice_manage, place_of(d, webhook.settings.agency)));
  if (webhook.secret.empty()) return tested(Error(webhook_no_secret), {});
  request.audited = true;
  LUY_TRY_VOID(d.directory.audit().record(
      api::caller_of(request), {"webhook_test", "webhook:" + id.text(), directory::Outcome::done, "", {}, {}}));
  return tested(d.test_webhook(webhook), {"Bên nhận đã nhận.", "It was taken."});
}

using Function = Result<Response> (*)(const ApiDependencies&, const Request&);

}  // namespace

std::vector<api::Route> routes(ApiDependencies dependencies) {
  const auto shared = std::make_shared<const ApiDependencies>(std::move(dependencies));
  const auto handler = [&](Function function) -> api::Handler {
    return [shared, function](const Request& request) { return function(*shared, request); };
  };
  const std::string notices = "/api/v1/notices";
  const std::string webhooks = "/api/v1/webhooks";
  const std::string one = webhooks + "/{webhook}";
  constexpr api::Access session = api::Access::session;
  constexpr Action manage = Action::notice_manage;
  return {
      {Method::get, "/api/v1/me/notices", "getMyNotices", session, Action::session_use, handler(get_mine)},
      {Method::put, "/api/v1/me/notices", "setMyNotices", session, Action::session_use, handler(set_mine)},
      {Method::get, notices, "listNotices", session, manage, handler(list)},
      {Method::post, notices + "/{notice}/retry", "retryNotice", session, manage, handler(retry)},
      {Method::get, notices + "/settings", "getNoticeSettings", session, manage, handler(get_settings)},
      {Method::put, notices + "/settings", "setNoticeSettings", session, manage, handler(set_settings)},
      {Method::post, notices + "/test", "testNoticeMail", session, manage, handler(test_mail)},
      {Method::get, webhooks, "listWebhooks", session, manage, handler(list_webhooks)},
      {Method::post, webhooks, "createWebhook", session, manage, handler(create_webhook)},
      {Method::put, one, "changeWebhook", session, manage, handler(change_webhook)},
      {Method::del, one, "removeWebhook", session, manage, handler(remove_webhook)},
      {Method::post, one + "/secret", "renewWebhookSecret", session, manage, handler(renew_secret)},
      {Method::post, one + "/test", "testWebhook", session, manage, handler(test_webhook)},
  };
}

}  // namespace luy::notice
