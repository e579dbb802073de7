// Goal: what luy-agent-check says becomes the fact, and where it says nothing that is said, too.
#include <gtest/gtest.h>

#include "agent/linux/collectors.h"
#include "agent/linux/fake_machine.h"
#include "agent/linux/linux_kernel.h"

namespace luy::agent {
namespace {

const fact::CheckResult* result_of(const fact::Hardening& checks, std::string_view id) {
  for (const auto& result : checks.results) {
    if (result.check == id) return &result;
  }
  return nullptr;
}

TEST(HardeningCollector, RunsTheChecksOverTheMachinesRootInAProgramOfItsOwn) {
  TemporaryFolder folder;
  folder.write("etc/passwd", "root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\n");
  folder.write("etc/login.defs", "PASS_MAX_DAYS 90\n");
  LinuxKernel kernel;
  const SystemClock clock;
  Machine machine{folder.path(), kernel, clock, {}, {}};
  machine.check_program = LUY_CHECK_PROGRAM;
  const auto finding = collect_hardening(machine);
  ASSERT_TRUE(finding) << finding.error().text();
  EXPECT_EQ(finding->trouble, "");
  const auto& checks = std::get<fact::Hardening>(finding->body);
  EXPECT_EQ(checks.unknown_because, std::nullopt);
  EXPECT_EQ(checks.catalogue.size(), 16U);
  const auto* zero = result_of(checks, "account-uid-zero");
  ASSERT_NE(zero, nullptr);
  EXPECT_EQ(zero->state, "wrong");
  EXPECT_EQ(zero->found, "toor");
  EXPECT_EQ(zero->line, 2);
  EXPECT_EQ(result_of(checks, "password-max-days")->state, "right");
  EXPECT_EQ(result_of(checks, "ssh-root-login")->state, "unknown") << "there is no list of packages";
}

TEST(HardeningCollector, SaysThatNothingCouldBeLearntAndWhy) {
  FakeMachine fake;
  fake.machine.check_program = "/usr/lib/luy/luy-agent-check";
  for (const char* output : {"", "{}", R"({"fact":"os"})", "not json"}) {
    fake.kernel.outputs["luy-agent-check"] = output;
    const auto finding = collect_hardening(fake.machine);
    ASSERT_TRUE(finding);
    const auto& checks = std::get<fact::Hardening>(finding->body);
    EXPECT_TRUE(checks.unknown_because) << output;
    EXPECT_TRUE(checks.results.empty());
    EXPECT_FALSE(finding->trouble.empty());
  }
}

TEST(HardeningCollector, IsDueAgainWhenAFileThatItReadsChanges) {
  FakeMachine fake;
  for (const Collector& collector : linux_collectors(fake.machine)) {
    if (collector.kind != fact::Kind::hardening) continue;
    EXPECT_EQ(collector.period, std::chrono::hours(24));
    const auto& files = collector.triggers;
    EXPECT_NE(std::find(files.begin(), files.end(), fake.machine.path("etc/ssh/sshd_config")), files.end());
    return;
  }
  FAIL() << "no collector";
}

}  // namespace
}  // namespace luy::agent
