#include "incident/store/provider_store.h"

#include <boost/json.hpp>

namespace luy::incident::provider_store {
namespace {

namespace json = boost::json;

constexpr std::string_view columns = "id, number, agency, state, due, asked_at, act, body";

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

const json::array& list_at(const json::object& object, std::string_view key) {
  static const json::array none;
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::optional<Time> time_at(const json::object& object, std::string_view key) {
  return from_rfc3339(text_at(object, key));
}

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::object json_of(const ProviderAnswer& answer) {
  json::array files;
  for (const ProviderFile& file : answer.files) {
    files.push_back(json::object{{"name", file.name}, {"sha256", file.sha256}});
  }
  return {{"at", to_rfc3339(answer.at)}, {"by", answer.by},           {"text", answer.text},
          {"document", answer.document}, {"files", std::move(files)}, {"act", answer.act}};
}

ProviderAnswer answer_of(const json::object& object) {
  ProviderAnswer out{time_at(object, "at").value_or(Time()),
                     text_at(object, "by"),
                     text_at(object, "text"),
                     text_at(object, "document"),
                     {},
                     text_at(object, "act")};
  for (const json::value& file : list_at(object, "files")) {
    out.files.push_back({text_at(file.as_object(), "name"), text_at(file.as_object(), "sha256")});
  }
  return out;
}

json::object json_of(const ProviderDelay& delay) {
  return {{"asked_at", to_rfc3339(delay.asked_at)},
          {"by", delay.by},
          {"until", to_rfc3339(delay.until)},
          {"reason", delay.reason},
          {"state", name_of(delay.state)},
          {"decided_at", time_or_null(delay.decided_at)},
          {"note", delay.note}};
}

ProviderDelay delay_of(const json::object& object) {
  using State = ProviderDelay::State;
  const std::string state = text_at(object, "state");
  return {time_at(object, "asked_at").value_or(Time()),
          text_at(object, "by"),
          time_at(object, "until").value_or(Time()),
          text_at(object, "reason"),
          state == "granted"   ? State::granted
          : state == "refused" ? State::refused
                               : State::waiting,
          time_at(object, "decided_at"),
          text_at(object, "note")};
}

json::object body_of(const ProviderRequest& request) {
  json::array accounts, answers, history;
  for (const AccountId& account : request.accounts) accounts.emplace_back(account.text());
  for (const ProviderAnswer& answer : request.answers) answers.push_back(json_of(answer));
  for (const ProviderEntry& entry : request.history) {
    history.push_back(json::object{{"at", to_rfc3339(entry.at)},
                                   {"by", entry.by},
                                   {"kind", entry.kind},
                                   {"note", entry.note},
                                   {"of_provider", entry.of_provider}});
  }
  json::object out{{"provider", request.provider},
                   {"accounts", std::move(accounts)},
                   {"kind", request.kind},
                   {"case_number", request.case_number},
                   {"case_title", request.case_title},
                   {"system_name", request.system_name},
                   {"text", request.text},
                   {"legal_basis", request.legal_basis},
                   {"asked_by", request.asked_by},
                   {"noted_at", time_or_null(request.noted_at)},
                   {"delays", request.delays},
                   {"answers", std::move(answers)},
                   {"history", std::move(history)}};
  out["case"] = request.case_id ? json::value(request.case_id->text()) : json::value(nullptr);
  out["system"] = request.system ? json::value(request.system->text()) : json::value(nullptr);
  out["delay"] = request.delay ? json::value(json_of(*request.delay)) : json::value(nullptr);
  return out;
}

ProviderRequest read(const records::Row& row) {
  ProviderRequest out;
  out.id = ProviderRequestId::trusted(row.text(0));
  out.number = row.text(1);
  out.agency = AgencyId::trusted(row.text(2));
  out.state = provider_state_from_name(row.text(3)).value_or(ProviderState::asked);
  out.due = from_micros(row.integer(4));
  out.asked_at = from_micros(row.integer(5));
  out.act = row.text(6);
  boost::system::error_code error;
  const std::string_view text = row.text(7);
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_object()) return out;
  const json::object& body = parsed.get_object();
  out.provider = text_at(body, "provider");
  for (const json::value& one : list_at(body, "accounts")) out.accounts.push_back(AccountId::trusted(one.as_string()));
  out.kind = text_at(body, "kind");
  out.case_id = CaseId::parse(text_at(body, "case"));
  out.case_number = text_at(body, "case_number");
  out.case_title = text_at(body, "case_title");
  out.system = SystemId::parse(text_at(body, "system"));
  out.system_name = text_at(body, "system_name");
  out.text = text_at(body, "text");
  out.legal_basis = text_at(body, "legal_basis");
  out.asked_by = text_at(body, "asked_by");
  out.noted_at = time_at(body, "noted_at");
  if (const json::value& delay = body.at("delay"); delay.is_object()) out.delay = delay_of(delay.get_object());
  out.delays = body.at("delays").to_number<std::size_t>();
  for (const json::value& one : list_at(body, "answers")) out.answers.push_back(answer_of(one.as_object()));
  for (const json::value& value : list_at(body, "history")) {
    const json::object& one = value.as_object();
    out.history.push_back({time_at(one, "at").value_or(Time()), text_at(one, "by"), text_at(one, "kind"),
                           text_at(one, "note"), one.at("of_provider").as_bool()});
  }
  return out;
}

}  // namespace

Result<void> save(records::Connection& c, const ProviderRequest& request) {
  const std::string body = json::serialize(body_of(request));
  const std::string id = request.id.text();
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_provider_request (id, number, agency, state, due, asked_at, act, body)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state, due = excluded.due, body = excluded.body",
            {std::string_view(id), std::string_view(request.number), std::string_view(request.agency.text()),
             name_of(request.state), to_micros(request.due), to_micros(request.asked_at), std::string_view(request.act),
             std::string_view(body)}));
  for (const AccountId& account : request.accounts) {
    LUY_TRY_VOID(
        c.run("INSERT INTO incident_provider_account (account, request) VALUES ($1, $2) ON CONFLICT DO NOTHING",
              {std::string_view(account.text()), std::string_view(id)}));
  }
  return {};
}

Result<ProviderRequest> load(records::Connection& c, const ProviderRequestId& id) {
  std::optional<ProviderRequest> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_provider_request WHERE id = $1",
                       {std::string_view(id.text())}, [&](const records::Row& row) { out = read(row); }));
  if (!out) return Error(provider_request_unknown);
  return *std::move(out);
}

Result<std::vector<ProviderRequest>> all(records::Connection& c) {
  std::vector<ProviderRequest> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_provider_request ORDER BY asked_at DESC, id",
                       {}, [&](const records::Row& row) { out.push_back(read(row)); }));
  return out;
}

Result<std::vector<ProviderRequest>> of_account(records::Connection& c, const AccountId& account) {
  std::vector<ProviderRequest> out;
  LUY_TRY_VOID(c.query("SELECT " + std::string(columns) +
                           " FROM incident_provider_request WHERE id IN"
                           " (SELECT request FROM incident_provider_account WHERE account = $1)"
                           " ORDER BY asked_at DESC, id",
                       {std::string_view(account.text())}, [&](const records::Row& row) { out.push_back(read(row)); }));
  return out;
}

}  // namespace luy::incident::provider_store
