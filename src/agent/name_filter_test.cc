// Goal: patterns choose exactly the files they say, in time linear in the name.
// Method: tables.
#include "agent/name_filter.h"

#include <gtest/gtest.h>

namespace luy::agent {
namespace {

TEST(NameFilter, StarsStayWithinAFolderAndDoubleStarsDoNot) {
  const struct {
    const char* pattern;
    const char* path;
    bool want;
  } table[] = {
      {"*.log", "a.log", true},
      {"*.log", "apt/history.log", false},
      {"**.log", "apt/history.log", true},
      {"**.log", "a.log", true},
      {"apt/*.log", "apt/term.log", true},
      {"apt/*.log", "apt/x/term.log", false},
      {"syslog", "syslog", true},
      {"syslog", "syslog.1", false},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"*", "", true},
      {"", "", true},
      {"", "a", false},
      {"**/b/**", "a/b/c", true},
      {"*a*b", "xaxbxab", true},
      {"*a*b", "xaxbxac", false},
      {"**", "a/b/c", true},
      {"a*", "a", true},
      {"journal/**", "journal/x", true},
      {"*-*", "a/b-c", false},
  };
  for (const auto& [pattern, path, want] : table) EXPECT_EQ(matches(pattern, path), want) << pattern << " " << path;
}

TEST(NameFilter, TheDefaultReadsLogsAndNotTheirRemains) {
  const NameFilter filter = default_filter();
  for (const char* path : {"syslog", "auth.log", "apt/history.log", "dpkg.log", "audit/audit.log", "nginx/error.log",
                           "postgresql/postgresql-15-main.log", "secure", "messages", "httpd/access_log"}) {
    EXPECT_TRUE(filter.reads(path)) << path;
  }
  for (const char* path : {"syslog.1", "auth.log.2.gz", "wtmp", "lastlog", "btmp", "journal/1/system.journal",
                           "private/x.log", "faillog", "a.log.xz", "README"}) {
    EXPECT_FALSE(filter.reads(path)) << path;
  }
}

TEST(NameFilter, AHostilePatternIsStillFast) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  EXPECT_FALSE(matches(pattern, std::string(20'000, 'b')));
}

}  // namespace
}  // namespace luy::agent
