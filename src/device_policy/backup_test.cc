#include "device_policy/backup.h"

#include <gtest/gtest.h>

#include <functional>

#include "device_policy/policy.h"

namespace luy::device_policy {
namespace {

const std::string medium_id = "01jd0000000000000000000001";

BackupSet documents() {
  BackupSet out;
  out.name = "Văn bản";
  out.every_days = 7;
  out.paths = {"/home", "/srv/tài liệu"};
  out.excludes = {"/home/an/.cache"};
  out.keep = {2, 7, 4, 12};
  out.targets = {{BackupPlace::disk, "/srv/backup", {}}, {BackupPlace::medium, "", {medium_id}}};
  return out;
}

Backup some() {
  Backup out;
  out.period_days = 30;
  out.drill_days = 90;
  out.from_minute = 660;
  out.until_minute = 840;
  out.busy_percent = 50;
  out.write_kib_per_second = 20'000;
  out.read_back_percent = 25;
  out.pause_load_percent = 150;
  BackupSet dump;
  dump.name = "mot-cua";
  dump.kind = BackupKind::postgresql;
  dump.every_days = 1;
  dump.databases = {"motcua"};
  dump.user = "postgres";
  dump.socket = "/run/postgresql";
  dump.targets = {{BackupPlace::disk, "/srv/backup", {}}};
  out.sets = {documents(), dump};
  out.media = {{medium_id, "1A2B-3C4D", "4C53", "SAO LƯU"}};
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(BackupSection, ReadsWhatItWrites) {
  const auto read = read_backup(to_json(some()));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->section, some());
  EXPECT_TRUE(read->unknown.empty());
}

TEST(BackupSection, SkipsAndNamesFieldsOfANewerHub) {
  std::string text = replaced(to_json(some()), "{\"run\"", "{\"cloud\":1,\"run\"");
  text = replaced(text, "\"kind\":\"disk\"", "\"kind\":\"disk\",\"speed\":9");
  const auto read = read_backup(text);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->section, some());
  EXPECT_EQ(read->unknown, (std::vector<std::string>{"sets.targets.speed", "cloud"}));
}

TEST(BackupSection, NamesTheFieldThatIsWrong) {
  const std::string good = to_json(some());
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"\"run\":true", "\"run\":1", "backup.run"},
      {"\"period_days\":30", "\"period_days\":32", "backup.period_days"},
      {"\"until_minute\":840", "\"until_minute\":660", "backup.until_minute"},
      {"\"busy_percent\":50", "\"busy_percent\":0", "backup.busy_percent"},
      {"\"read_back_percent\":25", "\"read_back_percent\":0", "backup.read_back_percent"},
      {"Văn bản", "Văn, bản", "backup.sets.name"},
      {"Văn bản", "mot-cua", "backup.sets.name"},
      {"\"kind\":\"files\"", "\"kind\":\"tape\"", "backup.sets.kind"},
      {"\"every_days\":7", "\"every_days\":0", "backup.sets.every_days"},
      {"[\"/home\",", "[\"home\",", "backup.sets.paths"},
      {"[\"/home\",", "[\"/home/../etc\",", "backup.sets.paths"},
      {"[\"/home\",\"/srv/tài liệu\"]", "[]", "backup.sets.paths"},
      {"[\"motcua\"]", "[\"--file=/etc/x\"]", "backup.sets.databases"},
      {"[\"motcua\"]", "[\"../x\"]", "backup.sets.databases"},
      {"\"user\":\"postgres\"", "\"user\":\"\"", "backup.sets.user"},
      {"\"user\":\"\"", "\"user\":\"root\"", "backup.sets.user"},
      {"\"keep_last\":2", "\"keep_last\":-1", "backup.sets.keep_last"},
      {"\"path\":\"/srv/backup\"", "\"path\":\"/\"", "backup.sets.targets.path"},
      {"\"media\":[\"" + medium_id + "\"]", "\"media\":[]", "backup.sets.targets.media"},
      {"{\"id\":\"" + medium_id, "{\"id\":\"x", "backup.media.id"},
  };
  for (const auto& [from, to, field] : cases) {
    const auto read = read_backup(replaced(good, from, to));
    ASSERT_FALSE(read) << to;
    EXPECT_TRUE(read.error().is(malformed));
    EXPECT_EQ(read.error().detail(), field) << to;
  }
}

TEST(BackupSection, TellsWhatProtectsLess) {
  const auto after = [](const std::function<void(Backup&)>& change) {
    Backup out = some();
    change(out);
    return weakened(some(), out);
  };
  using Fields = std::vector<std::string>;
  EXPECT_EQ(after([](Backup&) {}), Fields{});
  EXPECT_EQ(after([](Backup& b) { b.run = false; }), Fields{"run"});
  EXPECT_EQ(after([](Backup& b) { b.sets.pop_back(); }), Fields{"sets"});
  EXPECT_EQ(after([](Backup& b) { b.sets[0].paths = {"/home"}; }), Fields{"sets.paths"});
  EXPECT_EQ(after([](Backup& b) { b.sets[0].paths = {"/home", "/srv"}; }), Fields{}) << "more than before";
  EXPECT_EQ(after([](Backup& b) { b.sets[0].excludes.push_back("/home/an"); }), Fields{"sets.excludes"});
  EXPECT_EQ(after([](Backup& b) { b.sets[0].every_days = 8; }), Fields{"sets.every_days"});
  EXPECT_EQ(after([](Backup& b) { b.sets[0].targets.pop_back(); }), Fields{"sets.targets"});
  EXPECT_EQ(after([](Backup& b) { b.sets[0].keep.monthly = 11; }), Fields{"sets.keep"});
  EXPECT_EQ(after([](Backup& b) { b.sets[0].keep = {}; }), Fields{}) << "everything stays";
  EXPECT_EQ(after([](Backup& b) { b.sets[1].keep.last = 9; }), Fields{"sets.keep"}) << "everything stayed";
  EXPECT_EQ(after([](Backup& b) { b.sets[1].databases.clear(); }), Fields{}) << "all of them";
  EXPECT_EQ(after([](Backup& b) { b.sets[1].databases = {"khác"}; }), Fields{"sets.databases"});
  EXPECT_EQ(after([](Backup& b) { b.read_back_percent = 10; }), Fields{"read_back_percent"});
}

TEST(BackupSection, StandsInThePolicyAndIsRefusedWithIt) {
  const std::string device = "01jd0000000000000000000002";
  const auto policy = read(to_document(device, 3, Time{}, {{"backup", to_json(some())}}));
  ASSERT_TRUE(policy) << policy.error().text();
  ASSERT_TRUE(policy->backup);
  EXPECT_EQ(*policy->backup, some());
  EXPECT_FALSE(read(to_document(device, 3, Time{}, {{"backup", "{}"}})));
  const SectionKind* kind = section_kind("backup");
  ASSERT_NE(kind, nullptr);
  EXPECT_EQ(kind->normal(to_json(some())).value(), to_json(some()));
  EXPECT_FALSE(kind->normal(replaced(to_json(some()), "{\"run\"", "{\"cloud\":1,\"run\"")));
}

}  // namespace
}  // namespace luy::device_policy
