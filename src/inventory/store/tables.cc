#include "inventory/store/tables.h"

namespace luy::inventory::tables {
namespace {

using records::Connection;
using records::Param;
using records::Row;

Param time(Time value) {
  return to_millis(value);
}
Param time(const std::optional<Time>& value) {
  if (!value) return records::Null{};
  return to_millis(*value);
}
Param seq(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
std::optional<Time> maybe_time(const Row& row, int column) {
  if (row.null(column)) return std::nullopt;
  return from_millis(row.integer(column));
}
std::uint64_t seq_at(const Row& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}
std::optional<std::string> iso(const std::optional<Day>& day) {
  if (!day) return std::nullopt;
  return to_iso(*day);
}
std::optional<Day> maybe_day(const Row& row, int column) {
  if (row.null(column)) return std::nullopt;
  return day_from_iso(row.text(column));
}

std::string joined(const std::vector<DeviceClass>& classes) {
  std::string out;
  for (const DeviceClass device_class : classes) {
    if (!out.empty()) out += ',';
    out += name_of(device_class);
  }
  return out;
}

std::vector<DeviceClass> split(std::string_view text) {
  std::vector<DeviceClass> out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    if (const auto one = device_class_from_name(text.substr(0, comma))) out.push_back(*one);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return out;
}

fact::Kind kind_at(const Row& row, int column) {
  const auto kind = fact::kind_from_name(row.text(column));
  LUY_CHECK_MSG(kind.has_value(), "a fact kind that this version wrote");
  return *kind;
}

constexpr std::string_view approval_columns =
    "id, agency, product, versions, classes, expires_on, note, approved_by, approved_at, withdrawn_at, licence_kind, "
    "licence_seats, licence_expires_on";

Approval approval_from(const Row& row) {
  Approval out;
  out.id = ApprovalId::trusted(row.text(0));
  out.agency = AgencyId::trusted(row.text(1));
  out.product = row.text(2);
  out.versions = row.text(3);
  out.classes = split(row.text(4));
  out.expires_on = maybe_day(row, 5);
  out.note = row.text(6);
  out.approved_by = row.text(7);
  out.approved_at = from_millis(row.integer(8));
  out.withdrawn_at = maybe_time(row, 9);
  if (const auto name = row.maybe_text(10)) {
    const auto kind = licence_kind_from_name(*name);
    LUY_CHECK_MSG(kind.has_value(), "a kind of licence that this version wrote");
    out.licence = Licence{*kind, row.maybe_integer(11), maybe_day(row, 12)};
  }
  return out;
}

// A statement whose number of changed rows does not matter.
Result<void> done(const Result<std::int64_t>& changed) {
  if (!changed) return changed.error();
  return {};
}

// What stands between blanks.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

Result<void> save_device(Connection& db, const DeviceRow& row) {
  const Device& d = row.device;
  return done(db.run(
      "INSERT INTO inventory_device (number, id, agency, identity_key, name, class, class_set, place, person, "
      "enrolled_at, last_seen, last_seq, retired_at, rejected, rejected_seq, rejected_error, person_id) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) "
      "ON CONFLICT (number) DO UPDATE SET agency = $3, identity_key = $4, name = $5, class = $6, class_set = $7, "
      "place = $8, person = $9, last_seen = $11, last_seq = $12, retired_at = $13, rejected = $14, "
      "rejected_seq = $15, rejected_error = $16, person_id = $17",
      {row.number, d.id.text(), d.agency.text(), d.identity_key, d.name, name_of(d.device_class),
       std::int64_t{d.class_set}, d.place, d.person_in_charge, time(d.enrolled_at), time(d.last_seen), seq(d.last_seq),
       time(d.retired_at), seq(row.rejected.count), seq(row.rejected.last_seq), row.rejected.last_error,
       records::nullable(d.person ? std::optional(d.person->text()) : std::nullopt)}));
}

Result<void> save_fact(Connection& db, const FactRow& row) {
  const StoredFact& f = row.fact;
  return done(db.run(
      "INSERT INTO inventory_fact (device, kind, collected_at, received_at, changed_at, method, seq, content, stable, "
      "body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (device, kind) DO UPDATE SET "
      "collected_at = $3, received_at = $4, changed_at = $5, method = $6, seq = $7, content = $8, stable = $9, "
      "body = $10",
      {row.device, fact::name_of(f.kind), time(f.collected_at), time(f.received_at), time(f.changed_at), f.method,
       seq(f.seq), row.digests.content, row.digests.stable, f.body}));
}

Result<void> save_history(Connection& db, std::int64_t device, std::int64_t number, const HistoryEntry& entry) {
  return done(
      db.run("INSERT INTO inventory_history (device, number, at, kind, seq, is_first, added, removed, updated) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
             {device, number, time(entry.at), fact::name_of(entry.kind), seq(entry.seq), std::int64_t{entry.first},
              entry.added, entry.removed, entry.updated}));
}

Result<void> trim_history(Connection& db, std::int64_t device, std::int64_t number) {
  return done(db.run("DELETE FROM inventory_history WHERE device = $1 AND number <= $2", {device, number}));
}

Result<void> save_package(Connection& db, PackageNumber number, const PackageView& package, Time first_seen) {
  return done(db.run(
      "INSERT INTO inventory_package (number, name, version, architecture, first_seen) VALUES ($1, $2, $3, $4, $5)",
      {std::int64_t{number}, package.name, package.version, package.architecture, time(first_seen)}));
}

Result<void> save_source(Connection& db, PackageNumber package, std::string_view source, std::string_view version) {
  return done(
      db.run("INSERT INTO inventory_source (package, source, version) VALUES ($1, $2, $3) "
             "ON CONFLICT (package) DO UPDATE SET source = $2, version = $3",
             {std::int64_t{package}, source, version}));
}

Result<void> save_installed(Connection& db, std::int64_t device, PackageNumber package, const InstalledRow& row) {
  return done(
      db.run("INSERT INTO inventory_installed (device, package, installed_at, first_seen, installed_by) "
             "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (device, package) DO UPDATE SET installed_at = $3, "
             "installed_by = $5",
             {device, std::int64_t{package}, time(row.installed_at), time(row.first_seen), row.by}));
}

Result<void> remove_installed(Connection& db, std::int64_t device, PackageNumber package) {
  return done(
      db.run("DELETE FROM inventory_installed WHERE device = $1 AND package = $2", {device, std::int64_t{package}}));
}

Result<void> save_approval(Connection& db, const Approval& a) {
  const auto licence = a.licence ? std::optional(std::string(name_of(a.licence->kind))) : std::nullopt;
  const auto seats = a.licence ? a.licence->seats : std::nullopt;
  const auto licence_end = a.licence ? a.licence->expires_on : std::nullopt;
  return done(
      db.run("INSERT INTO inventory_approval (id, agency, product, versions, classes, expires_on, note, approved_by, "
             "approved_at, withdrawn_at, licence_kind, licence_seats, licence_expires_on) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
             "ON CONFLICT (id) DO UPDATE SET withdrawn_at = $10",
             {a.id.text(), a.agency.text(), a.product, a.versions, joined(a.classes),
              records::nullable(iso(a.expires_on)), a.note, a.approved_by, time(a.approved_at), time(a.withdrawn_at),
              records::nullable(licence), records::nullable(seats), records::nullable(iso(licence_end))}));
}

Result<void> save_wifi(Connection& db, const WifiEdit& edit, Time registered_at, std::optional<Time> before) {
  std::string bssids;
  for (const std::string& one : edit.bssids) bssids += (bssids.empty() ? "" : " ") + one;
  return done(db.run(
      "INSERT INTO inventory_wifi (agency, ssid, security, key_changed_on, note, registered_at, place, owner, bssids, "
      "key_before_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (agency, ssid) DO UPDATE SET "
      "security = $3, key_changed_on = $4, note = $5, place = $7, owner = $8, bssids = $9, key_before_at = $10",
      {edit.agency.text(), edit.ssid, edit.security, records::nullable(iso(edit.key_changed_on)), edit.note,
       time(registered_at), edit.place, edit.owner, bssids, time(before)}));
}

Result<void> save_sighting(Connection& db, const WifiKey& key, const DeviceId& device, const WifiSighting& sighting) {
  return done(
      db.run("INSERT INTO inventory_wifi_seen (agency, ssid, device, security, seen_at, key_changed_at, seq, method, "
             "fingerprint, key_since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (agency, ssid, "
             "device) DO UPDATE SET security = $4, seen_at = $5, key_changed_at = $6, seq = $7, method = $8, "
             "fingerprint = $9, key_since = $10",
             {key.first.text(), key.second, device.text(), sighting.security, time(sighting.seen_at),
              time(sighting.key_changed_at), seq(sighting.seq), sighting.method, sighting.fingerprint,
              time(sighting.key_since)}));
}

Result<void> save_next_seq(Connection& db, std::uint64_t next_seq) {
  return done(
      db.run("INSERT INTO inventory_progress (name, value) VALUES ('next_seq', $1) "
             "ON CONFLICT (name) DO UPDATE SET value = $1",
             {seq(next_seq)}));
}

Result<std::uint64_t> load_next_seq(Connection& db) {
  std::uint64_t out = 0;
  LUY_TRY_VOID(db.query("SELECT value FROM inventory_progress WHERE name = 'next_seq'", {},
                        [&](const Row& row) { out = seq_at(row, 0); }));
  return out;
}

Result<void> each_device(Connection& db, const std::function<void(DeviceRow)>& visit) {
  return db.query(
      "SELECT number, id, agency, identity_key, name, class, class_set, place, person, enrolled_at, last_seen, "
      "last_seq, retired_at, rejected, rejected_seq, rejected_error, person_id FROM inventory_device ORDER BY "
      "number",
      {}, [&](const Row& row) {
        DeviceRow out;
        out.number = row.integer(0);
        Device& d = out.device;
        d.id = DeviceId::trusted(row.text(1));
        d.agency = AgencyId::trusted(row.text(2));
        d.identity_key = row.text(3);
        d.name = row.text(4);
        d.device_class = device_class_from_name(row.text(5)).value_or(DeviceClass::other);
        d.class_set = row.integer(6) != 0;
        d.place = row.text(7);
        d.person_in_charge = row.text(8);
        d.enrolled_at = from_millis(row.integer(9));
        d.last_seen = maybe_time(row, 10);
        d.last_seq = seq_at(row, 11);
        d.retired_at = maybe_time(row, 12);
        out.rejected = {seq_at(row, 13), seq_at(row, 14), std::string(row.text(15))};
        if (!row.null(16)) d.person = PersonId::trusted(row.text(16));
        visit(std::move(out));
      });
}

Result<void> each_fact(Connection& db, std::optional<std::int64_t> device, const std::function<void(FactRow)>& visit) {
  constexpr std::string_view columns =
      "SELECT device, kind, collected_at, received_at, changed_at, method, seq, content, stable, body "
      "FROM inventory_fact ";
  const auto take = [&](const Row& row) {
    FactRow out;
    out.device = row.integer(0);
    out.fact.kind = kind_at(row, 1);
    out.fact.collected_at = from_millis(row.integer(2));
    out.fact.received_at = from_millis(row.integer(3));
    out.fact.changed_at = from_millis(row.integer(4));
    out.fact.method = row.text(5);
    out.fact.seq = seq_at(row, 6);
    out.digests = {row.integer(7), row.integer(8)};
    out.fact.body = row.text(9);
    visit(std::move(out));
  };
  if (!device) return db.query(std::string(columns) + "ORDER BY device, kind", {}, take);
  return db.query(std::string(columns) + "WHERE device = $1 ORDER BY kind", {*device}, take);
}

Result<void> each_package(Connection& db, const std::function<void(PackageNumber, PackageView, Time)>& visit) {
  return db.query("SELECT number, name, version, architecture, first_seen FROM inventory_package ORDER BY number", {},
                  [&](const Row& row) {
                    visit(static_cast<PackageNumber>(row.integer(0)), {row.text(1), row.text(2), row.text(3)},
                          from_millis(row.integer(4)));
                  });
}

Result<void> each_source(Connection& db,
                         const std::function<void(PackageNumber, std::string_view, std::string_view)>& visit) {
  return db.query("SELECT package, source, version FROM inventory_source", {},
                  [&](const Row& row) { visit(static_cast<PackageNumber>(row.integer(0)), row.text(1), row.text(2)); });
}

Result<void> each_installed(Connection& db, const std::function<void(std::int64_t, PackageNumber)>& visit) {
  return db.query("SELECT device, package FROM inventory_installed ORDER BY device, package", {},
                  [&](const Row& row) { visit(row.integer(0), static_cast<PackageNumber>(row.integer(1))); });
}

Result<std::map<PackageNumber, InstalledRow>> installed_of(Connection& db, std::int64_t device) {
  std::map<PackageNumber, InstalledRow> out;
  LUY_TRY_VOID(
      db.query("SELECT package, installed_at, first_seen, installed_by FROM inventory_installed WHERE device = $1",
               {device}, [&](const Row& row) {
                 out[static_cast<PackageNumber>(row.integer(0))] = {maybe_time(row, 1), from_millis(row.integer(2)),
                                                                    std::string(row.text(3))};
               }));
  return out;
}

Result<void> each_approval(Connection& db, const std::function<void(Approval)>& visit) {
  return db.query("SELECT " + std::string(approval_columns) + " FROM inventory_approval ORDER BY id", {},
                  [&](const Row& row) { visit(approval_from(row)); });
}

Result<std::optional<Approval>> find_approval(Connection& db, const ApprovalId& id) {
  std::optional<Approval> out;
  LUY_TRY_VOID(db.query("SELECT " + std::string(approval_columns) + " FROM inventory_approval WHERE id = $1",
                        {id.text()}, [&](const Row& row) { out = approval_from(row); }));
  return out;
}

Result<void> load_wifi(Connection& db, WifiBook& book) {
  LUY_TRY_VOID(
      db.query("SELECT agency, ssid, security, key_changed_on, note, registered_at, place, owner, bssids, "
               "key_before_at FROM inventory_wifi",
               {}, [&](const Row& row) {
                 WifiEdit edit;
                 edit.agency = AgencyId::trusted(row.text(0));
                 edit.ssid = row.text(1);
                 edit.security = row.text(2);
                 edit.key_changed_on = maybe_day(row, 3);
                 edit.note = row.text(4);
                 edit.place = row.text(6);
                 edit.owner = row.text(7);
                 edit.bssids = words(row.text(8));
                 book.record(edit, from_millis(row.integer(5)), maybe_time(row, 9));
               }));
  return db.query(
      "SELECT agency, ssid, device, security, seen_at, key_changed_at, seq, method, fingerprint, key_since "
      "FROM inventory_wifi_seen",
      {}, [&](const Row& row) {
        book.see({AgencyId::trusted(row.text(0)), std::string(row.text(1))}, DeviceId::trusted(row.text(2)),
                 {std::string(row.text(3)), from_millis(row.integer(4)), maybe_time(row, 5), seq_at(row, 6),
                  std::string(row.text(7)), std::string(row.text(8)), maybe_time(row, 9)});
      });
}

Result<std::vector<HistoryEntry>> history_of(Connection& db, std::int64_t device, std::size_t limit) {
  std::vector<HistoryEntry> out;
  LUY_TRY_VOID(
      db.query("SELECT at, kind, seq, is_first, added, removed, updated FROM inventory_history WHERE device = $1 "
               "ORDER BY number DESC LIMIT $2",
               {device, static_cast<std::int64_t>(limit)}, [&](const Row& row) {
                 out.push_back({from_millis(row.integer(0)), kind_at(row, 1), seq_at(row, 2), row.integer(3) != 0,
                                row.integer(4), row.integer(5), row.integer(6)});
               }));
  return out;
}

Result<std::map<std::int64_t, std::int64_t>> history_ends(Connection& db) {
  std::map<std::int64_t, std::int64_t> out;
  LUY_TRY_VOID(db.query("SELECT device, max(number) FROM inventory_history GROUP BY device", {},
                        [&](const Row& row) { out[row.integer(0)] = row.integer(1); }));
  return out;
}

}  // namespace luy::inventory::tables
