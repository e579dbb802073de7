#include "hub/witness_book.h"

#include <algorithm>

#include "base/utf8.h"
#include "evidence/certificate.h"
#include "evidence/error.h"

namespace luy::hub {
namespace {

using records::Connection;
using records::Row;

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& one : lines) out += one + "\n";
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    out.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(out.back().size() + 1, text.size()));
  }
  return out;
}

std::optional<Time> maybe_time(const Row& row, int column) {
  const auto micros = row.maybe_integer(column);
  return micros ? std::optional(from_micros(*micros)) : std::nullopt;
}

Result<void> check_name(const std::string& name) {
  if (name.empty() || name.size() > witness_name_bytes_max || !is_utf8(name)) return Error(witness_invalid, "name");
  return {};
}

}  // namespace

Result<notice::WebhookHost> witness_host(const std::string& url, const std::vector<std::string>& networks) {
  const auto parsed = notice::webhook_url(url);
  if (!parsed || url.find('?') != std::string::npos) return Error(witness_invalid, url);
  boost::json::object host{{"host", parsed->host}, {"networks", boost::json::array(networks.begin(), networks.end())}};
  // Networks are written here as they are there.
  const auto settings = notice::settings_from_json(boost::json::object{
      {"mail", nullptr}, {"domains", boost::json::array()}, {"webhook_hosts", boost::json::array{std::move(host)}}});
  if (!settings) return Error(witness_invalid, settings.error().detail());
  return settings->webhook_hosts.front();
}

Result<std::unique_ptr<WitnessBook>> WitnessBook::open(Dependencies dependencies) {
  std::unique_ptr<WitnessBook> book(new WitnessBook(dependencies));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> WitnessBook::load() {
  std::vector<Witness> witnesses;
  std::vector<WitnessedOrigin> origins;
  std::vector<WitnessProof> proofs;
  std::optional<Error> broken;
  const Result<void> stored = d_.database.read([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.query(
        "SELECT id, name, url, vkey, networks, ca_file, added_at, origin, size, note, cosigned_at FROM hub_witness "
        "ORDER BY id",
        {}, [&](const Row& row) {
          auto key = evidence::WitnessKey::parse(row.text(3));
          if (!key) broken = key.error();
          if (!key) return;
          witnesses.push_back(
              {WitnessId::trusted(row.text(0)), std::string(row.text(1)), std::string(row.text(2)), *std::move(key),
               split(row.text(4)), std::string(row.text(5)), from_micros(row.integer(6)), std::string(row.text(7)),
               static_cast<std::uint64_t>(row.integer(8)), std::string(row.text(9)), maybe_time(row, 10)});
        }));
    LUY_TRY_VOID(
        c.query("SELECT id, name, vkey, certificates, added_at, size, seen_at FROM hub_witness_origin ORDER BY id", {},
                [&](const Row& row) {
                  auto key = evidence::VerifierKey::parse(row.text(2));
                  auto certificates = evidence::split_certificates(row.text(3));
                  if (!key) broken = key.error();
                  if (!certificates) broken = certificates.error();
                  if (!key || !certificates) return;
                  origins.push_back({WitnessOriginId::trusted(row.text(0)), std::string(row.text(1)), *std::move(key),
                                     *std::move(certificates), from_micros(row.integer(4)),
                                     static_cast<std::uint64_t>(row.integer(5)), maybe_time(row, 6)});
                }));
    return c.query(
        "SELECT id, side, kind, origin, witness, found_at, cosigned, submitted FROM hub_witness_proof ORDER BY id "
        "DESC",
        {}, [&](const Row& row) {
          proofs.push_back({WitnessProofId::trusted(row.text(0)), row.text(1) == "ours", std::string(row.text(2)),
                            std::string(row.text(3)), std::string(row.text(4)), from_micros(row.integer(5)),
                            std::string(row.text(6)), std::string(row.text(7))});
        });
  });
  if (!stored) return stored.error();
  if (broken) return *broken;
  const std::lock_guard lock(mutex_);
  witnesses_ = std::move(witnesses);
  origins_ = std::move(origins);
  proofs_ = std::move(proofs);
  return {};
}

std::vector<Witness> WitnessBook::witnesses() const {
  const std::lock_guard lock(mutex_);
  return witnesses_;
}

std::vector<WitnessedOrigin> WitnessBook::origins() const {
  const std::lock_guard lock(mutex_);
  return origins_;
}

std::optional<WitnessedOrigin> WitnessBook::origin(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(origins_, [&](const auto& one) { return one.key.name == name; });
  return found != origins_.end() ? std::optional(*found) : std::nullopt;
}

std::vector<WitnessProof> WitnessBook::proofs() const {
  const std::lock_guard lock(mutex_);
  return proofs_;
}

Result<Witness> WitnessBook::add(const NewWitness& wanted, const Also& also) {
  LUY_TRY_VOID(check_name(wanted.name));
  LUY_TRY_VOID(witness_host(wanted.url, wanted.networks));
  Witness out;
  LUY_TRY(out.key, evidence::WitnessKey::parse(wanted.vkey));
  const std::lock_guard writing(writing_);
  const auto all = witnesses();
  if (std::ranges::any_of(all, [&](const Witness& one) { return one.key == out.key; })) return Error(witness_known);
  if (all.size() >= witnesses_max) return Error(witnesses_too_many, std::to_string(witnesses_max));
  out.id = WitnessId::make(d_.clock.now(), d_.random);
  out.name = wanted.name;
  out.url = wanted.url;
  while (out.url.ends_with('/')) out.url.pop_back();
  out.networks = wanted.networks;
  out.ca_file = wanted.ca_file;
  out.added_at = d_.clock.now();
  const std::string vkey = out.key.vkey();
  const std::string networks = joined(out.networks);
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run(
        "INSERT INTO hub_witness (id, name, url, vkey, networks, ca_file, added_at, origin, size, note) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, '', 0, '')",
        {std::string_view(out.id.text()), std::string_view(out.name), std::string_view(out.url), std::string_view(vkey),
         std::string_view(networks), std::string_view(out.ca_file), to_micros(out.added_at)}));
    return also(c, "witness:" + out.id.text());
  });
  if (!stored) return stored.error();
  LUY_TRY_VOID(load());
  return out;
}

Result<WitnessedOrigin> WitnessBook::add_origin(const std::string& name, const std::string& vkey, const Also& also) {
  LUY_TRY_VOID(check_name(name));
  WitnessedOrigin out;
  LUY_TRY(out.key, evidence::VerifierKey::parse(vkey));
  const std::lock_guard writing(writing_);
  const auto all = origins();
  if (std::ranges::any_of(all, [&](const auto& one) { return one.key.name == out.key.name; })) {
    return Error(witness_known);
  }
  if (all.size() >= witness_origins_max) return Error(witnesses_too_many, std::to_string(witness_origins_max));
  out.id = WitnessOriginId::make(d_.clock.now(), d_.random);
  out.name = name;
  out.added_at = d_.clock.now();
  const std::string key = out.key.vkey();
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO hub_witness_origin (id, name, vkey, origin, certificates, added_at, size) VALUES ($1, $2, "
              "$3, $4, '', $5, 0)",
              {std::string_view(out.id.text()), std::string_view(name), std::string_view(key),
               std::string_view(out.key.name), to_micros(out.added_at)}));
    return also(c, "witness_origin:" + out.id.text());
  });
  if (!stored) return stored.error();
  LUY_TRY_VOID(load());
  return out;
}

Result<void> WitnessBook::remove(const WitnessId& id, const Also& also) {
  const std::lock_guard writing(writing_);
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY(const std::int64_t gone, c.run("DELETE FROM hub_witness WHERE id = $1", {std::string_view(id.text())}));
    if (gone == 0) return Error(witness_unknown);
    return also(c, "witness:" + id.text());
  });
  if (!stored) return stored.error();
  return load();
}

Result<void> WitnessBook::remove_origin(const WitnessOriginId& id, const Also& also) {
  const std::lock_guard writing(writing_);
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY(const std::int64_t gone,
            c.run("DELETE FROM hub_witness_origin WHERE id = $1", {std::string_view(id.text())}));
    if (gone == 0) return Error(witness_unknown);
    return also(c, "witness_origin:" + id.text());
  });
  if (!stored) return stored.error();
  return load();
}

Result<void> WitnessBook::note_seen(const WitnessId& id, const std::string& origin, std::uint64_t size) {
  const std::lock_guard writing(writing_);
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY(const std::int64_t changed,
            c.run("UPDATE hub_witness SET origin = $2, size = $3 WHERE id = $1",
                  {std::string_view(id.text()), std::string_view(origin), static_cast<std::int64_t>(size)}));
    return changed == 0 ? Result<void>(Error(witness_unknown)) : Result<void>();
  });
  if (!stored) return stored.error();
  return load();
}

Result<void> WitnessBook::note_cosigned(const WitnessId& id, const std::string& origin, std::uint64_t size,
                                        const std::string& note, Time at) {
  const std::lock_guard writing(writing_);
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY(const std::int64_t changed,
            c.run("UPDATE hub_witness SET origin = $2, size = $3, note = $4, cosigned_at = $5 WHERE id = $1",
                  {std::string_view(id.text()), std::string_view(origin), static_cast<std::int64_t>(size),
                   std::string_view(note), to_micros(at)}));
    return changed == 0 ? Result<void>(Error(witness_unknown)) : Result<void>();
  });
  if (!stored) return stored.error();
  return load();
}

Result<void> WitnessBook::note_origin(const WitnessOriginId& id, std::uint64_t size) {
  const std::lock_guard writing(writing_);
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE hub_witness_origin SET size = $2, seen_at = $3 WHERE id = $1",
                       {std::string_view(id.text()), static_cast<std::int64_t>(size), to_micros(d_.clock.now())}));
    return {};
  });
  if (!stored) return stored.error();
  return load();
}

Result<std::size_t> WitnessBook::add_certificates(std::string_view origin, const std::vector<std::string>& given) {
  const std::lock_guard writing(writing_);
  auto known = this->origin(origin);
  if (!known) return Error(witness_unknown);
  std::vector<std::string> all = known->certificates;
  for (const std::string& one : given) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
  // One after another, each by what stands before it: what nobody signed who may certify is left out.
  struct Kept {
    evidence::Certificate certificate;
    std::string text;
  };
  std::vector<Kept> sorted;
  for (std::string& one : all) {
    if (auto parsed = evidence::parse_certificate(one)) sorted.push_back({*std::move(parsed), std::move(one)});
  }
  const auto is_day = [](const Kept& one) { return one.certificate.kind == evidence::Certificate::Kind::day; };
  std::ranges::stable_sort(sorted, [&](const Kept& a, const Kept& b) {
    return is_day(a) != is_day(b) ? !is_day(a) : a.certificate.day < b.certificate.day;
  });
  evidence::KeyRing ring({known->key});
  std::erase_if(sorted, [&](const Kept& one) { return ring.add({one.text}) != 0; });
  // Those of the newest days are what is signed with.
  for (auto at = sorted.begin(); at != sorted.end() && sorted.size() > witness_certificates_max;) {
    at = is_day(*at) ? sorted.erase(at) : at + 1;
  }
  std::vector<std::string> kept;
  for (Kept& one : sorted) kept.push_back(std::move(one.text));
  if (kept.size() > witness_certificates_max) return Error(witnesses_too_many, std::to_string(kept.size()));
  const std::string text = evidence::join_certificates(kept);
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE hub_witness_origin SET certificates = $2 WHERE id = $1",
                       {std::string_view(known->id.text()), std::string_view(text)}));
    return {};
  });
  if (!stored) return stored.error();
  LUY_TRY_VOID(load());
  return kept.size();
}

Result<bool> WitnessBook::add_proof(WitnessProof proof) {
  const std::lock_guard writing(writing_);
  const auto all = proofs();
  const bool known = std::ranges::any_of(all, [&](const WitnessProof& one) {
    return one.kind == proof.kind && one.cosigned == proof.cosigned && one.submitted == proof.submitted;
  });
  if (known || all.size() >= witness_proofs_max) return false;
  proof.id = WitnessProofId::make(d_.clock.now(), d_.random);
  proof.found_at = d_.clock.now();
  const Result<void> stored = d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO hub_witness_proof (id, side, kind, origin, witness, found_at, cosigned, submitted) VALUES "
              "($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
              {std::string_view(proof.id.text()), std::string_view(proof.ours ? "ours" : "theirs"),
               std::string_view(proof.kind), std::string_view(proof.origin), std::string_view(proof.witness),
               to_micros(proof.found_at), std::string_view(proof.cosigned), std::string_view(proof.submitted)}));
    return {};
  });
  if (!stored) return stored.error();
  LUY_TRY_VOID(load());
  return true;
}

}  // namespace luy::hub
