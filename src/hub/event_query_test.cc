// Goal: what people type finds what they mean, and the store is narrowed only where nothing is lost by it.
#include "hub/event_query.h"

#include <gtest/gtest.h>

#include "event/batch.h"
#include "evidence/error.h"

namespace luy::hub {
namespace {

evidence::Record record(std::string raw, std::string stream = "/var/log/auth.log") {
  evidence::Record out;
  out.received = *from_rfc3339("2026-11-22T03:04:05Z");
  out.source = "01aaaaaaaaaaaaaaaaaaaaaaaa/01bbbbbbbbbbbbbbbbbbbbbbbb/" + stream;
  out.transport = static_cast<std::uint8_t>(event::Transport::file);
  out.raw = std::move(raw);
  return out;
}

const std::string line =
    "Nov 22 10:00:01 maychu sshd[4242]: Failed password for invalid user tuấn from 203.0.113.9 port 51515 ssh2";

TEST(EventQuery, FindsWhatIsMeant) {
  const struct {
    const char* q;
    bool found;
  } table[] = {
      {"", true},
      {"failed", true},
      {"FAILED Password", true},
      {"tuan", true},
      {"tuấn", true},
      {"tuân", true},
      {"nobody", false},
      {"failed nobody", false},
      {"-nobody failed", true},
      {"-failed", false},
      {"\"failed password\"", true},
      {"\"password failed\"", false},
      {"-\"failed password\"", false},
      {"203.0.113.9", true},
      {"03.0.113.9", false},
      {"203.0.113.90", false},
      {"51515", true},
      {"source.ip:203.0.113.9", true},
      {"source.ip:203.0.113.8", false},
      {"source.ip:203.0.113.*", true},
      {"-source.ip:203.0.113.9", false},
      {"-source.ip:203.0.113.8", true},
      {"source.ip:203.0.113.9 tuan", true},
      {"process.name:\"sshd\"", true},
      {"process.name:", true},
      {"user.target.nosuch:x", false},  // Not a field: text that does not occur.
      {"10:00:01", true},
      {"Nov 22", true},
      {"- failed", false},  // A lone hyphen is text.
  };
  for (const auto& row : table) {
    const auto query = EventQuery::parse(row.q);
    ASSERT_TRUE(query) << row.q;
    EXPECT_EQ(query->matches(record(line)), row.found) << row.q;
  }
}

TEST(EventQuery, MistakesAreNamed) {
  EXPECT_TRUE(EventQuery::parse("\"open").error().is(evidence::query_invalid));
  EXPECT_TRUE(EventQuery::parse("source.ip:\"open").error().is(evidence::query_invalid));
  std::string many;
  for (int i = 0; i < 40; ++i) many += "a ";
  EXPECT_TRUE(EventQuery::parse(many).error().is(evidence::query_invalid));
}

TEST(EventQuery, NarrowsTheStoreOnlyByWhatHasOneSpelling) {
  evidence::SearchQuery narrowed;
  const auto query = EventQuery::parse("203.0.113.9 51515 tuan -443 source.ip:10.0.0.1 \"192.0.2.1\"").value();
  query.narrow(narrowed);
  EXPECT_EQ(narrowed.words, (std::vector<std::string>{"203.0.113.9", "192.0.2.1"}));
  EXPECT_EQ(narrowed.substrings, std::vector<std::string>{"51515"});
  EXPECT_FALSE(query.answered_by_store());
  EXPECT_TRUE(EventQuery::parse("203.0.113.9 51515")->answered_by_store());
  EXPECT_TRUE(EventQuery::parse("")->answered_by_store());
}

}  // namespace
}  // namespace luy::hub
