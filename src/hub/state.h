// The parts of a running hub, in the order in which they are made; they go in the opposite one. Private to hub.cc,
// senders.cc and status.cc.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "api/directory_api.h"
#include "api/route.h"
#include "duty/engine.h"
#include "finding/api.h"
#include "finding/book.h"
#include "finding/duty_record.h"
#include "finding/rule_book.h"
#include "finding/run_book.h"
#include "finding/search_book.h"
#include "hub/admin_service.h"
#include "hub/agent_service.h"
#include "hub/audit_api.h"
#include "hub/console_service.h"
#include "hub/contract.h"
#include "hub/core.h"
#include "hub/day_watch.h"
#include "hub/desk.h"
#include "hub/detector.h"
#include "hub/enrolment.h"
#include "hub/entity_api.h"
#include "hub/evidence_api.h"
#include "hub/hub.h"
#include "hub/hub_api.h"
#include "hub/incident_desk.h"
#include "hub/input_service.h"
#include "hub/intake_desk.h"
#include "hub/link_api.h"
#include "hub/live_feed.h"
#include "hub/log_terms.h"
#include "hub/metrics.h"
#include "hub/notice_desk.h"
#include "hub/order_api.h"
#include "hub/people_desk.h"
#include "hub/pipeline.h"
#include "hub/policy_api.h"
#include "hub/premises_desk.h"
#include "hub/proof_book.h"
#include "hub/reception.h"
#include "hub/rule_runs.h"
#include "hub/search_log.h"
#include "hub/server.h"
#include "hub/signs.h"
#include "hub/source_desk.h"
#include "hub/static_files.h"
#include "hub/syslog_ports.h"
#include "hub/timetable.h"
#include "incident/api.h"
#include "intake/sender_book.h"
#include "inventory/inventory.h"
#include "regulation/pack.h"
#include "seal/seal_desk.h"
#include "seal/trust.h"

namespace luy::people {
struct ApiDependencies;
}

namespace luy::hub {

class WitnessBook;
class PremisesDesk;
class SoftwareDesk;
class BackupDesk;
class SignatureDesk;
class ReleaseDesk;

struct Hub::State {
  State(HubOptions wanted, const Clock& time, Random& chance)
      : options(std::move(wanted)), clock(time), random(chance) {}

  HubOptions options;
  const Clock& clock;
  Random& random;

  std::unique_ptr<Contract> contract;
  regulation::Pack pack;
  StaticFiles files;
  std::unique_ptr<Core> core;
  std::unique_ptr<LiveFeed> feed;
  std::unique_ptr<inventory::Inventory> inventory;
  std::unique_ptr<DayWatch> day_watch;
  std::unique_ptr<LogTerms> log_terms;
  std::unique_ptr<ProofBook> proofs;
  std::unique_ptr<AuditIndex> trail;
  std::unique_ptr<finding::Book> findings;
  std::unique_ptr<finding::SourceBook> sources;
  std::unique_ptr<finding::RuleBook> rules;
  std::unique_ptr<finding::DutyDetections> detections;  // On the engine's thread.
  std::unique_ptr<PeopleDesk> people_desk;
  std::unique_ptr<SourceDesk> source_desk;  // Asks people_desk.
  api::PersonLinks person_links;            // Borrowed by the routes.
  std::unique_ptr<seal::TrustDesk> trust;
  std::unique_ptr<IncidentDesk> incidents;  // Asks `trust`.
  std::unique_ptr<seal::SealDesk> seals;
  std::unique_ptr<finding::RunBook> runs;
  std::unique_ptr<duty::Engine> engine;
  std::unique_ptr<OrderBook> orders;
  std::unique_ptr<const OrderApi> order_api;
  std::unique_ptr<PolicyBook> policies;
  std::unique_ptr<const PolicyApi> policy_api;
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<Detector> detector;
  std::unique_ptr<Signs> signs;
  std::unique_ptr<incident::InboundBook> inbound;
  std::unique_ptr<RuleRuns> rule_runs;
  std::unique_ptr<Enrolment> enrolment;
  std::unique_ptr<intake::SenderBook> sender_book;
  std::unique_ptr<IntakeDesk> desk;
  std::unique_ptr<Reception> reception;
  std::unique_ptr<SyslogPorts> syslog;
  std::unique_ptr<InputService> inputs;
  std::unique_ptr<SearchLog> search_log;
  std::unique_ptr<EvidenceApi> evidence_api;
  std::unique_ptr<const AuditApi> audit_api;
  std::optional<HubApi> hub_api;
  std::optional<Day> holidays_until;  // Of the calendar that was loaded.
  std::unique_ptr<EntityApi> entity_api;
  std::unique_ptr<LinkApi> link_api;
  std::unique_ptr<api::Router> router;
  std::string admin_token;
  std::unique_ptr<ConsoleService> console;
  std::unique_ptr<AgentService> agents;
  std::unique_ptr<AdminService> admin;
  std::unique_ptr<Server> server;
  std::unique_ptr<Timetable> timetable;
  std::unique_ptr<Timetable> errands;   // What waits for others on the network.
  std::uint64_t kernel_drops_told = 0;  // On the timetable's thread.
  std::atomic<bool> announced{false};   // hub.json is written.
  bool stopped = false;
  std::vector<std::unique_ptr<Desk>> desks;
  // Of `desks`, each one:
  BackupDesk* backups = nullptr;
  NoticeDesk* notices = nullptr;
  SoftwareDesk* software_desk = nullptr;
  PremisesDesk* premises = nullptr;
  SignatureDesk* signatures = nullptr;
  ReleaseDesk* releases = nullptr;
  // Of one of them:
  const finding::SearchBook* saved_searches = nullptr;
  const WitnessBook* witness_book = nullptr;

  static constexpr std::size_t console_listener = 0;
  static constexpr std::size_t agent_listener = 1;
  static constexpr std::size_t admin_listener = 2;
  static constexpr std::size_t inputs_listener = 3;  // Where options.inputs_port is set.

  Result<void> read_files();
  Result<void> open_domain();
  Result<void> open_day_watch();
  Result<std::optional<duty::DayCoverage>> coverage(const DeviceId& device, Day day) const;
  duty::LogTerm log_term(const AgencyId& agency) const;
  void note_log_terms();
  std::vector<api::Route> routes();
  Result<void> open_api();
  Result<void> open_ports();
  void start_timetable();
  void start_errands();
  Result<TlsContext> tls(TlsProfile profile) const;
  std::string url(const std::string& scheme, std::size_t listener) const;

  Result<std::vector<duty::AgencyInfo>> present_agencies() const;
  bool agency_exists(const AgencyId& agency) const;
  Result<std::vector<duty::ProductAccount>> product_accounts() const;
  std::optional<duty::ProductAccount::TwoPlaces> two_places_of(const AccountId& account) const;
  std::optional<AgencyId> agency_of(const DeviceId& device) const;
  std::string device_name(const DeviceId& device) const;
  void publish_device(const DeviceId& device);
  void publish_verdicts(std::span<const duty::VerdictChange> changes);

  // orders.cc
  Result<void> open_orders();
  void open_agents();  // What devices speak to.
  void publish_order(const DeviceId& device, const AgencyId& agency, const std::string& id);
  void note_orders();
  void heard(const evidence::Record& record);  // On the pipeline's thread, of records that are durable.
  Result<OrderCase> order_case(std::string_view id);
  Result<void> note_case(records::Connection& c, const OrderNote& note);

  // policies.cc
  Result<void> open_policies();
  void note_policies();

  // senders.cc
  Result<void> open_senders();
  std::vector<api::Route> sender_routes();
  Result<ListenerOptions> inputs_listener_options();
  Result<void> open_sender_ports();
  std::string inputs_url() const;
  void schedule_senders();
  void renew_inputs_tls();
  void release_held(const SenderId& sender);
  void release_all_held();
  void note_kernel_drops();
  void stop_sender_ports();
  boost::json::object inputs_json() const;
  void add_sender_metrics(MetricsText& text) const;
  // desks.cc
  Result<void> open_desks();
  std::vector<EvidenceApi::Witness> evidence_witnesses() const;
  std::vector<api::Route> desk_routes();
  bool is_silent(const DeviceId& device) const;

  // premises_parts.cc
  Result<void> open_premises();
  Result<std::string> render_paper(const premises::ApiDependencies::Paper& wanted);

  // notice_parts.cc
  Result<void> open_notices();
  void notice_findings(std::span<const finding::Change> changes);
  void notice_verdicts(std::span<const duty::VerdictChange> changes);
  void notice_reminders(const std::vector<incident::CaseBook::Told>& reminders);
  void notice_entry(const directory::AuditRecord& record, const boost::json::object& entry);
  Happening owned_by_searcher(Happening happening, const finding::Finding& one) const;
  std::vector<Happening> warning_happenings(const incident::WarningId& id);
  std::vector<Happening> recent_happenings();

  // hub_parts.cc
  void stop_readers();  // Threads that follow the evidence; in the order in which they lean on each other.
  void deliver_acts() const;
  Result<void> open_trail();  // After the inventory.
  std::vector<api::Route> trail_routes();
  Result<void> open_signs();
  std::vector<duty::ServiceState> services_of(const AgencyId& agency) const;
  std::vector<api::Route> sign_routes();
  void start_signs();
  void schedule_signs();

  // detection.cc
  Result<void> open_findings();
  void open_detector();
  duty::TriageState triage_of(const AgencyId& agency) const;
  duty::Detections detections_of(const AgencyId& agency);
  finding::ApiDependencies finding_api();
  std::vector<api::Route> detection_routes();
  void publish_findings(std::span<const finding::Change> changes);
  void report_alarm(const evidence::Record& record);
  void report_silence(std::span<const duty::VerdictChange> changes);
  std::optional<boost::json::object> visible_event(const api::Request& request, std::uint64_t seq) const;
  Result<void> note_act(records::Connection& c, const api::Request& request, std::string_view act,
                        std::string_view object, boost::json::object after);

  // incidents.cc
  Result<void> open_incidents(const regulation::Calendar& calendar);
  std::optional<AgencyId> town() const;  // The agency above all others.
  Result<std::string> seal_name(const AgencyId& agency) const;
  std::vector<std::string> time_stamps() const;
  Result<std::string> put_seal(const AgencyId& agency, std::string_view signed_pdf, const paper::Document& document);
  void open_inbound();  // After open_signs().
  incident::ApiDependencies incident_api();
  std::vector<Day> stored_days() const;
  std::optional<incident::SeenEvent> seen_event(const AgencyId& agency, std::uint64_t seq) const;
  Result<incident::ExportedEvents> export_events(const AgencyId& agency, const incident::EventSpan& span,
                                                 const incident::TakeFile& take) const;
  void publish_incident(const incident::Case& one, std::string_view change, const boost::json::object& more);
  void remind_of_incidents();
  std::optional<duty::RecordState> records_of(const AgencyId& agency, const std::string& record);
  // The name of who heads an agency today; empty for none or several.
  std::string head_of(const AgencyId& agency) const;
  std::optional<std::string> own_device(const AgencyId& agency, const std::string& text,
                                        const std::vector<DeviceId>& devices) const;

  // people_parts.cc
  Result<void> open_people();
  void open_leave_of(const PersonId& person, Day last_day, const std::string& reason);
  void note_owners(const std::vector<DeviceId>& devices);
  std::vector<people::LeaveBook::Holding> signatures_of(const PersonId& person) const;
  Result<incident::OwnerPage> review_page(const std::string& review) const;
  bool person_visible(const api::Request& request, const PersonId& person) const;
  std::string agency_name(const AgencyId& agency) const;  // Empty when unknown.
  std::vector<AgencyId> living_agencies() const;
  void schedule_people();
  std::vector<api::Route> people_routes();
  people::ApiDependencies people_api();

  // me.cc
  void open_person_links();
  Result<void> tell_of_person(const PersonId& person, boost::json::object& out);
  Result<void> tell_of_oneself(const api::Request& request, boost::json::object& out);
  Result<boost::json::array> own_tasks(const api::Request& request);
  Result<void> add_papers(const api::Request& request, boost::json::array& tasks);
  Result<void> add_provider_requests(const api::Request& request, boost::json::array& tasks);

  // rules_admin.cc
  void administer(AdminService::Dependencies& of_admin);
  Result<api::Response> list_rules() const;
  Result<api::Response> import_rules(const AdminService::Query& query, const std::string& package);

  // status.cc
  Result<void> announce();
  std::string metrics() const;
  Result<api::Response> check() const;
  Result<api::Response> proof(const AdminService::Query& query) const;
};

}  // namespace luy::hub
