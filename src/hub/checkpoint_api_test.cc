// Goal: whoever may prove gets all that a verifier elsewhere needs – checkpoint, keys, the proof that one tree
// continues another – and it verifies from the key written down at installation. Method: a hub's core opened, grown and
// closed a few times; its answers given to the verifying functions.
#include "hub/checkpoint_api.h"

#include <gtest/gtest.h>

#include "api/route.h"
#include "base/encoding.h"
#include "base/file.h"
#include "event/batch.h"
#include "evidence/certificate.h"
#include "evidence/merkle.h"
#include "hub/core.h"
#include "hub/setup.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

struct CheckpointApi : ::testing::Test {
  CheckpointApi() {
    SetupOptions setup;
    setup.data = folder.path();
    setup.agency_code = "UBND-BS";
    setup.agency_name = "Ủy ban nhân dân thị xã Bỉm Sơn";
    setup.username = "quantri";
    setup.passwords = directory::password_cost_of_tests;
    agency = *AgencyId::parse(set_up(setup, clock, random)->agency);
    for (int i = 0; i < 3; ++i) grow();
    open();
  }
  void open() {
    Core::Options options;
    options.data = folder.path();
    core = std::move(Core::open(options, clock, random).value());
    api.reset(new EvidenceApi{core->store(), core->signer(), core->agencies(), clock, 90,
                              [](const DeviceId&) { return std::string(); }, [](const api::Request&) {}});
  }
  // Closing signs what is there.
  void grow() {
    open();
    std::vector<OwnedRecord> records;
    records.push_back({agency.text() + "/hub/test", static_cast<std::uint8_t>(event::Transport::hub), "{}"});
    EXPECT_TRUE(core->writer().append(std::nullopt, std::move(records)));
    api.reset();
    core.reset();
  }
  Result<api::Response> ask(std::string_view operation, std::map<std::string, std::string> query = {},
                            directory::Role role = directory::Role::security_officer) {
    for (const api::Route& route : checkpoint_routes(*api)) {
      if (route.operation_id != operation) continue;
      api::Request request;
      request.query = std::move(query);
      request.actor.emplace();
      request.actor->grants.emplace_back();
      request.actor->grants.back().role = role;
      request.actor->grants.back().agency = agency;
      return route.handler(request);
    }
    return Error(api::not_found, std::string(operation));
  }
  boost::json::object answer(std::string_view operation, std::map<std::string, std::string> query = {}) {
    const auto response = ask(operation, std::move(query));
    EXPECT_TRUE(response) << response.error().text();
    return boost::json::parse(response->body).as_object();
  }
  static std::string text(const boost::json::value& value) { return boost::json::value_to<std::string>(value); }
  static Hash hash(const boost::json::value& value) {
    const std::string bytes = *from_hex(text(value));
    Hash out{};
    std::copy_n(as_bytes(bytes).data(), out.size(), out.data());
    return out;
  }

  TempFolder folder;
  SystemClock clock;
  SystemRandom random;
  AgencyId agency;
  std::unique_ptr<Core> core;
  std::unique_ptr<EvidenceApi> api;
};

TEST_F(CheckpointApi, TheNewestCheckpointVerifiesFromTheRootByTheCertificatesOffered) {
  const boost::json::object keys = answer("listEvidenceKeys");
  EXPECT_EQ(text(keys.at("root")), core->signer().vkey());
  evidence::KeyRing ring({*evidence::VerifierKey::parse(text(keys.at("root")))});
  std::vector<std::string> certificates;
  for (const auto& item : keys.at("items").as_array()) certificates.push_back(text(item.at("certificate")));
  ASSERT_FALSE(certificates.empty());
  EXPECT_EQ(ring.add(certificates), 0U);
  const auto note = ask("getCheckpoint");
  ASSERT_TRUE(note);
  EXPECT_TRUE(note->content_type.starts_with("text/plain"));
  const auto signer = ring.verify(note->body);
  ASSERT_TRUE(signer) << signer.error().text();
  EXPECT_TRUE(signer->day);
  EXPECT_EQ(note->body, core->store().last_checkpoint()->note);
}

TEST_F(CheckpointApi, CheckpointsComeNewestFirstAndInPages) {
  const auto all = answer("listCheckpoints").at("items").as_array();
  ASSERT_GE(all.size(), 4U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) {
      EXPECT_LT(all[i].at("size").as_int64(), all[i - 1].at("size").as_int64());
    }
    EXPECT_TRUE(all[i].at("signer").is_string());
    EXPECT_TRUE(all[i].at("key_day").is_string());
    EXPECT_EQ(hash(all[i].at("root")), evidence::parse_body(text(all[i].at("note")))->root);
  }
  const auto page =
      answer("listCheckpoints", {{"before", std::to_string(all[1].at("size").as_int64())}, {"limit", "1"}});
  ASSERT_EQ(page.at("items").as_array().size(), 1U);
  EXPECT_EQ(page.at("items").as_array()[0], all[2]);
}

TEST_F(CheckpointApi, EachTreeIsProvedToContinueTheSmallerOnes) {
  const auto all = answer("listCheckpoints").at("items").as_array();
  evidence::LeafHasher hasher;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto proof = answer("proveConsistency", {{"old", std::to_string(all[i].at("size").as_int64())}});
    EXPECT_EQ(proof.at("old_root"), all[i].at("root"));
    EXPECT_EQ(proof.at("new_root"), all[0].at("root"));
    std::vector<Hash> path;
    for (const auto& one : proof.at("path").as_array()) path.push_back(hash(one));
    const auto verify = [&](const Hash& old_root) {
      return evidence::verify_consistency(hasher, proof.at("old_size").to_number<std::uint64_t>(),
                                          proof.at("new_size").to_number<std::uint64_t>(), old_root,
                                          hash(proof.at("new_root")), path);
    };
    EXPECT_TRUE(verify(hash(proof.at("old_root"))));
    EXPECT_FALSE(verify(sha256("another past")));
  }
  EXPECT_FALSE(ask("proveConsistency", {{"old", "5"}, {"new", "4"}}));
  EXPECT_FALSE(ask("proveConsistency", {{"new", "1000000"}}));
}

TEST_F(CheckpointApi, WhoMayNotProveIsRefused) {
  for (const char* operation : {"getCheckpoint", "listCheckpoints", "proveConsistency", "listEvidenceKeys"}) {
    EXPECT_FALSE(ask(operation, {}, directory::Role::staff)) << operation;
  }
}

TEST_F(CheckpointApi, TheHubsOwnKeyIsNotBesideItsOthers) {
  const auto keys = folder.path() / "keys";
  EXPECT_FALSE(std::filesystem::exists(keys / "checkpoint.key"));
  EXPECT_TRUE(std::filesystem::exists(keys / "signer" / "keys"));
}

}  // namespace
}  // namespace luy::hub
