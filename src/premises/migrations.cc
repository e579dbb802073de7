// The tables of the registers. Days are "2026-11-23", times microseconds UTC.
#include <array>

#include "premises/equipment_book.h"

namespace luy::premises {
namespace {

constexpr std::string_view first = R"sql(
CREATE TABLE premises_equipment (         -- Network and storage devices that run no agent.
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  device TEXT NOT NULL,                   -- Its place in the inventory.
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  place TEXT NOT NULL,
  custodian TEXT NOT NULL,
  address TEXT NOT NULL,
  mac TEXT NOT NULL,
  firmware TEXT NOT NULL,
  support_ends_on TEXT,
  note TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  registered_at_us BIGINT NOT NULL,
  retired_at_us BIGINT,
  retire_reason TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE premises_rotation (          -- That passwords of one were changed; never a password.
  id TEXT PRIMARY KEY,
  equipment TEXT NOT NULL REFERENCES premises_equipment (id),
  changed_on TEXT NOT NULL,
  next_due_on TEXT,
  accounts TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_at_us BIGINT NOT NULL
);
CREATE TABLE premises_air_mark (          -- Wireless networks of which somebody said whose they are.
  agency TEXT NOT NULL,
  ssid TEXT NOT NULL,
  bssid TEXT NOT NULL,
  note TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (agency, ssid, bssid)
);
CREATE TABLE premises_told (              -- Conditions that a finding told of and that hold since.
  what TEXT PRIMARY KEY,
  at_us BIGINT NOT NULL
);
)sql";

constexpr std::array<records::Migration, 1> all = {{{"premises", 1, first}}};

}  // namespace

std::span<const records::Migration> migrations() {
  return all;
}

}  // namespace luy::premises
