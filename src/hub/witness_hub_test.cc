// Goal: a hub asks its witnesses and answers other hubs as c2sp.org/tlog-witness says, and what was exposed is kept.
// Method: the whole hub as the witness of its own evidence, over TLS; requests made by hand. Two hubs: tests/system.
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "evidence/cosignature.h"
#include "evidence/witness_file.h"
#include "hub/hub_fixture.h"
#include "hub/witness_desk.h"

namespace luy::hub {
namespace {

namespace fs = std::filesystem;

struct WitnessHubTest : HubTest {
  void SetUp() override {
    HubTest::SetUp();
    fs::create_directories(folder.path() / "notices");
    fs::copy_file(folder.path() / "keys" / "ca.crt", folder.path() / "notices" / "hub-ca.crt");
    admin_.emplace(signed_in());
    standing_ = admin_->get("/api/v1/witness").as_object();
  }
  ClientResponse post(const std::string& path, const json::object& body) {
    return admin_->call("POST", "/api/v1/witness" + path, body.empty() ? "" : json::serialize(body));
  }
  // As another hub: no session.
  ClientResponse submit(const std::string& path, const std::string& body) {
    Caller other = anonymous(7);
    return other.call("POST", "/api/v1/witness" + path, body, "text/plain");
  }
  ClientResponse submit(const evidence::Submission& wanted) {
    return submit("/add-checkpoint", evidence::format_submission(wanted));
  }
  static std::string code(const ClientResponse& response) {
    return text(json::parse(response.body).at("error").at("code"));
  }
  json::object witness(const std::string& name) {
    return {{"name", name},
            {"url", "https://127.0.0.1:" + std::to_string(port("port")) + "/api/v1/witness/"},
            {"vkey", standing_.at("witness_vkey")},
            {"networks", {"127.0.0.0/8"}},
            {"ca_file", "hub-ca.crt"}};
  }
  // Asks until `enough` holds of what getWitnessing says; two minutes at most.
  template <class Enough>
  json::object wait_for(const Enough& enough) {
    json::object now;
    for (int left = 2400; left > 0; --left) {
      now = admin_->get("/api/v1/witness").as_object();
      if (enough(now)) return now;
      // Not each time: a witness answers 120 times a minute.
      if (left % 40 == 0) {
        EXPECT_EQ(post("/ask", {}).status, 204);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << json::serialize(now);
    return now;
  }
  json::object cosigned() {
    return wait_for([](const json::object& now) {
      const json::array& all = now.at("witnesses").as_array();
      return !all.empty() && text(all[0].at("state")) == "good";
    });
  }
  // Every note of the log, smallest first; more than one once there are.
  std::vector<std::string> notes() {
    for (;;) {
      std::vector<std::string> out;
      const json::value listed = admin_->get("/api/v1/evidence/checkpoints");
      for (const json::value& one : listed.at("items").as_array()) out.insert(out.begin(), text(one.at("note")));
      if (out.size() > 1) return out;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  std::optional<Caller> admin_;
  json::object standing_;
};

TEST_F(WitnessHubTest, WhatIsCosignedIsKeptBesideTheEvidence) {
  EXPECT_TRUE(standing_.at("witnesses").as_array().empty());
  const json::object origin{{"name", "Thị xã"}, {"vkey", standing_.at("vkey")}};
  ASSERT_EQ(post("/origins", origin).status, 201);
  EXPECT_EQ(code(post("/origins", origin)), "hub.witness_known");
  ASSERT_EQ(post("/witnesses", witness("Tỉnh")).status, 201);
  EXPECT_EQ(code(post("/witnesses", witness("Tỉnh"))), "hub.witness_known");
  const json::object now = cosigned();
  const json::object& one = now.at("witnesses").as_array()[0].as_object();
  EXPECT_GT(one.at("size").to_number<std::uint64_t>(), 0U);
  EXPECT_TRUE(one.at("problem").is_null());
  const json::object& seen = now.at("origins").as_array()[0].as_object();
  EXPECT_EQ(text(seen.at("state")), "good");
  EXPECT_EQ(seen.at("origin"), standing_.at("origin"));
  EXPECT_TRUE(now.at("proofs").as_array().empty());
  const auto key = evidence::WitnessKey::parse(text(standing_.at("witness_vkey"))).value();
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(folder.path() / "evidence")) {
    if (entry.path().extension() != ".cosigned") continue;
    const auto cosigned_notes = evidence::parse_cosigned(read_file(entry.path(), 1 << 20).value());
    ASSERT_TRUE(cosigned_notes) << cosigned_notes.error().text();
    for (const std::string& note : *cosigned_notes) found += evidence::verify_cosignatures(note, {key})->size();
  }
  EXPECT_GT(found, 0U);
}

TEST_F(WitnessHubTest, AProofLeadsToTheCosignedCheckpointAndNamesItsWitnesses) {
  const json::value before = admin_->get("/api/v1/events/0/proof");
  EXPECT_TRUE(before.at("witnesses").as_array().empty());
  ASSERT_EQ(post("/origins", {{"name", "Thị xã"}, {"vkey", standing_.at("vkey")}}).status, 201);
  ASSERT_EQ(post("/witnesses", witness("Tỉnh")).status, 201);
  cosigned();
  const json::value proof = admin_->get("/api/v1/events/0/proof");
  EXPECT_TRUE(proof.at("verified").as_bool());
  const json::array& witnesses = proof.at("witnesses").as_array();
  ASSERT_EQ(witnesses.size(), 1U);
  EXPECT_EQ(text(witnesses[0].at("name")), "Tỉnh");
  EXPECT_EQ(witnesses[0].at("vkey"), standing_.at("witness_vkey"));
  const auto key = evidence::WitnessKey::parse(text(standing_.at("witness_vkey"))).value();
  const std::string note = text(proof.at("checkpoint"));
  const auto lines = evidence::verify_cosignatures(note, {key});
  ASSERT_TRUE(lines && lines->size() == 1);
  EXPECT_EQ(text(witnesses[0].at("cosigned_at")), to_rfc3339(Time(std::chrono::seconds(lines->front().seconds))));
  EXPECT_EQ(evidence::parse_body(note)->size, proof.at("tree_size").to_number<std::uint64_t>());
  // Nobody's word counts who is not registered any more.
  const json::value now = admin_->get("/api/v1/witness");
  const std::string id = text(now.at("witnesses").as_array()[0].at("id"));
  ASSERT_EQ(admin_->call("DELETE", "/api/v1/witness/witnesses/" + id).status, 204);
  EXPECT_TRUE(admin_->get("/api/v1/events/0/proof").at("witnesses").as_array().empty());
}

TEST_F(WitnessHubTest, AWitnessThatDoesNotKnowUsIsAProblemThatIsShown) {
  ASSERT_EQ(post("/witnesses", witness("Tỉnh")).status, 201);
  const json::object now =
      wait_for([](const json::object& one) { return !one.at("witnesses").as_array()[0].at("problem").is_null(); });
  const json::object& one = now.at("witnesses").as_array()[0].as_object();
  EXPECT_NE(text(one.at("problem").at("en")).find("404"), std::string::npos);
  EXPECT_EQ(text(one.at("state")), "new") << "it is missing only after three intervals";
  EXPECT_EQ(admin_->call("DELETE", "/api/v1/witness/witnesses/" + text(one.at("id"))).status, 204);
  EXPECT_EQ(admin_->call("DELETE", "/api/v1/witness/witnesses/" + text(one.at("id"))).status, 404);
  EXPECT_TRUE(admin_->get("/api/v1/witness").at("witnesses").as_array().empty());
}

TEST_F(WitnessHubTest, AWitnessMissingForThreeIntervalsIsAFinding) {
  ASSERT_EQ(post("/witnesses", witness("Tỉnh")).status, 201);
  clock.move(witness_missing_after);
  admin_.emplace(signed_in());
  wait_for([](const json::object& one) { return text(one.at("witnesses").as_array()[0].at("state")) == "missing"; });
  const auto has_finding = [&](const json::object&) {
    const json::value all = admin_->get("/api/v1/findings?kind=evidence");
    return json::serialize(all).find("Tỉnh") != std::string::npos;
  };
  wait_for(has_finding);
}

TEST_F(WitnessHubTest, AnswersAsTheSpecificationSays) {
  ASSERT_EQ(post("/origins", {{"name", "Thị xã"}, {"vkey", standing_.at("vkey")}}).status, 201);
  EXPECT_EQ(submit("/add-checkpoint", "").status, 400);
  EXPECT_EQ(submit("/add-checkpoint", "old 0\n").status, 400);
  EXPECT_EQ(submit("/add-checkpoint", "old 0\n\n\xff").status, 400);
  EXPECT_EQ(submit("/add-certificates", "x\n").status, 400);
  const std::vector<std::string> all = notes();
  const std::string& small = all.front();
  const std::string& large = all.back();
  const auto size_of = [](const std::string& note) { return evidence::parse_body(note)->size; };
  std::string other = large;
  other.replace(0, other.find('\n'), "luy/nobody");
  EXPECT_EQ(submit({0, {}, other}).status, 404);
  // The keys of days are not known yet.
  EXPECT_EQ(submit({0, {}, large}).status, 403);
  std::string certificates;
  const json::value keys = admin_->get("/api/v1/evidence/keys");
  for (const json::value& one : keys.at("items").as_array()) certificates += text(one.at("certificate"));
  ASSERT_EQ(submit("/add-certificates", text(standing_.at("vkey")) + "\n" + certificates).status, 204);
  ASSERT_EQ(submit({0, {}, large}).status, 200);
  const ClientResponse signed_ = submit({size_of(large), {}, large});
  ASSERT_EQ(signed_.status, 200) << signed_.body;
  const auto key = evidence::WitnessKey::parse(text(standing_.at("witness_vkey"))).value();
  EXPECT_TRUE(evidence::add_cosignature(large, signed_.body, key));
  const ClientResponse conflict = submit({0, {}, small});
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.header("content-type"), "text/x.tlog.size");
  EXPECT_EQ(conflict.body, std::to_string(size_of(large)) + "\n");
  const auto sent = from_base64(conflict.header("luy-cosigned"));
  ASSERT_TRUE(sent);
  EXPECT_EQ(size_of(*sent), size_of(large));
  EXPECT_EQ(submit({size_of(large) + 1, {}, large}).status, 400) << "an old size beyond the checkpoint";
  // The smaller one, rightly signed, is what a hub that was put back would send: kept with what contradicts it.
  const json::object now = admin_->get("/api/v1/witness").as_object();
  const json::array& proofs = now.at("proofs").as_array();
  ASSERT_EQ(proofs.size(), 1U);
  EXPECT_EQ(text(proofs[0].at("side")), "theirs");
  EXPECT_EQ(text(proofs[0].at("kind")), "rolled_back");
  EXPECT_EQ(text(proofs[0].at("submitted")), small);
  EXPECT_EQ(text(now.at("origins").as_array()[0].at("state")), "exposed");
  const json::value findings = admin_->get("/api/v1/findings?kind=evidence");
  EXPECT_NE(json::serialize(findings).find("Thị xã"), std::string::npos);
}

TEST_F(WitnessHubTest, TakesNoMoreThanItCanUse) {
  const auto refused = [&](const char* member, const json::value& bad) {
    json::object one = witness("Tỉnh");
    one[member] = bad;
    return post("/witnesses", one).status;
  };
  EXPECT_EQ(refused("url", "http://127.0.0.1:1/"), 400);
  EXPECT_EQ(refused("url", "https://127.0.0.1/?x"), 400);
  EXPECT_EQ(refused("vkey", standing_.at("vkey")), 400) << "a log's key cosigns nothing";
  EXPECT_EQ(refused("networks", json::array{"nowhere"}), 400);
  EXPECT_EQ(post("/origins", {{"name", "x"}, {"vkey", standing_.at("witness_vkey")}}).status, 400);
  const auto stamp = [&](const json::value& url) {
    return admin_->call("PUT", "/api/v1/witness/time-stamp", json::serialize(json::object{{"url", url}})).status;
  };
  EXPECT_EQ(stamp("ftp://127.0.0.1/"), 400);
  EXPECT_EQ(stamp("http://127.0.0.1:1/tsa"), 204);
  EXPECT_EQ(text(admin_->get("/api/v1/witness").at("time_stamp").at("url")), "http://127.0.0.1:1/tsa");
  EXPECT_EQ(stamp(nullptr), 204);
  EXPECT_TRUE(admin_->get("/api/v1/witness").at("time_stamp").at("url").is_null());
}

}  // namespace
}  // namespace luy::hub
