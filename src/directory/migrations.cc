// The tables of the directory. Times are milliseconds UTC unless the name says otherwise; days are days since
// 1970-01-01.
#include <array>

#include "directory/audit.h"

namespace luy::directory {
namespace {

constexpr std::array<records::Migration, 11> list = {{
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
    {"directory", 2, R"sql(
ALTER TABLE role_grant ADD COLUMN valid_from_day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE role_grant ADD COLUMN valid_to_day BIGINT;    -- The last day, inclusive.
CREATE TABLE delegation (
  id TEXT PRIMARY KEY,
  from_account TEXT NOT NULL REFERENCES account (id),
  to_account TEXT NOT NULL REFERENCES account (id),
  role TEXT NOT NULL,
  agency TEXT NOT NULL REFERENCES agency (id),
  valid_from_day BIGINT NOT NULL,
  valid_to_day BIGINT NOT NULL,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX delegation_to ON delegation (to_account);
)sql"},
    {"directory", 3, R"sql(
ALTER TABLE agency ADD COLUMN changed_on_day BIGINT;      -- Since when it is named and placed as it is.
CREATE TABLE agency_history (               -- What an agency was before a change.
  agency TEXT NOT NULL REFERENCES agency (id),
  from_day BIGINT NOT NULL,
  to_day BIGINT NOT NULL,
  name TEXT NOT NULL,
  header_name TEXT NOT NULL,
  superior TEXT REFERENCES agency (id),
  PRIMARY KEY (agency, from_day)
);
CREATE TABLE agency_succession (
  predecessor TEXT NOT NULL REFERENCES agency (id),
  successor TEXT NOT NULL REFERENCES agency (id),
  day BIGINT NOT NULL,                      -- The successor's first.
  keeps_records BIGINT NOT NULL,
  basis TEXT NOT NULL,
  PRIMARY KEY (predecessor, successor)
);
CREATE TABLE agency_plan (                  -- Reorganisations that wait for their day.
  id TEXT PRIMARY KEY,
  day BIGINT NOT NULL,
  body TEXT NOT NULL,
  failed BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE agency_profile (
  agency TEXT PRIMARY KEY REFERENCES agency (id),
  body TEXT NOT NULL                        -- JSON of AgencyProfile.
);
)sql"},
    {"directory", 4, R"sql(
DELETE FROM session;                        -- Those of before lack what is asked of a session now.
ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN program TEXT NOT NULL DEFAULT '';   -- The browser, as it names itself.
ALTER TABLE session ADD COLUMN public_place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN outside BIGINT NOT NULL DEFAULT 0;  -- From outside the agency's networks.
ALTER TABLE account ADD COLUMN factor_failures BIGINT NOT NULL DEFAULT 0;
CREATE TABLE totp (
  account TEXT PRIMARY KEY REFERENCES account (id),
  secret BLOB NOT NULL,
  confirmed BIGINT NOT NULL,
  last_step BIGINT NOT NULL                 -- The newest code taken, so that none works twice.
);
CREATE TABLE recovery_code (
  account TEXT NOT NULL REFERENCES account (id),
  code_sha256 BLOB NOT NULL,
  PRIMARY KEY (account, code_sha256)
);
CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  credential_id BLOB NOT NULL UNIQUE,
  party TEXT NOT NULL,
  algorithm BIGINT NOT NULL,
  public_key BLOB NOT NULL,                 -- SubjectPublicKeyInfo.
  sign_count BIGINT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used BIGINT
);
CREATE INDEX passkey_account ON passkey (account);
CREATE TABLE old_password (                 -- Hashes of passwords had before, where a policy asks for it.
  account TEXT NOT NULL REFERENCES account (id),
  set_at BIGINT NOT NULL,
  password_hash TEXT NOT NULL,
  PRIMARY KEY (account, set_at)
);
)sql"},
    {"directory", 5, R"sql(
ALTER TABLE account ADD COLUMN sealed BIGINT NOT NULL DEFAULT 0;
CREATE TABLE four_eyes (since BIGINT NOT NULL);   -- One row from the moment the rule holds.
CREATE TABLE pending_act (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  agency TEXT NOT NULL REFERENCES agency (id),
  before_json TEXT NOT NULL,
  after_json TEXT NOT NULL,
  proposed_by TEXT NOT NULL REFERENCES account (id),
  proposed_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT REFERENCES account (id),
  decided_at BIGINT,
  note TEXT NOT NULL,
  body TEXT NOT NULL
);
)sql"},
    {"directory", 6, R"sql(
ALTER TABLE agency_plan ADD COLUMN proposed_by TEXT REFERENCES account (id);  -- NULL: a command on the server.
ALTER TABLE agency_plan ADD COLUMN agreed_by TEXT NOT NULL DEFAULT '';        -- User name of the second person.
ALTER TABLE agency_plan ADD COLUMN problem_vi TEXT NOT NULL DEFAULT '';       -- Why it did not begin on its day.
ALTER TABLE agency_plan ADD COLUMN problem_en TEXT NOT NULL DEFAULT '';
)sql"},
    {"directory", 7, R"sql(
ALTER TABLE totp ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN one_time_used_at BIGINT;                   -- The first sign-in with an issued password,
ALTER TABLE account ADD COLUMN one_time_used_from TEXT NOT NULL DEFAULT '';  -- and the address it came from.
ALTER TABLE account ADD COLUMN disabled_at BIGINT;
ALTER TABLE account ADD COLUMN disabled_by TEXT;                          -- The person.
CREATE TABLE revoked_role (                 -- Of people who decide for two: another person may undo it for some days.
  account TEXT NOT NULL REFERENCES account (id),
  role TEXT NOT NULL,
  agency TEXT NOT NULL REFERENCES agency (id),
  valid_to_day BIGINT,
  revoked_at BIGINT NOT NULL,
  revoked_by TEXT NOT NULL,                 -- The person.
  PRIMARY KEY (account, role, agency)
);
CREATE TABLE session_address (              -- Other addresses that a session's token came from.
  token_sha256 BLOB NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (token_sha256, address)
);
CREATE INDEX pending_act_proposer ON pending_act (proposed_by, state);
)sql"},
    {"directory", 8, R"sql(
ALTER TABLE person ADD COLUMN position TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN external_source TEXT;       -- Who they are in another system.
ALTER TABLE person ADD COLUMN external_subject TEXT;
ALTER TABLE person ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
ALTER TABLE person ADD COLUMN since_day BIGINT;           -- Their first day in the agency.
ALTER TABLE person ADD COLUMN until_day BIGINT;           -- Their last day.
ALTER TABLE person ADD COLUMN access_ended_at BIGINT;
ALTER TABLE person ADD COLUMN merged_into TEXT REFERENCES person (id);  -- This record was a second one of somebody.
CREATE INDEX person_agency ON person (agency);
CREATE UNIQUE INDEX person_external ON person (external_source, external_subject);
CREATE INDEX account_person ON account (person);
)sql"},
    {"directory", 9, R"sql(
CREATE TABLE api_token (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  token_sha256 BLOB NOT NULL UNIQUE,
  actions TEXT NOT NULL,                    -- Names of actions, separated by blanks.
  agency TEXT REFERENCES agency (id),       -- Only there and below.
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used BIGINT,
  last_address TEXT NOT NULL DEFAULT '',
  revoked_at BIGINT
);
CREATE INDEX api_token_account ON api_token (account);
)sql"},
    {"directory", 10, R"sql(
CREATE TABLE sign_source (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  settings TEXT NOT NULL,                   -- JSON of SourceSettings; no secret.
  enabled BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_sync BIGINT,
  problem_vi TEXT NOT NULL DEFAULT '',      -- Why it could not be asked the last time.
  problem_en TEXT NOT NULL DEFAULT ''
);
CREATE TABLE federated_identity (           -- Who signs in there is which account here.
  source TEXT NOT NULL REFERENCES sign_source (id),
  subject TEXT NOT NULL,                    -- entryUUID, objectGUID, or the provider's "sub".
  account TEXT NOT NULL REFERENCES account (id),
  linked_at BIGINT NOT NULL,
  last_used BIGINT,
  UNIQUE (source, subject)
);
CREATE UNIQUE INDEX federated_identity_account ON federated_identity (account, source);
ALTER TABLE session ADD COLUMN source TEXT;                       -- The source that vouched for who signed in,
ALTER TABLE session ADD COLUMN two_factors BIGINT NOT NULL DEFAULT 0;  -- and for two factors.
)sql"},
    {"directory", 11, R"sql(
CREATE TABLE agency_profile_version (       -- What a profile was, from each change on.
  agency TEXT NOT NULL REFERENCES agency (id),
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,                       -- 0: before changes were kept.
  by_account TEXT REFERENCES account (id),  -- NULL: a command on the server, or before changes were kept.
  agreed_by TEXT NOT NULL DEFAULT '',       -- User name of the second person.
  body TEXT NOT NULL,
  PRIMARY KEY (agency, version)
);
INSERT INTO agency_profile_version (agency, version, at, body) SELECT agency, 1, 0, body FROM agency_profile;
CREATE TABLE network_plan (
  agency TEXT NOT NULL REFERENCES agency (id),
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  note TEXT NOT NULL,
  drawn_on_day BIGINT,
  at BIGINT NOT NULL,
  by_account TEXT REFERENCES account (id),
  PRIMARY KEY (agency, version)
);
CREATE TABLE network_plan_file (            -- Apart, so that lists do not read them.
  agency TEXT NOT NULL,
  version BIGINT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (agency, version)
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> migrations() {
  return list;
}

}  // namespace luy::directory
