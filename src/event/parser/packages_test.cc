// Goal: every line of dpkg's and apt's logs tells package, version and deed; this machine's own logs are read whole.
#include "base/file.h"
#include "event/parser/expect.h"

namespace luy::event {
namespace {

TEST(Dpkg, LinesAreRead) {
  expect_all(
      Transport::file, "/var/log/dpkg.log",
      {
          {"2025-06-24 14:36:25 upgrade libsystemd0:amd64 252.36-1~deb12u1 252.38-1~deb12u1",
           {{"@timestamp", "2025-06-24T07:36:25.000000Z"},
            {"event.action", "package_upgrade"},
            {"event.category", "package"},
            {"package.name", "libsystemd0"},
            {"package.architecture", "amd64"},
            {"package.version", "252.38-1~deb12u1"},
            {"labels.package.previous_version", "252.36-1~deb12u1"},
            {"event.dataset", "dpkg.log"},
            {"message", "upgrade libsystemd0:amd64 252.36-1~deb12u1 252.38-1~deb12u1"}}},
          {"2025-06-24 14:36:25 install zstd:amd64 <none> 1.5.4",
           {{"event.action", "package_install"},
            {"package.version", "1.5.4"},
            {"labels.package.previous_version", ""}}},
          {"2025-06-24 14:36:25 remove cmake:amd64 3.25.1-1 <none>",
           {{"event.action", "package_remove"}, {"event.type", "deletion"}, {"package.version", "3.25.1-1"}}},
          {"2025-06-24 14:36:25 purge cmake-data:all 3.25.1-1 <none>", {{"event.action", "package_purge"}}},
          {"2025-06-24 14:36:25 configure a:all 1.0 <none>", {{"package.version", "1.0"}}},
          {"2025-06-24 14:36:25 status installed a:all 1.0",
           {{"event.outcome", "success"}, {"labels.package.status", "installed"}, {"package.name", "a"}}},
          {"2025-06-24 14:36:25 status not-installed a:all <none>", {{"package.version", ""}, {"event.outcome", ""}}},
          {"2025-06-24 14:36:25 startup archives unpack", {{"event.action", "dpkg_started"}}},
          {"2025-06-24 14:36:25 conffile /etc/my app.conf keep", {{"file.path", "/etc/my app.conf"}}},
          {"nothing", {{"event.kind", "pipeline_error"}}},
          {"2025-13-24 14:36:25 startup", {{"event.kind", "pipeline_error"}}},
      });
}

TEST(Alternatives, LinesAreRead) {
  expect_all(Transport::file, "/var/log/alternatives.log",
             {{"update-alternatives 2025-06-24 14:36:53: link group pager updated to point to /usr/bin/less",
               {{"@timestamp", "2025-06-24T07:36:53.000000Z"}, {"event.action", "alternatives_changed"}}}});
}

TEST(AptHistory, LinesAreRead) {
  expect_all(
      Transport::file, "/var/log/apt/history.log",
      {
          {"Start-Date: 2025-06-24  14:36:25",
           {{"@timestamp", "2025-06-24T07:36:25.000000Z"}, {"event.action", "apt_started"}}},
          {"End-Date: 2025-06-24  14:36:26", {{"event.action", "apt_ended"}}},
          {"Commandline: apt-get -qqy upgrade", {{"process.command_line", "apt-get -qqy upgrade"}}},
          {"Requested-By: an (1000)", {{"user.name", "an"}, {"user.id", "1000"}}},
          {"Install: zstd:amd64 (1.5.4, automatic)",
           {{"event.action", "package_install"}, {"package.name", "zstd"}, {"package.version", "1.5.4"}}},
          {"Upgrade: a:amd64 (1, 2)", {{"package.version", "2"}, {"labels.package.previous_version", "1"}}},
          {"Upgrade: a:amd64 (1, 2), b:all (3, 4)",
           {{"package.name", ""}, {"labels.package_count", "2"}, {"event.action", "package_upgrade"}}},
          {"Error: Sub-process /usr/bin/dpkg returned an error code (1)",
           {{"event.outcome", "failure"}, {"error.message", "Sub-process /usr/bin/dpkg returned an error code (1)"}}},
          {"", {{"event.kind", "event"}}},
          {"something else", {{"event.kind", "pipeline_error"}}},
      });
}

TEST(AptTerm, LinesAreRead) {
  expect_all(Transport::file, "/var/log/apt/term.log",
             {
                 {"Log started: 2025-06-24  14:36:25", {{"@timestamp", "2025-06-24T07:36:25.000000Z"}}},
                 {"Unpacking a:amd64 (2) over (1) ...",
                  {{"package.name", "a"}, {"package.version", "2"}, {"labels.package.previous_version", "1"}}},
                 {"Setting up a:amd64 (2) ...\r", {{"event.action", "package_configure"}, {"package.version", "2"}}},
                 {"Selecting previously unselected package b.", {{"package.name", "b"}}},
                 {"(Reading database ... 5%\r(Reading database ... 6089 files and directories currently installed.)\r",
                  {{"message", "(Reading database ... 6089 files and directories currently installed.)"}}},
             });
}

// Real lines, as long as this machine has any.
TEST(Packages, ThisMachinesOwnLogsAreReadWhole) {
  std::size_t lines = 0;
  for (const char* path :
       {"/var/log/dpkg.log", "/var/log/apt/history.log", "/var/log/apt/term.log", "/var/log/alternatives.log"}) {
    const auto file = read_file(path, 8 << 20);
    if (!file) continue;
    std::string_view rest = *file;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      ++lines;
      const Event event = parse(Transport::file, path, line, test_context());
      EXPECT_EQ(event.text(Field::event_kind), "event") << path << ": " << line;
      if (std::string_view(path) == "/var/log/dpkg.log") {
        EXPECT_TRUE(event.time && event.get(Field::event_action)) << line;
      }
    }
  }
  if (lines == 0) GTEST_SKIP() << "no package manager log of this machine can be read";
}

}  // namespace
}  // namespace luy::event
