#include <array>

#include "backup/key_book.h"

namespace luy::backup {
namespace {

constexpr std::array<records::Migration, 1> tables = {{{"backup", 1, R"sql(
CREATE TABLE backup_key (                 -- What a device's repositories are opened with.
  device TEXT PRIMARY KEY,
  sealed TEXT NOT NULL,                   -- Base 64: nonce, key under AES-256-GCM, tag.
  made_at BIGINT NOT NULL                 -- Microseconds UTC, as all times here.
);
CREATE TABLE backup_outcome (             -- What devices told of requests.
  device TEXT NOT NULL,
  request TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  told TEXT NOT NULL,                     -- JSON, docs/format/orders.md.
  seq BIGINT NOT NULL,                    -- Of the evidence record that holds it.
  PRIMARY KEY (device, request)
);
CREATE TABLE backup_handover (            -- Who gave which medium to whom.
  id TEXT PRIMARY KEY,
  medium TEXT NOT NULL,
  given_by TEXT NOT NULL,
  taken_by TEXT NOT NULL,
  place TEXT NOT NULL,
  note TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  by_name TEXT NOT NULL
);
CREATE INDEX backup_handover_medium ON backup_handover (medium, at_us);
)sql"}}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

}  // namespace luy::backup
