// Goal: a contact counts as verified only as it was when somebody verified it, and no longer than the pack says.
// Method: the book over a real database, a clock that is moved; deliveries on days around the verification.
#include "incident/contact_book.h"

#include <gtest/gtest.h>

#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

struct ContactBookTest : BookTest {
  ContactBookTest() : contacts({*database, audit, clock, random, test_process()}) {}
  static ContactFields province() {
    ContactFields out;
    out.body = "Công an tỉnh Thanh Hóa (PA05)";
    out.kind = "police";
    out.person = "Đỗ Văn Hải";
    out.phone = "0237 385 0000";
    out.email = "pa05@thanhhoa.gov.vn";
    out.channel = "Trục liên thông văn bản quốc gia";
    out.is_around_the_clock = true;
    return out;
  }
  ContactBook contacts;
  ContactBook::Actor clerk{directory::server_operator(), "Trần Thị Dung", {}};
  const ContactRules& rules = test_process().contacts;
};

TEST_F(ContactBookTest, IsKeptAsItWasWrittenAndNotVerifiedByThat) {
  const auto added = contacts.add(clerk, province());
  ASSERT_TRUE(added) << added.error().text();
  const Contact kept = *contacts.find(added->id);
  EXPECT_EQ(kept.fields.body, province().body);
  EXPECT_TRUE(kept.fields.is_around_the_clock);
  EXPECT_FALSE(kept.verification);
  EXPECT_FALSE(is_verified_on(kept, rules, day_of(clock.now())));
  EXPECT_EQ(contacts.list()->size(), 1U);
  ASSERT_TRUE(contacts.remove(clerk, kept.id));
  EXPECT_TRUE(contacts.find(kept.id).error().is(contact_unknown));
  EXPECT_TRUE(contacts.remove(clerk, kept.id).error().is(contact_unknown));
}

TEST_F(ContactBookTest, WhatIsLackingOrWrongIsNamed) {
  const auto empty = contacts.add(clerk, {});
  ASSERT_FALSE(empty);
  EXPECT_TRUE(empty.error().is(text_missing));
  for (const char* named : {"tên cơ quan", "số điện thoại hoặc thư điện tử", "kênh liên lạc an toàn"}) {
    EXPECT_NE(empty.error().vi().find(named), std::string::npos) << named;
  }
  const struct {
    const char* what;
    std::string ContactFields::*field;
    const char* value;
    const ErrorKind& want;
  } table[] = {
      {"unknown kind", &ContactFields::kind, "mayor", unknown_choice},
      {"no number", &ContactFields::phone, "gọi bàn trực", part_field},
      {"two digits", &ContactFields::phone, "11", part_field},
      {"no domain", &ContactFields::email, "pa05", part_field},
      {"two signs", &ContactFields::email, "a@b@c.vn", part_field},
      {"a domain without a dot", &ContactFields::email, "a@b", part_field},
  };
  for (const auto& [what, field, value, want] : table) {
    ContactFields wrong = province();
    wrong.*field = value;
    const auto added = contacts.add(clerk, wrong);
    ASSERT_FALSE(added) << what;
    EXPECT_TRUE(added.error().is(want)) << what << ": " << added.error().text();
  }
  EXPECT_TRUE(contacts.list()->empty());
}

TEST_F(ContactBookTest, AVerificationEndsAfterThePacksDaysAndWithEveryChangeOfWhoIsReached) {
  const ContactId id = contacts.add(clerk, province())->id;
  clock.advance(1h);
  EXPECT_TRUE(contacts.verify(clerk, id, " ", clock.now()).error().is(text_missing));
  EXPECT_TRUE(contacts.verify(clerk, id, "Gọi lại", clock.now() + 1h).error().is(time_in_future));
  EXPECT_TRUE(contacts.verify(clerk, id, "Gọi lại", clock.now() - 2h).error().is(contact_verified_early));
  const auto verified = contacts.verify(clerk, id, "Gọi lại số trên trang chính thức", clock.now());
  ASSERT_TRUE(verified) << verified.error().text();
  const Day today = day_of(clock.now());
  EXPECT_EQ(rules.verify, days(365)) << "the pack's";
  EXPECT_TRUE(is_verified_on(*verified, rules, today));
  EXPECT_TRUE(is_verified_on(*verified, rules, today + days(365)));
  EXPECT_FALSE(is_verified_on(*verified, rules, today + days(366)));
  EXPECT_FALSE(is_verified_on(*verified, rules, today - days(1)));
  ContactFields noted = province();
  noted.note = "Nghỉ trưa 11 giờ 30";
  EXPECT_TRUE(contacts.change(clerk, id, noted)->verification) << "a note changes nobody";
  const struct {
    const char* what;
    std::string ContactFields::*field;
    const char* value;
  } table[] = {{"person", &ContactFields::person, "Lý Văn Khoa"},
               {"phone", &ContactFields::phone, "0237 385 1111"},
               {"email", &ContactFields::email, "truc@thanhhoa.gov.vn"},
               {"channel", &ContactFields::channel, "Thư công vụ"}};
  for (const auto& [what, field, value] : table) {
    ASSERT_TRUE(contacts.change(clerk, id, province()));
    clock.advance(1min);
    ASSERT_TRUE(contacts.verify(clerk, id, "Gọi lại", clock.now()));
    ContactFields changed = province();
    changed.*field = value;
    clock.advance(10min);
    EXPECT_FALSE(contacts.change(clerk, id, changed)->verification) << what;
    EXPECT_TRUE(contacts.verify(clerk, id, "Gọi lại", clock.now() - 5min).error().is(contact_verified_early)) << what;
  }
}

TEST_F(ContactBookTest, ADeliveryTakesRecipientAndChannelAndSaysWhetherTheyWereVerified) {
  const ContactId id = contacts.add(clerk, province())->id;
  const Contact fresh = *contacts.find(id);
  const Delivery blank{"", "", clock.now()};
  EXPECT_EQ(delivery_to(fresh, rules, blank).to, "Công an tỉnh Thanh Hóa (PA05) (Đỗ Văn Hải)");
  EXPECT_EQ(delivery_to(fresh, rules, blank).channel, province().channel);
  EXPECT_FALSE(delivery_to(fresh, rules, blank).is_verified);
  const Contact verified = *contacts.verify(clerk, id, "Gọi lại", clock.now());
  EXPECT_TRUE(delivery_to(verified, rules, blank).is_verified);
  EXPECT_FALSE(delivery_to(verified, rules, {"", "Zalo", clock.now()}).is_verified) << "another channel";
  EXPECT_FALSE(delivery_to(verified, rules, {"", "", clock.now() - 48h}).is_verified) << "before it was verified";
  const std::vector<Delivery> kept =
      deliveries_from(to_json(std::vector<Delivery>{delivery_to(verified, rules, blank)}));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept.front().contact, id.text());
  EXPECT_TRUE(kept.front().is_verified);
  const json::array old{json::object{{"to", "A"}, {"channel", "B"}, {"at", to_rfc3339(clock.now())}}};
  EXPECT_EQ(deliveries_from(old).front().contact, "") << "as the version before wrote them";
}

}  // namespace
}  // namespace luy::incident
