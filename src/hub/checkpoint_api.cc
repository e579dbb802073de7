#include "hub/checkpoint_api.h"

#include <set>

#include "base/encoding.h"
#include "evidence/archive.h"
#include "evidence/certificate.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;

Result<void> authorise_proof(const EvidenceApi& d, const api::Request& request) {
  const auto visible = d.agencies.visible(*request.actor, Action::evidence_prove);
  return api::authorise(request, Action::evidence_prove,
                        visible.empty() ? d.agencies.hub_object() : d.agencies.object(visible.front()));
}

Result<api::Response> get_checkpoint(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_proof(d, request));
  const auto newest = d.store.last_checkpoint();
  if (!newest) return Error(evidence::store_empty, "checkpoint");
  return api::Response{200, "text/plain; charset=utf-8", newest->note, {}};
}

// The key that signed it and the day it is for; a root has none.
json::object checkpoint_json(const evidence::StoredCheckpoint& one, const evidence::VerifierKey& root) {
  evidence::KeyRing ring({root});
  ring.add(one.checkpoint.certificates);
  const auto signer = ring.verify(one.checkpoint.note);
  json::object out;
  out["size"] = one.checkpoint.size;
  out["root"] = to_hex(one.checkpoint.root);
  out["signed_at"] = to_rfc3339(one.signed_at);
  out["closing"] = one.closing;
  out["note"] = one.checkpoint.note;
  out["signer"] = signer ? json::value(signer->key.vkey()) : json::value(nullptr);
  out["key_day"] = signer && signer->day ? json::value(to_iso(*signer->day)) : json::value(nullptr);
  return out;
}

Result<api::Response> list_checkpoints(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_proof(d, request));
  LUY_TRY(const std::int64_t before, request.number_param("before", INT64_MAX, 1, INT64_MAX));
  LUY_TRY(const std::int64_t limit, request.number_param("limit", checkpoints_default, 1, checkpoints_max));
  LUY_TRY(const auto found, d.store.checkpoints(static_cast<std::uint64_t>(before), static_cast<std::size_t>(limit)));
  LUY_TRY(const auto root, evidence::VerifierKey::parse(d.signer.vkey()));
  json::array items;
  for (const evidence::StoredCheckpoint& one : found) items.push_back(checkpoint_json(one, root));
  return api::json(json::object{{"items", std::move(items)}});
}

Result<std::string> root_at(const evidence::Archive& archive, std::uint64_t size) {
  LUY_TRY(const evidence::Frontier tree, archive.frontier_at(size));
  evidence::LeafHasher hasher;
  return to_hex(tree.root(hasher));
}

Result<api::Response> prove_consistency(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_proof(d, request));
  const auto newest = d.store.last_checkpoint();
  const evidence::Archive* archive = d.store.archive();
  if (!newest || archive == nullptr) return Error(evidence::store_empty, "checkpoint");
  const auto signed_size = static_cast<std::int64_t>(newest->size);
  LUY_TRY(const std::int64_t new_size, request.number_param("new", signed_size, 1, signed_size));
  LUY_TRY(const std::int64_t old_size, request.number_param("old", 1, 1, new_size));
  const auto from = static_cast<std::uint64_t>(old_size);
  const auto to = static_cast<std::uint64_t>(new_size);
  LUY_TRY(const std::vector<Hash> path, d.store.prove_consistency(from, to));
  json::object out;
  out["old_size"] = old_size;
  LUY_TRY(out["old_root"], root_at(*archive, from));
  out["new_size"] = new_size;
  LUY_TRY(out["new_root"], root_at(*archive, to));
  json::array hashes;
  for (const Hash& hash : path) hashes.emplace_back(to_hex(hash));
  out["path"] = std::move(hashes);
  return api::json(out);
}

// Newest day first. A successor stands with the first day whose file has it.
Result<api::Response> list_keys(const EvidenceApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_proof(d, request));
  LUY_TRY(const std::int64_t limit, request.number_param("limit", key_days_default, 1, key_days_max));
  json::array items;
  std::set<std::string> seen;
  const evidence::Archive* archive = d.store.archive();
  const auto days = archive == nullptr ? std::vector<std::shared_ptr<evidence::ArchiveDay>>() : archive->list();
  std::int64_t left = limit;
  for (auto day = days.rbegin(); day != days.rend() && left > 0; ++day, --left) {
    if ((*day)->damage) continue;
    LUY_TRY(const evidence::Lease reader, evidence::Lease::take(*archive, *day));
    LUY_TRY(const auto certificates, reader->certificates());
    for (const std::string& text : certificates) {
      const auto one = evidence::parse_certificate(text);
      if (!one || !seen.insert(text).second) continue;
      const bool of_day = one->kind == evidence::Certificate::Kind::day;
      items.push_back(json::object{{"kind", of_day ? "day" : "successor"},
                                   {"day", to_iso(one->day)},
                                   {"vkey", one->key.vkey()},
                                   {"certificate", text}});
    }
  }
  return api::json(json::object{{"root", d.signer.vkey()}, {"items", std::move(items)}});
}

}  // namespace

std::vector<api::Route> checkpoint_routes(const EvidenceApi& d) {
  using api::Access;
  using api::Method;
  const auto route = [&d](const char* pattern, const char* id,
                          Result<api::Response> (*handler)(const EvidenceApi&, const api::Request&)) {
    return api::Route{
        Method::get, pattern, id, Access::session, Action::evidence_prove, [&d, handler](const api::Request& request) {
          return handler(d, request);
        }};
  };
  return {route("/api/v1/evidence/checkpoint", "getCheckpoint", get_checkpoint),
          route("/api/v1/evidence/checkpoints", "listCheckpoints", list_checkpoints),
          route("/api/v1/evidence/consistency", "proveConsistency", prove_consistency),
          route("/api/v1/evidence/keys", "listEvidenceKeys", list_keys)};
}

}  // namespace luy::hub
