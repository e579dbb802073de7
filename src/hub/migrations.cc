#include "hub/migrations.h"

#include <array>

namespace luy::hub {
namespace {

constexpr std::array<records::Migration, 4> tables = {{
    {"hub", 1, R"sql(
CREATE TABLE hub_token (
  hash TEXT PRIMARY KEY,                  -- SHA-256 of the token, hexadecimal.
  agency TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  device TEXT
);
CREATE TABLE hub_certificate (
  serial TEXT PRIMARY KEY,                -- Hexadecimal.
  device TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_why TEXT
);
CREATE INDEX hub_certificate_device ON hub_certificate (device);
CREATE TABLE hub_setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
)sql"},
    {"hub", 2, R"sql(
CREATE TABLE hub_day (                    -- What the newest verification of a closed day of evidence found.
  day TEXT PRIMARY KEY,                   -- "2026-11-22"
  file_bytes BIGINT NOT NULL,             -- Of the file as it was verified; 0: it was not there.
  file_time BIGINT NOT NULL,              -- Its time of change, nanoseconds since 1970.
  size BIGINT NOT NULL,                   -- Of the tree at the day's end when it was first found sound; 0: never.
  root TEXT NOT NULL,                     -- Its root, hexadecimal.
  checked_at BIGINT NOT NULL,
  fault_vi TEXT NOT NULL,                 -- Empty when sound.
  fault_en TEXT NOT NULL
);
CREATE TABLE hub_day_note (
  day TEXT NOT NULL,
  agency TEXT NOT NULL,
  seq BIGINT NOT NULL,                    -- Number of the evidence record that says so to the agency.
  PRIMARY KEY (day, agency)
);
)sql"},
    {"hub", 3, R"sql(
CREATE TABLE hub_proof (                  -- Where in the evidence the proofs of verdicts lie.
  key TEXT PRIMARY KEY,                   -- "logs:<device>:<day>", "act:<act>:<account>", "of:<act of the inventory>".
  seq BIGINT NOT NULL,
  at_us BIGINT NOT NULL,                  -- Microseconds UTC.
  detail TEXT NOT NULL,
  of_day BIGINT NOT NULL                  -- 1: of a device's day; goes when it is old.
);
DELETE FROM hub_setting WHERE name LIKE 'seq:%';
)sql"},
    {"hub", 4, R"sql(
CREATE TABLE hub_witness (                -- Who cosigns the evidence of this hub.
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  url TEXT NOT NULL,                      -- Its submission prefix.
  vkey TEXT NOT NULL UNIQUE,
  networks TEXT NOT NULL,                 -- A line each.
  ca_file TEXT NOT NULL,                  -- Empty: the authorities of the system.
  added_at BIGINT NOT NULL,
  origin TEXT NOT NULL,                   -- Of the evidence it cosigned last; another epoch begins anew.
  size BIGINT NOT NULL,                   -- What it saw last, as far as is known; 0: nothing.
  note TEXT NOT NULL,                     -- The newest note it cosigned; empty: none.
  cosigned_at BIGINT                      -- By its clock, microseconds.
);
CREATE TABLE hub_witness_origin (         -- Whose evidence this hub cosigns. What it saw of it, the signer keeps.
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  vkey TEXT NOT NULL,
  origin TEXT NOT NULL UNIQUE,
  certificates TEXT NOT NULL,             -- One after another (docs/format/signer.md).
  added_at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  seen_at BIGINT
);
CREATE TABLE hub_witness_proof (          -- Two histories of one log.
  id TEXT PRIMARY KEY,
  side TEXT NOT NULL,                     -- ours, theirs
  kind TEXT NOT NULL,                     -- rolled_back, forked, unproven
  origin TEXT NOT NULL,
  witness TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  cosigned TEXT NOT NULL,                 -- Empty: not known.
  submitted TEXT NOT NULL,
  UNIQUE (kind, cosigned, submitted)
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

}  // namespace luy::hub
