#include <array>

#include "intake/sender_book.h"

namespace luy::intake {
namespace {

constexpr std::array<records::Migration, 1> tables = {{
    {"intake", 1, R"sql(
CREATE TABLE intake_sender (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,                     -- "address", "certificate", "token"
  key TEXT NOT NULL,
  about TEXT NOT NULL,
  state TEXT NOT NULL,                    -- "waiting", "approved", "refused"
  device TEXT,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT,
  records BIGINT NOT NULL,
  dropped BIGINT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT,
  held_dropped BIGINT NOT NULL,           -- Lines that had no room while the sender waited.
  UNIQUE (kind, key)
);
CREATE TABLE intake_held (
  sender TEXT NOT NULL,
  number BIGINT NOT NULL,
  received BIGINT NOT NULL,               -- Microseconds UTC.
  transport BIGINT NOT NULL,
  stream TEXT NOT NULL,
  raw BLOB NOT NULL,
  PRIMARY KEY (sender, number)
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

}  // namespace luy::intake
