// testSource, previewSource, applySource; beginOidc, finishOidc, sendOidcCode.
#include "api/directory_api.h"
#include "hub/source_talk.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;
using directory::Object;
using directory::SourceId;
using Parts = SourceDesk::Parts;

json::object text_json(const std::string& vi, const std::string& en) {
  return {{"vi", vi}, {"en", en}};
}

Result<SourceId> authorised_source(Parts& parts, const Request& request) {
  LUY_TRY(const auto id, request.id_param<SourceId>("source", "source"));
  LUY_TRY(const directory::SignSource source, parts.d.directory.federation().find(id));
  const Object place{parts.d.directory.agencies().lineage(source.settings.agency), std::nullopt, false};
  LUY_TRY_VOID(api::authorise(request, Action::source_manage, place));
  return id;
}

Result<Response> test_source(Parts& parts, const Request& request) {
  LUY_TRY(const SourceId id, authorised_source(parts, request));
  std::vector<TestStep> steps;
  std::optional<Error> problem;
  const auto known = parts.asked(id);
  if (!known) {
    problem = known.error();
    steps.push_back({"files", false, known.error().vi(), known.error().en()});
  } else {
    steps.push_back({"files", true, "Đọc được các tệp trên máy chủ.", "The files on the server can be read."});
    const auto work = [&parts, asked = *known]() -> Result<std::vector<TestStep>> {
      const directory::SourceSettings& settings = asked.source.settings;
      return settings.ldap ? test_ldap(*settings.ldap, asked.files)
                           : test_oidc(parts.oidc, *settings.oidc, asked.files);
    };
    auto tested = parts.listings.ask<std::vector<TestStep>>(work, listing_wait_max);
    if (tested) {
      steps.insert(steps.end(), tested->begin(), tested->end());
    } else {
      steps.push_back({"connect", false, tested.error().vi(), tested.error().en()});
    }
  }
  json::array lines;
  bool ok = true;
  for (const TestStep& one : steps) {
    ok = ok && one.ok;
    lines.push_back({{"name", one.name}, {"ok", one.ok}, {"text", text_json(one.vi, one.en)}});
  }
  if (ok) parts.note(id, std::nullopt);
  return api::json(json::object{{"ok", ok}, {"steps", std::move(lines)}});
}

json::value item_json(Parts& parts, const directory::SyncItem& item) {
  const auto agency = parts.d.directory.agencies().find(item.agency);
  json::value person = nullptr;
  if (item.person) {
    const auto known = parts.d.directory.people().find(*item.person);
    person = json::object{{"id", item.person->text()}, {"name", known ? known->name : ""}};
  }
  json::value place = nullptr;
  if (agency) place = json::object{{"id", agency->id.text()}, {"name", agency->name}};
  return json::object{{"subject", item.subject}, {"does", name_of(item.does)},         {"person", std::move(person)},
                      {"name", item.name},       {"username", item.entry.username},    {"agency", std::move(place)},
                      {"decides", item.decides}, {"text", text_json(item.vi, item.en)}};
}

Result<Response> preview_source(Parts& parts, const Request& request) {
  LUY_TRY(const SourceId id, authorised_source(parts, request));
  LUY_TRY(const Parts::Asked asked, parts.asked(id));
  if (!asked.source.settings.ldap) {
    return Error(directory::source_invalid, "chỉ đồng bộ được từ LDAP", "only LDAP can be synced from");
  }
  using Entries = std::vector<directory::SyncEntry>;
  auto entries = parts.listings.ask<Entries>(
      [asked]() -> Result<Entries> {
        LUY_TRY(const auto link, LdapLink::connect(*asked.source.settings.ldap, asked.files));
        LUY_TRY_VOID(link->bind());
        return link->people();
      },
      listing_wait_max);
  if (!entries) {
    parts.note(id, entries.error());
    return entries.error();
  }
  parts.note(id, std::nullopt);
  LUY_TRY(const directory::SyncPreview made, parts.syncs.preview(api::caller_of(request), id, *std::move(entries)));
  json::array items;
  for (const directory::SyncItem& one : made.plan.items) items.push_back(item_json(parts, one));
  json::object counts;
  for (const auto does : {directory::SyncDoes::create, directory::SyncDoes::change, directory::SyncDoes::leave,
                          directory::SyncDoes::link, directory::SyncDoes::nothing, directory::SyncDoes::refuse}) {
    counts[name_of(does)] = made.plan.count(does);
  }
  return api::json(json::object{{"id", made.id},
                                {"items", std::move(items)},
                                {"counts", std::move(counts)},
                                {"deciders", made.plan.deciders()},
                                {"takes_two", made.plan.takes_two({})}});
}

Result<Response> apply_source(Parts& parts, const Request& request) {
  LUY_TRY(const SourceId id, authorised_source(parts, request));
  const json::object& body = request.body.as_object();
  std::set<std::string> skip;
  if (const json::value* given = body.if_contains("skip"); given != nullptr && given->is_array()) {
    for (const json::value& one : given->get_array()) skip.emplace(one.as_string());
  }
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed,
          parts.syncs.apply(api::caller_of(request), id, std::string_view(body.at("preview").as_string()), skip));
  json::object out{{"done", proposed.done}};
  out["act"] = proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr);
  return api::json(out, proposed.done ? 200 : 202);
}

std::string cookie_header(std::string_view name, const std::string& value, std::string_view same_site,
                          std::chrono::seconds age) {
  return std::string(name) + "=" + value + "; Path=/; Secure; HttpOnly; SameSite=" + std::string(same_site) +
         "; Max-Age=" + std::to_string(age.count());
}

std::string sent_cookie(const Request& request, std::string_view name) {
  const auto header = request.headers.find("cookie");
  return header == request.headers.end() ? std::string() : cookie_value(header->second, name);
}

// Wrong answers of providers are counted for the address they come from.
std::string counted_as(const SourceId& id, const Request& request) {
  return id.text() + "@" + request.client_address;
}

Result<Response> begin_oidc(Parts& parts, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto id = SourceId::parse(std::string_view(body.at("source").as_string()));
  if (!id) return Error(directory::source_unknown);
  LUY_TRY_VOID(parts.d.directory.sessions().check_source_pauses(counted_as(*id, request), request.client_address));
  LUY_TRY(const directory::SignSource source, parts.d.directory.federation().find(*id));
  if (!source.settings.oidc || !source.settings.enabled) return Error(directory::source_unknown);
  LUY_TRY(const Parts::Asked asked, parts.asked(*id));
  const json::value* given = body.if_contains("public_place");
  const bool public_place = given != nullptr && given->is_bool() && given->get_bool();
  const auto begun = parts.states.begin(id->text(), public_place);
  auto location = parts.sign_ins.ask<std::string>(
      [&parts, asked, begun, back = parts.back_to(*id)] {
        return parts.oidc.sign_in_address(*asked.source.settings.oidc, asked.files, begun, back);
      },
      sign_in_wait_max);
  const bool busy = !location && location.error().is(directory::source_busy);
  if (!busy) parts.note(*id, location ? std::nullopt : std::optional<Error>(location.error()));
  if (!location) return location.error();
  Response response = api::json(json::object{{"location", *location}});
  response.headers.emplace_back(
      "Set-Cookie", cookie_header(oidc_cookie, begun.browser, "Lax",
                                  std::chrono::duration_cast<std::chrono::seconds>(directory::SignInStates::lifetime)));
  return response;
}

Response redirect(std::string location) {
  Response response = api::no_content();
  response.status = 303;
  response.headers.emplace_back("Location", std::move(location));
  response.headers.emplace_back("Set-Cookie", cookie_header(oidc_cookie, "", "Lax", std::chrono::seconds(0)));
  return response;
}

// Names of errors and keys of people consist of letters that need no escaping in an address, but for those of some
// providers.
std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._").find(c) != std::string_view::npos;
    if (plain) out += c;
    if (!plain) out += std::string{'%', hex[byte >> 4], hex[byte & 15]};
  }
  return out;
}

Response sent_away(const Error& error) {
  std::string to = "/sign-in?error=" + escaped(error.name());
  if (error.is(directory::identity_unlinked)) to += "&key=" + escaped(error.detail());
  return redirect(std::move(to));
}

// Who came back, as the provider says.
Result<directory::IdClaims> came_back(Parts& parts, const Request& request, const Parts::Asked& asked,
                                      const directory::SignInStates::Ended& ended) {
  const std::string code = request.param("code").value_or("");
  // Refused there, or by the person: nothing to redeem.
  if (code.empty() || code.size() > oidc_code_bytes_max || request.param("error")) {
    return Error(directory::id_token_refused, request.param("error").value_or("code").substr(0, 100));
  }
  return parts.sign_ins.ask<directory::IdClaims>(
      [&parts, asked, ended, code, back = parts.back_to(asked.source.id)] {
        return parts.oidc.redeem(*asked.source.settings.oidc, asked.files, code, ended, back);
      },
      sign_in_wait_max);
}

Result<Response> finish_or_fail(Parts& parts, const Request& request) {
  const auto id = SourceId::parse(request.param("source").value_or(""));
  if (!id) return Error(directory::source_unknown);
  directory::Sessions& sessions = parts.d.directory.sessions();
  const std::string counted = counted_as(*id, request);
  LUY_TRY(const auto ended,
          parts.states.end(request.param("state").value_or(""), sent_cookie(request, oidc_cookie), id->text()));
  LUY_TRY_VOID(sessions.check_source_pauses(counted, request.client_address));
  LUY_TRY(const Parts::Asked asked, parts.asked(*id));
  if (!asked.source.settings.oidc || !asked.source.settings.enabled) return Error(directory::source_unknown);
  const auto claims = came_back(parts, request, asked, ended);
  if (!claims) {
    if (claims.error().is(directory::id_token_refused)) {
      LUY_TRY_VOID(sessions.count_wrong_at_source(counted, id->text(), request.client_address));
    }
    return claims.error();
  }
  const bool two = asked.source.settings.oidc->second_factor && directory::are_two_factors(claims->methods);
  directory::FederatedSignIn attempt{id->text(), claims->subject, two};
  attempt.counted = counted;
  attempt.address = request.client_address;
  attempt.public_place = ended.public_place;
  attempt.program = api::program_of(request);
  const auto signed_in = sessions.sign_in_federated(attempt);
  if (signed_in) {
    LUY_TRY(const Response session, api::signed_in_response(parts.d.directory, *signed_in));
    Response response = redirect("/");
    response.headers.insert(response.headers.end(), session.headers.begin(), session.headers.end());
    return response;
  }
  if (!signed_in.error().is(directory::factor_required)) return signed_in.error();
  const std::string cookie = parts.keep_code({id->text(), claims->subject, ended.public_place});
  Response response = redirect("/sign-in?code=1&source=" + id->text());
  response.headers.emplace_back("Set-Cookie", cookie_header(code_cookie, cookie, "Strict", code_lifetime));
  return response;
}

// A person's browser comes here, so whatever happens leads it to a page.
Result<Response> finish_oidc(Parts& parts, const Request& request) {
  request.audited = true;
  auto response = finish_or_fail(parts, request);
  if (!response) return sent_away(response.error());
  return response;
}

Result<Response> send_code(Parts& parts, const Request& request) {
  const std::string cookie = sent_cookie(request, code_cookie);
  const auto waiting = parts.waiting_code(cookie);
  if (!waiting) return Error(directory::sign_in_state_over);
  const std::string code(request.body.as_object().at("code").as_string());
  directory::FederatedSignIn attempt{waiting->source, waiting->subject, false, code};
  attempt.address = request.client_address;
  attempt.old_token = request.session_token;
  attempt.public_place = waiting->public_place;
  attempt.program = api::program_of(request);
  request.audited = true;
  LUY_TRY(const directory::SignedIn signed_in, parts.d.directory.sessions().sign_in_federated(attempt));
  parts.forget_code(cookie);
  LUY_TRY(Response response, api::signed_in_response(parts.d.directory, signed_in));
  response.headers.emplace_back("Set-Cookie", cookie_header(code_cookie, "", "Strict", std::chrono::seconds(0)));
  return response;
}

}  // namespace

std::vector<api::Route> SourceDesk::routes() {
  Parts& parts = *parts_;
  const auto with = [&parts](Result<Response> (*handler)(Parts&, const Request&)) {
    return [&parts, handler](const Request& request) { return handler(parts, request); };
  };
  const std::string one = "/api/v1/sources/{source}";
  constexpr auto open = api::Access::open;
  constexpr auto session = api::Access::session;
  return {
      {Method::post, one + "/test", "testSource", session, Action::source_manage, with(test_source)},
      {Method::post, one + "/preview", "previewSource", session, Action::source_manage, with(preview_source)},
      {Method::post, one + "/apply", "applySource", session, Action::source_manage, with(apply_source)},
      {Method::post, "/api/v1/session/oidc", "beginOidc", open, Action::session_use, with(begin_oidc)},
      {Method::get, "/api/v1/sign-in/oidc/{source}", "finishOidc", open, Action::session_use, with(finish_oidc)},
      {Method::post, "/api/v1/session/oidc/code", "sendOidcCode", open, Action::session_use, with(send_code)},
  };
}

}  // namespace luy::hub
