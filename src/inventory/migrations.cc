#include <array>

#include "inventory/inventory.h"
#include "inventory/store/tables.h"

namespace luy::inventory {
namespace {

constexpr std::string_view first = R"sql(
CREATE TABLE inventory_progress (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE inventory_device (
  number BIGINT NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, agency TEXT NOT NULL, identity_key TEXT NOT NULL,
  name TEXT NOT NULL, class TEXT NOT NULL, class_set BIGINT NOT NULL, place TEXT NOT NULL, person TEXT NOT NULL,
  enrolled_at BIGINT NOT NULL, last_seen BIGINT, last_seq BIGINT NOT NULL, retired_at BIGINT,
  rejected BIGINT NOT NULL, rejected_seq BIGINT NOT NULL, rejected_error TEXT NOT NULL);
CREATE UNIQUE INDEX inventory_device_key ON inventory_device (identity_key) WHERE retired_at IS NULL;
CREATE TABLE inventory_fact (
  device BIGINT NOT NULL, kind TEXT NOT NULL, collected_at BIGINT NOT NULL, received_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL, method TEXT NOT NULL, seq BIGINT NOT NULL, content BIGINT NOT NULL,
  stable BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (device, kind));
CREATE TABLE inventory_history (
  device BIGINT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, seq BIGINT NOT NULL,
  is_first BIGINT NOT NULL, added BIGINT NOT NULL, removed BIGINT NOT NULL, updated BIGINT NOT NULL,
  PRIMARY KEY (device, number));
CREATE TABLE inventory_package (
  number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, architecture TEXT NOT NULL,
  first_seen BIGINT NOT NULL, UNIQUE (name, version, architecture));
CREATE TABLE inventory_installed (
  device BIGINT NOT NULL, package BIGINT NOT NULL, installed_at BIGINT, first_seen BIGINT NOT NULL,
  PRIMARY KEY (device, package));
CREATE TABLE inventory_approval (
  id TEXT NOT NULL PRIMARY KEY, agency TEXT NOT NULL, product TEXT NOT NULL, versions TEXT NOT NULL,
  classes TEXT NOT NULL, expires_on TEXT, note TEXT NOT NULL, approved_by TEXT NOT NULL, approved_at BIGINT NOT NULL,
  withdrawn_at BIGINT);
CREATE TABLE inventory_wifi (
  agency TEXT NOT NULL, ssid TEXT NOT NULL, security TEXT NOT NULL, key_changed_on TEXT, note TEXT NOT NULL,
  registered_at BIGINT NOT NULL, PRIMARY KEY (agency, ssid));
CREATE TABLE inventory_wifi_seen (
  agency TEXT NOT NULL, ssid TEXT NOT NULL, device TEXT NOT NULL, security TEXT NOT NULL, seen_at BIGINT NOT NULL,
  key_changed_at BIGINT, seq BIGINT NOT NULL, method TEXT NOT NULL, PRIMARY KEY (agency, ssid, device));
)sql";

// Who has the device, of the people the directory knows.
constexpr std::string_view second = "ALTER TABLE inventory_device ADD COLUMN person_id TEXT;";

// What allows the use of what is approved, and who installed what is there.
constexpr std::string_view third = R"sql(
ALTER TABLE inventory_approval ADD COLUMN licence_kind TEXT;
ALTER TABLE inventory_approval ADD COLUMN licence_seats BIGINT;
ALTER TABLE inventory_approval ADD COLUMN licence_expires_on TEXT;
ALTER TABLE inventory_installed ADD COLUMN installed_by TEXT NOT NULL DEFAULT '';
)sql";

// Where a wireless network is and whose; what its clients' fingerprints of the key say of a recorded change.
constexpr std::string_view fourth = R"sql(
ALTER TABLE inventory_wifi ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE inventory_wifi ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE inventory_wifi ADD COLUMN bssids TEXT NOT NULL DEFAULT '';
ALTER TABLE inventory_wifi ADD COLUMN key_before_at BIGINT;
ALTER TABLE inventory_wifi_seen ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';
ALTER TABLE inventory_wifi_seen ADD COLUMN key_since BIGINT;
)sql";

// What a package was built from: vulnerabilities are listed by it.
constexpr std::string_view sources =
    "CREATE TABLE inventory_source (package BIGINT NOT NULL PRIMARY KEY, source TEXT NOT NULL, version TEXT NOT NULL);";

constexpr std::array<records::Migration, 5> all = {{{"inventory", 1, first},
                                                    {"inventory", 2, second},
                                                    {"inventory", 3, third},
                                                    {"inventory", 4, fourth},
                                                    {"inventory", 5, sources}}};

}  // namespace

std::span<const records::Migration> migrations() {
  return all;
}

Result<std::uint64_t> applied_records(records::Connection& connection) {
  return tables::load_next_seq(connection);
}

Result<void> forget_evidence(records::Connection& connection) {
  for (const char* const sql : {
           "DELETE FROM inventory_fact",
           "DELETE FROM inventory_installed",
           "DELETE FROM inventory_wifi_seen",
           "DELETE FROM inventory_progress WHERE name = 'next_seq'",
           "UPDATE inventory_history SET seq = 0",
           "UPDATE inventory_device SET last_seen = NULL, last_seq = 0, rejected = 0, rejected_seq = 0",
       }) {
    LUY_TRY_VOID(connection.run(sql));
  }
  return {};
}

}  // namespace luy::inventory
