// A release of luy-agent installed with the machine's own dpkg into a root of the test's own, and taken back.
#include "agent/linux/update.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/linux/child.h"
#include "agent/linux/temporary_folder.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "device_policy/release.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::KeyStep;
using device_policy::Release;
using device_policy::WantedRelease;

const std::string key(32, 'k');
std::string sign(std::string_view by, std::string_view text) {
  return to_hex(sha256(std::string(by) + std::string(text)));
}
bool verify(std::string_view by, std::string_view text, std::string_view signature) {
  return signature == sign(by, text);
}

struct UpdateTest : testing::Test {
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "dpkg installs as root only";
    for (const char* name : {"info", "updates", "triggers", "parts"}) {
      fs::create_directories(root / "var/lib/dpkg" / name);
    }
    fs::create_directories(root / "etc/systemd/system");
    fs::create_directories(data);
    std::ofstream(root / "var/lib/dpkg/status");
    std::ofstream(folder.path() / "program") << "the updater";
    data_of_agent("spool/1", "records that are not sent yet");
    // As on a machine of today: /lib is another package's link.
    fs::create_directories(root / "usr/lib");
    const fs::path base = folder.path() / "base";
    fs::create_directories(base / "DEBIAN");
    fs::create_symlink("usr/lib", base / "lib");
    std::ofstream(base / "DEBIAN/control") << "Package: base-files\nVersion: 1\nArchitecture: all\nMaintainer: Luy "
                                              "<luy@localhost>\nDescription: links\n";
    ASSERT_TRUE(pack(base, folder.path() / "base.deb"));
    ASSERT_TRUE(install_package(package, folder.path() / "base.deb"));
    ASSERT_TRUE(install_package(package, deb("0.1.0")));
  }

  void data_of_agent(const std::string& name, const std::string& text) const { folder.write("data/" + name, text); }
  std::string text(const fs::path& file) const {
    const auto read = read_file(file, 1 << 20);
    return read ? *read : "(none)";
  }
  std::string program() const { return text(root / "usr/lib/luy/luy-agent"); }

  static bool pack(const fs::path& tree, const fs::path& out) {
    const auto built = run_with_input({"/usr/bin/dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, out}, {},
                                      std::chrono::minutes(2));
    return built && built->status == 0;
  }

  fs::path deb(const std::string& version, const std::string& scripts = {}, const std::string& name = "luy-agent",
               const std::string& architecture = {}) const {
    const fs::path tree = folder.path() / "tree";
    fs::remove_all(tree);
    fs::create_directories(tree / "DEBIAN");
    fs::create_directories(tree / "usr/lib/luy");
    fs::create_directories(tree / "usr/bin");
    fs::create_directories(tree / "lib/systemd/system");
    std::ofstream(tree / "lib/systemd/system/luy-agent.service") << "unit " << version;
    std::ofstream(tree / "usr/lib/luy/luy-agent") << "agent " << version;
    fs::permissions(tree / "usr/lib/luy/luy-agent", fs::perms(0755));
    if (version == "0.1.0") std::ofstream(tree / "usr/lib/luy/only-in-the-first") << "x";
    fs::create_symlink("../lib/luy/luy-agent", tree / "usr/bin/luy-agent");
    std::ofstream(tree / "DEBIAN/control")
        << "Package: " << name << "\nVersion: " << version
        << "\nArchitecture: " << (architecture.empty() ? machine_architecture().value() : architecture)
        << "\nMaintainer: Luy <luy@localhost>\nDescription: endpoint\n of Luy\n";
    // "postinst exit 1"
    if (!scripts.empty()) {
      const fs::path script = tree / "DEBIAN" / scripts.substr(0, scripts.find(' '));
      std::ofstream(script) << "#!/bin/sh\n" << scripts.substr(scripts.find(' ') + 1) << "\n";
      fs::permissions(script, fs::perms(0755));
    }
    const fs::path out = folder.path() / (name + version + ".deb");
    const auto built = run_with_input({"/usr/bin/dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, out}, {},
                                      std::chrono::minutes(2));
    EXPECT_TRUE(built && built->status == 0) << (built ? built->output : built.error().text());
    return out;
  }

  WantedRelease statement_of(const fs::path& file, const std::string& version) const {
    const std::string content = text(file);
    const Release release{version, machine_architecture().value(), static_cast<std::int64_t>(content.size()),
                          to_hex(sha256(content))};
    data_of_agent("release/files/" + release.sha256, content);
    return {device_policy::to_statement(release, sign(key, device_policy::release_text(release))), {{key, ""}}, 1, 600};
  }
  void want(const WantedRelease& wanted) { data_of_agent("release/wanted", device_policy::to_json(wanted)); }
  void want(const fs::path& file, const std::string& version) { want(statement_of(file, version)); }

  // The new agent "runs" and reports when its file says that it is that version.
  UpdateSetup setup() {
    return {data,
            own,
            package,
            clock,
            verify,
            [this] {
              clock.advance(std::chrono::seconds(30));
              if (stops-- == 0) return false;
              if (!reports.empty() && program() == "agent " + reports)
                data_of_agent("release/reported", reports + "\n");
              return true;
            },
            folder.path() / "program",
            0};
  }
  UpdateState update() {
    const auto done = update_agent(setup());
    EXPECT_TRUE(done) << done.error().text();
    EXPECT_TRUE(!done || *done) << "there was nothing to do";
    return done && *done ? **done : UpdateState();
  }
  std::string version() const { return installed_version(package).value(); }
  void expect_nothing_left() const {
    EXPECT_FALSE(fs::exists(own / "journal"));
    EXPECT_FALSE(fs::exists(own / "new.deb"));
    EXPECT_FALSE(fs::exists(own / "former.deb"));
    EXPECT_TRUE(fs::is_empty(root / "etc/systemd/system/multi-user.target.wants"));
  }

  TemporaryFolder folder;
  fs::path root = folder.path() / "root";
  fs::path data = folder.path() / "data";
  fs::path own = folder.path() / "own";
  PackageSetup package{root, {"--force-script-chrootless", "--log=/dev/null"}};
  FakeClock clock{from_rfc3339("2026-11-24T03:00:00Z").value_or(Time())};
  std::string reports = "0.2.0";
  int stops = -1;  // So many looks until it is told to stop.
};

TEST_F(UpdateTest, ASignedReleaseIsInstalledAndStaysWhenItReports) {
  EXPECT_FALSE(update_waits(data, own));
  want(deb("0.2.0"), "0.2.0");
  EXPECT_TRUE(update_waits(data, own));
  const UpdateState state = update();
  EXPECT_EQ(state.result, "installed") << state.why;
  EXPECT_EQ(state.from, "0.1.0");
  EXPECT_EQ(state.to, "0.2.0");
  EXPECT_EQ(version(), "0.2.0");
  EXPECT_EQ(program(), "agent 0.2.0");
  EXPECT_FALSE(fs::exists(root / "usr/lib/luy/only-in-the-first"));
  EXPECT_EQ(pinned_release_key(own), key);
  EXPECT_EQ(text(data / "spool/1"), "records that are not sent yet");
  EXPECT_FALSE(update_waits(data, own));
  EXPECT_EQ(update_agent(setup()).value(), std::nullopt) << "done once";
  expect_nothing_left();
}

TEST_F(UpdateTest, OneThatDoesNotReportIsTakenBack) {
  reports = "";
  want(deb("0.2.0"), "0.2.0");
  const UpdateState state = update();
  EXPECT_EQ(state.result, "rolled_back");
  EXPECT_EQ(state.code, release_silent.name);
  EXPECT_EQ(version(), "0.1.0");
  EXPECT_EQ(program(), "agent 0.1.0");
  EXPECT_EQ(text(root / "usr/lib/luy/only-in-the-first"), "x");
  EXPECT_TRUE(fs::is_symlink(root / "usr/bin/luy-agent"));
  EXPECT_TRUE(fs::is_symlink(root / "lib"));
  EXPECT_EQ(text(root / "usr/lib/systemd/system/luy-agent.service"), "unit 0.1.0");
  EXPECT_EQ(fs::status(root / "usr/lib/luy/luy-agent").permissions(), fs::perms(0755));
  EXPECT_EQ(text(data / "spool/1"), "records that are not sent yet");
  EXPECT_FALSE(update_waits(data, own)) << "not tried again by itself";
  expect_nothing_left();
  // Another attempt at the same release is another matter.
  WantedRelease again = statement_of(deb("0.2.0"), "0.2.0");
  again.attempt = 2;
  reports = "0.2.0";
  want(again);
  EXPECT_TRUE(update_waits(data, own));
  EXPECT_EQ(update().result, "installed");
}

TEST_F(UpdateTest, OneThatReportsAnotherVersionIsTakenBack) {
  reports = "";
  data_of_agent("release/reported", "0.1.0\n");
  want(deb("0.2.0"), "0.2.0");
  stops = -1;
  EXPECT_EQ(update().result, "rolled_back");
}

TEST_F(UpdateTest, ABrokenScriptOfTheNewPackageIsTakenBack) {
  want(deb("0.2.0", "postinst echo it is broken; exit 3"), "0.2.0");
  const UpdateState state = update();
  EXPECT_EQ(state.result, "rolled_back");
  EXPECT_EQ(state.code, release_dpkg_failed.name);
  EXPECT_NE(state.why.find("it is broken"), std::string::npos) << state.why;
  EXPECT_EQ(version(), "0.1.0");
  EXPECT_EQ(program(), "agent 0.1.0");
  expect_nothing_left();
}

TEST_F(UpdateTest, WhatDpkgDidNotEvenUnpackIsOnlyTold) {
  want(deb("0.2.0", "preinst exit 1"), "0.2.0");
  const UpdateState state = update();
  EXPECT_EQ(state.result, "failed");
  EXPECT_EQ(version(), "0.1.0");
  expect_nothing_left();
}

TEST_F(UpdateTest, WhatIsNotSignedByTheKeyIsRefused) {
  WantedRelease wanted = statement_of(deb("0.2.0"), "0.2.0");
  wanted.statement.replace(wanted.statement.find("signature ") + 10, 1,
                           wanted.statement[wanted.statement.find("signature ") + 10] == 'A' ? "B" : "A");
  want(wanted);
  const UpdateState state = update();
  EXPECT_EQ(state.result, "refused");
  EXPECT_EQ(state.code, device_policy::release_not_signed.name);
  EXPECT_EQ(pinned_release_key(own), "") << "what signed nothing is not pinned";
  EXPECT_EQ(version(), "0.1.0");
}

TEST_F(UpdateTest, AKeyIsPinnedAndChangesOnlyBySignature) {
  want(deb("0.2.0"), "0.2.0");
  ASSERT_EQ(update().result, "installed");
  const std::string other(32, 'o');
  const fs::path file = deb("0.3.0");
  const std::string content = text(file);
  reports = "0.3.0";
  const Release release{"0.3.0", machine_architecture().value(), static_cast<std::int64_t>(content.size()),
                        to_hex(sha256(content))};
  data_of_agent("release/files/" + release.sha256, content);
  WantedRelease wanted{
      device_policy::to_statement(release, sign(other, device_policy::release_text(release))), {{other, ""}}, 1, 600};
  want(wanted);
  EXPECT_EQ(update().code, device_policy::release_key_foreign.name);
  EXPECT_EQ(pinned_release_key(own), key);
  wanted.keys = {{key, ""}, {other, sign(key, device_policy::key_step_text(other))}};
  want(wanted);
  const UpdateState state = update();
  EXPECT_EQ(state.result, "installed") << state.why;
  EXPECT_EQ(pinned_release_key(own), other);
}

TEST_F(UpdateTest, AnOlderVersionIsRefusedAndSoIsTheSame) {
  for (const char* wanted : {"0.0.9", "0.1.0"}) {
    want(deb(wanted), wanted);
    const UpdateState state = update();
    EXPECT_EQ(state.result, "refused") << wanted;
    EXPECT_EQ(state.code, release_not_newer.name);
  }
  EXPECT_EQ(version(), "0.1.0");
}

TEST_F(UpdateTest, AnotherPackageOrArchitectureIsRefused) {
  want(deb("0.2.0", {}, "bash"), "0.2.0");
  EXPECT_EQ(update().code, release_not_package.name);
  want(deb("0.2.0", {}, "luy-agent", "s390x"), "0.2.0");
  EXPECT_EQ(update().code, release_not_package.name) << "its statement names this machine's architecture";
  const fs::path foreign = deb("0.3.0", {}, "luy-agent", "s390x");
  const std::string content = text(foreign);
  const Release release{"0.3.0", "s390x", static_cast<std::int64_t>(content.size()), to_hex(sha256(content))};
  data_of_agent("release/files/" + release.sha256, content);
  want(WantedRelease{
      device_policy::to_statement(release, sign(key, device_policy::release_text(release))), {{key, ""}}, 1, 600});
  EXPECT_EQ(update().code, release_wrong_machine.name);
  want(deb("0.4.0"), "0.2.0");
  EXPECT_EQ(update().code, release_not_package.name) << "it says another version than the statement";
  EXPECT_EQ(version(), "0.1.0");
}

TEST_F(UpdateTest, APackageThatWasCutOffOrChangedIsDroppedAndFetchedAgain) {
  const fs::path file = deb("0.2.0");
  const WantedRelease wanted = statement_of(file, "0.2.0");
  const std::string name = device_policy::read_statement(wanted.statement).value().release.sha256;
  want(wanted);
  const std::string content = text(file);
  data_of_agent("release/files/" + name, content.substr(0, content.size() / 2));
  UpdateState state = update();
  EXPECT_EQ(state.result, "waiting");
  EXPECT_EQ(state.code, release_damaged.name);
  EXPECT_FALSE(fs::exists(release_folder(data) / "files" / name));
  EXPECT_EQ(update().result, "waiting") << "not there";
  data_of_agent("release/files/" + name, content);
  EXPECT_EQ(update().result, "installed");
  // Signed by mistake while half of it lacked.
  std::ofstream(folder.path() / "half.deb", std::ios::binary) << text(deb("0.3.0")).substr(0, content.size() - 80);
  want(folder.path() / "half.deb", "0.3.0");
  state = update();
  EXPECT_EQ(state.result, "refused");
  EXPECT_EQ(state.code, release_not_package.name);
  EXPECT_EQ(version(), "0.2.0");
}

TEST_F(UpdateTest, WhileDpkgIsLockedItWaits) {
  want(deb("0.2.0"), "0.2.0");
  {
    const UniqueFd fd(::open((root / "var/lib/dpkg/lock-frontend").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    ASSERT_EQ(::fcntl(fd.get(), F_SETLK, &lock), 0);
    const UpdateState state = update();
    EXPECT_EQ(state.result, "waiting") << state.why;
    EXPECT_EQ(state.code, release_dpkg_busy.name);
    EXPECT_TRUE(update_waits(data, own));
    const std::string told = text(release_folder(data) / "state");
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(update().result, "waiting");
  }
  EXPECT_EQ(update().result, "installed");
}

TEST_F(UpdateTest, WithoutRoomNothingIsBegun) {
  want(deb("0.2.0"), "0.2.0");
  UpdateSetup full = setup();
  full.spare_bytes = std::int64_t{1} << 60;
  const auto state = update_agent(full);
  ASSERT_TRUE(state && *state);
  EXPECT_EQ((*state)->result, "waiting");
  EXPECT_EQ((*state)->code, release_no_room.name);
  EXPECT_EQ(update().result, "installed");
}

TEST_F(UpdateTest, ADiskThatFillsUpLeavesTheVersionBefore) {
  // A file system that holds the version before and no more: dpkg itself meets the end of it.
  const fs::path usr = root / "usr";
  const fs::path kept = folder.path() / "usr";
  fs::rename(usr, kept);
  fs::create_directories(usr);
  if (::mount("tmpfs", usr.c_str(), "tmpfs", 0, "size=1m") != 0) {
    GTEST_SKIP() << "a small file system cannot be mounted here";
  }
  fs::copy(kept, usr, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  std::ofstream(usr / "filler", std::ios::binary) << std::string(1 << 20, 'x');
  fs::path large = deb("0.2.0");
  std::ofstream(folder.path() / "tree/usr/lib/luy/large", std::ios::binary) << std::string(2 << 20, 'y');
  const auto built =
      run_with_input({"/usr/bin/dpkg-deb", "--root-owner-group", "-Zgzip", "--build", folder.path() / "tree", large},
                     {}, std::chrono::minutes(2));
  ASSERT_TRUE(built && built->status == 0);
  WantedRelease wanted = statement_of(large, "0.2.0");
  want(wanted);
  UpdateSetup here = setup();
  here.spare_bytes = -(std::int64_t{1} << 40);  // The look at the room beforehand would stop it.
  const auto state = update_agent(here);
  EXPECT_TRUE(state && *state && (*state)->result == "failed") << (state && *state ? (*state)->result : "");
  EXPECT_EQ(version(), "0.1.0");
  EXPECT_EQ(program(), "agent 0.1.0");
  EXPECT_EQ(::umount(usr.c_str()), 0);
}

TEST_F(UpdateTest, AfterACutItGoesOnFromTheJournal) {
  want(deb("0.2.0"), "0.2.0");
  stops = 0;
  EXPECT_EQ(update_agent(setup()).value(), std::nullopt) << "told to stop while it watched";
  EXPECT_EQ(version(), "0.2.0");
  EXPECT_TRUE(update_waits(data, own));
  EXPECT_TRUE(fs::exists(root / "etc/systemd/system/luy-agent-rollback.service"));
  EXPECT_TRUE(fs::exists(root / "etc/systemd/system/multi-user.target.wants/luy-agent-rollback.service"))
      << "a boot finds it";
  EXPECT_EQ(text(own / "updater"), "the updater");
  stops = -1;
  EXPECT_EQ(update().result, "installed");
  expect_nothing_left();
}

TEST_F(UpdateTest, AMachineThatGoesDownAgainAndAgainUnderTheNewVersionGoesBack) {
  reports = "";
  want(deb("0.2.0"), "0.2.0");
  for (int start = 0; start < 3; ++start) {
    stops = 2;
    EXPECT_EQ(update_agent(setup()).value(), std::nullopt);
    EXPECT_EQ(version(), "0.2.0");
  }
  stops = 0;
  const UpdateState state = update();
  EXPECT_EQ(state.result, "rolled_back");
  EXPECT_EQ(version(), "0.1.0");
}

TEST_F(UpdateTest, AnInstallingThatWasCutOffIsDoneAgain) {
  want(deb("0.2.0"), "0.2.0");
  stops = 0;
  ASSERT_EQ(update_agent(setup()).value(), std::nullopt);
  auto journal = read_update_journal(text(own / "journal"));
  ASSERT_TRUE(journal);
  journal->phase = UpdateJournal::Phase::installing;
  journal->starts = 1;
  ASSERT_TRUE(write_file_durably(own / "journal", to_text(*journal)));
  // As a power cut leaves it: unpacked, not configured.
  std::string status = text(root / "var/lib/dpkg/status");
  status.replace(status.find("install ok installed"), 20, "install ok unpacked ");
  std::ofstream(root / "var/lib/dpkg/status", std::ios::trunc) << status;
  stops = -1;
  EXPECT_EQ(update().result, "installed");
  EXPECT_EQ(version(), "0.2.0");
}

TEST(UpdateFilesTest, WhatIsWrittenIsReadAndWhatIsCutOffIsNot) {
  const UpdateState state{"ab",
                          from_rfc3339("2026-11-24T03:00:00Z").value(),
                          "rolled_back",
                          "0.1.0",
                          "0.2.0",
                          "agent.release_silent",
                          "It says\nnothing"};
  const auto read = read_update_state(to_text(state));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->why, "It says nothing");
  EXPECT_EQ(read->to, "0.2.0");
  const std::string whole = to_text(state);
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) EXPECT_FALSE(read_update_state(whole.substr(0, size)));
  const UpdateJournal journal{"ab", "0.1.0", "0.2.0", UpdateJournal::Phase::rolling_back, 2, "x", "y", 600};
  EXPECT_EQ(read_update_journal(to_text(journal)), journal);
  EXPECT_FALSE(read_update_journal("luy-release-journal 1\nphase other\n"));
}

}  // namespace
}  // namespace luy::agent
