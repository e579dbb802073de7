#include "device_policy/software.h"

#include <gtest/gtest.h>

#include "device_policy/policy.h"
#include "device_policy/software_list.h"

namespace luy::device_policy {
namespace {

const std::string digest(64, 'a');
const std::string device = "01jd000000000000000000000a";
const Time at = *from_rfc3339("2026-11-23T08:00:00.000000Z");

Software strict() {
  return {InstallGate::refuse,     ExecuteGate::deny,  RemovableGate::refuse,
          "Lê Lan, phòng Văn hóa", {{"tool", digest}}, {"4C530001230101117"}};
}

TEST(SoftwareSection, ReadsAsItIsWritten) {
  EXPECT_EQ(read_software(to_json(strict())).value().section, strict());
  EXPECT_EQ(read_software(to_json(Software())).value().section, Software());
  std::string more = to_json(strict());
  more.insert(1, "\"later\":[1],");
  EXPECT_EQ(read_software(more).value().unknown, std::vector<std::string>{"later"});
}

TEST(SoftwareSection, WhatIsWrongIsNamed) {
  const auto refusal = [](std::string json, const std::string& from, const std::string& to) {
    const auto found = json.find(from);
    EXPECT_NE(found, std::string::npos) << from;
    const auto read = read_software(json.replace(found, from.size(), to));
    return read ? std::string("read") : read.error().en();
  };
  const std::string json = to_json(strict());
  for (const auto& [from, to, field] :
       std::vector<std::array<std::string, 3>>{{"\"refuse\",\"execute\"", "\"stop\",\"execute\"", "software.install"},
                                               {"deny", "watch", "software.execute"},
                                               {"\"removable\":\"refuse\"", "\"removable\":1", "software.removable"},
                                               {"Lê Lan", "\\u001b[31mLê", "software.contact"},
                                               {digest, std::string(64, 'A'), "software.programs"},
                                               {"\"name\":\"tool\"", "\"name\":\"\"", "software.programs"},
                                               {"4C530001230101117", "", "software.media"}}) {
    EXPECT_NE(refusal(json, from, to).find(field), std::string::npos) << field;
  }
  for (const char* text : {"", "[]", "{}", "null"}) EXPECT_FALSE(read_software(text)) << text;
  Software many = strict();
  many.media.assign(media_max + 1, "");
  for (std::size_t i = 0; i < many.media.size(); ++i) many.media[i] = "serial" + std::to_string(i);
  EXPECT_FALSE(read_software(to_json(many)));
  many.media = {"a", "a"};
  EXPECT_FALSE(read_software(to_json(many))) << "a serial stands once";
}

TEST(SoftwareSection, WhatProtectsLessIsNamed) {
  const Software none;
  EXPECT_TRUE(weakened(none, none).empty());
  Software stricter = strict();
  stricter.programs.clear();
  stricter.media.clear();
  EXPECT_TRUE(weakened(none, stricter).empty());
  EXPECT_EQ(weakened(stricter, none), (std::vector<std::string>{"install", "execute", "removable"}));
  EXPECT_EQ(weakened(stricter, strict()), (std::vector<std::string>{"programs", "media"}));
  Software audited = stricter;
  audited.execute = ExecuteGate::audit;
  EXPECT_EQ(weakened(stricter, audited), std::vector<std::string>{"execute"});
  audited.contact = "người khác";
  EXPECT_TRUE(weakened(audited, stricter).empty());
}

TEST(SoftwareSection, StandsInAPolicy) {
  const auto policy = read(to_document(device, 1, at, {{"software", to_json(strict())}}));
  ASSERT_TRUE(policy) << policy.error().text();
  EXPECT_EQ(policy->software, strict());
  EXPECT_TRUE(policy->unknown.empty());
  EXPECT_FALSE(read(to_document(device, 1, at, {{"software", "{}"}})));
  const SectionKind* kind = section_kind("software");
  ASSERT_NE(kind, nullptr);
  EXPECT_EQ(kind->normal(to_json(strict())).value(), to_json(strict()));
  EXPECT_EQ(kind->weakened(to_json(strict()), to_json(Software())).size(), 3U);
}

const std::vector<ListedProduct> products = {
    {"vim", "*", {}}, {"hello", "2.10-3", at + std::chrono::hours(1)}, {"libre", "7.4.*", {}}};

std::string document(Time issued = at) {
  return to_list(device, issued, list_content(products)).value();
}

TEST(SoftwareListing, CoversByNameVersionAndTerm) {
  const SoftwareList list = read_list(document()).value();
  EXPECT_EQ(list.device, device);
  EXPECT_EQ(list.issued_at, at);
  EXPECT_EQ(list.products.size(), products.size());
  EXPECT_TRUE(list.covers("vim", "1", at));
  EXPECT_FALSE(list.covers("vi", "1", at));
  EXPECT_TRUE(list.covers("hello", "2.10-3", at));
  EXPECT_FALSE(list.covers("hello", "2.10-3", at + std::chrono::hours(1))) << "its term has ended";
  EXPECT_FALSE(list.covers("hello", "2.10-4", at));
  EXPECT_TRUE(list.covers("libre", "7.4.1", at));
  EXPECT_FALSE(list.covers("libre", "7.41", at));
  EXPECT_EQ(content_of(document()), list_content(products)) << "and its sequence is its own";
}

TEST(SoftwareListing, NamesThatNoPackageHasAreLeftOut) {
  EXPECT_EQ(list_content({{"a\tb", "*", {}}, {"c", "1\n2", {}}, {"", "*", {}}, {"d", "*", {}}}), "d\t*\t\n");
}

TEST(SoftwareListing, WhatIsDamagedIsRefused) {
  const std::string whole = document();
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const std::string part = whole.substr(0, cut);
    // Cut between two lines of products it is a shorter list: the signature holds it together.
    const bool at_line = cut > whole.find("\n\n") + 1 && part.back() == '\n';
    EXPECT_EQ(read_list(part).has_value(), at_line) << cut;
  }
  for (const std::string& text : {whole + "x\ty\n", whole + "zz\t*\tsoon\n", whole + "a\t*\t\n", "x" + whole,
                                  whole + std::string(list_bytes_max, '\n')}) {
    const auto read = read_list(text);
    ASSERT_FALSE(read);
    EXPECT_TRUE(read.error().is(list_malformed));
  }
  const auto long_one = to_list(device, at, std::string(list_bytes_max, 'x'));
  ASSERT_FALSE(long_one);
  EXPECT_TRUE(long_one.error().is(list_too_long));
}

TEST(SoftwareListing, OnlyTheHubsListForThisDeviceIsTaken) {
  const order::Verify verify = [](std::string_view key, std::string_view message, std::string_view signature) {
    return signature == std::string(key) + std::to_string(std::hash<std::string_view>()(message));
  };
  const auto refusal = [&](const std::string& text, const std::string& mine, std::optional<Time> held,
                           const std::string& key = "hub") {
    const std::string signature =
        key + std::to_string(std::hash<std::string>()(std::string(list_signed_prefix) + text));
    const auto taken = accept_list({text, signature}, "hub", mine, held, verify);
    return taken ? std::string("taken") : std::string(taken.error().name());
  };
  EXPECT_EQ(refusal(document(), device, {}), "taken");
  EXPECT_EQ(refusal(document(), device, at), "taken");
  EXPECT_EQ(refusal(document(), device, at + std::chrono::seconds(1)), list_older.name);
  EXPECT_EQ(refusal(document(), "01jd000000000000000000000b", {}), list_of_other.name);
  EXPECT_EQ(refusal("x", device, {}), list_malformed.name);
  EXPECT_EQ(refusal(document(), device, {}, "somebody"), list_not_signed.name);
}

TEST(SoftwareListing, AnswersReadAsTheyAreWritten) {
  ListAnswer answer{std::string(32, 'k'), std::nullopt};
  EXPECT_EQ(read_list_answer(to_json(answer)).value(), answer);
  answer.list = SignedList{document(), std::string(64, 's')};
  EXPECT_EQ(read_list_answer(to_json(answer)).value(), answer);
  for (const char* text : {"", "{}", "[]", R"({"key":"","list":null})", R"({"list":null})"}) {
    EXPECT_FALSE(read_list_answer(text)) << text;
  }
  answer.list->signature = "short";
  EXPECT_FALSE(read_list_answer(to_json(answer)));
}

}  // namespace
}  // namespace luy::device_policy
