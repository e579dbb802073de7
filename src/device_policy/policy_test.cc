#include "device_policy/policy.h"

#include <gtest/gtest.h>

namespace luy::device_policy {
namespace {

constexpr std::string_view mine = "01jd000000000000000000000a";
constexpr std::string_view other = "01jd000000000000000000000b";
const Time at = *from_rfc3339("2026-11-23T08:00:00.000000Z");

std::string antivirus() {
  Antivirus one;
  one.period_days = 7;
  one.until_minute = 1440;
  one.paths = {"/"};
  one.file_bytes_max = 1 << 20;
  one.busy_percent = 100;
  one.pause_load_percent = 100;
  return to_json(one);
}

// Stands for Ed25519: whoever knows the key can sign.
std::string sign(std::string_view key, std::string_view message) {
  return std::string(key) + '|' + std::to_string(std::hash<std::string_view>()(message));
}
const order::Verify verify = [](std::string_view key, std::string_view message, std::string_view signature) {
  return sign(key, message) == signature;
};
SignedPolicy signed_policy(std::string document, std::string_view key = "hub") {
  std::string signature = sign(key, signed_bytes(document));
  return {std::move(document), std::move(signature)};
}

TEST(DevicePolicy, SectionsAreReadAndUnknownOnesAreNamed) {
  const auto policy =
      read(to_document(mine, 7, at, {{"antivirus", antivirus()}, {"later", R"({"deep":[[1,{"a":2}]]})"}}));
  ASSERT_TRUE(policy) << policy.error().text();
  EXPECT_EQ(policy->device, mine);
  EXPECT_EQ(policy->version, 7);
  EXPECT_EQ(policy->issued_at, at);
  ASSERT_TRUE(policy->antivirus);
  EXPECT_EQ(to_json(*policy->antivirus), antivirus());
  EXPECT_EQ(policy->unknown, std::vector<std::string>{"later"});
}

TEST(DevicePolicy, EverySectionMayBeMissing) {
  const auto policy = read(to_document(mine, 1, at, {}));
  ASSERT_TRUE(policy);
  EXPECT_FALSE(policy->antivirus);
}

TEST(DevicePolicy, AKnownSectionThatIsWrongRefusesTheWhole) {
  const auto policy = read(to_document(mine, 1, at, {{"antivirus", "{}"}}));
  ASSERT_FALSE(policy);
  EXPECT_TRUE(policy.error().is(malformed));
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("[]"), std::string(document_bytes_max + 1, ' '),
        std::string(R"({"v":2,"device":"01jd000000000000000000000a","version":1,)") +
            R"("issued_at":"2026-11-23T08:00:00.000000Z","sections":{}})",
        std::string(R"({"v":1,"device":"x","version":1,"issued_at":"2026-11-23T08:00:00.000000Z","sections":{}})"),
        std::string(R"({"v":1,"device":"01jd000000000000000000000a","version":0,)") +
            R"("issued_at":"2026-11-23T08:00:00.000000Z","sections":{}})"}) {
    const auto wrong = read(text);
    ASSERT_FALSE(wrong) << text;
    EXPECT_TRUE(wrong.error().is(malformed));
  }
}

TEST(DevicePolicy, OnlyTheHubsNewerPolicyForThisDeviceIsTaken) {
  const Guard guard{"hub", std::string(mine), 5};
  const auto refusal = [&](const SignedPolicy& given) {
    const auto taken = accept(given, guard, verify);
    return taken ? std::string("taken") : std::string(taken.error().name());
  };
  EXPECT_EQ(refusal(signed_policy(to_document(mine, 6, at, {}))), "taken");
  EXPECT_EQ(refusal(signed_policy(to_document(mine, 5, at, {}))), older.name);
  EXPECT_EQ(refusal(signed_policy(to_document(mine, 4, at, {}))), older.name);
  EXPECT_EQ(refusal(signed_policy(to_document(other, 6, at, {}))), not_for_this_device.name);
  EXPECT_EQ(refusal(signed_policy("{}")), malformed.name);
  EXPECT_EQ(refusal(signed_policy(to_document(mine, 6, at, {}), "somebody")), signature_wrong.name);
  SignedPolicy changed = signed_policy(to_document(mine, 6, at, {}));
  changed.document = to_document(mine, 7, at, {});
  EXPECT_EQ(refusal(changed), signature_wrong.name);
}

TEST(DevicePolicy, AnOrdersSignatureIsNoneForAPolicy) {
  const std::string document = to_document(mine, 6, at, {});
  const SignedPolicy given{document, sign("hub", order::signed_bytes(document))};
  EXPECT_FALSE(accept(given, {"hub", std::string(mine), 0}, verify));
}

TEST(DevicePolicy, AnswersAndReceiptsReadAsTheyAreWritten) {
  Answer answer{std::string(32, 'k'), std::nullopt};
  EXPECT_EQ(read_answer(to_json(answer)).value(), answer);
  answer.policy = SignedPolicy{to_document(mine, 6, at, {{"antivirus", antivirus()}}), std::string(64, 's')};
  EXPECT_EQ(read_answer(to_json(answer)).value(), answer);
  EXPECT_FALSE(read_answer("{\"key\":\"\",\"policy\":null}"));

  Receipt receipt{6, false, 5, at, "device_policy.older", "Cũ.", "Old.", std::string(64, 'a'), {"backup"}};
  EXPECT_EQ(read_receipt(to_json(receipt)).value(), receipt);
  receipt.vi = std::string(2000, 'x');
  receipt.unknown.assign(100, "x");
  const Receipt cut = read_receipt(to_json(receipt)).value();
  EXPECT_EQ(cut.vi.size(), 1000U);
  EXPECT_EQ(cut.unknown.size(), unknown_max);
  EXPECT_FALSE(read_receipt("{}"));
  EXPECT_FALSE(read_receipt(R"({"policy":-1})"));
}

TEST(DevicePolicy, AKindNormalisesItsSectionAndTakesNoUnknownField) {
  const SectionKind* kind = section_kind("antivirus");
  ASSERT_NE(kind, nullptr);
  EXPECT_EQ(kind->normal(antivirus()).value(), antivirus());
  std::string more = antivirus();
  more.insert(1, "\"cloud\":1,");
  EXPECT_FALSE(kind->normal(more)) << "the hub knows all there is";
  EXPECT_TRUE(kind->weakened(antivirus(), antivirus()).empty());
  EXPECT_EQ(section_kind("nothing"), nullptr);
}

TEST(DevicePolicy, TheClaimedVersionIsReadOffWhatIsRefused) {
  EXPECT_EQ(claimed_version(to_document(mine, 9, at, {{"antivirus", "{}"}})), 9);
  EXPECT_EQ(claimed_version("no"), 0);
}

}  // namespace
}  // namespace luy::device_policy
