// The running hub's part for senders without an agent: their book, their desk, their ports, and what is said of them.
#include "base/log.h"
#include "event/batch.h"
#include "hub/state.h"
#include "intake/api.h"

namespace luy::hub {
namespace {

constexpr auto drain_within = std::chrono::seconds(5);
constexpr auto hub_transport = static_cast<std::uint8_t>(event::Transport::hub);

void complain(std::string_view what, const Error& error) {
  log(LogLevel::error, "hub", std::string(what) + ": " + error.text());
}

boost::json::value port_or_null(const std::optional<std::uint16_t>& port) {
  return port ? boost::json::value(*port) : boost::json::value(nullptr);
}

// The first record of what was kept while its sender waited: when it came, as the records behind it say only when they
// were filed.
std::string released_note(const intake::Sender& sender, const intake::Held& held) {
  boost::json::object note;
  note["note"] = "sender_approved";
  note["sender"] = sender.id.text();
  note["kind"] = intake::name_of(sender.kind);
  note["key"] = sender.key;
  note["approved_by"] = sender.decided_by;
  note["first_received"] = to_rfc3339(held.lines.front().received);
  note["last_received"] = to_rfc3339(held.lines.back().received);
  note["records"] = held.lines.size();
  note["dropped"] = held.dropped;
  return boost::json::serialize(note);
}

}  // namespace

Result<void> Hub::State::open_senders() {
  LUY_TRY(sender_book, intake::SenderBook::open(core->database(), clock, random));
  desk = std::make_unique<IntakeDesk>(core->writer(), random);
  reception = std::make_unique<Reception>(Reception::Dependencies{
      *sender_book, *desk, clock, [this](const DeviceId& device) { return agency_of(device); }, options.syslog_rate});
  inputs = std::make_unique<InputService>(
      InputService::Dependencies{*sender_book, *desk, [this](const DeviceId& device) { return agency_of(device); }});
  return {};
}

std::vector<api::Route> Hub::State::sender_routes() {
  return intake::routes({*sender_book, *inventory, core->database(), core->directory().audit(), clock, random,
                         [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                         [this](const AgencyId& agency) { return agency_exists(agency); },
                         [this] { return core->agencies().hub_object(); },
                         [this](const SenderId& sender) { release_held(sender); }, [this] { return inputs_url(); }});
}

Result<ListenerOptions> Hub::State::inputs_listener_options() {
  ListenerOptions out;
  out.name = "inputs";
  out.address = options.inputs_listen;
  out.port = *options.inputs_port;
  out.service = inputs.get();
  LUY_TRY(out.tls, tls(TlsProfile::inputs));
  return out;
}

std::string Hub::State::inputs_url() const {
  if (!options.inputs_port) return {};
  const std::string its = url("https", console_listener);
  // The same name that the console has, at the port of its own.
  return its.substr(0, its.rfind(':') + 1) + std::to_string(server->port(inputs_listener));
}

Result<void> Hub::State::open_sender_ports() {
  if (!options.syslog_udp && !options.syslog_tcp && !options.syslog_tls) return {};
  SyslogOptions of_syslog;
  of_syslog.listen = options.inputs_listen;
  of_syslog.udp = options.syslog_udp;
  of_syslog.tcp = options.syslog_tcp;
  of_syslog.tls = options.syslog_tls;
  if (of_syslog.tls) {
    LUY_TRY(of_syslog.context, tls(TlsProfile::inputs));
  }
  LUY_TRY(syslog, SyslogPorts::start(of_syslog, *reception, clock));
  return {};
}

void Hub::State::schedule_senders() {
  timetable->every(std::chrono::milliseconds(200), [this] { desk->tick(); });
  timetable->every(std::chrono::seconds(10), [this] { note_kernel_drops(); });
  timetable->every(std::chrono::minutes(1), [this] {
    if (auto kept = sender_book->flush(); !kept) complain("senders", kept.error());
    release_all_held();
  });
}

void Hub::State::renew_inputs_tls() {
  auto fresh = tls(TlsProfile::inputs);
  if (!fresh) return complain("TLS", fresh.error());
  if (syslog) syslog->set_tls(*fresh);
  if (options.inputs_port) server->set_tls(inputs_listener, *fresh);
}

// What was kept of an approved sender goes where it belongs, under a number of its own: said twice it is stored once.
void Hub::State::release_held(const SenderId& id) {
  const auto sender = sender_book->find(id);
  if (!sender || sender->state != intake::SenderState::approved || !sender->device) return;
  const auto agency = agency_of(*sender->device);
  const auto held = sender_book->held(id);
  if (!held) return complain("held lines", held.error());
  if (held->lines.empty() || !agency) return;
  const std::string prefix = agency->text() + "/" + sender->device->text() + "/";
  std::vector<OwnedRecord> records;
  records.push_back({prefix + "hub", hub_transport, released_note(*sender, *held)});
  for (const intake::HeldLine& line : held->lines) records.push_back({prefix + line.stream, line.transport, line.raw});
  const auto stored = core->writer().append(evidence::BatchKey{"sender/" + id.text(), 1, 1, std::nullopt}, records);
  if (!stored) return complain("held lines", stored.error());
  if (auto done = sender_book->release(id); !done) complain("held lines", done.error());
}

void Hub::State::release_all_held() {
  const auto all = sender_book->unreleased();
  if (!all) return complain("held lines", all.error());
  for (const SenderId& sender : *all) release_held(sender);
}

// Datagrams that the kernel dropped name no sender: the note stands with the hub's own records.
void Hub::State::note_kernel_drops() {
  if (!syslog) return;
  const std::uint64_t total = syslog->counters().kernel_drops;
  if (total == kernel_drops_told) return;
  boost::json::object note;
  note["note"] = "datagrams_dropped";
  note["port"] = port_or_null(syslog->udp_port());
  note["datagrams"] = total - kernel_drops_told;
  Submission submission;
  submission.records.push_back({"hub/syslog", hub_transport, boost::json::serialize(note)});
  if (core->writer().submit(std::move(submission))) kernel_drops_told = total;
}

void Hub::State::stop_sender_ports() {
  if (syslog) {
    syslog->stop();
    note_kernel_drops();
  }
  if (!desk) return;
  desk->tick();
  if (!desk->drain(drain_within)) log(LogLevel::error, "hub", "stopping: records of senders could not be stored");
  if (auto kept = sender_book->flush(); !kept) complain("senders", kept.error());
}

boost::json::object Hub::State::inputs_json() const {
  boost::json::object out;
  out["listen"] = options.inputs_listen;
  out["syslog_udp"] = syslog ? port_or_null(syslog->udp_port()) : nullptr;
  out["syslog_tcp"] = syslog ? port_or_null(syslog->tcp_port()) : nullptr;
  out["syslog_tls"] = syslog ? port_or_null(syslog->tls_port()) : nullptr;
  out["http"] = options.inputs_port ? boost::json::value(server->port(inputs_listener)) : nullptr;
  return out;
}

void Hub::State::add_sender_metrics(MetricsText& text) const {
  const Reception::Counters& heard = reception->counters();
  text.counter("luy_syslog_messages_total", "Messages read from senders without an agent.", heard.messages);
  text.counter("luy_syslog_held_total", "Messages of senders that waited for approval.", heard.held);
  text.counter("luy_syslog_dropped_total", "Messages dropped.", heard.dropped_rate, {{"why", "too fast"}});
  text.counter("luy_syslog_dropped_total", "Messages dropped.", heard.dropped_refused, {{"why", "refused"}});
  text.gauge("luy_intake_waiting_bytes", "Bytes of senders' records that wait for the store.",
             static_cast<double>(desk->waiting_bytes()));
  const InputService::Counters& http = inputs->counters();
  text.counter("luy_input_requests_total", "Requests of HTTP senders.", http.requests);
  text.counter("luy_input_records_total", "Records stored for HTTP senders.", http.records);
  text.counter("luy_input_repeated_total", "Documents that were stored before under the same id.", http.repeated);
  text.counter("luy_input_refused_total", "Documents that were not taken for what they are.", http.refused);
  text.counter("luy_input_busy_total", "Requests told to come again.", http.busy);
  if (!syslog) return;
  const SyslogCounters& ports = syslog->counters();
  text.counter("luy_syslog_kernel_drops_total", "Datagrams the kernel had no room for.", ports.kernel_drops);
  text.counter("luy_syslog_connections_total", "Connections accepted.", ports.connections);
  text.counter("luy_syslog_connections_refused_total", "Connections closed at once: too many.", ports.refused_full);
  text.counter("luy_syslog_handshakes_failed_total", "TLS handshakes that failed.", ports.handshakes_failed);
  text.counter("luy_syslog_cut_total", "Messages longer than allowed or ended within.", ports.cut);
  text.gauge("luy_syslog_connections_open", "Connections open now.", static_cast<double>(ports.open));
}

}  // namespace luy::hub
