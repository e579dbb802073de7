// Goal: every change of a guarded file is told once, with before, after, who and package where known; nothing else is;
// the same after a restart, and whatever stands in a file's place.
// Method: a made-up machine in a folder, real inotify, a clock moved by hand.
#include "agent/linux/integrity.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/linux/fake_machine.h"
#include "agent/linux/file_context.h"

namespace luy::agent {
namespace {

class IntegrityTest : public ::testing::Test {
 protected:
  IntegrityTest() {
    m.folder.write("etc/passwd", "root:x:0:0::/root:/bin/sh\nlan:x:1000:1000::/home/lan:/bin/sh\n");
    m.folder.write("etc/shadow", "root:!::\n");
    m.folder.write("etc/cron.d/a", "1\n");
    m.folder.write("var/www/html/index.html", "<h1>UBND</h1>");
    m.folder.write("var/www/html/cache/x", "1");
  }
  void start() {
    integrity.reset();
    auto policy = parse_integrity_policy(
        "file /etc/passwd\nfile /etc/shadow\nfolder /etc/cron.d\ntree /var/www\nskip **/cache/**\n");
    integrity = std::make_unique<Integrity>(m.machine, *policy, state.path() / "integrity.state");
    for (int i = 0; i < 20 && !integrity->complete(); ++i) step(Integrity::first_step);
    ASSERT_TRUE(integrity->complete());
  }
  // Lets time pass and takes what is told; notes by name.
  void step(Duration time) {
    m.clock.advance(time);
    Slice slice;
    integrity->collect(slice);
    for (const Item& item : slice.take()) {
      const bool change = item.record.stream == Integrity::stream;
      (change ? told : notes).push_back(item.record.raw);
    }
  }
  // inotify has the event before the call returns that caused it.
  void settle() {
    step(Duration{0});
    step(Integrity::settle);
  }
  std::string one(std::string_view action) {
    EXPECT_EQ(told.size(), 1U);
    if (told.empty()) return {};
    const std::string line = told.back();
    told.clear();
    EXPECT_TRUE(has(line, "\"event.action\":\"" + std::string(action) + "\"")) << line;
    return line;
  }
  static bool has(const std::string& line, const std::string& part) { return line.find(part) != std::string::npos; }

  FakeMachine m;
  TemporaryFolder state;
  std::unique_ptr<Integrity> integrity;
  std::vector<std::string> told;
  std::vector<std::string> notes;
};

TEST_F(IntegrityTest, TheFirstLookMakesKnownAndTellsNothing) {
  start();
  EXPECT_EQ(integrity->files(), 4U);
  EXPECT_TRUE(told.empty());
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_TRUE(has(notes[0], "\"integrity_baseline\""));
  for (int i = 0; i < 200; ++i) step(Integrity::sweep_step);
  EXPECT_TRUE(told.empty()) << "nothing happened";
}

TEST_F(IntegrityTest, TellsWhatChangedWithBeforeAndAfter) {
  start();
  m.folder.write("etc/passwd", "root::0:0::/root:/bin/sh\n");
  settle();
  const std::string modified = one("file_modified");
  EXPECT_TRUE(has(modified, "\"file.path\":\"/etc/passwd\""));
  EXPECT_TRUE(has(modified, "\"before.size\":62") || has(modified, "\"before.size\":")) << modified;
  EXPECT_TRUE(has(modified, "\"after.size\":25")) << modified;
  EXPECT_TRUE(has(modified, "\"who\":\"unknown\""));
  EXPECT_TRUE(has(modified, "\"noticed\":\"at once\""));

  m.folder.write("etc/cron.d/b", "* * * * * root sh\n");
  settle();
  EXPECT_TRUE(has(one("file_created"), "/etc/cron.d/b"));
  ::chmod(m.folder.at("etc/shadow").c_str(), 0666);
  settle();
  const std::string rights = one("file_attributes_changed");
  EXPECT_TRUE(has(rights, "\"after.mode\":\"0666\"")) << rights;
  m.folder.remove("etc/cron.d/b");
  settle();
  EXPECT_TRUE(has(one("file_deleted"), "/etc/cron.d/b"));
  m.folder.write("var/www/html/tin/moi/a.php", "<?php system($_GET[1]);");
  settle();
  step(Integrity::settle);
  EXPECT_TRUE(has(one("file_created"), "/var/www/html/tin/moi/a.php")) << "in a folder that was not there before";
  m.folder.write("var/www/html/cache/y", "1");
  m.folder.write("etc/hostname", "x");
  settle();
  EXPECT_TRUE(told.empty()) << "neither skipped nor unguarded files";
}

TEST_F(IntegrityTest, OneEditingIsOneChange) {
  start();
  for (int i = 0; i < 5; ++i) {
    m.folder.write("etc/passwd.new", "root:x:0:0::/root:/bin/bash\n" + std::string(static_cast<std::size_t>(i), '#'));
    m.folder.rename("etc/passwd.new", "etc/passwd");
    step(Integrity::settle / 2);
  }
  settle();
  one("file_modified");
  ::utimensat(AT_FDCWD, m.folder.at("etc/passwd").c_str(), nullptr, 0);
  settle();
  EXPECT_TRUE(told.empty()) << "touched, not changed";
}

TEST_F(IntegrityTest, WhatStandsInAFilesPlaceIsToldAndNotFollowed) {
  start();
  m.folder.write("tmp/evil", "root::0:0::/root:/bin/sh\n");
  m.folder.remove("etc/shadow");
  m.link("/tmp/evil", "etc/shadow");
  settle();
  const std::string link = one("file_replaced_by_link");
  EXPECT_TRUE(has(link, "\"file.target_path\":\"/tmp/evil\"")) << link;
  EXPECT_TRUE(has(link, "\"after.type\":\"symlink\""));
  m.folder.write("tmp/evil", "changed");
  settle();
  EXPECT_TRUE(told.empty()) << "what it points to is not what is guarded";
  m.folder.remove("etc/shadow");
  ASSERT_EQ(::mkfifo(m.folder.at("etc/shadow").c_str(), 0600), 0);
  settle();
  EXPECT_TRUE(has(one("file_type_changed"), "\"after.type\":\"other\"")) << "and nobody waits for a pipe";
}

TEST_F(IntegrityTest, TheSweepFindsWhatNoEventTold) {
  start();
  integrity.reset();
  // The same size and time of change: only the content tells. The state is what an attacker cannot see.
  const std::string kept = *read_file(state.path() / "integrity.state", 1 << 20);
  auto states = *decode_states(kept);
  states.at("/etc/shadow").hash[0] ^= 1U;
  ASSERT_TRUE(write_file_durably(state.path() / "integrity.state", encode_states(states)));
  start();
  EXPECT_TRUE(has(one("file_modified"), "\"noticed\":\"by sweep\""));
}

TEST_F(IntegrityTest, WhatChangedWhileTheAgentWasAwayIsTold) {
  start();
  integrity.reset();
  m.folder.write("etc/shadow", "root::::\n");
  m.folder.write("etc/cron.d/c", "1");
  m.folder.remove("etc/cron.d/a");
  start();
  EXPECT_EQ(told.size(), 3U);
  told.clear();
  integrity.reset();
  start();
  EXPECT_TRUE(told.empty()) << "once";
}

TEST_F(IntegrityTest, ADamagedStateIsSaidAndLearntAnew) {
  start();
  integrity.reset();
  std::string kept = *read_file(state.path() / "integrity.state", 1 << 20);
  kept[kept.size() / 2] ^= 1;
  ASSERT_TRUE(write_file_durably(state.path() / "integrity.state", kept));
  notes.clear();
  start();
  EXPECT_TRUE(told.empty());
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_TRUE(has(notes[0], "integrity_state_damaged"));
}

TEST_F(IntegrityTest, MassChangeIsToldOnceMoreAsOne) {
  for (int i = 0; i < 300; ++i) m.folder.write("var/www/html/f" + std::to_string(i), "1");
  start();
  for (int i = 0; i < 300; ++i) m.folder.write("var/www/html/f" + std::to_string(i), "encrypted");
  settle();
  settle();
  std::size_t mass = 0;
  for (const std::string& line : told) mass += has(line, "mass_file_change") ? 1 : 0;
  EXPECT_EQ(mass, 1U);
  EXPECT_EQ(told.size(), 301U) << "and each file is told";
}

TEST_F(IntegrityTest, SaysWhoWhereAuditdKnows) {
  start();
  m.folder.write("etc/passwd", "root::0:0::/root:/bin/sh\nlan:x:1000:1000::/home/lan:/bin/sh\n");
  const auto changed = look_at_file(m.folder.at("etc/passwd"));
  const std::string at = std::to_string(changed->changed_ns / 1'000'000'000) + ".500:77";
  m.folder.write("var/log/audit/audit.log",
                 "type=SYSCALL msg=audit(" + at +
                     "): arch=c000003e syscall=257 success=yes ppid=1 pid=42 auid=1000 uid=0 "
                     "comm=\"vim\" exe=\"/usr/bin/vim.basic\" key=\"x\"\n"
                     "type=PATH msg=audit(" +
                     at + "): item=1 name=\"/etc/passwd\" inode=1 nametype=NORMAL\n");
  settle();
  const std::string line = one("file_modified");
  EXPECT_TRUE(has(line, "\"user.name\":\"lan\"")) << "who signed in, not the root they became";
  EXPECT_TRUE(has(line, "\"user.effective.name\":\"root\""));
  EXPECT_TRUE(has(line, "\"process.executable\":\"/usr/bin/vim.basic\""));
}

TEST_F(IntegrityTest, MarksWhatThePackageManagerPutThere) {
  m.folder.write("var/lib/dpkg/status",
                 "Package: cron\nStatus: install ok installed\nConffiles:\n"
                 " /etc/cron.d/a 26ab0db90d72e28ad0ba1e22ee510510\nDescription: x\n");
  m.folder.write("var/lib/dpkg/info/web:amd64.md5sums", "6d7fce9fee471194aa8b5b6e47267f03  var/www/html/index.html\n");
  start();
  m.folder.write("etc/cron.d/a", "2\n");
  settle();
  EXPECT_TRUE(has(one("file_modified"), "\"package.name\":\"cron\",\"package.as_shipped\":\"true\""));
  m.folder.write("var/www/html/index.html", "3\n");
  settle();
  EXPECT_TRUE(has(one("file_modified"), "\"package.name\":\"web\",\"package.as_shipped\":\"true\""));
  m.folder.write("var/www/html/index.html", "4\n");
  settle();
  EXPECT_TRUE(has(one("file_modified"), "\"package.as_shipped\":\"false\""));
}

TEST(IntegrityPolicy, IsReadOrRefusedWithTheLine) {
  const auto policy = parse_integrity_policy(builtin_integrity_policy());
  ASSERT_TRUE(policy) << policy.error().text();
  EXPECT_GT(policy->guarded.size(), 20U);
  EXPECT_TRUE(policy->takes("/var/www/html/a.php"));
  EXPECT_FALSE(policy->takes("/var/www/app/cache/a/b"));
  for (const char* bad : {"file", "file etc/passwd", "file /", "tree /a/../b", "watch /etc", "folder /etc/.."}) {
    EXPECT_FALSE(parse_integrity_policy(bad)) << bad;
  }
}

TEST(FileStates, ComeBackAsWrittenOrNotAtAll) {
  FileStates states;
  states["/a\tb\n\\c"] = {'l', 5, -1, 7, 0644, 1, 2, sha256("x")};
  states["/d"] = {};
  const std::string text = encode_states(states);
  EXPECT_EQ(decode_states(text), states);
  for (std::size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(decode_states(text.substr(0, n))) << n;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] ^= 1;
    EXPECT_FALSE(decode_states(damaged)) << i;
  }
}

TEST(FileActor, IsTheOneOfThatFileAtThatTime) {
  const Time at(std::chrono::seconds(1'700'000'000));
  const std::string audit =
      "type=SYSCALL msg=audit(1700000000.100:1): pid=1 auid=4294967295 uid=33 comm=\"php\" exe=\"/usr/bin/php\"\n"
      "type=PATH msg=audit(1700000000.100:1): item=0 name=2F7661722F7777772F6120622E706870 inode=3\n"
      "type=PATH msg=audit(1699999000.100:2): item=0 name=\"/etc/passwd\"\nrubbish msg=audit(\ntype=PATH "
      "msg=audit(x)\n";
  const auto actor = find_actor(audit, "/var/www/a b.php", at - days(1), at + days(1));
  ASSERT_TRUE(actor);
  EXPECT_EQ(actor->login_id, -1);
  EXPECT_EQ(actor->user_id, 33);
  EXPECT_FALSE(find_actor(audit, "/etc/passwd", at - std::chrono::seconds(2), at)) << "long ago";
  EXPECT_FALSE(find_actor(audit, "/etc/passwd", at - days(1), at)) << "no call with it";
  EXPECT_FALSE(find_actor("", "/etc/passwd", at - days(1), at));
}

}  // namespace
}  // namespace luy::agent
