// Goal: items say who, what and when, and the chain of custody has no gap. Method: items with one fault each.
#include "incident/part.h"

#include <gtest/gtest.h>

#include "incident/fixture.h"
#include "incident/move.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

const Time now = at("2026-11-23T03:00:00Z");
const std::string hash(64, 'a');

json::object evidence() {
  return {{"name", "Ổ đĩa máy chủ"},
          {"taken_by", "Lê Văn Cường"},
          {"taken_at", "2026-11-23T08:30:00+07:00"},
          {"sha256", hash},
          {"seal", "NP-01"}};
}

TEST(Part, IsCheckedFieldByField) {
  EXPECT_TRUE(check_part(PartKind::evidence, evidence(), now));
  const auto fails = [&](PartKind kind, json::object body, const ErrorKind& want) {
    const auto checked = check_part(kind, body, now);
    ASSERT_FALSE(checked) << json::serialize(body);
    EXPECT_TRUE(checked.error().is(want)) << checked.error().text();
  };
  json::object one = evidence();
  one.erase("taken_by");
  one.erase("sha256");
  fails(PartKind::evidence, one, text_missing);
  EXPECT_NE(check_part(PartKind::evidence, one, now).error().vi().find("người thu thập, giá trị băm"),
            std::string::npos);
  one = evidence();
  one["sha256"] = "abc";
  fails(PartKind::evidence, one, part_field);
  one = evidence();
  one["taken_at"] = "2026-11-24T08:30:00+07:00";
  fails(PartKind::evidence, one, time_in_future);
  one = evidence();
  one["colour"] = "red";
  fails(PartKind::evidence, one, part_field);
  fails(PartKind::entity, {{"type", "ghost"}, {"value", "x"}}, unknown_choice);
  fails(PartKind::task, {{"title", " \n "}}, text_missing);
  fails(PartKind::task, {{"title", "x"}, {"due", "tomorrow"}}, time_unreadable);
  fails(PartKind::hold, {{"reason", "x"}, {"from", "2026-11-02T00:00:00Z"}, {"to", "2026-11-01T00:00:00Z"}},
        ends_before_start);
  fails(PartKind::hold, {{"reason", "x"}, {"from", "2026-11-02T00:00:00Z"}, {"devices", "all"}}, part_field);
  EXPECT_TRUE(check_part(PartKind::task, {{"title", "x"}, {"due", "2027-11-02T00:00:00Z"}}, now));
}

TEST(Part, WhatWasTakenAsEvidenceStays) {
  Part part{PartId(), PartKind::evidence, 1, now, "Lan", *check_part(PartKind::evidence, evidence(), now)};
  EXPECT_TRUE(change_part(part, {{"sha256", std::string(64, 'b')}}, now).error().is(part_fixed));
  Part task{PartId(), PartKind::task, 1, now, "Lan", {{"title", "x"}}};
  EXPECT_TRUE(change_part(task, {{"outcome", "xong"}, {"done_at", "2026-11-23T02:00:00Z"}}, now));
  EXPECT_TRUE(change_part(task, {{"title", "y"}}, now).error().is(part_fixed));
}

TEST(Custody, GoesOnlyFromTheOneWhoHoldsIt) {
  SeededRandom random(1);
  Part item{
      PartId::make(now, random), PartKind::evidence, 1, now, "Lan", *check_part(PartKind::evidence, evidence(), now)};
  std::vector<Part> parts = {item};
  EXPECT_EQ(holder_of(item, parts), "Lê Văn Cường");
  const auto hand = [&](const char* from, const char* to, const char* when) -> Result<void> {
    json::object body{
        {"evidence", item.id.text()}, {"from", from}, {"to", to}, {"handed_at", when}, {"purpose", "giám định"}};
    LUY_TRY(const json::object checked, check_part(PartKind::custody, body, now));
    LUY_TRY_VOID(check_custody(checked, parts));
    parts.push_back({PartId::make(now, random), PartKind::custody, 1, now, "Lan", checked});
    return {};
  };
  EXPECT_TRUE(hand("Người lạ", "Công an", "2026-11-23T02:00:00Z").error().is(custody_broken));
  EXPECT_TRUE(hand("Lê Văn Cường", "Công an", "2026-11-23T01:00:00Z").error().is(custody_backwards))
      << "before it was taken";
  ASSERT_TRUE(hand("Lê Văn Cường", "Phòng An ninh mạng", "2026-11-23T02:00:00Z"));
  EXPECT_EQ(holder_of(item, parts), "Phòng An ninh mạng");
  EXPECT_TRUE(hand("Lê Văn Cường", "Công an", "2026-11-23T02:30:00Z").error().is(custody_broken));
  EXPECT_TRUE(hand("Phòng An ninh mạng", "Lê Văn Cường", "2026-11-23T01:59:00Z").error().is(custody_backwards));
  EXPECT_TRUE(hand("Phòng An ninh mạng", "Lê Văn Cường", "2026-11-23T02:00:00Z"));
  EXPECT_EQ(holder_of(item, parts), "Lê Văn Cường") << "two of one moment: the one written later";
  item.id = PartId::make(now, random);
  EXPECT_TRUE(hand("Lê Văn Cường", "Công an", "2026-11-23T02:30:00Z").error().is(part_unknown));
}

TEST(Part, EvidenceTakesNameAndDigestOfItsAttachment) {
  Part file;
  file.id = PartId::trusted("01jd0000000000000000000001");
  file.kind = PartKind::attachment;
  file.body = {{"name", "bộ nhớ.zip"}, {"sha256", std::string(64, 'a')}};
  const std::vector<Part> parts{file};
  const auto of = [&](boost::json::object more) {
    more["attachment"] = file.id.text();
    return with_attachment(more, parts);
  };
  EXPECT_EQ(of({})->at("name").as_string(), "bộ nhớ.zip");
  EXPECT_EQ(of({})->at("sha256").as_string(), std::string(64, 'a'));
  EXPECT_EQ(of({{"name", "Ảnh bộ nhớ"}})->at("name").as_string(), "Ảnh bộ nhớ");
  EXPECT_TRUE(of({{"sha256", std::string(64, 'A')}})) << "the same, in capitals";
  EXPECT_TRUE(of({{"sha256", std::string(64, 'b')}}).error().is(part_field)) << "another file";
  EXPECT_TRUE(of({{"sha256", "không phải"}}).error().is(part_field));
  EXPECT_TRUE(with_attachment({{"attachment", "01jd0000000000000000000002"}}, parts).error().is(part_unknown));
  EXPECT_TRUE(with_attachment({{"name", "Ổ đĩa"}}, parts)) << "no attachment, nothing to take";
}

}  // namespace
}  // namespace luy::incident
