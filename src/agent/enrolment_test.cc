// Goal: an enrolment is kept whole or not at all, and a malformed reply changes nothing.
// Method: documents good and bad.
#include "agent/enrolment.h"

#include <gtest/gtest.h>

#include "agent/linux/temporary_folder.h"
#include "base/file.h"

namespace luy::agent {
namespace {

const Enrolment good{"01jd0000000000000000000000", "PEM 1", "PEM 2", "https://127.0.0.1:8444", "hub \"q\""};

TEST(Enrolment, IsKeptAndReadBack) {
  const TemporaryFolder folder;
  const auto none = load_enrolment(folder.path());
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().is(not_enrolled));
  save_enrolment(folder.path(), good).value();
  EXPECT_EQ(load_enrolment(folder.path()).value(), good);
  folder.write("enrolment.json", "{\"device_id\":");
  EXPECT_TRUE(load_enrolment(folder.path()).error().is(reply_malformed));
}

TEST(Enrolment, MalformedRepliesAreRefused) {
  const std::string json = to_json(good);
  EXPECT_TRUE(parse_enrolment(json));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = json;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  };
  for (const std::string& bad : {std::string(), std::string("[]"), std::string("null"),
                                 with("\"device_id\"", "\"device\""), with("01jd", "../."), with("https:", "http:"),
                                 with("\"PEM 1\"", "5"), with("\"PEM 2\"", "\"\""), std::string(300 << 10, ' ')}) {
    const auto parsed = parse_enrolment(bad);
    ASSERT_FALSE(parsed) << bad.substr(0, 60);
    EXPECT_TRUE(parsed.error().is(reply_malformed));
  }
  EXPECT_EQ(parse_renewal("{\"certificate\":\"x\"}").value(), "x");
  EXPECT_FALSE(parse_renewal("{}"));
}

TEST(Enrolment, TheRequestHoldsTheFactsBodies) {
  fact::Identity identity;
  identity.key = std::string(64, 'a');
  const std::string json = enrolment_request("tok\"en", "CSR\n", identity, {}, {});
  EXPECT_NE(json.find(R"("token":"tok\"en")"), std::string::npos);
  EXPECT_NE(json.find(R"("csr":"CSR\n")"), std::string::npos);
  EXPECT_NE(json.find("\"identity\":" + fact::body_to_json(fact::Body(identity))), std::string::npos);
}

}  // namespace
}  // namespace luy::agent
