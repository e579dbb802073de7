// What the hub says about itself on the administration port: metrics, the check that `./run --check` reads, proofs.
#include <unistd.h>

#include <array>
#include <charconv>

#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "duty/api.h"
#include "hub/metrics.h"
#include "hub/state.h"

namespace luy::hub {
namespace {

void add_listeners(MetricsText& text, const Server& server) {
  struct Counter {
    const char* name;
    const char* help;
    std::atomic<std::uint64_t> ListenerCounters::*value;
  };
  constexpr std::array<Counter, 7> counters = {{
      {"luy_http_connections_total", "Connections accepted.", &ListenerCounters::accepted},
      {"luy_http_connections_refused_total", "Connections closed at once: too many.", &ListenerCounters::refused_full},
      {"luy_http_handshakes_failed_total", "TLS handshakes that failed.", &ListenerCounters::handshakes_failed},
      {"luy_http_requests_total", "Requests read.", &ListenerCounters::requests},
      {"luy_http_requests_refused_total", "Requests malformed, too large or too slow.", &ListenerCounters::refused},
      {"luy_http_deadlines_total", "Connections cut off at a deadline.", &ListenerCounters::deadlines},
      {"luy_http_busy_total", "Requests refused because the workers' queue was full.", &ListenerCounters::busy},
  }};
  for (const Counter& counter : counters) {
    for (std::size_t i = 0; i < server.listener_count(); ++i) {
      text.counter(counter.name, counter.help, server.counters(i).*counter.value, {{"listener", server.name(i)}});
    }
  }
  for (std::size_t i = 0; i < server.listener_count(); ++i) {
    text.gauge("luy_http_connections_open", "Connections open now.", static_cast<double>(server.counters(i).open),
               {{"listener", server.name(i)}});
  }
  text.gauge("luy_http_queue", "Requests that wait for a worker.", static_cast<double>(server.queued()));
}

}  // namespace

Result<void> Hub::State::announce() {
  const DataFolder& folder = core->folder();
  LUY_TRY_VOID(write_file_durably(folder.admin_token_file(), admin_token + "\n", 0600));
  boost::json::object out;
  out["pid"] = ::getpid();
  out["console_url"] = url("https", console_listener);
  out["agent_url"] = url("https", agent_listener);
  out["admin_url"] = url("http", admin_listener);
  out["port"] = server->port(console_listener);
  out["agent_port"] = server->port(agent_listener);
  out["admin_port"] = server->port(admin_listener);
  out["inputs"] = inputs_json();
  out["fingerprint"] = core->ca().fingerprint();
  out["version"] = version();
  LUY_TRY_VOID(write_file_durably(folder.ready_file(), boost::json::serialize(out) + "\n", 0644));
  log(LogLevel::info, "hub", "ready: " + url("https", console_listener));
  return {};
}

std::string Hub::State::metrics() const {
  MetricsText text;
  add_listeners(text, *server);
  text.gauge("luy_streams_open", "Live streams open now.", static_cast<double>(feed->size()));
  for (const int hundreds : {2, 4, 5}) {
    const std::string status = std::to_string(hundreds) + "xx";
    text.counter("luy_api_answers_total", "Answers of the API.", console->answers(hundreds), {{"status", status}});
  }
  text.counter("luy_api_contract_breaches_total", "Answers that break the contract (checked in debug mode only).",
               console->contract_breaches());
  const EvidenceWriter::Counters& written = core->writer().counters();
  text.counter("luy_evidence_batches_total", "Batches answered.", written.batches);
  text.counter("luy_evidence_records_total", "Records stored.", written.records);
  text.counter("luy_evidence_duplicates_total", "Batches sent twice.", written.duplicates);
  text.counter("luy_evidence_missing_batches_total", "Batch numbers that were skipped.", written.missing);
  text.counter("luy_evidence_commits_total", "Durable commits.", written.commits);
  text.counter("luy_evidence_failures_total", "Commits that failed.", written.failures);
  text.gauge("luy_evidence_size", "Records in the evidence.", static_cast<double>(core->store().size()));
  const auto checkpoint = core->store().last_checkpoint();
  text.gauge("luy_evidence_checkpoint_size", "Records covered by the newest signed checkpoint.",
             checkpoint ? static_cast<double>(checkpoint->size) : 0);
  text.gauge("luy_evidence_days_damaged", "Closed days of evidence that fail verification.",
             static_cast<double>(day_watch->damaged()));
  text.gauge("luy_pipeline_applied", "Records the verdicts have taken in.", static_cast<double>(pipeline->applied()));
  const Detector::Counters& seen = detector->counters();
  text.counter("luy_detect_events_total", "Records that detection looked at.", seen.events);
  text.counter("luy_detect_matches_total", "Rules that held.", seen.matches);
  text.counter("luy_detect_alerts_total", "Alerts of correlations.", seen.alerts);
  text.counter("luy_detect_unreadable_total", "Records that the engine could not read.", seen.unreadable);
  text.gauge("luy_detect_next_seq", "The record that detection looks at next.", static_cast<double>(seen.next_seq));
  text.gauge("luy_detect_rules", "Rules armed.", static_cast<double>(seen.rules));
  text.gauge("luy_detect_revision", "Revision of the rules armed.", static_cast<double>(seen.revision));
  text.gauge("luy_findings", "Findings held.", static_cast<double>(findings->all().size()));
  text.gauge("luy_devices", "Living devices.", static_cast<double>(inventory->states().size()));
  add_sender_metrics(text);
  text.gauge("luy_certificates_living", "Device certificates not revoked and not expired.",
             static_cast<double>(enrolment->living()));
  text.gauge("luy_verdicts", "Verdicts held.", static_cast<double>(engine->size()));
  text.gauge("process_resident_memory_bytes", "Resident memory.", static_cast<double>(resident_bytes()));
  return text.take();
}

Result<api::Response> Hub::State::check() const {
  boost::json::object out;
  out["verdicts"] = duty::check_report(*engine);
  out["events_stored"] = core->store().size();
  out["events_applied"] = pipeline->applied();
  out["checkpoint"] = nullptr;
  if (const auto checkpoint = core->store().last_checkpoint()) {
    out["checkpoint"] =
        boost::json::object{{"size", checkpoint->size}, {"root", to_hex(checkpoint->root)}, {"note", checkpoint->note}};
  }
  out["public_key"] = core->signer().vkey();
  out["devices"] = inventory->states().size();
  out["pack"] = pack.id;
  out["version"] = version();
  return api::json(out);
}

Result<api::Response> Hub::State::proof(const AdminService::Query& query) const {
  const auto text = query.find("seq");
  std::uint64_t seq = 0;
  if (text == query.end()) return Error(api::bad_request, "seq");
  const char* const end = text->second.data() + text->second.size();
  const auto parsed = std::from_chars(text->second.data(), end, seq);
  if (parsed.ec != std::errc() || parsed.ptr != end) return Error(api::bad_request, "seq");
  LUY_TRY(const boost::json::object proof, proof_json(*evidence_api, seq));
  return api::json(proof);
}

}  // namespace luy::hub
