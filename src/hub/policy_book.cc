#include "hub/policy_book.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "base/log.h"
#include "event/batch.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using records::Connection;
using records::Row;

constexpr std::array<std::string_view, 2> scope_names = {"agency", "device"};
constexpr std::array<std::string_view, 4> state_names = {"none", "waiting", "held", "refused"};

constexpr std::array<records::Migration, 1> tables = {{{"device_policy", 1, R"sql(
CREATE TABLE device_setting (
  scope TEXT NOT NULL,                    -- agency, device
  id TEXT NOT NULL,
  section TEXT NOT NULL,
  json TEXT NOT NULL,                     -- As the API takes it.
  set_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  PRIMARY KEY (scope, id, section)
);
CREATE TABLE device_policy (
  device TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  document TEXT NOT NULL,                 -- device_policy/policy.h
  signature TEXT NOT NULL,                -- Base 64.
  issued_at BIGINT NOT NULL,
  content TEXT NOT NULL,                  -- SHA-256 of the sections, hexadecimal.
  held_version BIGINT,                    -- As the device said.
  told_at BIGINT,
  refusal TEXT,                           -- The device's receipt.
  unknown TEXT NOT NULL DEFAULT '[]',
  proof_seq BIGINT                        -- Number of the evidence record with the newest receipt.
);
)sql"}}};

json::object parsed(const std::string& text) {
  return json::parse(text).as_object();
}

constexpr std::string_view policy_columns =
    "SELECT device, version, issued_at, held_version, told_at, refusal, unknown, proof_seq FROM device_policy ";

KeptPolicy kept_of(const Row& row) {
  KeptPolicy out;
  out.device = DeviceId::trusted(row.text(0));
  out.version = row.integer(1);
  out.issued_at = from_millis(row.integer(2));
  out.held_version = row.maybe_integer(3);
  if (const auto at = row.maybe_integer(4)) out.told_at = from_millis(*at);
  if (const auto receipt = row.maybe_text(5)) {
    if (auto read = device_policy::read_receipt(*receipt)) out.refusal = *std::move(read);
  }
  const json::value unknown = json::parse(std::string(row.text(6)));
  for (const json::value& one : unknown.as_array()) {
    out.unknown.emplace_back(one.as_string());
  }
  if (const auto seq = row.maybe_integer(7)) out.proof_seq = static_cast<std::uint64_t>(*seq);
  return out;
}

}  // namespace

std::span<const records::Migration> policy_migrations() {
  return tables;
}

std::string_view name_of(SettingScope scope) {
  return scope_names[static_cast<std::size_t>(scope)];
}

std::string_view name_of(KeptPolicy::State state) {
  return state_names[static_cast<std::size_t>(state)];
}

KeptPolicy::State KeptPolicy::state() const {
  if (version == 0) return State::none;
  if (held_version && *held_version >= version) return State::held;
  return refusal && refusal->version == version ? State::refused : State::waiting;
}

Result<std::unique_ptr<PolicyBook>> PolicyBook::open(Dependencies dependencies) {
  std::unique_ptr<PolicyBook> book(new PolicyBook(std::move(dependencies)));
  LUY_TRY_VOID(book->refresh());
  return book;
}

Result<DeviceSettings> PolicyBook::load(Connection& c) const {
  DeviceSettings out;
  LUY_TRY_VOID(
      c.query("SELECT scope, id, section, json, set_by, reason, set_at FROM device_setting", {}, [&](const Row& row) {
        const auto scope = row.text(0) == scope_names[0] ? SettingScope::agency : SettingScope::device;
        out[{scope, std::string(row.text(1)), std::string(row.text(2))}] = {
            std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)), from_millis(row.integer(6))};
      }));
  return out;
}

Result<void> PolicyBook::refresh() {
  DeviceSettings fresh;
  LUY_TRY_VOID(d_.database.read([&](Connection& c) -> Result<void> {
    LUY_TRY(fresh, load(c));
    return {};
  }));
  const std::lock_guard lock(mutex_);
  settings_ = std::move(fresh);
  ++generation_;
  return {};
}

HeldSection PolicyBook::held(const DeviceSettings& settings, std::string_view section,
                             const std::vector<AgencyId>& above, const std::string& device) const {
  const auto find = [&](SettingScope scope, const std::string& id) -> std::optional<HeldSection> {
    const auto found = settings.find({scope, id, std::string(section)});
    if (found == settings.end()) return std::nullopt;
    return HeldSection{found->second.json, scope, id, found->second};
  };
  if (!device.empty()) {
    if (auto own = find(SettingScope::device, device)) return *std::move(own);
  }
  for (const AgencyId& agency : above) {
    if (auto of_agency = find(SettingScope::agency, agency.text())) return *std::move(of_agency);
  }
  return {json::serialize(d_.product(section)), std::nullopt, {}, {}};
}

std::map<std::string, HeldSection> PolicyBook::held_by(const AgencyId& agency, const DeviceId* device) const {
  const std::vector<AgencyId> above = d_.lineage(agency);
  std::map<std::string, HeldSection> out;
  const std::lock_guard lock(mutex_);
  for (const device_policy::SectionKind& kind : device_policy::section_kinds()) {
    out[std::string(kind.name)] = held(settings_, kind.name, above, device != nullptr ? device->text() : std::string());
  }
  return out;
}

std::vector<DeviceId> PolicyBook::devices_apart() const {
  std::vector<DeviceId> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, setting] : settings_) {
    if (std::get<0>(key) != SettingScope::device) continue;
    DeviceId device = DeviceId::trusted(std::get<1>(key));
    if (out.empty() || out.back() != device) out.push_back(std::move(device));
  }
  return out;
}

Result<std::string> PolicyBook::completed(std::string_view section, const AgencyId& agency,
                                          const std::string& text) const {
  const device_policy::SectionKind* kind = device_policy::section_kind(section);
  LUY_CHECK(kind != nullptr);
  json::object whole = parsed(text);
  d_.complete(section, agency, whole);
  return kind->normal(json::serialize(whole));
}

Result<PolicyBook::Change> PolicyBook::change(const DeviceSettings& settings, const Wanted& wanted) const {
  const std::vector<AgencyId> above = d_.lineage(wanted.agency);
  const std::string device = wanted.scope == SettingScope::device ? wanted.id : std::string();
  DeviceSettings later = settings;
  for (const auto& [section, body] : wanted.sections) {
    if (body) {
      later[{wanted.scope, wanted.id, section}].json = json::serialize(*body);
    } else {
      later.erase({wanted.scope, wanted.id, section});
    }
  }
  Change out;
  for (const auto& [section, body] : wanted.sections) {
    const device_policy::SectionKind* kind = device_policy::section_kind(section);
    if (kind == nullptr) return Error(device_policy::malformed, section);
    const std::string before = held(settings, section, above, device).json;
    const std::string after = held(later, section, above, device).json;
    LUY_TRY(const std::string was, completed(section, wanted.agency, before));
    LUY_TRY(const std::string will, completed(section, wanted.agency, after));
    for (const std::string& field : kind->weakened(was, will)) out.weakened.push_back(section + "." + field);
    out.before[section] = parsed(before);
    out.after[section] = parsed(after);
  }
  return out;
}

Result<PolicyBook::Change> PolicyBook::preview(const Wanted& wanted) const {
  DeviceSettings now;
  {
    const std::lock_guard lock(mutex_);
    now = settings_;
  }
  return change(now, wanted);
}

Result<PolicyBook::Change> PolicyBook::set_in(Connection& c, const Wanted& wanted) const {
  LUY_TRY(const DeviceSettings now, load(c));
  LUY_TRY(Change out, change(now, wanted));
  for (const auto& [section, body] : wanted.sections) {
    const std::string_view scope = name_of(wanted.scope);
    if (!body) {
      LUY_TRY_VOID(c.run("DELETE FROM device_setting WHERE scope = $1 AND id = $2 AND section = $3",
                         {scope, std::string_view(wanted.id), std::string_view(section)}));
      continue;
    }
    const std::string text = json::serialize(*body);
    LUY_TRY_VOID(
        c.run("INSERT INTO device_setting (scope, id, section, json, set_by, reason, set_at) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, id, section) DO UPDATE SET "
              "json = excluded.json, set_by = excluded.set_by, reason = excluded.reason, "
              "set_at = excluded.set_at",
              {scope, std::string_view(wanted.id), std::string_view(section), std::string_view(text),
               std::string_view(wanted.by), std::string_view(wanted.reason), to_millis(d_.clock.now())}));
  }
  return out;
}

Result<std::int64_t> PolicyBook::version(const DeviceId& device, const AgencyId& agency) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(device);
    if (known != known_.end() && known->second.agency == agency && known->second.generation == generation_) {
      return known->second.version;
    }
  }
  return issue(device, agency, 0);
}

Result<std::int64_t> PolicyBook::issue(const DeviceId& device, const AgencyId& agency, std::int64_t above) {
  const std::lock_guard alone(issuing_);
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    generation = generation_;
  }
  std::map<std::string, std::string> sections;
  std::string content;
  for (const auto& [name, one] : held_by(agency, &device)) {
    LUY_TRY(std::string whole, completed(name, agency, one.json));
    content += name + whole;
    sections[name] = std::move(whole);
  }
  const std::string digest = to_hex(sha256(content));
  const Time now = d_.clock.now();
  const std::string_view id = device.text();
  const auto stored = d_.database.write([&](Connection& c) -> Result<std::int64_t> {
    std::int64_t version = 0;
    bool same = false;
    LUY_TRY_VOID(c.query("SELECT version, content FROM device_policy WHERE device = $1", {id}, [&](const Row& row) {
      version = row.integer(0);
      same = row.text(1) == digest;
    }));
    if (same && version > above) return version;
    // Not below the time, so that records put back from a backup do not give a number out twice.
    version = std::max({version + 1, above + 1, to_micros(now) / 1'000'000});
    const std::string document = device_policy::to_document(id, version, now, sections);
    if (document.size() > device_policy::document_bytes_max) return Error(device_policy::malformed, "size");
    LUY_TRY(const std::string signature, d_.key.sign(device_policy::signed_bytes(document)));
    const std::string encoded = to_base64(signature);
    LUY_TRY_VOID(
        c.run("INSERT INTO device_policy (device, version, document, signature, issued_at, content) "
              "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (device) DO UPDATE SET version = excluded.version, "
              "document = excluded.document, signature = excluded.signature, issued_at = excluded.issued_at, "
              "content = excluded.content",
              {id, version, std::string_view(document), std::string_view(encoded), to_millis(now),
               std::string_view(digest)}));
    return version;
  });
  if (!stored) return stored;
  const std::lock_guard lock(mutex_);
  known_[device] = {agency, generation, *stored};
  return stored;
}

Result<std::string> PolicyBook::give(const DeviceId& device, const AgencyId& agency, std::int64_t held) {
  LUY_TRY(std::int64_t newest, version(device, agency));
  // The records were put back from a backup older than what the device holds.
  if (held > newest && held < policy_version_max) {
    LUY_TRY(newest, issue(device, agency, held));
  }
  device_policy::Answer answer{d_.key.public_key(), std::nullopt};
  if (newest == held) return device_policy::to_json(answer);
  LUY_TRY_VOID(d_.database.read([&](Connection& c) {
    return c.query("SELECT document, signature FROM device_policy WHERE device = $1", {std::string_view(device.text())},
                   [&](const Row& row) {
                     answer.policy = {std::string(row.text(0)), from_base64(row.text(1)).value_or("")};
                   });
  }));
  return device_policy::to_json(answer);
}

Result<KeptPolicy> PolicyBook::find(const DeviceId& device) const {
  KeptPolicy out;
  out.device = device;
  LUY_TRY_VOID(d_.database.read([&](Connection& c) {
    return c.query(std::string(policy_columns) + "WHERE device = $1", {std::string_view(device.text())},
                   [&](const Row& row) { out = kept_of(row); });
  }));
  return out;
}

Result<std::map<DeviceId, KeptPolicy>> PolicyBook::all() const {
  std::map<DeviceId, KeptPolicy> out;
  LUY_TRY_VOID(d_.database.read([&](Connection& c) {
    return c.query(policy_columns, {}, [&](const Row& row) {
      KeptPolicy one = kept_of(row);
      const DeviceId device = one.device;
      out.emplace(device, std::move(one));
    });
  }));
  return out;
}

void PolicyBook::note(const evidence::Record& record) {
  if (record.transport != static_cast<std::uint8_t>(event::Transport::agent)) return;
  // What could not be stored is noted again when the pipeline comes back to it.
  if (!told_.empty() && record.seq <= told_.back().seq) return;
  const SourceParts source = split_source(record.source);
  const auto device = DeviceId::parse(source.device);
  if (!device || source.stream != device_policy::receipt_stream) return;
  auto receipt = device_policy::read_receipt(record.raw);
  if (!receipt) return log(LogLevel::warning, "hub", "a receipt of a policy: " + receipt.error().text());
  told_.push_back({*device, *std::move(receipt), record.received, record.seq});
}

Result<void> PolicyBook::settle() {
  if (told_.empty()) return {};
  const auto stored = d_.database.write([&](Connection& c) -> Result<void> {
    for (const Told& one : told_) {
      const device_policy::Receipt& receipt = one.receipt;
      json::array unknown;
      for (const std::string& name : receipt.unknown) unknown.emplace_back(name);
      const std::string names = json::serialize(unknown);
      const auto refusal = receipt.held ? std::nullopt : std::optional(device_policy::to_json(receipt));
      // 0: the device holds none.
      const auto held = receipt.held_version == 0 ? std::nullopt : std::optional(receipt.held_version);
      LUY_TRY_VOID(
          c.run("UPDATE device_policy SET held_version = $1, told_at = $2, refusal = $3, unknown = $4, "
                "proof_seq = $5 WHERE device = $6 AND (proof_seq IS NULL OR proof_seq < $5)",
                {records::nullable(held), to_millis(one.received), records::nullable(refusal), std::string_view(names),
                 static_cast<std::int64_t>(one.seq), std::string_view(one.device.text())}));
    }
    return {};
  });
  if (!stored) return stored.error();
  told_.clear();
  return {};
}

}  // namespace luy::hub
