// Goal: the last checkpoint of each closed day gets a time-stamp that anybody can verify, and what is no time-stamp is
// not kept.
// Method: a store under a clock of ours; `openssl ts` behind a service on loopback, and by hand as the verifier.
#include "hub/evidence_stamps.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "evidence/archive.h"
#include "evidence/test_store.h"
#include "evidence/witness_file.h"
#include "hub/core.h"
#include "seal/stamp_server.h"
#include "seal/time_stamp_call.h"
#include "signature/fixture.h"
#include "signature/time_stamp.h"

namespace luy::hub {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace http = boost::beast::http;

struct EvidenceStampsTest : testing::Test, evidence::TestStore {
  void SetUp() override {
    if (!signature::has_tool("openssl")) GTEST_SKIP() << "openssl is not installed";
    TestStore::open();
    for (int day = 0; day < 2; ++day) {
      ASSERT_TRUE(add({"one"}));
      clock.advance(24h);
      ASSERT_TRUE(store->close_days_before(day_of(clock.now())));
    }
    ASSERT_TRUE(add({"today"}));
    ASSERT_TRUE(store->checkpoint());
    const std::vector<records::Migration> tables = all_migrations();
    database = std::move(records::open_sqlite(folder.path() / "records.db", tables).value());
    reopen_stamps();
  }
  void reopen_stamps() { stamps = std::move(EvidenceStamps::open({*database, clock, random, *store}).value()); }
  fs::path stamp(int day) const {
    return evidence::stamp_path(store_folder() / (to_iso(*day_from_iso("2026-11-22") + days(day)) + ".sqlite"));
  }
  Result<void> use(const std::string& url) {
    return stamps->set_url(url, [](records::Connection&, const std::string&) { return Result<void>(); });
  }

  SeededRandom random{5};
  std::unique_ptr<records::Database> database;
  std::unique_ptr<EvidenceStamps> stamps;
};

TEST_F(EvidenceStampsTest, EachClosedDayGetsOneThatOpensslVerifiesByHand) {
  int asked = 0;
  seal::StampServer server([&](const seal::StampServer::Request& request) {
    ++asked;
    seal::StampServer::Response out(http::status::ok, 11);
    out.body() = signature::openssl_ts(request.body()).value();
    return out;
  });
  stamps->round();
  EXPECT_FALSE(fs::exists(stamp(0))) << "nobody is asked before an address is set";
  ASSERT_TRUE(use(server.url()));
  stamps->round();
  EXPECT_FALSE(stamps->state().problem) << stamps->state().problem->text();
  EXPECT_TRUE(fs::exists(stamp(0)));
  EXPECT_TRUE(fs::exists(stamp(1)));
  EXPECT_FALSE(fs::exists(stamp(2))) << "the day is open";
  EXPECT_EQ(stamps->state().newest_day, *day_from_iso("2026-11-23"));
  EXPECT_TRUE(stamps->state().stamped_at);
  stamps->round();
  EXPECT_EQ(asked, 2) << "once a day";
  const auto all = store->checkpoints(INT64_MAX, 10);
  ASSERT_TRUE(all);
  std::size_t verified = 0;
  for (const evidence::StoredCheckpoint& one : *all) {
    if (!one.closing) continue;
    const auto note = signature::scratch("note");
    signature::write_bytes(note, one.checkpoint.note);
    for (const int day : {0, 1}) {
      int code = 1;
      signature::output_of("openssl ts -verify -token_in -in " + stamp(day).string() + " -data " + note.string() +
                               " -CAfile " + (signature::pki() / "anchors.pem").string(),
                           &code);
      verified += code == 0 ? 1 : 0;
    }
  }
  EXPECT_EQ(verified, 2U) << "each over the closing note of its own day alone";
  reopen_stamps();
  EXPECT_EQ(stamps->state().url, server.url());
  EXPECT_EQ(stamps->state().newest_day, *day_from_iso("2026-11-23"));
}

TEST_F(EvidenceStampsTest, WhatIsNoTimeStampIsNotKeptAndIsToldOf) {
  std::string answer = "x";
  bool ok = true;
  seal::StampServer server([&](const seal::StampServer::Request& request) {
    seal::StampServer::Response out(ok ? http::status::ok : http::status::internal_server_error, 11);
    out.body() = answer.empty() ? signature::openssl_ts(request.body()).value() : answer;
    return out;
  });
  ASSERT_TRUE(use(server.url()));
  stamps->round();
  ASSERT_TRUE(stamps->state().problem);
  EXPECT_TRUE(stamps->state().problem->is(signature::timestamp_failed)) << stamps->state().problem->text();
  ok = false;
  stamps->round();
  EXPECT_TRUE(stamps->state().problem->is(seal::time_stamp_unreachable)) << stamps->state().problem->text();
  EXPECT_FALSE(fs::exists(stamp(0)));
  EXPECT_FALSE(fs::exists(stamp(1)));
  ok = true;
  answer.clear();
  stamps->round();
  EXPECT_FALSE(stamps->state().problem) << "it is asked again";
  EXPECT_TRUE(fs::exists(stamp(0)));
  EXPECT_TRUE(use("ftp://a/").error().is(stamp_url_invalid));
  EXPECT_EQ(stamps->state().url, server.url()) << "as it was";
}

}  // namespace
}  // namespace luy::hub
