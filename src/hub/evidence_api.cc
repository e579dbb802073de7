#include "hub/evidence_api.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/utf8.h"
#include "event/batch.h"
#include "evidence/archive.h"
#include "evidence/certificate.h"
#include "evidence/merkle.h"
#include "evidence/note.h"
#include "evidence/question.h"
#include "evidence/tally.h"
#include "evidence/witness_file.h"
#include "hub/event_series.h"
#include "hub/search_scope.h"
#include "hub/search_stream.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;

constexpr std::array<std::string_view, 7> transport_names = {"", "journal", "file", "fact", "syslog", "agent", "hub"};

std::string hex(const Hash& hash) {
  return to_hex(hash);
}

directory::Object place_of(const EvidenceApi& d, const evidence::Record& record) {
  const auto agency = AgencyId::parse(split_source(record.source).agency);
  return agency ? d.agencies.object(*agency) : d.agencies.hub_object();
}

Result<api::Response> search_events(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(SearchScope scope, search_scope(d, request));
  LUY_TRY(const std::int64_t limit, request.number_param("limit", events_default, 1, events_max));
  scope.query.limit = static_cast<std::size_t>(limit);
  const SearchTurn turn(d);
  if (!turn.held()) return Error(search_busy);
  const Duration started = d.clock.monotonic();
  scope.end_after_budget(d.clock, started);
  json::array events;
  std::size_t bytes = 0;
  const auto visit = [&](const evidence::Record& record) {
    if (scope.query.enough() || bytes > page_bytes_max) return evidence::Visit::stop;
    if (!scope.matches(record)) return evidence::Visit::skip;
    bytes += record.raw.size();
    events.push_back(event_json(record, device_name_of(d, record)));
    return evidence::Visit::keep;
  };
  LUY_TRY(const evidence::SearchStats stats, d.store.search(scope.query, request.gone, visit));
  d.searched(request);
  json::object page;
  page["events"] = std::move(events);
  page["next"] = stats.complete ? json::value(nullptr) : json::value(stats.reached);
  page["complete"] = stats.complete;
  page["damaged"] = stats.damaged.records;
  page["records_read"] = stats.records_read;
  page["blocks_skipped"] = stats.blocks_skipped;
  page["milliseconds"] = std::chrono::duration_cast<std::chrono::milliseconds>(d.clock.monotonic() - started).count();
  return api::json(page);
}

Result<api::Response> count_events(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(SearchScope scope, search_scope(d, request));
  LUY_TRY(const std::int64_t buckets, request.number_param("buckets", 60, 1, 200));
  LUY_TRY(const TimeGrid grid, time_grid(*scope.query.from, *scope.query.until, buckets));
  const SearchTurn turn(d);
  if (!turn.held()) return Error(search_busy);
  const Duration started = d.clock.monotonic();
  scope.end_after_budget(d.clock, started);
  std::vector<std::uint64_t> counts(grid.count, 0);
  bool complete = true;
  std::uint64_t damaged = 0;
  if (scope.answered_by_store()) {
    LUY_TRY(const evidence::Counts found, d.store.counts(scope.query, grid.width, request.gone));
    for (const evidence::CountBucket& bucket : found.buckets) counts[grid.slot(bucket.begin)] += bucket.count;
    complete = found.complete;
    damaged = found.damaged.records;
  } else {
    const auto visit = [&](const evidence::Record& record) {
      if (scope.query.enough()) return evidence::Visit::stop;
      if (scope.matches(record)) ++counts[grid.slot(record.received)];
      return evidence::Visit::skip;
    };
    LUY_TRY(const evidence::SearchStats stats, d.store.search(scope.query, request.gone, visit));
    complete = stats.complete;
    damaged = stats.damaged.records;
  }
  d.searched(request);
  json::object out;
  out["from"] = to_rfc3339(grid.begin);
  out["until"] = to_rfc3339(grid.end());
  out["bucket_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(grid.width).count();
  out["counts"] = json::array(counts.begin(), counts.end());
  out["complete"] = complete;
  out["damaged"] = damaged;
  return api::json(out);
}

// Which values of a field are most frequent among the answers.
Result<api::Response> tally_events(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(SearchScope scope, search_scope(d, request));
  LUY_TRY(const std::int64_t top, request.number_param("top", 10, 1, values_max));
  const SearchTurn turn(d);
  if (!turn.held()) return Error(search_busy);
  scope.end_after_budget(d.clock, d.clock.monotonic());
  const std::string field = request.param("field").value_or("");
  evidence::ValueTally tally(field);
  std::uint64_t records = 0;
  const auto visit = [&](const evidence::Record& record) {
    if (scope.query.enough()) return evidence::Visit::stop;
    if (!scope.matches(record)) return evidence::Visit::skip;
    tally.add(record);
    ++records;
    return evidence::Visit::skip;
  };
  LUY_TRY(const evidence::SearchStats stats, d.store.search(scope.query, request.gone, visit));
  d.searched(request);
  json::array values;
  for (const evidence::ValueTally::Row& row : tally.top(static_cast<std::size_t>(top))) {
    values.push_back(json::object{{"value", to_utf8(row.value)}, {"count", row.count}});
  }
  json::object out;
  out["field"] = field;
  out["values"] = std::move(values);
  out["records"] = records;
  out["without"] = tally.without();
  out["complete"] = stats.complete && tally.complete();
  out["damaged"] = stats.damaged.records;
  return api::json(out);
}

// The record, once the actor is known to be allowed the act on it. Who is not is told the same as of one that is not
// there.
Result<evidence::Record> visible_record(const EvidenceApi& d, const api::Request& request, Action action) {
  LUY_TRY(const std::int64_t seq, request.number_param("seq", 0, 0, INT64_MAX));
  LUY_TRY(evidence::Record record, d.store.read(static_cast<std::uint64_t>(seq)));
  const directory::Object object = place_of(d, record);
  if (!directory::may(*request.actor, action, object).allowed) {
    return api::hide(request, action, "record:" + std::to_string(seq),
                     Error(evidence::record_unknown, std::to_string(seq)));
  }
  LUY_TRY_VOID(api::authorise(request, action, object));
  return record;
}

Result<api::Response> get_event(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(const evidence::Record record, visible_record(d, request, Action::evidence_search));
  return api::json(event_json(record, device_name_of(d, record)));
}

// Who may prove but not search learns that the record stands in the signed tree, not what it says.
Result<api::Response> prove_event(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY(const evidence::Record record, visible_record(d, request, Action::evidence_prove));
  LUY_TRY(json::object proof, proof_json(d, record.seq));
  if (!directory::may(*request.actor, Action::evidence_search, place_of(d, record)).allowed) {
    proof["event"] = nullptr;
    proof["leaf_data"] = nullptr;
  }
  return api::json(proof);
}

Result<api::Response> list_days(const EvidenceApi& d, const api::Request& request) {
  const auto visible = d.agencies.visible(*request.actor, Action::evidence_search);
  LUY_TRY_VOID(api::authorise(request, Action::evidence_search,
                              visible.empty() ? d.agencies.hub_object() : d.agencies.object(visible.front())));
  LUY_TRY(const auto days, d.store.days());
  json::array list;
  for (const evidence::DayInfo& day : days) {
    list.push_back(json::object{{"day", to_iso(day.day)},
                                {"first_seq", day.first_seq},
                                {"count", day.count},
                                {"raw_bytes", day.raw_bytes},
                                {"file_bytes", day.file_bytes},
                                {"closed", day.closed},
                                {"sha256", day.sha256},
                                {"damaged", day.damaged}});
  }
  return api::json(json::object{{"days", std::move(list)}, {"retention_days", d.retention_days}});
}

}  // namespace

json::object event_json(const evidence::Record& record, const std::string& device_name) {
  const SourceParts source = split_source(record.source);
  const bool from_device = is_id_text(source.device);
  const bool of_agency = is_id_text(source.agency);
  const bool text = is_utf8(record.raw);
  json::object out;
  out["seq"] = record.seq;
  out["received_at"] = to_rfc3339(record.received);
  out["agency"] = of_agency ? std::string(source.agency) : std::string();
  out["device"] = from_device ? json::value(std::string(source.device)) : json::value(nullptr);
  out["device_name"] = device_name;
  // Of the hub's own records the source has no device part to leave out.
  out["stream"] = to_utf8(of_agency ? source.stream : std::string_view(record.source));
  const std::size_t transport =
      record.transport < transport_names.size() ? record.transport : transport_names.size() - 1;
  out["transport"] = transport_names[transport];
  out["raw"] = to_utf8(record.raw);
  out["raw_base64"] = text ? json::value(nullptr) : json::value(to_base64(record.raw));
  boost::system::error_code error;
  json::value fields = json::parse(event::to_json(hub::event_of(record)), error);
  out["fields"] = error || !fields.is_object() ? json::value(json::object()) : std::move(fields);
  return out;
}

std::vector<bool> path_sides(std::uint64_t index, std::uint64_t size, std::size_t path_length) {
  std::vector<bool> left;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  for (std::size_t i = 0; i < path_length; ++i) {
    const bool is_left = (node & 1U) != 0 || node == last;
    left.push_back(is_left);
    // A node without a right neighbour goes up unchanged until it has a left one.
    while (is_left && (node & 1U) == 0 && node != 0) {
      node >>= 1U;
      last >>= 1U;
    }
    node >>= 1U;
    last >>= 1U;
  }
  return left;
}

namespace {

constexpr std::uint64_t cosigned_seconds_max = 253'402'300'799;  // The year 9999, the last that RFC 3339 writes.

// What lies beside the days is anybody's who writes there: where it does not lead to a proof, the log's own does.
Result<evidence::InclusionProof> prove(const EvidenceApi& d, std::uint64_t seq) {
  if (const evidence::Archive* archive = d.store.archive(); archive != nullptr) {
    const auto witnessed = evidence::witnessed_checkpoint(*archive, seq);
    if (witnessed && *witnessed) {
      const auto tree = archive->frontier_at((*witnessed)->size);
      auto proof = tree ? archive->prove(seq, **witnessed, *tree) : Result<evidence::InclusionProof>(tree.error());
      if (proof) return proof;
    }
  }
  return d.store.prove(seq);
}

// Of the witnesses that are known here; lines of others are nobody's word.
json::array witnesses_json(const EvidenceApi& d, const std::string& note) {
  json::array out;
  if (!d.witnesses) return out;
  for (const EvidenceApi::Witness& one : d.witnesses()) {
    const auto found = evidence::verify_cosignatures(note, {one.key});
    if (!found) continue;
    for (const evidence::Cosignature& line : *found) {
      if (line.seconds > cosigned_seconds_max) continue;
      const Time at{std::chrono::seconds(line.seconds)};
      out.push_back(json::object{{"name", one.name}, {"vkey", one.key.vkey()}, {"cosigned_at", to_rfc3339(at)}});
    }
  }
  return out;
}

}  // namespace

Result<json::object> proof_json(const EvidenceApi& d, std::uint64_t seq) {
  LUY_TRY(const evidence::InclusionProof proof, prove(d, seq));
  const evidence::Checkpoint& checkpoint = proof.checkpoint;
  const std::vector<bool> left = path_sides(seq, checkpoint.size, proof.path.size());
  json::array path;
  for (std::size_t i = 0; i < proof.path.size(); ++i) {
    path.push_back(json::object{{"side", left[i] ? "left" : "right"}, {"hash", hex(proof.path[i])}});
  }
  // Believing nothing the store said: leaf, root and signature are computed from the record.
  evidence::LeafHasher hasher;
  const Hash leaf = hasher.hash(evidence::to_view(proof.record));
  const auto root = evidence::root_of_path(hasher, seq, checkpoint.size, leaf, proof.path);
  LUY_TRY(auto root_key, evidence::VerifierKey::parse(d.signer.vkey()));
  evidence::KeyRing ring({std::move(root_key)});
  const bool chain_good = ring.add(checkpoint.certificates) == 0;
  const auto signer = ring.verify(checkpoint.note);
  const bool note_good = chain_good && signer && (!signer->day || day_of(proof.record.received) <= *signer->day);
  json::object out;
  out["event"] = event_json(proof.record, device_name_of(d, proof.record));
  out["leaf_data"] = to_base64(evidence::leaf_data(proof.record));
  out["leaf_hash"] = hex(leaf);
  out["path"] = std::move(path);
  out["tree_size"] = checkpoint.size;
  out["root"] = hex(checkpoint.root);
  out["checkpoint"] = checkpoint.note;
  out["public_key"] = signer ? signer->key.vkey() : std::string();
  out["root_key"] = d.signer.vkey();
  out["certificates"] = json::array(checkpoint.certificates.begin(), checkpoint.certificates.end());
  out["witnesses"] = witnesses_json(d, checkpoint.note);
  out["verified"] = root && *root == checkpoint.root && leaf == proof.leaf && note_good;
  return out;
}

std::vector<api::Route> evidence_routes(const EvidenceApi& d) {
  using api::Access;
  using api::Method;
  const auto route = [&d](const char* pattern, const char* id, Action action,
                          Result<api::Response> (*handler)(const EvidenceApi&, const api::Request&)) {
    return api::Route{Method::get, pattern,
                      id,          Access::session,
                      action,      [&d, handler](const api::Request& request) { return handler(d, request); }};
  };
  return {route("/api/v1/events", "searchEvents", Action::evidence_search, search_events),
          route("/api/v1/events/histogram", "countEvents", Action::evidence_search, count_events),
          route("/api/v1/events/values", "tallyEvents", Action::evidence_search, tally_events),
          route("/api/v1/events/series", "seriesOfEvents", Action::evidence_search, series_of_events),
          route("/api/v1/events/stream", stream_search_operation, Action::evidence_search, check_search),
          route("/api/v1/events/{seq}", "getEvent", Action::evidence_search, get_event),
          route("/api/v1/events/{seq}/proof", "proveEvent", Action::evidence_prove, prove_event),
          route("/api/v1/evidence/days", "listEvidenceDays", Action::evidence_search, list_days)};
}

}  // namespace luy::hub
