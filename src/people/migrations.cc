#include "people/migrations.h"

#include <array>

namespace luy::people {
namespace {

constexpr std::array<records::Migration, 4> tables = {{
    {"people", 1, R"sql(
CREATE TABLE people_account_link (        -- Whose an account on a device is.
  device TEXT NOT NULL,
  name TEXT NOT NULL,
  uid BIGINT NOT NULL,                    -- An account made anew under the name has another.
  person TEXT,                            -- Of a shared one perhaps nobody.
  kind TEXT NOT NULL,                     -- personal, service, shared
  administrator_until TEXT,               -- Day, inclusive.
  expires TEXT,                           -- Day, inclusive.
  reason TEXT NOT NULL,
  by_person TEXT NOT NULL,                -- Empty for a command on the server.
  by_name TEXT NOT NULL,
  at_us BIGINT NOT NULL,                  -- Microseconds UTC.
  act TEXT NOT NULL,                      -- As the audit trail knows it.
  PRIMARY KEY (device, name)
);
CREATE INDEX people_account_link_person ON people_account_link (person);
)sql"},
    {"people", 2, R"sql(
CREATE TABLE people_number (series TEXT NOT NULL PRIMARY KEY, last BIGINT NOT NULL);  -- "NV-2026": given last.
CREATE TABLE people_leave (               -- Cases of leavers and movers.
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL,
  person_name TEXT NOT NULL,
  kind TEXT NOT NULL,                     -- leave, move
  agency TEXT NOT NULL,                   -- That they leave.
  to_agency TEXT,
  last_day TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,                    -- planned, open, closed
  opened_at_us BIGINT NOT NULL,           -- Microseconds UTC, like every time here.
  opened_by TEXT NOT NULL,                -- A person; empty for a command on the server.
  opened_by_name TEXT NOT NULL,
  ended_at_us BIGINT,                     -- When access to the product ended.
  closed_at_us BIGINT,
  close_act TEXT NOT NULL                 -- Name of the closing in the audit trail.
);
CREATE INDEX people_leave_person ON people_leave (person);
CREATE INDEX people_leave_agency ON people_leave (agency);
CREATE TABLE people_leave_item (
  leave TEXT NOT NULL,
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,                      -- What it is, where the hub knows it.
  name TEXT NOT NULL,
  system TEXT NOT NULL,
  owner TEXT NOT NULL,                    -- The person who is to see to it.
  owner_name TEXT NOT NULL,
  state TEXT NOT NULL,                    -- open, done, waived
  done_at_us BIGINT,
  done_by TEXT NOT NULL,
  done_by_name TEXT NOT NULL,             -- Empty: the hub saw it.
  how TEXT NOT NULL,
  seq BIGINT                              -- Of the fact that showed it.
);
CREATE INDEX people_leave_item_of ON people_leave_item (leave);
)sql"},
    {"people", 3, R"sql(
CREATE TABLE people_setting (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE people_review (              -- Access reviews.
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  agency TEXT NOT NULL,
  below BIGINT NOT NULL,                  -- 1: with everything below the agency.
  opened_at_us BIGINT NOT NULL,
  due_us BIGINT NOT NULL,
  by_person TEXT NOT NULL,
  by_name TEXT NOT NULL,                  -- Empty: the hub opened it.
  closed_at_us BIGINT,
  close_act TEXT NOT NULL
);
CREATE INDEX people_review_agency ON people_review (agency);
CREATE TABLE people_review_line (
  review TEXT NOT NULL,
  id TEXT NOT NULL PRIMARY KEY,
  subject TEXT NOT NULL,                  -- JSON, as it stood when the review was opened.
  answer TEXT,                            -- keep, change, remove
  reason TEXT NOT NULL,
  by_person TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at_us BIGINT,
  done_at_us BIGINT                       -- Seen to have happened.
);
CREATE INDEX people_review_line_of ON people_review_line (review);
)sql"},
    {"people", 4, R"sql(
CREATE TABLE people_appointment (         -- Officers who answer for information security.
  id TEXT NOT NULL PRIMARY KEY,
  agency TEXT NOT NULL,
  person TEXT NOT NULL,
  person_name TEXT NOT NULL,
  decision TEXT NOT NULL,
  day TEXT NOT NULL,
  until TEXT,                             -- Inclusive.
  ended_at_us BIGINT,
  end_reason TEXT NOT NULL,
  act TEXT NOT NULL
);
CREATE TABLE people_training (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  person_name TEXT NOT NULL,
  agency TEXT NOT NULL,                   -- Where they worked then.
  topic TEXT NOT NULL,
  day TEXT NOT NULL,
  hours BIGINT NOT NULL,
  given_by TEXT NOT NULL,
  act TEXT NOT NULL
);
CREATE TABLE people_commitment_text (     -- Every version that was ever signed stays.
  id TEXT NOT NULL,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  months BIGINT NOT NULL,                 -- How long a signature holds.
  by_person TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (id, version)
);
CREATE TABLE people_commitment (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT,                            -- NULL: a company's.
  holder TEXT NOT NULL,
  agency TEXT NOT NULL,
  text TEXT NOT NULL,
  version BIGINT NOT NULL,
  system TEXT NOT NULL,
  paper TEXT NOT NULL,                    -- Number of a company's paper.
  paper_sha256 TEXT NOT NULL,
  signed_on TEXT NOT NULL,
  signed_at_us BIGINT NOT NULL,
  until TEXT,                             -- Inclusive.
  ended_at_us BIGINT,
  end_reason TEXT NOT NULL,
  act TEXT NOT NULL
);
CREATE INDEX people_commitment_person ON people_commitment (person);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

}  // namespace luy::people
