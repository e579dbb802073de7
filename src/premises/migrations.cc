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

// Devices for state secrets: which there are and where, never what is on them.
constexpr std::string_view second = R"sql(
CREATE TABLE premises_secret (
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  label TEXT NOT NULL,
  serial TEXT NOT NULL,
  macs TEXT NOT NULL,                     -- Blanks between them.
  purpose TEXT NOT NULL,
  room TEXT NOT NULL,
  holder TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  registered_at_us BIGINT NOT NULL,
  retired_at_us BIGINT,
  retire_reason TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE premises_secret_move (
  id TEXT PRIMARY KEY,
  device TEXT NOT NULL REFERENCES premises_secret (id),
  state BIGINT NOT NULL,                  -- In the order of Move::State.
  from_room TEXT NOT NULL,
  from_holder TEXT NOT NULL,
  to_room TEXT NOT NULL,
  to_holder TEXT NOT NULL,
  planned_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_by_account TEXT NOT NULL,
  asked_at_us BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at_us BIGINT,
  decision_note TEXT NOT NULL,
  seal TEXT NOT NULL,
  witness TEXT NOT NULL,
  moved_at_us BIGINT,
  signed_on TEXT
);
CREATE TABLE premises_secret_code (       -- For one look each; gone when the report is there.
  device TEXT PRIMARY KEY REFERENCES premises_secret (id),
  code TEXT NOT NULL,                     -- Hexadecimal.
  issued_at_us BIGINT NOT NULL
);
CREATE TABLE premises_secret_check (
  id TEXT PRIMARY KEY,
  device TEXT NOT NULL REFERENCES premises_secret (id),
  summary TEXT NOT NULL,
  problems TEXT NOT NULL,                 -- Blanks between them.
  room TEXT NOT NULL,
  entered_by TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  report TEXT NOT NULL                    -- As it was typed.
);
CREATE TABLE premises_secret_sighting (
  device TEXT NOT NULL REFERENCES premises_secret (id),
  source TEXT NOT NULL,
  by_what TEXT NOT NULL,
  first_us BIGINT NOT NULL,
  last_us BIGINT NOT NULL,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  count BIGINT NOT NULL,
  closed_at_us BIGINT,
  closed_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (device, source, first_seq)
);
CREATE TABLE premises_progress (          -- How far the evidence was read.
  reader TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);
)sql";

// Machines seen on networks that stand nowhere, and what was said of them.
constexpr std::string_view third = R"sql(
CREATE TABLE premises_stranger (
  agency TEXT NOT NULL,
  mac TEXT NOT NULL,
  addresses TEXT NOT NULL,                -- Blanks between them,
  name TEXT NOT NULL,
  seen_by TEXT NOT NULL,                  -- as here, of devices.
  first_us BIGINT NOT NULL,
  last_us BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,                     -- '' until somebody said what it is.
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL,
  decided_at_us BIGINT,
  PRIMARY KEY (agency, mac)
);
)sql";

// Address plans and links to other networks; what was removed stays.
constexpr std::string_view fourth = R"sql(
CREATE TABLE premises_subnet (
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  range TEXT NOT NULL,                    -- "10.56.1.0/24"
  purpose TEXT NOT NULL,
  gateway TEXT NOT NULL,
  vlan BIGINT,
  dedicated BIGINT NOT NULL,
  agreed_with TEXT NOT NULL,
  agreed_on TEXT,
  document TEXT NOT NULL,
  note TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at_us BIGINT NOT NULL,
  removed_at_us BIGINT,
  version BIGINT NOT NULL
);
CREATE TABLE premises_line (
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  provider TEXT NOT NULL,
  mbps BIGINT NOT NULL,
  exits TEXT NOT NULL,                    -- Blanks between them.
  router TEXT NOT NULL,
  terms TEXT NOT NULL,
  note TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  told_change_us BIGINT NOT NULL,
  noticed_on TEXT,
  notice_document TEXT NOT NULL,
  noticed_at_us BIGINT,
  ended_at_us BIGINT,
  end_reason TEXT NOT NULL,
  version BIGINT NOT NULL
);
)sql";

constexpr std::array<records::Migration, 4> all = {
    {{"premises", 1, first}, {"premises", 2, second}, {"premises", 3, third}, {"premises", 4, fourth}}};

}  // namespace

std::span<const records::Migration> migrations() {
  return all;
}

}  // namespace luy::premises
