// Goal: what rings in the audit trail is a finding, and nobody but the hub can ring.
// Method: entries as the directory writes them, under the hub's own source and under a machine's.
#include "hub/alarm.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "event/batch.h"
#include "hub/audit_api.h"

namespace luy::hub {
namespace {

class Alarm : public testing::Test {
 protected:
  evidence::Record record(const std::string& act, bool alert, const std::string& rest = "") const {
    evidence::Record out;
    out.seq = 9;
    out.received = *from_rfc3339("2026-11-22T03:00:00Z");
    out.transport = static_cast<std::uint8_t>(event::Transport::hub);
    out.source = agency_.text() + "/" + (rest.empty() ? "hub/audit" : rest);
    out.raw = R"({"@timestamp":"2026-11-22T02:59:59Z","event.dataset":"luy.audit","event.kind":")" +
              std::string(alert ? "alert" : "event") + R"(","event.action":")" + act +
              R"(","event.outcome":"success","user.name":"lan","source.ip":"192.0.2.7","luy.object":"account:)" +
              account_.text() + "\"}";
    return out;
  }
  std::optional<finding::Report> heard(const evidence::Record& one) const {
    return alarm_of(one, agency_, [&](const AccountId& id) { return id == account_ ? "lan" : ""; });
  }

  SystemRandom random_;
  AgencyId agency_ = AgencyId::make(*from_rfc3339("2026-11-22T03:00:00Z"), random_);
  AccountId account_ = AccountId::make(*from_rfc3339("2026-11-22T03:00:00Z"), random_);
};

TEST_F(Alarm, WhatRingsIsAFinding) {
  const struct {
    const char* act;
    bool alert;
    finding::Severity severity;
  } table[] = {{"break_glass_use", true, finding::Severity::critical},
               {"account_disable", true, finding::Severity::high},
               {"role_revoke", true, finding::Severity::high},
               {"session_two_places", false, finding::Severity::medium}};
  for (const auto& [act, alert, severity] : table) {
    const auto found = heard(record(act, alert));
    ASSERT_TRUE(found) << act;
    EXPECT_EQ(found->kind, finding::Kind::account);
    EXPECT_EQ(found->severity, severity) << act;
    EXPECT_EQ(found->agency, agency_);
    EXPECT_EQ(found->seqs, std::vector<std::uint64_t>{9});
    EXPECT_NE(found->title.vi.find("lan"), std::string::npos);
  }
  EXPECT_FALSE(heard(record("account_disable", false)));
  EXPECT_FALSE(heard(record("sign_in", false)));
}

TEST_F(Alarm, IsRungByTheHubAlone) {
  evidence::Record file = record("break_glass_use", true);
  file.transport = static_cast<std::uint8_t>(event::Transport::file);
  EXPECT_FALSE(heard(file)) << "a line in a log of a machine";
  EXPECT_FALSE(audit_entry_json(file));
  const evidence::Record elsewhere = record("break_glass_use", true, account_.text() + "/hub/audit");
  EXPECT_FALSE(heard(elsewhere)) << "under a device";
  const auto own = audit_entry_json(record("break_glass_use", true));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->at("who").at("name").as_string(), "lan");
  EXPECT_EQ(own->at("outcome").as_string(), "done");
}

}  // namespace
}  // namespace luy::hub
