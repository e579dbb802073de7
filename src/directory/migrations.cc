// The tables of the directory. Times are milliseconds UTC unless the name says otherwise; days are days since
// 1970-01-01.
#include <array>

#include "directory/audit.h"

namespace luy::directory {
namespace {

constexpr std::array<records::Migration, 1> list = {{
    {"directory", 1, R"sql(
CREATE TABLE agency (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  code_key TEXT NOT NULL UNIQUE,          -- The code in lower case.
  name TEXT NOT NULL,
  header_name TEXT NOT NULL,              -- As the head of a document has it.
  kind TEXT NOT NULL,
  superior TEXT REFERENCES agency (id),
  valid_from_day BIGINT NOT NULL,
  valid_to_day BIGINT,                    -- The last day, inclusive.
  CHECK (valid_to_day IS NULL OR valid_to_day >= valid_from_day)
);
CREATE INDEX agency_superior ON agency (superior);

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  agency TEXT NOT NULL REFERENCES agency (id),
  name TEXT NOT NULL
);

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  username TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,      -- The user name in lower case.
  enabled BIGINT NOT NULL,
  password_hash TEXT NOT NULL,
  password_set_at BIGINT NOT NULL,
  must_change_password BIGINT NOT NULL,   -- 1 while the password is the issued one.
  one_time_until BIGINT,                  -- When an issued password ends.
  created_at BIGINT NOT NULL,
  last_sign_in BIGINT
);

CREATE TABLE role_grant (
  account TEXT NOT NULL REFERENCES account (id),
  role TEXT NOT NULL,
  agency TEXT NOT NULL REFERENCES agency (id),
  PRIMARY KEY (account, role, agency)
);

CREATE TABLE session (
  token_sha256 BLOB PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  created_at BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE sign_in_failure (
  subject TEXT PRIMARY KEY,               -- "account:<SHA-256 of the name typed>" or "address:<address>".
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);
CREATE INDEX sign_in_failure_last_at ON sign_in_failure (last_at);

CREATE TABLE audit_counter (last BIGINT NOT NULL);
INSERT INTO audit_counter (last) VALUES (0);
CREATE TABLE audit_entry (
  number BIGINT PRIMARY KEY,
  at_us BIGINT NOT NULL,                  -- Microseconds UTC.
  body TEXT NOT NULL
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return list;
}

}  // namespace luy::directory
