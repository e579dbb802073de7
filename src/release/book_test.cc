// Goal: nothing goes to a machine that the release key did not sign, that two people did not agree to, or that is
// older; it goes to few machines first, further when one of them runs it, and no further when one went back.
#include "release/book.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/fixture.h"
#include "inventory/fixture.h"

namespace luy::release {
namespace {

using device_policy::Release;

const std::string key(32, 'k');
std::string sign(std::string_view by, std::string_view text) {
  return to_hex(sha256(std::string(by) + std::string(text)));
}
bool verify(std::string_view by, std::string_view text, std::string_view signature) {
  return signature == sign(by, text);
}

struct ReleaseBookTest : testing::Test {
  ReleaseBookTest() {
    for (const auto part : {directory::migrations(), inventory::migrations(), migrations()}) {
      tables.insert(tables.end(), part.begin(), part.end());
    }
    reopen();
  }
  void reopen() {
    book.reset();
    acts.reset();
    audit.reset();
    w.open(tables);
    audit = std::make_unique<directory::AuditTrail>(*w.database, sink, w.clock);
    acts = std::make_unique<directory::PendingActs>(*w.database, *audit, w.clock, w.random);
    book = std::move(Book::open({*w.database, *audit, *acts, w.clock, w.random, w.folder.path() / "releases", verify,
                                 [this](const std::filesystem::path&) -> Result<PackageFacts> { return facts; }})
                         .value());
  }
  void add_key(const std::string& fresh = key, const std::string& signature = {}) {
    const auto done = book->add_key(caller, w.town, {fresh, signature, "An"});
    ASSERT_TRUE(done) << done.error().text();
    ASSERT_TRUE(done->done) << "a command on the server needs no second person";
  }
  Book::NewRelease offer(const std::string& version, const std::string& architecture = "amd64",
                         const std::string& by = key) {
    const std::string content = "package " + version;
    const auto file = w.folder.path() / "upload";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
    facts = {"luy-agent", version, architecture};
    const Release release{version, architecture, static_cast<std::int64_t>(content.size()), to_hex(sha256(content))};
    return {file, device_policy::to_statement(release, sign(by, device_policy::release_text(release))), "Sửa lỗi",
            "An"};
  }
  Result<KeptRelease> bring(const std::string& version) { return book->bring(caller, w.town, offer(version)); }
  KeptRelease agreed(const std::string& version) {
    const auto release = bring(version);
    EXPECT_TRUE(release) << release.error().text();
    const auto done = book->ask_agreement(caller, w.town, release->id, "An");
    EXPECT_TRUE(done && done->done) << (done ? "waits" : done.error().text());
    return *book->find(release->id);
  }
  Result<KeptRelease> ring(const KeptRelease& release, Ring wanted, std::vector<std::string> places = {}) {
    w.clock.advance(std::chrono::minutes(1));
    return book->set_ring(caller, w.town, release.id, {wanted, std::move(places), 600, "thử", "An"});
  }
  std::string wanted(const DeviceId& device, const AgencyId& agency, const std::string& version = "0.1.0") {
    const auto answer = book->wanted_by(device, w.lineage(agency), version, "amd64");
    EXPECT_TRUE(answer) << answer.error().text();
    if (!answer || !*answer) return "";
    return device_policy::read_statement((*answer)->statement).value().release.version + "/" +
           std::to_string((*answer)->attempt);
  }
  void tell(const DeviceId& device, const std::string& result, const std::string& to) {
    w.clock.advance(std::chrono::minutes(1));
    const std::string note = R"({"note":"release_)" + result +
                             R"(","at":"2026-11-24T03:00:00Z","from":"0.1.0","to":")" + to +
                             R"(","code":"agent.release_silent","why":"nothing was heard"})";
    EXPECT_TRUE(book->take(device, note, ++seq).value());
  }

  inventory::World w;
  std::vector<records::Migration> tables;
  directory::KeptAudit sink;
  std::unique_ptr<directory::AuditTrail> audit;
  std::unique_ptr<directory::PendingActs> acts;
  PackageFacts facts;
  std::unique_ptr<Book> book;
  directory::Caller caller = directory::server_operator();
  std::uint64_t seq = 0;
};

TEST_F(ReleaseBookTest, WithoutAKeyNothingIsTaken) {
  EXPECT_TRUE(bring("0.2.0").error().is(key_missing));
  add_key();
  EXPECT_TRUE(bring("0.2.0"));
  EXPECT_EQ(sink.acts(), (std::vector<std::string>{"agent_release_brought release.key_missing", "agent_release_key",
                                                   "agent_release_brought"}));
}

TEST_F(ReleaseBookTest, WhatIsNotSignedNotNewerOrNotThePackageIsRefused) {
  add_key();
  ASSERT_TRUE(bring("0.2.0"));
  const auto refused = [&](const Book::NewRelease& wanted) { return book->bring(caller, w.town, wanted).error(); };
  EXPECT_TRUE(refused(offer("0.3.0", "amd64", std::string(32, 'x'))).is(device_policy::release_not_signed));
  EXPECT_TRUE(refused(offer("0.2.0")).is(release_older));
  EXPECT_TRUE(refused(offer("0.1.9")).is(release_older));
  EXPECT_TRUE(refused(offer("0.3.0", "s390x")).is(architecture_unknown));
  Book::NewRelease wanted = offer("0.3.0");
  wanted.statement.pop_back();
  EXPECT_TRUE(refused(wanted).is(device_policy::release_malformed));
  wanted = offer("0.3.0");
  std::ofstream(wanted.file, std::ios::binary | std::ios::trunc) << "package";
  EXPECT_TRUE(refused(wanted).is(package_invalid)) << "it was cut off";
  wanted = offer("0.3.0");
  facts.architecture = "arm64";
  EXPECT_TRUE(refused(wanted).is(package_invalid)) << "the package says another architecture than the statement";
  wanted = offer("0.3.0");
  facts.name = "bash";
  EXPECT_TRUE(refused(wanted).is(package_invalid));
  EXPECT_EQ(book->releases().size(), 1U);
  EXPECT_TRUE(book->bring(caller, w.town, offer("0.2.0", "arm64"))) << "of another architecture it is the first";
}

TEST_F(ReleaseBookTest, AKeyIsFollowedByOneThatItSigned) {
  add_key();
  const std::string next(32, 'n');
  EXPECT_TRUE(book->add_key(caller, w.town, {next, "x", "An"}).error().is(key_invalid));
  EXPECT_TRUE(book->add_key(caller, w.town, {"short", "", "An"}).error().is(key_invalid));
  EXPECT_TRUE(
      book->add_key(caller, w.town, {key, sign(key, device_policy::key_step_text(key)), "An"}).error().is(key_invalid));
  add_key(next, sign(key, device_policy::key_step_text(next)));
  EXPECT_TRUE(bring("0.2.0").error().is(device_policy::release_not_signed)) << "the key before signs no more";
  ASSERT_TRUE(book->bring(caller, w.town, offer("0.2.0", "amd64", next)));
  reopen();
  ASSERT_EQ(book->keys().size(), 2U);
  EXPECT_EQ(device_policy::follow_keys({book->keys()[0].step, book->keys()[1].step}, key, verify).value(), next);
}

TEST_F(ReleaseBookTest, ItGoesToFewFirstAndFurtherWhenOneRunsIt) {
  add_key();
  const DeviceId first = w.enrol("may-01", w.ward);
  const DeviceId second = w.enrol("may-02", w.ward);
  const DeviceId third = w.enrol("may-03", w.other_ward);
  const auto brought = bring("0.2.0");
  ASSERT_TRUE(brought);
  EXPECT_TRUE(ring(*brought, Ring::devices, {first.text()}).error().is(not_agreed));
  EXPECT_EQ(wanted(first, w.ward), "");
  const std::string digest = brought->release.sha256;
  EXPECT_TRUE(book->piece(digest, 0).error().is(release_unknown)) << "nobody gets what nobody agreed to";
  ASSERT_TRUE(book->ask_agreement(caller, w.town, brought->id, "An"));
  EXPECT_TRUE(ring(*brought, Ring::all).error().is(ring_unproven));
  EXPECT_TRUE(ring(*brought, Ring::agencies, {w.ward.text()}).error().is(ring_unproven));
  EXPECT_TRUE(ring(*brought, Ring::devices).error().is(release_invalid));
  ASSERT_TRUE(ring(*brought, Ring::devices, {first.text()}));
  EXPECT_EQ(wanted(first, w.ward), "0.2.0/1");
  EXPECT_EQ(wanted(second, w.ward), "");
  EXPECT_EQ(book->piece(digest, 8).value(), "0.2.0");
  EXPECT_TRUE(book->piece(digest, 13).error().is(release_unknown));

  tell(first, "installing", "0.2.0");
  tell(first, "installed", "0.2.0");
  EXPECT_EQ(wanted(first, w.ward, "0.2.0"), "");
  EXPECT_EQ(book->running(*brought), 1U);
  reopen();
  EXPECT_EQ(book->told(first)->result, "installed");
  ASSERT_TRUE(ring(*brought, Ring::agencies, {w.ward.text()}));
  EXPECT_EQ(wanted(second, w.ward), "0.2.0/1");
  EXPECT_EQ(wanted(third, w.other_ward), "");
  EXPECT_TRUE(ring(*brought, Ring::devices, {first.text()}).error().is(ring_unproven)) << "it is not taken back so";
  ASSERT_TRUE(ring(*brought, Ring::all));
  EXPECT_EQ(wanted(third, w.other_ward), "0.2.0/1");
  EXPECT_EQ(book->wanted_by(third, w.lineage(w.other_ward), "0.1.0", "arm64").value(), std::nullopt);
  EXPECT_EQ(wanted(third, w.other_ward, "0.3.0"), "") << "never an older one";
}

TEST_F(ReleaseBookTest, TheFirstThatWentBackStopsTheOthers) {
  add_key();
  const DeviceId first = w.enrol("may-01", w.ward);
  const DeviceId second = w.enrol("may-02", w.ward);
  const KeptRelease release = agreed("0.2.0");
  ASSERT_TRUE(ring(release, Ring::devices, {first.text(), second.text()}));
  tell(second, "installing", "0.2.0");
  tell(first, "rolled_back", "0.2.0");
  EXPECT_EQ(book->stopped_by(release), std::vector<DeviceId>{}) << "as it was before its ring";
  const auto now = *book->find(release.id);
  EXPECT_EQ(book->stopped_by(now), std::vector<DeviceId>{first});
  EXPECT_EQ(wanted(first, w.ward), "");
  EXPECT_EQ(wanted(second, w.ward), "0.2.0/1") << "it has begun";
  ASSERT_TRUE(ring(release, Ring::devices, {first.text(), second.text()}));
  EXPECT_EQ(wanted(first, w.ward), "0.2.0/2") << "a person said that it goes on";
}

TEST_F(ReleaseBookTest, AWithdrawnReleaseGoesToNobody) {
  add_key();
  const DeviceId first = w.enrol("may-01", w.ward);
  const KeptRelease release = agreed("0.2.0");
  ASSERT_TRUE(ring(release, Ring::devices, {first.text()}));
  EXPECT_TRUE(book->withdraw(caller, w.town, release.id, "", "An").error().is(release_invalid));
  ASSERT_TRUE(book->withdraw(caller, w.town, release.id, "Lỗi", "An"));
  EXPECT_EQ(wanted(first, w.ward), "");
  EXPECT_TRUE(book->piece(release.release.sha256, 0).error().is(release_unknown));
  EXPECT_FALSE(std::filesystem::exists(w.folder.path() / "releases" / release.release.sha256));
  EXPECT_TRUE(ring(release, Ring::devices, {first.text()}).error().is(withdrawn));
  EXPECT_TRUE(book->withdraw(caller, w.town, release.id, "Lỗi", "An").error().is(withdrawn));
  EXPECT_TRUE(bring("0.2.0").error().is(release_older)) << "a version is used once";
}

TEST_F(ReleaseBookTest, OnlyNotesOfReleasesAreTaken) {
  const DeviceId device = w.enrol("may-01", w.ward);
  EXPECT_FALSE(book->take(device, "{", 1).value());
  EXPECT_FALSE(book->take(device, R"({"note":"release_other","at":"2026-11-24T03:00:00Z"})", 2).value());
  EXPECT_FALSE(book->take(device, R"({"note":"release_installed"})", 3).value());
  EXPECT_TRUE(book->take(device, R"({"note":"release_failed","at":"2026-11-24T03:00:00Z","to":"0.2.0"})", 5).value());
  EXPECT_TRUE(book->take(device, R"({"note":"release_installed","at":"2026-11-24T03:00:00Z"})", 4).value());
  EXPECT_EQ(book->told(device)->result, "failed") << "an older record changes nothing";
}

}  // namespace
}  // namespace luy::release
