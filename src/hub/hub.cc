#include "hub/hub.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "api/directory_api.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "duty/api.h"
#include "hub/checkpoint_api.h"
#include "hub/custody_desk.h"
#include "hub/identity_claim.h"
#include "hub/source_parts.h"
#include "hub/state.h"
#include "hub/trust_api.h"
#include "inventory/api.h"
#include "regulation/load.h"

namespace luy::hub {
namespace {

constexpr auto drain_time = std::chrono::seconds(5);
constexpr std::size_t holidays_bytes_max = 64 << 10;
constexpr int workers = 4;  // Two of them may hash passwords for a quarter of a second each.

void complain(const std::string& what, const Error& error) {
  log(LogLevel::error, "hub", what + ": " + error.text());
}

// What the regulation's pack says about Lũy's own accounts.
directory::SessionLimits session_limits(const regulation::Pack& pack) {
  const bool tcvn = pack.password_rules == regulation::PasswordRules::tcvn;
  const bool required = pack.second_factor == regulation::SecondFactor::required;
  directory::SessionLimits out;
  out.passwords = tcvn ? directory::password_policy_tcvn : directory::password_policy_asvs;
  out.second_factor = required ? directory::SecondFactorRule::required : directory::SecondFactorRule::when_enrolled;
  return out;
}

}  // namespace

Result<void> Hub::State::read_files() {
  LUY_TRY(contract, Contract::load(options.openapi));
  LUY_TRY(pack, regulation::load_pack(options.pack));
  LUY_TRY(files, StaticFiles::load(options.console));
  return {};
}

Result<std::vector<duty::AgencyInfo>> Hub::State::present_agencies() const {
  LUY_TRY(const auto list, std::as_const(core->directory()).agencies().list(day_of(clock.now())));
  std::vector<duty::AgencyInfo> out;
  for (const directory::Agency& agency : list) out.push_back({agency.id, agency.superior, agency.name});
  return out;
}

bool Hub::State::agency_exists(const AgencyId& agency) const {
  const auto found = core->agencies().find(agency);
  return found && found->valid_on(day_of(clock.now()));
}

Result<std::vector<duty::ProductAccount>> Hub::State::product_accounts() const {
  LUY_TRY(const auto list, std::as_const(core->directory()).accounts().list());
  LUY_TRY(const auto gone, core->directory().people().list({std::nullopt, directory::PersonState::gone, {}}));
  std::vector<duty::ProductAccount> out;
  for (const directory::Account& account : list) {
    // Nobody is meant to use it, and nobody but the envelope knows its password.
    if (account.sealed) continue;
    duty::ProductAccount one;
    one.id = account.id;
    one.agency = account.grants.empty() ? account.agency : account.grants.front().agency;
    one.username = account.username;
    one.display_name = account.display_name;
    one.has_owner = std::none_of(gone.begin(), gone.end(),
                                 [&](const directory::Person& person) { return person.id == account.person; });
    one.enabled = account.enabled;
    one.must_change_password = account.must_change_password;
    one.issued_at = account.must_change_password ? account.password_set_at : account.created_at;
    if (!account.must_change_password) one.password_changed_at = account.password_set_at;
    one.last_sign_in = account.last_sign_in;
    const auto seq = [&](std::string_view act) { return proofs->seq(act_key(act, account.id)); };
    one.issued_seq = std::max({seq("set_up"), seq("account_create"), seq("password_issue")});
    one.password_seq = seq("password_change");
    one.sign_in_seq = std::max({seq("sign_in"), seq("sign_in_passkey"), seq("sign_in_federated")});
    one.disabled_seq = seq("account_disable");
    one.two_places = two_places_of(account.id);
    one.places_watched = true;
    out.push_back(std::move(one));
  }
  return out;
}

// {"address":…,"also_at":[{"address":…,"seen":…},…]}, as directory/session.h leaves it.
std::optional<duty::ProductAccount::TwoPlaces> Hub::State::two_places_of(const AccountId& account) const {
  const auto found = proofs->find(act_key(two_places_act, account));
  if (!found) return std::nullopt;
  boost::system::error_code error;
  const boost::json::value detail = boost::json::parse(found->detail, error);
  const auto text = [](const boost::json::object* object, std::string_view key) {
    const boost::json::value* value = object != nullptr ? object->if_contains(key) : nullptr;
    return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
  };
  const boost::json::object* object = error ? nullptr : detail.if_object();
  const boost::json::value* others = object != nullptr ? object->if_contains("also_at") : nullptr;
  const boost::json::array* list = others != nullptr ? others->if_array() : nullptr;
  const boost::json::object* first = list != nullptr && !list->empty() ? list->front().if_object() : nullptr;
  const auto seen = from_rfc3339(text(first, "seen"));
  return duty::ProductAccount::TwoPlaces{found->at, text(object, "address"), text(first, "address"),
                                         seen.value_or(found->at), found->seq};
}

std::optional<AgencyId> Hub::State::agency_of(const DeviceId& device) const {
  const inventory::StatePointer state = inventory->state(device);
  if (!state || state->device.retired_at) return std::nullopt;
  return state->device.agency;
}

std::string Hub::State::device_name(const DeviceId& device) const {
  const inventory::StatePointer state = inventory->state(device);
  return state ? state->device.name : std::string();
}

Result<void> Hub::State::open_day_watch() {
  LUY_TRY(const auto key, evidence::VerifierKey::parse(core->signer().vkey()));
  DayWatch::Dependencies of_watch{core->store(),
                                  core->writer(),
                                  core->database(),
                                  clock,
                                  core->folder().evidence(),
                                  {key},
                                  [this] {
                                    std::vector<AgencyId> out;
                                    for (const directory::Agency& one : core->agencies().all()) out.push_back(one.id);
                                    return out;
                                  },
                                  [this](Day day) { pipeline->note_day(day); }};
  LUY_TRY(day_watch, DayWatch::open(std::move(of_watch)));
  return {};
}

Result<void> Hub::State::open_domain() {
  Core::Options core_options;
  core_options.data = options.data;
  core_options.names = options.names;
  core_options.listen = options.listen;
  core_options.retention_days = options.retention_days;
  core_options.level_days = level_days(pack);
  core_options.signer_program = options.signer_program;
  core_options.sessions = session_limits(pack);
  core_options.passwords = options.passwords;
  LUY_TRY(core, Core::open(core_options, clock, random));
  std::error_code ignored;
  std::filesystem::remove(core->folder().ready_file(), ignored);  // Of a hub that was killed.
  LUY_TRY(log_terms, LogTerms::open(core->database(), core->agencies(), level_days(pack)));
  LUY_TRY(proofs, ProofBook::open(core->store(), core->database(), clock, days(log_terms->longest() + 1)));
  LUY_TRY(const auto accounts, product_accounts());
  if (accounts.empty()) return Error(not_set_up, options.data.string());
  feed = std::make_unique<LiveFeed>(core->agencies());

  const auto lineage = [this](const AgencyId& agency) { return core->agencies().lineage(agency); };
  inventory::Dependencies of_inventory{core->database(),
                                       clock,
                                       random,
                                       lineage,
                                       [this](const inventory::Change& change) {
                                         if (pipeline) pipeline->note_change(change);
                                       },
                                       [this](records::Connection& c, const inventory::IdentityClaim& claim) {
                                         return note_identity_claim(core->directory().audit(), c, claim);
                                       }};
  LUY_TRY(inventory, inventory::Inventory::open(std::move(of_inventory)));
  LUY_TRY_VOID(open_trail());

  LUY_TRY_VOID(open_findings());
  duty::Calendar calendar;
  if (!options.holidays.empty()) {
    LUY_TRY(const std::string text, read_file(options.holidays, holidays_bytes_max));
    LUY_TRY(calendar, duty::Calendar::parse(text));
    holidays_until = calendar.known_until();
  }
  LUY_TRY_VOID(open_incidents(calendar));
  LUY_TRY_VOID(open_people());
  LUY_TRY_VOID(open_notices());
  LUY_TRY_VOID(open_premises());
  LUY_TRY_VOID(open_day_watch());
  duty::Dependencies of_engine{
      core->database(),
      clock,
      *inventory,
      pack,
      std::move(calendar),
      [this](const DeviceId& device, Day day) { return coverage(device, day); },
      [this](std::span<const duty::VerdictChange> changes) {
        publish_verdicts(changes);
        report_silence(changes);
      },
      [this](const std::string& act) { return proofs->seq("of:" + act); },
      [this](const AgencyId& agency) { return triage_of(agency); },
      [this](const AgencyId& agency, const std::string& record) { return records_of(agency, record); },
      [this](const AgencyId& agency) { return services_of(agency); },
      [this](const AgencyId& agency) { return detections_of(agency); },
      [this](const DeviceId& device, const fact::Account& account) { return people_desk->owner_of(device, account); },
      [this](const DeviceId& device) { return premises->credentials_of(device); },
      [this](const AgencyId& agency) { return log_term(agency); },
      [this](const AgencyId& agency) { return premises->network_terms(agency); }};
  LUY_TRY(auto agencies, present_agencies());
  LUY_TRY(engine, duty::Engine::open(std::move(of_engine), std::move(agencies), accounts));
  LUY_TRY_VOID(open_orders());
  Pipeline::Dependencies of_pipeline{
      core->store(),
      clock,
      *inventory,
      *engine,
      [this] { return present_agencies(); },
      [this] { return product_accounts(); },
      [this](const evidence::Record& record) {
        if (!feed->wants_events()) return;
        const auto device = DeviceId::parse(split_source(record.source).device);
        feed->publish_event(record, [&] {
          return boost::json::serialize(event_json(record, device ? device_name(*device) : std::string()));
        });
      },
      [this](const DeviceId& device) { publish_device(device); },
      proofs.get(),
      orders.get(),
      [this](const evidence::Record& record) { heard(record); },
      trail.get(),
      policies.get()};
  pipeline = std::make_unique<Pipeline>(std::move(of_pipeline));
  open_detector();
  LUY_TRY_VOID(open_signs());
  LUY_TRY_VOID(open_desks());
  open_inbound();
  LUY_TRY(enrolment, Enrolment::open(core->database(), core->ca(), clock, random,
                                     [this](const AgencyId& agency, const fact::Identity& identity, const fact::Os& os,
                                            const fact::Hardware& hardware) -> Result<Enrolment::Registered> {
                                       LUY_TRY(const inventory::Enrolled enrolled,
                                               inventory->enrol(agency, identity, os, hardware));
                                       return Enrolment::Registered{enrolled.device, enrolled.existed};
                                     }));
  return open_senders();
}

std::vector<api::Route> Hub::State::routes() {
  const auto lineage = [this](const AgencyId& agency) { return core->agencies().lineage(agency); };
  search_log = std::make_unique<SearchLog>(core->directory().audit(), clock);
  evidence_api.reset(new EvidenceApi{core->store(), core->signer(), core->agencies(), clock, options.retention_days,
                                     [this](const DeviceId& device) { return device_name(device); },
                                     [this](const api::Request& request) { search_log->note(request, search_act); },
                                     [this] { return evidence_witnesses(); }});
  hub_api.emplace(HubApi{*enrolment, core->ca(), core->agencies(), core->directory().audit(), core->store(), clock,
                         options.retention_days, [this] { return url("https", console_listener); },
                         [this] { return url("https", agent_listener); },
                         options.names.empty() ? "localhost" : options.names.front(),
                         [this](const DeviceId& device) { server->cut_device(device.text()); },
                         [this](const api::Request& request) { search_log->note(request, follow_act); },
                         [this] { return inputs_json(); }, to_base64(orders->public_key()), holidays_until});
  inventory::ApiDependencies of_inventory{
      *inventory,
      clock,
      lineage,
      [this](const AgencyId& agency) { return agency_exists(agency); },
      [this](records::Connection& c, const api::Request& request, std::string_view act, std::string_view object,
             boost::json::object after) { return note_act(c, request, act, object, std::move(after)); },
      [this] { deliver_acts(); },
      [this](const DeviceId& device) { return duty::counts_json(engine->counts(device)); },
      [this](const DeviceId& device, std::size_t limit) {
        std::vector<inventory::TimelineLine> lines;
        auto history = engine->device_history(device, limit);
        if (!history) complain("verdicts", history.error());
        if (!history) return lines;
        for (const duty::PastVerdict& past : *history) lines.push_back({past.at, duty::timeline_json(past, pack)});
        return lines;
      },
      [this](const api::Request& request, const PersonId& person) { return person_visible(request, person); }};
  duty::ApiDependencies of_duty{*engine, pack, clock, lineage, [this](const AgencyId& agency) {
                                  const auto found = core->agencies().find(agency);
                                  return found ? api::agency_json(*found) : boost::json::object();
                                }};
  open_person_links();
  std::vector<api::Route> all = api::directory_routes(core->directory(), person_links);
  for (auto& part :
       {inventory::routes(of_inventory), sender_routes(), duty::routes(of_duty), incident::routes(incident_api()),
        evidence_routes(*evidence_api), checkpoint_routes(*evidence_api), trail_routes(), detection_routes(),
        sign_routes(), order_routes(*order_api), policy_routes(*policy_api),
        trust_routes({*trust, core->directory().audit(), [this] { return time_stamps(); }}), people_routes(),
        desk_routes(), hub_routes(*hub_api)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Result<void> Hub::State::open_api() {
  std::vector<api::Route> all = routes();
  if (const auto wrong = differences(all, *contract); !wrong.empty()) return Error(contract_not_served, wrong.front());
  router = std::make_unique<api::Router>(std::move(all), [this](const api::Route& route, const api::Request& request,
                                                                const Error& error) {
    if (!request.actor || (request.audited && !request.hidden)) return;
    directory::AuditEntry entry;
    entry.act = directory::name_of(request.hidden ? request.hidden->action : route.action);
    entry.object = request.hidden ? request.hidden->object : request.path;
    entry.outcome = directory::Outcome::refused;
    entry.error = request.hidden ? directory::not_allowed.name : error.name();
    auto noted = core->directory().audit().record(directory::caller_of(*request.actor, request.client_address), entry);
    if (!noted) complain("audit trail", noted.error());
  });
  const auto is_ready = [this] { return pipeline->caught_up(); };
  ConsoleService::Dependencies of_console{
      *router,
      *contract,
      files,
      *feed,
      [this](const std::string& token, bool sign_of_life, const std::string& address) -> Result<directory::Actor> {
        return core->directory().authenticate(token, sign_of_life ? directory::Touch::yes : directory::Touch::no,
                                              address);
      },
      is_ready,
      [this](const api::Request& request) { return start_search(*evidence_api, request); },
      options.check_responses};
  console = std::make_unique<ConsoleService>(std::move(of_console));
  open_agents();
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  AdminService::Dependencies of_admin;
  of_admin.token = admin_token = to_hex(bytes);
  of_admin.ready = is_ready;
  of_admin.metrics = [this] { return metrics(); };
  administer(of_admin);
  admin = std::make_unique<AdminService>(std::move(of_admin));
  return {};
}

Result<TlsContext> Hub::State::tls(TlsProfile profile) const {
  const Ca& ca = core->ca();
  return make_tls_context(profile, {ca.server_certificate_file(), ca.server_key_file(), ca.certificate_file()});
}

Result<void> Hub::State::open_ports() {
  ListenerOptions of_console;
  of_console.name = "console";
  of_console.address = options.listen;
  of_console.port = options.port;
  of_console.service = console.get();
  LUY_TRY(of_console.tls, tls(TlsProfile::console));
  ListenerOptions of_agents = of_console;
  of_agents.name = "agent";
  of_agents.port = options.agent_port;
  of_agents.service = agents.get();
  of_agents.limits.idle = std::chrono::minutes(3);
  of_agents.limits.connections_max = 30'000;
  of_agents.limits.connections_per_address_max = 2'000;
  LUY_TRY(of_agents.tls, tls(TlsProfile::agent));
  ListenerOptions of_admin;
  of_admin.name = "admin";
  of_admin.address = "127.0.0.1";
  of_admin.port = options.admin_port;
  of_admin.service = admin.get();
  of_admin.limits.connections_max = 100;
  ServerOptions server_options;
  server_options.workers = workers;
  std::vector<ListenerOptions> listeners = {of_console, of_agents, of_admin};
  if (options.inputs_port) {
    LUY_TRY(listeners.emplace_back(), inputs_listener_options());
  }
  LUY_TRY(server, Server::start(listeners, server_options, clock));
  return open_sender_ports();
}

void Hub::State::start_timetable() {
  timetable = std::make_unique<Timetable>(clock);
  timetable->every(std::chrono::milliseconds(400), [this] {
    feed->sweep([this](const std::string& token) -> Result<directory::Actor> {
      LUY_TRY(directory::Session session, core->directory().sessions().authenticate(token, directory::Touch::no));
      return std::move(session.actor);
    });
  });
  timetable->every(std::chrono::seconds(5), [this] {
    if (auto kept = core->remember_checkpoint(); !kept) complain("checkpoint", kept.error());
    if (auto delivered = core->directory().audit().deliver(); !delivered) complain("audit trail", delivered.error());
  });
  schedule_senders();
  schedule_signs();
  schedule_people();
  timetable->every(std::chrono::minutes(1), [this] {
    // Agencies begin and end with a day, not only with an act; what was decided for a day begins with it.
    if (auto begun = core->directory().agencies().begin_due(); !begun) complain("agencies", begun.error());
    if (auto fresh = core->agencies().refresh(); !fresh) complain("agencies", fresh.error());
    pipeline->note_directory();
    remind_of_incidents();
    note_orders();
  });
  timetable->every(std::chrono::hours(1), [this] {
    if (auto expired = findings->expire(); !expired) complain("findings", expired.error());
    auto renewed = core->ca().refresh_server(core->names());
    if (!renewed) return complain("server certificate", renewed.error());
    if (!*renewed) return;
    auto for_console = tls(TlsProfile::console);
    auto for_agents = tls(TlsProfile::agent);
    if (!for_console || !for_agents) return complain("TLS", (for_console ? for_agents : for_console).error());
    server->set_tls(console_listener, *for_console);
    server->set_tls(agent_listener, *for_agents);
    renew_inputs_tls();
    log(LogLevel::info, "hub", "new server certificate in use");
  });
  timetable->until(std::chrono::milliseconds(20), [this] {
    if (!pipeline->caught_up()) return false;
    if (auto done = announce(); !done) {
      complain("hub.json", done.error());
      return false;
    }
    announced = true;
    return true;
  });
  timetable->start();
  start_errands();
}

std::string Hub::State::url(const std::string& scheme, std::size_t listener) const {
  std::string host = listener == admin_listener ? "127.0.0.1" : options.listen;
  if (listener != admin_listener && !options.names.empty()) host = options.names.front();
  if (host == "0.0.0.0" || host == "::") {
    std::array<char, 256> own{};
    if (::gethostname(own.data(), own.size() - 1) == 0) host = own.data();
  }
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  return scheme + "://" + host + ":" + std::to_string(server->port(listener));
}

Hub::Hub(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Hub>> Hub::start(const HubOptions& options, const Clock& clock, Random& random) {
  std::unique_ptr<Hub> hub(new Hub(std::make_unique<State>(options, clock, random)));
  State& state = *hub->state_;
  LUY_TRY_VOID(state.read_files());
  LUY_TRY_VOID(state.open_domain());
  LUY_TRY_VOID(state.open_api());
  LUY_TRY_VOID(state.open_ports());
  state.core->on_growth([&state](const std::optional<evidence::BatchKey>& key, const evidence::Appended& appended) {
    state.pipeline->note_grown(key ? key->sender : std::string(), appended.missing);
    state.detector->note_grown();
  });
  state.core->on_directory_change([&state] {
    state.people_desk->forget_records();
    state.pipeline->note_directory();
    // A second person may have agreed to switch off a rule.
    state.detector->note_rules();
    state.note_orders();
  });
  state.pipeline->start();
  LUY_TRY_VOID(state.detector->start());
  state.rule_runs->start();
  state.day_watch->start();
  state.start_signs();
  state.start_timetable();
  return hub;
}

Hub::~Hub() {
  stop();
}

void Hub::stop() {
  if (std::exchange(state_->stopped, true)) return;
  if (state_->trust) state_->trust->stop();
  if (state_->errands) state_->errands->stop();
  if (state_->timetable) state_->timetable->stop();
  if (state_->feed) state_->feed->close_all();
  if (state_->server) state_->server->stop(drain_time);
  state_->stop_sender_ports();
  if (state_->core) {
    state_->core->on_directory_change(nullptr);
    state_->core->on_entry(nullptr);
    state_->core->on_growth(nullptr);
  }
  state_->stop_readers();
  if (state_->core) {
    // What still waits to be stored asks parts of this object when it is.
    state_->core->writer().stop();
    std::error_code ignored;
    std::filesystem::remove(state_->core->folder().ready_file(), ignored);
    std::filesystem::remove(state_->core->folder().admin_token_file(), ignored);
  }
}

bool Hub::ready() const {
  return state_->announced;
}
std::string Hub::console_url() const {
  return state_->url("https", State::console_listener);
}
std::string Hub::agent_url() const {
  return state_->url("https", State::agent_listener);
}
std::string Hub::admin_url() const {
  return state_->url("http", State::admin_listener);
}

}  // namespace luy::hub
