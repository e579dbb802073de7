// Goal: a hub whose evidence is lost or older than its records does not go on as if nothing had happened, and goes on
// after somebody said so on record. Method: real data folders, their evidence deleted, put back, or swapped.
#include "hub/accept_loss.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "base/file.h"
#include "evidence/cosignature.h"
#include "evidence/verify.h"
#include "hub/core.h"
#include "hub/hub.h"
#include "hub/setup.h"
#include "hub/test_client.h"
#include "hub/witness_book.h"
#include "signer/keeper.h"

namespace luy::hub {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct AcceptLossTest : ::testing::Test {
  AcceptLossTest() { grow(data); }
  // Sets the folder up; again, it issues another password, which is a record more.
  void grow(const fs::path& where) {
    SetupOptions setup;
    setup.data = where;
    setup.agency_code = "UBND-BS";
    setup.agency_name = "Ủy ban nhân dân thị xã Bỉm Sơn";
    setup.username = "quantri";
    setup.passwords = directory::password_cost_of_tests;
    const auto done = set_up(setup, clock, random);
    ASSERT_TRUE(done) << done.error().text();
  }
  Result<std::unique_ptr<Core>> open() {
    Core::Options options;
    options.data = data;
    return Core::open(options, clock, random);
  }
  void expect_refused() {
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_TRUE(opened.error().is(evidence::rolled_back)) << opened.error().text();
  }
  static void copy(const fs::path& from, const fs::path& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
  }

  TempFolder folder;
  SystemClock clock;
  SystemRandom random;
  fs::path data = folder.path() / "data";
  fs::path evidence = data / "evidence";
};

TEST_F(AcceptLossTest, LostEvidenceIsNoticed) {
  fs::remove_all(evidence);
  expect_refused();
  expect_refused();
}

TEST_F(AcceptLossTest, EvidenceOlderThanTheRecordsIsNoticed) {
  copy(evidence, folder.path() / "old");
  grow(data);
  copy(evidence, folder.path() / "new");
  copy(folder.path() / "old", evidence);
  expect_refused();
  copy(folder.path() / "new", evidence);
  EXPECT_TRUE(open()) << "with the newest backup it goes on";
}

TEST_F(AcceptLossTest, EvidenceOfAnotherHistoryIsNoticed) {
  const fs::path other = folder.path() / "other";
  copy(data, other);
  grow(data);
  grow(other);
  copy(other / "evidence", evidence);
  expect_refused();
}

TEST_F(AcceptLossTest, RecordsOlderThanTheEvidenceAreNoLossOfEvidence) {
  copy(data / "records.db", folder.path() / "records.db");
  const auto size = open().value()->store().size();
  grow(data);
  for (const char* const rest : {"records.db-wal", "records.db-shm"}) fs::remove(data / rest);
  fs::copy_file(folder.path() / "records.db", data / "records.db", fs::copy_options::overwrite_existing);
  const auto opened = open();
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_GT((*opened)->store().size(), size);
}

TEST_F(AcceptLossTest, AnAcceptedLossBeginsANewTreeThatTellsOfIt) {
  EXPECT_TRUE(accept_loss(data, "x", clock, random).error().is(nothing_lost));
  EXPECT_TRUE(accept_loss(data, "", clock, random).error().is(reason_missing));
  EXPECT_TRUE(accept_loss(folder.path() / "none", "x", clock, random).error().is(not_set_up));
  const std::string origin = read_file(data / "keys" / "origin", 100).value();
  copy(evidence, folder.path() / "old");
  grow(data);
  copy(folder.path() / "old", evidence);
  const auto accepted = accept_loss(data, "Đĩa hỏng, biên bản số 7", clock, random);
  ASSERT_TRUE(accepted) << accepted.error().text();
  EXPECT_TRUE(fs::exists(accepted->moved_to)) << "what was left is kept";
  EXPECT_NE(read_file(data / "keys" / "origin", 100).value(), origin);
  {
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().text();
    const auto begin = (*opened)->store().read(0);
    ASSERT_TRUE(begin);
    EXPECT_NE(begin->raw.find(R"("note":"epoch")"), std::string::npos) << begin->raw;
    EXPECT_NE(begin->raw.find("biên bản số 7"), std::string::npos) << begin->raw;
    // Before it stands, rightly, that the entries of the old tree are missing from this one.
    const auto first = (*opened)->store().read(2);
    ASSERT_TRUE(first);
    for (const std::string_view part : {"evidence_loss_accepted", "biên bản số 7", "luy-hub"}) {
      EXPECT_NE(first->raw.find(part), std::string::npos) << first->raw;
    }
  }
  grow(data);
  EXPECT_TRUE(accept_loss(data, "x", clock, random).error().is(nothing_lost));
  fs::remove_all(evidence);
  ASSERT_TRUE(accept_loss(data, "again", clock, random));
  EXPECT_TRUE(read_file(data / "keys" / "origin", 100).value().ends_with("/3\n"));
}

// The tree after a lost one begins with what a witness had cosigned of it: what of the old tree is left is measured
// against that.
TEST_F(AcceptLossTest, TheNewTreeBeginsWithWhatWasCosignedOfTheLostOne) {
  copy(data, folder.path() / "old");
  grow(data);
  auto province =
      std::move(signer::Keeper::open({folder.path() / "province", "luy/province", {}, false}, clock, random).value());
  const std::string witness_of_ours = open().value()->signer().witness_vkey();
  std::string cosigned;
  std::string vkey;
  {
    const auto core = std::move(*open());
    const auto newest = core->store().checkpoint();
    ASSERT_TRUE(newest) << newest.error().text();
    vkey = core->signer().vkey();
    const auto answer = province->cosign({vkey, newest->certificates, {0, {}, newest->note}});
    ASSERT_TRUE(answer && answer->outcome == signer::Cosigned::Outcome::signed_);
    cosigned = evidence::add_cosignature(newest->note, answer->line, province->witness()).value();
  }
  // Everything was put back, so that nothing here knows of the loss; the witness does, and its note is sent along.
  copy(folder.path() / "old", data);
  {
    const auto core = std::move(*open());
    EXPECT_TRUE(accept_loss(data, "x", clock, random).error().is(data_in_use));
    const auto book = std::move(WitnessBook::open({core->database(), clock, random}).value());
    WitnessProof proof;
    proof.ours = true;
    proof.kind = "rolled_back";
    proof.origin = core->signer().origin();
    proof.cosigned = cosigned;
    proof.submitted = "x";
    ASSERT_TRUE(book->add_proof(proof));
  }
  const auto accepted = accept_loss(data, "Đĩa hỏng", clock, random);
  ASSERT_TRUE(accepted) << accepted.error().text();
  const auto core = std::move(*open());
  const auto begin = json::parse(core->store().read(0)->raw).as_object();
  EXPECT_EQ(begin.at("note"), "epoch");
  EXPECT_EQ(begin.at("origin").as_string(), core->signer().origin());
  ASSERT_EQ(begin.at("cosigned").as_string(), cosigned);
  EXPECT_EQ(core->signer().witness_vkey(), witness_of_ours) << "what it cosigned for others is no part of the loss";
  EXPECT_NE(core->signer().vkey(), vkey);
  // Verified against it, what is left says how much is missing.
  std::set<std::string> faults;
  evidence::VerifyOptions options{.keys = {*evidence::VerifierKey::parse(vkey)}, .notes = {cosigned}};
  options.report = [&](const evidence::Finding& finding) {
    if (finding.is_fault) faults.emplace(finding.error.name());
  };
  ASSERT_TRUE(evidence::verify_path(accepted->moved_to, options));
  EXPECT_EQ(faults, std::set<std::string>{"verify.rolled_back"});
}

// Killed at any place it can be repeated: the first record is written down with the loss, and stored once.
TEST_F(AcceptLossTest, TheFirstRecordIsStoredOnceWhateverCameBetween) {
  fs::remove_all(evidence);
  ASSERT_TRUE(accept_loss(data, "Đĩa hỏng", clock, random));
  std::string record;
  {
    const auto core = std::move(*open());
    record = core->store().read(0)->raw;
    // As if it had been killed before the record was forgotten.
    ASSERT_TRUE(core->database().write([&](records::Connection& c) {
      return c.run("INSERT INTO hub_setting (name, value) VALUES ('epoch', $1)", {std::string_view(record)});
    }));
  }
  const auto core = std::move(*open());
  std::size_t found = 0;
  ASSERT_TRUE(core->store().replay(0, [&](const evidence::Record& one) {
    found += one.raw == record ? 1 : 0;
    return true;
  }));
  EXPECT_EQ(found, 1U);
}

TEST_F(AcceptLossTest, ThePasswordOfAnAccountIsIssuedAnewOnTheServer) {
  const auto sign_in = [&](const std::string& password) {
    return (*open())->directory().sessions().sign_in({"quantri", password, "192.0.2.1", ""});
  };
  for (int i = 0; i < directory::pause_per_account.free + 1; ++i) EXPECT_FALSE(sign_in("wrong"));
  EXPECT_TRUE(sign_in("wrong").error().is(directory::sign_in_paused));
  const auto reset = reset_password({data, "quantri"}, clock, random);
  ASSERT_TRUE(reset) << reset.error().text();
  EXPECT_TRUE(sign_in(reset->password)) << "whoever guessed before keeps nobody out";
  const auto core = std::move(*open());
  std::string trail;
  ASSERT_TRUE(core->store().replay(0, [&](const evidence::Record& record) {
    trail = record.raw.find("password_issue") != std::string::npos ? record.raw : trail;
    return true;
  }));
  EXPECT_NE(trail.find(R"("user.name":"luy-hub")"), std::string::npos) << trail;
  EXPECT_TRUE(reset_password({data, "quantri"}, clock, random).error().is(data_in_use));
}

TEST_F(AcceptLossTest, ADisabledAccountIsUnlockedOnlyWhenAsked) {
  {
    const auto core = std::move(*open());
    const auto account = core->directory().accounts().find_by_username("quantri");
    ASSERT_TRUE(core->database().write([&](records::Connection& c) {
      return c.run("UPDATE account SET enabled = 0 WHERE id = $1", {std::string_view(account->id.text())});
    }));
  }
  EXPECT_FALSE(reset_password({data, "quantri"}, clock, random)->enabled);
  const auto reset = reset_password({data, "quantri", true}, clock, random);
  EXPECT_TRUE(reset->enabled);
  EXPECT_TRUE((*open())->directory().sessions().sign_in({"quantri", reset->password, "192.0.2.1", ""}));
  EXPECT_TRUE(reset_password({data, "nobody"}, clock, random).error().is(directory::account_unknown));
  EXPECT_TRUE(reset_password({folder.path() / "none", "quantri"}, clock, random).error().is(not_set_up));
}

}  // namespace
}  // namespace luy::hub
