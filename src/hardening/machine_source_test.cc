// Goal: a running machine is read as it is; and what the checks read on the very machine this runs on is what the
// programs themselves say, where they are installed.
#include "hardening/machine_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "hardening/judge.h"
#include "hardening/load.h"
#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-hardening-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

TEST(MachineSource, ReadsFilesFoldersModesAndLinksBelowItsRoot) {
  const Folder folder;
  std::filesystem::create_directories(folder.path / "etc/x");
  std::ofstream(folder.path / "etc/x/b") << "two\n";
  std::ofstream(folder.path / "etc/x/a") << "one\n";
  std::filesystem::create_symlink("a", folder.path / "etc/x/c");
  ::chmod((folder.path / "etc/x/a").c_str(), 0640);
  const MachineSource source(folder.path);
  EXPECT_EQ(*source.file("/etc/x/a"), "one\n");
  EXPECT_EQ(*source.file("/etc/x/c"), "one\n");
  EXPECT_EQ(*source.file("/etc/y"), std::nullopt);
  EXPECT_EQ(*source.file("/etc/x/a/b"), std::nullopt);
  EXPECT_EQ(*source.file("/etc/x"), "");
  EXPECT_EQ(*source.folder("/etc/x"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(*source.folder("/etc/y"), std::nullopt);
  EXPECT_EQ((*source.state("/etc/x/a"))->mode, 0640U);
  EXPECT_EQ((*source.state("/etc/x/a"))->uid, ::getuid());
  EXPECT_TRUE((*source.state("/etc/x"))->folder);
  EXPECT_EQ(*source.state("/etc/y"), std::nullopt);
  EXPECT_EQ(*source.link("/etc/x/c"), "a");
  EXPECT_EQ(*source.link("/etc/x/a"), std::nullopt);
  EXPECT_EQ(*source.link("/etc/y"), std::nullopt);
}

TEST(MachineSource, WaitsForNoPipeInAFilesPlace) {
  const Folder folder;
  ASSERT_EQ(::mkfifo((folder.path / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(*MachineSource(folder.path).file("/pipe"), "");
}

TEST(MachineSource, WhatCannotBeReadIsAnError) {
  const Folder folder;
  std::filesystem::create_symlink("loop", folder.path / "loop");
  const auto text = MachineSource(folder.path).file("/loop");
  ASSERT_FALSE(text.has_value());
  EXPECT_TRUE(text.error().is(unreadable));
  EXPECT_EQ(text.error().detail(), "/loop");
}

// What a program says; nullopt where it is missing or refuses.
std::optional<std::string> output_of(const std::string& command) {
  FILE* const pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string out;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  if (::pclose(pipe) != 0) return std::nullopt;
  return out;
}

class ThisMachine : public testing::Test {
 protected:
  // The value a check's reader finds outside of conditions; nullopt where it finds none.
  std::optional<std::string> found(const Check& check) {
    using Function = Result<Answer> (*)(const Reading&, Machine&);
    const Function function = check.reading.reader == Reader::sshd       ? read_sshd
                              : check.reading.reader == Reader::sysctl   ? read_sysctl
                              : check.reading.reader == Reader::postgres ? read_postgres
                              : check.reading.reader == Reader::samba    ? read_samba
                                                                         : read_words;
    const auto answer = function(check.reading, machine_);
    if (!answer || answer->values.empty()) return std::nullopt;
    return answer->values.front().text;
  }

  MachineSource source_;
  Machine machine_{source_, SystemClock().now()};
};

TEST_F(ThisMachine, EveryCheckAnswersAndNothingCrashes) {
  const auto all = run_checks(builtin_checks(), source_, SystemClock().now());
  EXPECT_EQ(all.results.size(), builtin_checks().checks.size());
  for (const auto& result : all.results) EXPECT_TRUE(state_from_name(result.state)) << result.check;
}

TEST_F(ThisMachine, SaysOfSshdWhatSshdSays) {
  const auto text = output_of("/usr/sbin/sshd -T");
  if (!text) GTEST_SKIP() << "sshd is not installed here, or may not read its keys";
  for (const Check& check : builtin_checks().checks) {
    if (check.reading.reader != Reader::sshd) continue;
    // Lists that sshd writes out in full are compared by the fixtures.
    if (check.id == "ssh-ciphers" || check.id == "ssh-macs" || check.id == "ssh-kex") continue;
    const std::string name = lower(check.reading.key);
    for (const Line& line : lines_of(*text)) {
      if (!line.text.starts_with(name + " ")) continue;
      std::string says = lower(line.text.substr(name.size() + 1));
      if (says == "without-password") says = "prohibit-password";
      const auto value = found(check);
      const auto seconds = seconds_of(lower(value.value_or("")));
      EXPECT_TRUE(value && (lower(*value) == says || (seconds && seconds == seconds_of(says))))
          << check.id << ": " << value.value_or("-") << ", sshd: " << says;
    }
  }
}

TEST_F(ThisMachine, SaysOfTheKernelWhatSysctlSays) {
  if (!output_of("sysctl -n kernel.ostype")) GTEST_SKIP() << "sysctl is not installed here";
  for (const Check& check : builtin_checks().checks) {
    if (check.reading.reader != Reader::sysctl) continue;
    const auto says = output_of("sysctl -n " + check.reading.key);
    const auto value = found(check);
    EXPECT_EQ(value.has_value(), says.has_value()) << check.id;
    if (!value || !says) continue;
    EXPECT_EQ(*value, trim(says->substr(0, says->find('\n')))) << check.id;
  }
}

TEST_F(ThisMachine, SaysOfPostgresWhatPostgresSays) {
  const std::string program = "/usr/lib/postgresql/15/bin/postgres";
  const std::string as = ::getuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --init-groups " : "";
  const std::string ask = as + program + " -D /etc/postgresql/15/main -C ";
  if (!output_of(ask + "port")) GTEST_SKIP() << "there is no cluster 15/main here";
  for (const Check& check : builtin_checks().checks) {
    if (check.reading.reader != Reader::postgres) continue;
    const auto says = output_of(ask + check.reading.key);
    ASSERT_TRUE(says) << check.id;
    EXPECT_EQ(lower(found(check).value_or("-")), lower(trim(says->substr(0, says->find('\n'))))) << check.id;
  }
}

TEST_F(ThisMachine, SaysOfSambaWhatTestparmSays) {
  if (!output_of("testparm -s /etc/samba/smb.conf")) GTEST_SKIP() << "Samba is not installed here";
  for (const Check& check : builtin_checks().checks) {
    if (check.reading.reader != Reader::samba) continue;
    const auto says = output_of("testparm -s --parameter-name='" + check.reading.key + "'");
    const auto value = found(check);
    if (!says || !value) continue;
    const std::string word = lower(trim(says->substr(0, says->find('\n'))));
    const bool same = lower(*value) == word || (is_among(*value, check.rule.is) == is_among(word, check.rule.is));
    EXPECT_TRUE(same) << check.id << ": " << *value << ", testparm: " << word;
  }
}

// nginx -T prints every file it reads: a directive found must stand there as it was found.
TEST_F(ThisMachine, SaysOfNginxWhatNginxReads) {
  const auto text = output_of("nginx -T");
  if (!text) GTEST_SKIP() << "nginx is not installed here, or refuses its configuration";
  for (const Check& check : builtin_checks().checks) {
    if (check.reading.reader != Reader::nginx) continue;
    const auto answer = read_nginx(check.reading, machine_);
    ASSERT_TRUE(answer.has_value()) << check.id;
    const std::string name = check.reading.key.substr(0, check.reading.key.find(' '));
    for (const Value& value : answer->values) {
      const bool written = value.line > 0 && value.text != check.reading.fallback;
      const bool stands = text->find(value.text.substr(0, value.text.find(' '))) != std::string::npos;
      const bool named = text->find("\n" + name + " ") != std::string::npos;
      EXPECT_TRUE(written ? stands : !named) << check.id;
    }
  }
}

}  // namespace
}  // namespace luy::hardening
