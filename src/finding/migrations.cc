#include <array>

#include "finding/book.h"

namespace luy::finding {
namespace {

constexpr std::array<records::Migration, 5> tables = {{
    {"finding", 1, R"sql(
CREATE TABLE finding (                    -- Times in microseconds UTC.
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  rule TEXT,
  rule_title TEXT,
  rule_origin TEXT,
  group_key TEXT NOT NULL,
  severity TEXT NOT NULL,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  story_vi TEXT NOT NULL,
  story_en TEXT NOT NULL,
  agency TEXT NOT NULL,
  device TEXT,
  entities TEXT NOT NULL,                 -- [["address","203.0.113.7"],…]
  count BIGINT NOT NULL,
  members BIGINT NOT NULL,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  grown_at BIGINT NOT NULL,
  due_at BIGINT,
  state TEXT NOT NULL,
  looked_at BIGINT,
  state_by TEXT NOT NULL,
  state_at BIGINT,
  reason TEXT NOT NULL,
  act TEXT NOT NULL
);
CREATE TABLE finding_member (             -- Numbers of evidence records.
  finding TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (finding, seq)
);
CREATE TABLE finding_history (
  finding TEXT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (finding, number)
);
CREATE TABLE finding_hit (                -- Events per rule and day of Asia/Ho_Chi_Minh.
  rule TEXT NOT NULL,
  day BIGINT NOT NULL,
  count BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (rule, day)
);
CREATE TABLE finding_progress (           -- Up to where a reader of the evidence has reported.
  reader TEXT NOT NULL PRIMARY KEY,
  next_seq BIGINT NOT NULL
);
CREATE TABLE finding_switch (             -- Rules switched by hand.
  rule TEXT NOT NULL PRIMARY KEY,
  enabled BIGINT NOT NULL,
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE finding_exception (
  id TEXT NOT NULL PRIMARY KEY,
  rule TEXT NOT NULL,
  agency TEXT,                            -- NULL: everywhere.
  filter TEXT NOT NULL,                   -- YAML of a selection.
  reason TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE TABLE finding_local_rule (         -- All versions; the newest counts.
  rule TEXT NOT NULL,
  version BIGINT NOT NULL,
  yaml TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (rule, version)
);
CREATE TABLE finding_revision (           -- One row: grows with every change of rules.
  number BIGINT NOT NULL PRIMARY KEY
);
INSERT INTO finding_revision (number) VALUES (1);
CREATE TABLE finding_run (                -- Rules run over kept evidence.
  id TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  body TEXT NOT NULL,                     -- JSON: what was asked for and how far it got.
  at BIGINT NOT NULL
);
)sql"},
    {"finding", 2, R"sql(
CREATE TABLE finding_package (            -- Rule packages that were imported; the newest counts.
  number BIGINT NOT NULL PRIMARY KEY,
  file TEXT NOT NULL,                     -- In the folder rules/ of the data folder.
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL
);
)sql"},
    {"finding", 3, R"sql(
CREATE INDEX finding_member_by_seq ON finding_member (seq);
)sql"},
    {"finding", 4, R"sql(
CREATE TABLE finding_source (             -- Log sources that came, by the labels of pipelines.
  subject TEXT NOT NULL,                  -- The device's id; the agency's where no device is known.
  category TEXT NOT NULL,
  product TEXT NOT NULL,
  service TEXT NOT NULL,
  last BIGINT NOT NULL,
  seq BIGINT NOT NULL,                    -- Of a record of that day.
  PRIMARY KEY (subject, category, product, service)
);
)sql"},
    {"finding", 5, R"sql(
CREATE TABLE finding_search (             -- Searches that people keep.
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  agency TEXT NOT NULL,                   -- Empty: every one in which the owner may search.
  owner TEXT NOT NULL,
  owner_name TEXT NOT NULL,
  shared BIGINT NOT NULL,
  alert_over BIGINT,                      -- NULL: nothing is watched.
  alert_seconds BIGINT NOT NULL,
  alert_by TEXT NOT NULL,
  alert_severity TEXT NOT NULL,
  version BIGINT NOT NULL,
  last_alert_at BIGINT                    -- Microseconds UTC.
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

Result<void> forget_evidence(records::Connection& connection) {
  for (const char* const sql : {
           "DELETE FROM finding_member",
           "DELETE FROM finding_progress",
           "DELETE FROM finding_run",
           "DELETE FROM finding_source",
           "UPDATE finding SET members = 0, first_seq = 0, last_seq = 0, act = ''",
       }) {
    LUY_TRY_VOID(connection.run(sql));
  }
  return {};
}

}  // namespace luy::finding
