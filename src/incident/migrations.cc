#include <array>

#include "incident/case_book.h"

namespace luy::incident {
namespace {

constexpr std::array<records::Migration, 8> tables = {{
    {"incident", 1, R"sql(
CREATE TABLE incident_counter (           -- Last number given: of cases, reports, papers, by row and year.
  name TEXT NOT NULL PRIMARY KEY,         -- "case|2026", "paper|<agency>|BB|2026"
  last BIGINT NOT NULL
);
CREATE TABLE incident_case (              -- Times in microseconds UTC.
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  agency TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  system TEXT NOT NULL,
  edition TEXT NOT NULL,
  state TEXT NOT NULL,
  state_since BIGINT NOT NULL,
  round BIGINT NOT NULL,
  classification TEXT NOT NULL,           -- JSON
  moments TEXT NOT NULL,                  -- JSON
  merged_into TEXT,
  opened_by TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  conflict_record TEXT NOT NULL           -- JSON of an information conflict; empty while the case is none.
);
CREATE INDEX incident_case_by_agency ON incident_case (agency, opened_at);
CREATE TABLE incident_entry (             -- The timeline.
  case_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  text_vi TEXT NOT NULL,
  text_en TEXT NOT NULL,
  data TEXT NOT NULL,                     -- JSON
  act TEXT NOT NULL,                      -- Name of the act in the audit trail; empty for the hub's own reminders.
  PRIMARY KEY (case_id, number)
);
CREATE TABLE incident_link (
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL,                     -- finding, report, case
  ref TEXT NOT NULL,
  through TEXT,                           -- The merged case it came with.
  PRIMARY KEY (case_id, kind, ref)
);
CREATE INDEX incident_link_by_ref ON incident_link (kind, ref);
CREATE TABLE incident_part (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  round BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  body TEXT NOT NULL                      -- JSON
);
CREATE INDEX incident_part_by_case ON incident_part (case_id, at, id);
CREATE TABLE incident_paper (
  id TEXT NOT NULL PRIMARY KEY,
  case_id TEXT NOT NULL,
  form TEXT NOT NULL,
  round BIGINT NOT NULL,
  state TEXT NOT NULL,                    -- draft, issued, signed
  number BIGINT NOT NULL,                 -- 0 while it is a draft.
  notation TEXT NOT NULL,
  data TEXT NOT NULL,                     -- JSON of paper::PaperData
  made_at BIGINT NOT NULL,
  issued_at BIGINT,
  pdf TEXT NOT NULL,                      -- SHA-256 of the issued file; empty while it is a draft.
  signed_pdf TEXT NOT NULL,               -- SHA-256 of the signed file; empty before.
  signers TEXT NOT NULL,                  -- JSON: those whose signature was valid.
  deliveries TEXT NOT NULL                -- JSON
);
CREATE INDEX incident_paper_by_case ON incident_paper (case_id, made_at, id);
CREATE TABLE incident_report (            -- What staff report.
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  code_hash TEXT NOT NULL,                -- SHA-256 of the secret code it is followed with.
  agency TEXT NOT NULL,
  body TEXT NOT NULL,                     -- JSON
  reported_at BIGINT NOT NULL,
  received_at BIGINT,
  received_by TEXT NOT NULL,
  state TEXT NOT NULL,                    -- fresh, received, in_case, declined
  case_id TEXT,
  answer TEXT NOT NULL,                   -- Told to the one who reported.
  received_act TEXT NOT NULL              -- Name of the receipt in the audit trail; empty before.
);
CREATE INDEX incident_report_by_state ON incident_report (state, reported_at);
CREATE TABLE incident_warning (
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,                     -- JSON
  due_at BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  issued_by TEXT NOT NULL,
  act TEXT NOT NULL
);
CREATE TABLE incident_warning_receiver (
  warning TEXT NOT NULL,
  agency TEXT NOT NULL,
  body TEXT NOT NULL,                     -- JSON: read, acted, reported.
  PRIMARY KEY (warning, agency)
);
CREATE TABLE incident_signer (            -- Certificates that people sign with.
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,       -- SHA-256 of the DER.
  subject TEXT NOT NULL,
  serial TEXT NOT NULL,
  issuer TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  not_after BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  added_by TEXT NOT NULL
);
)sql"},
    {"incident", 2, R"sql(
CREATE TABLE incident_form (              -- Texts of forms, the pack's and those made of them; never deleted.
  id TEXT NOT NULL,
  version BIGINT NOT NULL,                -- From 1 in each form.
  yaml TEXT NOT NULL,
  own BIGINT NOT NULL,                    -- 0: the pack's text.
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (id, version)
);
ALTER TABLE incident_paper ADD COLUMN form_version BIGINT NOT NULL DEFAULT 1;  -- It was begun with.
)sql"},
    // What the town office did: {"receipt": {"at", "by", "act"}, "assignee": {"account", "name"}}, each when there is
    // one.
    {"incident", 3, R"sql(
ALTER TABLE incident_case ADD COLUMN town TEXT NOT NULL DEFAULT '{}';
ALTER TABLE incident_report ADD COLUMN town TEXT NOT NULL DEFAULT '{}';
)sql"},
    {"incident", 4, R"sql(
ALTER TABLE incident_paper ADD COLUMN office TEXT NOT NULL DEFAULT '';  -- JSON of what owns it when case_id is empty.
ALTER TABLE incident_paper ADD COLUMN ties TEXT NOT NULL DEFAULT '';    -- JSON: whose account stands in a named place.
)sql"},
    {"incident", 5, R"sql(
CREATE TABLE incident_system (            -- The register of information systems.
  id TEXT NOT NULL PRIMARY KEY,
  agency TEXT NOT NULL,
  name_key TEXT NOT NULL,                 -- The name, folded: once in each agency among those in use.
  body TEXT NOT NULL,                     -- JSON
  retired_at BIGINT
);
CREATE INDEX incident_system_by_name ON incident_system (agency, name_key);
ALTER TABLE incident_case ADD COLUMN system_id TEXT;  -- Of incident_system, where somebody chose it.
)sql"},
    {"incident", 6, R"sql(
CREATE TABLE incident_contact (           -- Whom the town office reaches.
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,                     -- JSON
  added_at BIGINT NOT NULL,
  added_by TEXT NOT NULL,
  reached_since BIGINT NOT NULL,          -- Since when person and channels are as they are.
  verified_at BIGINT,
  verified_by TEXT NOT NULL,
  verified_how TEXT NOT NULL
);
)sql"},
    {"incident", 7, R"sql(
CREATE TABLE incident_inbound (           -- Warnings from outside.
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,                     -- JSON
  registered_at BIGINT NOT NULL,
  state TEXT NOT NULL,                    -- fresh, handled, no_action
  act TEXT NOT NULL                       -- Name of the registration in the audit trail.
);
)sql"},
    {"incident", 8, R"sql(
CREATE TABLE incident_provider_request (  -- What is asked of telecom, IT and Internet companies.
  id TEXT NOT NULL PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  agency TEXT NOT NULL,                   -- That asks.
  state TEXT NOT NULL,
  due BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  act TEXT NOT NULL,                      -- Name of the asking in the audit trail.
  body TEXT NOT NULL                      -- JSON
);
CREATE TABLE incident_provider_account (  -- Who may see and answer it.
  account TEXT NOT NULL,
  request TEXT NOT NULL,
  PRIMARY KEY (account, request)
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

}  // namespace luy::incident
