#include <array>

#include "custody/medium_book.h"

namespace luy::custody {
namespace {

constexpr std::array<records::Migration, 4> tables = {{
    {"custody", 1, R"sql(
CREATE TABLE custody_medium (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  serial TEXT NOT NULL,
  uuid TEXT NOT NULL,
  label TEXT NOT NULL,
  custodian TEXT NOT NULL,
  place TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  registered_at BIGINT NOT NULL,         -- Microseconds UTC, as all times here.
  retired_at BIGINT,
  retire_reason TEXT NOT NULL,
  last_check_at BIGINT,
  check_fault TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE custody_copy (
  medium TEXT NOT NULL,
  day TEXT NOT NULL,                     -- "2026-11-22"
  sha256 TEXT NOT NULL,                  -- Of the file as it was copied.
  bytes BIGINT NOT NULL,
  copied_at BIGINT NOT NULL,
  copied_by TEXT NOT NULL,
  checked_at BIGINT NOT NULL,
  sound BIGINT NOT NULL,
  seq BIGINT NOT NULL,                   -- Of the evidence record that names it.
  PRIMARY KEY (medium, day)
);
CREATE TABLE custody_disk (              -- How full the disk was at the end of each day.
  day TEXT PRIMARY KEY,
  used_bytes BIGINT NOT NULL
);
)sql"},
    {"custody", 2, R"sql(
CREATE TABLE custody_rule (
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,                  -- Empty: all.
  class TEXT NOT NULL,                   -- Empty: all.
  keep_days BIGINT NOT NULL,
  erase_after_days BIGINT,
  reason TEXT NOT NULL,
  decided_by TEXT NOT NULL,              -- JSON: names.
  decided_at BIGINT NOT NULL,
  UNIQUE (agency, class)
);
CREATE TABLE custody_erased_day (        -- What rules have erased of a day that is still there.
  day TEXT PRIMARY KEY,
  what TEXT NOT NULL                     -- A line "<agency>/<class>" for each.
);
CREATE TABLE custody_erasure (
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  reason TEXT NOT NULL,
  legal_basis TEXT NOT NULL,
  seqs TEXT NOT NULL,                    -- JSON, as the lists below.
  days TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  done_days TEXT NOT NULL,
  note_seqs TEXT NOT NULL,               -- The evidence records that say so.
  done_at BIGINT,
  problem TEXT NOT NULL
);
)sql"},
    {"custody", 3, R"sql(
CREATE TABLE custody_silence (
  device TEXT NOT NULL,
  agency TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  ended_at BIGINT,
  began_seq BIGINT NOT NULL,             -- The evidence records that say so.
  ended_seq BIGINT
);
CREATE INDEX custody_silence_device ON custody_silence (device, ended_at);
CREATE INDEX custody_silence_began ON custody_silence (began_at);
)sql"},
    {"custody", 4, R"sql(
ALTER TABLE custody_copy ADD COLUMN cosigned_by TEXT NOT NULL DEFAULT '[]';  -- JSON: names.
ALTER TABLE custody_copy ADD COLUMN stamped BIGINT NOT NULL DEFAULT 0;
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

}  // namespace luy::custody
