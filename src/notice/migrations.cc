#include <array>

#include "notice/setup.h"

namespace luy::notice {
namespace {

// Times in microseconds UTC.
constexpr std::array<records::Migration, 2> tables = {{
    {"notice", 1, R"sql(
CREATE TABLE notice_setting (
  id BIGINT NOT NULL PRIMARY KEY,         -- 1.
  body TEXT NOT NULL,                     -- JSON of Settings; no secret.
  changed_at BIGINT NOT NULL,
  mail_since BIGINT                       -- Since when mail is on.
);
CREATE TABLE notice_webhook (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,                     -- JSON of WebhookSettings.
  since BIGINT NOT NULL,                  -- What happened before is not told.
  secret TEXT,
  secret_at BIGINT,
  previous TEXT,                          -- The secret before,
  previous_until BIGINT                   -- which signs, too, until then.
);
CREATE TABLE notice_choice (
  person TEXT NOT NULL,
  kind TEXT NOT NULL,
  how TEXT NOT NULL,
  PRIMARY KEY (person, kind)
);
CREATE TABLE notice_event (
  id TEXT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  agency TEXT NOT NULL,
  at BIGINT NOT NULL,
  title_vi TEXT NOT NULL,
  title_en TEXT NOT NULL,
  obligation TEXT NOT NULL,
  due BIGINT,
  path TEXT NOT NULL
);
CREATE TABLE notice_item (
  id TEXT NOT NULL PRIMARY KEY,
  event TEXT NOT NULL,
  channel TEXT NOT NULL,
  person TEXT,
  webhook TEXT,
  state TEXT NOT NULL,
  digest BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  since BIGINT NOT NULL,                  -- When it was to go first.
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  done_at BIGINT,
  problem_vi TEXT NOT NULL,
  problem_en TEXT NOT NULL
);
CREATE INDEX notice_item_due ON notice_item (state, channel, next_at);
CREATE INDEX notice_item_event ON notice_item (event);
CREATE INDEX notice_item_person ON notice_item (person, state);
CREATE TABLE notice_place (               -- Networks from which accounts were used.
  account TEXT NOT NULL,
  network TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  PRIMARY KEY (account, network)
);
)sql"},
    {"notice", 2, R"sql(
CREATE TABLE notice_language (            -- Of the mails to a person who chose one.
  person TEXT NOT NULL PRIMARY KEY,
  language TEXT NOT NULL                  -- vi, en
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

}  // namespace luy::notice
