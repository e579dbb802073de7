// Goal: every act has its entry and no entry is lost, doubled or out of order, whatever the sink does.
// Method: a sink that fails; entries read back.
#include "directory/audit.h"

#include <thread>

#include "directory/fixture.h"

namespace luy::directory {
namespace {

class AuditTest : public DirectoryTest {
 protected:
  AuditEntry entry(std::string act) { return {std::move(act), "thing:1", Outcome::done, "", {}, {}}; }
};

constexpr ErrorKind refused{"test.refused", ErrorClass::denied, "Không.", "No."};
constexpr ErrorKind broken{"test.broken", ErrorClass::conflict, "Hỏng.", "Broken."};

}  // namespace

TEST_F(AuditTest, SaysWhoDidWhatFromWhereWithWhichResult) {
  const Caller caller{AccountId::trusted("0000000000000000000000000a"), "lan", "192.0.2.1", nullptr};
  ASSERT_TRUE(directory_->audit().perform(caller, entry("thing_change"),
                                          [](records::Connection&, AuditEntry& done) -> Result<void> {
                                            done.before = {{"size", 1}};
                                            done.after = {{"size", 2}};
                                            return {};
                                          }));
  EXPECT_EQ(boost::json::serialize(sink_.last()),
            R"({"@timestamp":"2026-11-22T03:00:00.000000Z",)"
            R"("message":"thing_change success by lan from 192.0.2.1: thing:1","event.kind":"event",)"
            R"("event.category":"configuration","event.dataset":"luy.audit","event.provider":"luy-hub",)"
            R"("event.action":"thing_change","event.outcome":"success","user.id":"0000000000000000000000000a",)"
            R"("user.name":"lan","source.ip":"192.0.2.1","luy.audit.number":1,"luy.object":"thing:1",)"
            R"("luy.before":{"size":1},"luy.after":{"size":2}})");
}

TEST_F(AuditTest, WritesRefusalsAndFailuresAndUndoesTheAct) {
  const struct {
    const ErrorKind* kind;
    bool is_refusal;
  } table[] = {{&refused, true}, {&broken, false}};
  for (const auto& [kind, is_refusal] : table) {
    const auto result = directory_->audit().perform(server_operator(), entry("thing_add"),
                                                    [&](records::Connection& c, AuditEntry& done) -> Result<int> {
                                                      LUY_TRY_VOID(c.run("UPDATE audit_counter SET last = 1000"));
                                                      done.after = {{"x", 1}};
                                                      return Error(*kind);
                                                    });
    EXPECT_TRUE(result.error().is(*kind));
    EXPECT_EQ(sink_.last().at("error.code").as_string(), kind->name);
    EXPECT_EQ(sink_.last().contains("luy.refused"), is_refusal);
    EXPECT_FALSE(sink_.last().contains("luy.after"));
  }
  EXPECT_EQ(sink_.records.back().number, 2U);
}

TEST_F(AuditTest, KeepsEntriesUntilTheSinkTakesThem) {
  sink_.failing = true;
  for (const char* act : {"one", "two"}) EXPECT_TRUE(directory_->audit().record(server_operator(), entry(act)));
  EXPECT_FALSE(directory_->audit().deliver());
  EXPECT_TRUE(sink_.records.empty());
  reopen();
  sink_.failing = false;
  EXPECT_EQ(*directory_->audit().deliver(), 2U);
  EXPECT_EQ(*directory_->audit().deliver(), 0U);
  EXPECT_TRUE(directory_->audit().record(server_operator(), entry("three")));
  EXPECT_EQ(sink_.acts(), (std::vector<std::string>{"one", "two", "three"}));
  for (std::size_t i = 0; i < sink_.records.size(); ++i) EXPECT_EQ(sink_.records[i].number, i + 1);
}

TEST_F(AuditTest, KeepsTheOrderOfManyThreads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) EXPECT_TRUE(directory_->audit().record(server_operator(), entry("act")));
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(sink_.records.size(), 400U);
  for (std::size_t i = 0; i < sink_.records.size(); ++i) EXPECT_EQ(sink_.records[i].number, i + 1);
}

}  // namespace luy::directory
