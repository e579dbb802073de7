// Goal: lines of a log become the events that rules read, in the program's own words.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/command.h"

namespace luy::cli {
namespace {

struct Output {
  ExitCode code;
  std::string out;
};

Output run_events(std::string_view lines, std::vector<std::string> arguments) {
  const std::string path = testing::TempDir() + "luy_events_test_auth.log";
  std::ofstream(path, std::ios::binary) << lines;
  arguments.insert(arguments.begin(), {"events", path});
  std::ostringstream out;
  std::ostringstream err;
  const SystemClock clock;
  const ExitCode code = run(arguments, out, err, clock);
  return {code, out.str()};
}

TEST(EventsCommand, LinesBecomeEvents) {
  const Output one =
      run_events("Nov 22 10:04:05 may-01 sshd[7]: Failed password for an from 192.0.2.7 port 4711 ssh2\n\n",
                 {"--stream", "/var/log/auth.log", "--received", "2026-11-22T05:00:00Z", "--device", "m\"1"});
  EXPECT_EQ(one.code, ExitCode::ok);
  EXPECT_NE(one.out.find(R"("@timestamp":"2026-11-22T03:04:05.000000Z")"), std::string::npos) << one.out;
  EXPECT_NE(one.out.find(R"("event.action":"ssh_login_failed")"), std::string::npos) << one.out;
  EXPECT_TRUE(one.out.ends_with(",\"luy.device\":\"m\\\"1\"}\n")) << one.out;
}

TEST(EventsCommand, PacketsOfSyslogAreRead) {
  const Output one = run_events(
      "<30>Nov 22 10:04:05 rb-01 system,info,account user an logged in from 192.0.2.7 via ssh\n", {"--syslog"});
  EXPECT_NE(one.out.find(R"("event.action":"device_login")"), std::string::npos) << one.out;
}

TEST(EventsCommand, BadTimesAreRefused) {
  EXPECT_NE(run_events("x\n", {"--received", "yesterday"}).code, ExitCode::ok);
}

}  // namespace
}  // namespace luy::cli
