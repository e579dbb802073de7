// Goal: whoever holds the secret can tell that a call is ours. Method: the signature against a value computed apart.
#include "notice/webhook.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace luy::notice {
namespace {

// printf '1795406400.{"a":1}' | openssl dgst -sha256 -hmac luywhs_secret
constexpr const char* known = "6345653e160a40e56c2a694d35d6a99fe87cb87e2c76302cae1649557168ac07";

TEST(Signature, IsHmacOverTheMomentAndTheBody) {
  const Time now = *from_rfc3339("2026-11-23T04:00:00.5Z");
  EXPECT_EQ(signature_of({"luywhs_secret"}, now, R"({"a":1})"), std::string("t=1795406400,v1=") + known);
  const std::string two = signature_of({"luywhs_new", "luywhs_secret"}, now, R"({"a":1})");
  EXPECT_TRUE(two.ends_with(std::string(",v1=") + known));
  EXPECT_NE(signature_of({"luywhs_secret"}, now, R"({"a":2})"), std::string("t=1795406400,v1=") + known);
}

TEST(Document, HoldsWhatTheFormatSays) {
  SeededRandom random(3);
  const Time at = *from_rfc3339("2026-11-23T02:00:00Z");
  Notice one;
  one.id = NoticeId::make(at, random);
  one.event.kind = Kind::incident;
  one.event.agency = AgencyId::make(at, random);
  one.event.at = at;
  one.event.title = {"Sự cố SC-2026-003 sắp đến hạn", "Incident SC-2026-003 is due soon"};
  one.event.due = at + std::chrono::hours(1);
  one.event.path = "/incidents/x";
  directory::Agency agency;
  agency.id = one.event.agency;
  agency.code = "UBND-BS";
  agency.name = "UBND thị xã Bỉm Sơn";
  const Wording wording{{}, "https://luy"};
  const auto body = boost::json::parse(webhook_document(one, agency, wording)).as_object();
  const auto expected = boost::json::parse(R"({"version":1,"id":")" + one.id.text() + R"(","kind":"incident","at":")" +
                                           to_rfc3339(at) + R"(","agency":{"id":")" + agency.id.text() +
                                           R"(","code":"UBND-BS","name":"UBND thị xã Bỉm Sơn"},
      "title":{"vi":"Sự cố SC-2026-003 sắp đến hạn","en":"Incident SC-2026-003 is due soon"},"obligation":null,
      "due":")" + to_rfc3339(*one.event.due) +
                                           R"(","url":"https://luy/incidents/x"})");
  for (const auto& [name, value] : expected.as_object()) {
    ASSERT_TRUE(body.contains(name)) << name;
    EXPECT_EQ(body.at(name), value) << name;
  }
  EXPECT_EQ(body.size(), expected.as_object().size());
  const auto test = boost::json::parse(webhook_test_document(one.id, agency, wording, at)).as_object();
  EXPECT_EQ(test.at("kind").as_string(), "test");
}

}  // namespace
}  // namespace luy::notice
