// Goal: rules that people bring cannot silence others, and what one person alone may not do is told apart.
// Method: a book over a small set of our own, local texts and packages as tar archives.
#include "finding/rule_book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "detect/builtin.h"
#include "finding/api.h"
#include "finding/fixture.h"

namespace luy::finding {
namespace {

std::string rule(const std::string& id, const std::string& level, const std::string& value,
                 const std::string& name = "") {
  return "title: " + id + "\nid: " + id + "\n" + (name.empty() ? "" : "name: " + name + "\n") + "level: " + level +
         "\nlogsource: {product: linux, service: sshd}\ndetection:\n  a: {message|contains: " + value +
         "}\n  condition: a\n";
}

std::string counting(const std::string& id, const std::string& level, const std::string& of) {
  return "title: " + id + "\nid: " + id + "\nlevel: " + level + "\ncorrelation:\n  type: event_count\n  rules: [" + of +
         "]\n  group-by: [luy.device]\n  timespan: 1m\n  condition: {gte: 2}\n";
}

// A tar archive (POSIX ustar) of files of this text each.
std::string package(const std::vector<std::string>& texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string header(512, '\0');
    const std::string name = std::to_string(i) + ".yml";
    header.replace(0, name.size(), name);
    std::array<char, 13> size{};
    std::snprintf(size.data(), size.size(), "%011zo", texts[i].size());
    header.replace(124, 11, size.data());
    header.replace(148, 8, 8, ' ');
    header[156] = '0';
    header.replace(257, 5, "ustar");
    unsigned sum = 0;
    for (const char c : header) sum += static_cast<unsigned char>(c);
    std::array<char, 8> checksum{};
    std::snprintf(checksum.data(), checksum.size(), "%06o", sum);
    header.replace(148, 7, std::string(checksum.data()) + '\0');
    out += header + texts[i] + std::string((512 - texts[i].size() % 512) % 512, '\0');
  }
  return out + std::string(1024, '\0');
}

struct RuleBookTest : testing::Test {
  RuleBookTest() : clock(test_start()), random(3) {
    book = *RuleBook::open(
        {*records.database,
         clock,
         random,
         {{"high.yml", rule("own_high", "high", "dangerous", "own_name")},
          {"count.yml", counting("own_count", "high", "own_part") + "---\n" + rule("own_part", "low", "refused")}},
         records.folder / "packages",
         detect::builtin_routing(),
         {}});
  }
  std::size_t import(const std::vector<std::string>& texts) {
    const auto staged = book->stage(package(texts));
    EXPECT_TRUE(staged) << staged.error().text();
    const auto adopted = book->adopt(*staged, "Lan");
    EXPECT_TRUE(adopted) << adopted.error().text();
    return staged->brings.lessened.size();
  }
  void save(const std::string& yaml) {
    const auto saved = book->save_local(yaml, "Lan");
    EXPECT_TRUE(saved) << saved.error().text();
  }
  // What an act's entry says of it, without carrying it out.
  std::string said_by(std::string_view act, const boost::json::object& body) {
    const directory::Caller caller{
        std::nullopt, "lan", "", [](directory::Action, const directory::Object&) { return Result<void>(); }, {}};
    const auto acts = rule_acts({*book, clock, [] { return directory::Object(); }, {}});
    const auto found = std::find_if(acts.begin(), acts.end(), [&](const auto& one) { return one.first == act; });
    directory::AuditEntry entry;
    const auto done = records.database->write([&](records::Connection& c) -> Result<void> {
      const auto ran = found->second.run(c, caller, body, entry);
      EXPECT_TRUE(ran) << ran.error().text();
      return Error(rules_changed);
    });
    EXPECT_FALSE(done);
    return boost::json::serialize(entry.after.at("lessened"));
  }
  bool lists(const std::string& id) const { return book->library()->find(id) != nullptr; }
  RuleException exception(const std::string& of) {
    RuleException out;
    out.rule = of;
    out.filter = "message|contains: dangerous";
    out.reason = out.by = "Lan";
    out.expires_at = clock.now() + std::chrono::hours(1);
    return out;
  }

  FakeClock clock;
  SeededRandom random;
  TestRecords records;
  std::unique_ptr<RuleBook> book;
};

TEST_F(RuleBookTest, ALocalRuleMayNotTakeAnothersName) {
  for (const char* name : {"own_high", "own_name", "own_part", "own_count"}) {
    const auto saved =
        book->save_local(counting("mine", "low", name) + "---\n" + rule("mine_part", "low", "x", name), "Lan");
    ASSERT_FALSE(saved) << name;
    EXPECT_TRUE(saved.error().is(rule_name_taken)) << saved.error().text();
  }
  save(counting("mine", "low", "inner") + "---\n" + rule("mine_part", "low", "x", "inner"));
  save(counting("mine", "low", "inner") + "---\n" + rule("mine_part", "low", "x", "inner"));
  EXPECT_TRUE(book->save_local(rule("other", "low", "x", "inner"), "Lan").error().is(rule_name_taken));
}

TEST_F(RuleBookTest, RulesThatWereBroughtSilenceNoneOfOurs) {
  import({rule("part", "low", "x", "own_high"), counting("theirs", "medium", "own_high"),
          counting("others", "medium", "own_name"),
          "title: f\nid: f\nlogsource: {product: linux}\nfilter:\n  rules: any\n  a: {message|contains: x}\n  "
          "condition: not a\n"});
  EXPECT_TRUE(lists("own_high"));
  EXPECT_TRUE(lists("theirs"));
  EXPECT_TRUE(lists("others"));
  const auto armed = book->arm();
  ASSERT_TRUE(armed);
  std::size_t reporting = 0;
  for (const RuleInfo* one : (*armed)->of_rule) reporting += one != nullptr && one->id == "own_high" ? 1 : 0;
  EXPECT_EQ(reporting, 1U);
  const Hash before = book->library()->find("own_high")->meaning;
  import({rule("part", "low", "x")});
  EXPECT_EQ(book->library()->find("own_high")->meaning, before) << "the package's filter did not reach it";
}

TEST_F(RuleBookTest, WhatANewerTextTakesAwayIsTold) {
  const auto lessened = [&](const std::string& yaml) { return book->saving(yaml).value().lessened; };
  const RuleBook::Lessened mine = {"mine"};
  EXPECT_EQ(lessened(rule("mine", "high", "x")), RuleBook::Lessened()) << "there is none before";
  save(rule("mine", "high", "x"));
  EXPECT_EQ(lessened(rule("mine", "critical", "x")), RuleBook::Lessened());
  EXPECT_EQ(lessened(rule("mine", "medium", "x")), mine) << "lower";
  EXPECT_EQ(lessened(rule("mine", "high", "never_seen")), mine) << "another condition";
  EXPECT_EQ(book->lessened_by_removing("mine").value(), mine);
  const std::string count = counting("count", "high", "base") + "  generate: true\n---\n";
  save(count + rule("base", "medium", "y"));
  EXPECT_EQ(lessened(count + rule("base", "low", "y")), RuleBook::Lessened());
  EXPECT_EQ(lessened(count + rule("base", "medium", "z")), RuleBook::Lessened{"count"}) << "what it counts";
  EXPECT_EQ(book->lessened_by_removing("base").value(), RuleBook::Lessened{"count"});
  ASSERT_TRUE(book->set_enabled("count", {false, "thử", "Lan", clock.now()}));
  EXPECT_EQ(book->lessened_by_removing("base").value(), RuleBook::Lessened()) << "it is off";
}

TEST_F(RuleBookTest, AnExceptionOfWhatAHighRuleIsMadeOfTakesTwo) {
  save(counting("count", "high", "base") + "  generate: true\n---\n" + rule("base", "medium", "y"));
  const auto takes_two = [&](const std::string& id) { return book->exception_takes_two(*book->library()->find(id)); };
  EXPECT_TRUE(takes_two("base"));
  ASSERT_TRUE(book->set_enabled("count", {false, "thử", "Lan", clock.now()}));
  EXPECT_FALSE(takes_two("base"));
  import({counting("of_own", "low", "own_high")});
  EXPECT_TRUE(takes_two("of_own")) << "it would be an exception of our rule";
}

TEST_F(RuleBookTest, APackageTellsWhatItTakesAway) {
  EXPECT_EQ(import({rule("a", "high", "a"), rule("b", "high", "b"), rule("c", "medium", "c")}), 0U);
  EXPECT_EQ(import({rule("a", "high", "a"), rule("b", "high", "b")}), 0U) << "c was not above medium";
  EXPECT_EQ(import({rule("a", "medium", "a"), rule("b", "high", "other")}), 2U);
  EXPECT_EQ(import({rule("a", "medium", "a")}), 1U) << "b is gone";
}

TEST_F(RuleBookTest, PackagesOfOtherNamesStayAsTheyAre) {
  const auto bring = [&](const std::vector<std::string>& texts, const std::string& name) {
    const auto staged = book->stage(texts.empty() ? std::string() : package(texts), name);
    if (!staged) return std::string(staged.error().name());
    EXPECT_TRUE(book->adopt(*staged, "Lan"));
    return std::string("done");
  };
  EXPECT_EQ(bring({rule("sigma", "low", "a")}, ""), "done");
  EXPECT_EQ(bring({rule("mine", "low", "b"), rule("mine_two", "low", "c")}, "cua-toi"), "done");
  EXPECT_EQ(bring({rule("police", "low", "d")}, "pa05"), "done");
  EXPECT_TRUE(lists("sigma") && lists("mine") && lists("mine_two") && lists("police"));
  const auto would = book->preview(package({rule("mine", "low", "b")}), "cua-toi");
  ASSERT_TRUE(would) << would.error().text();
  EXPECT_EQ(would->gone, 1U);
  EXPECT_EQ(would->files, 1U);
  ASSERT_EQ(would->packages.size(), 3U);
  EXPECT_EQ(would->packages[1].name, "cua-toi");
  EXPECT_TRUE(lists("mine_two")) << "a preview changes nothing";
  EXPECT_EQ(bring({rule("sigma_new", "low", "a")}, ""), "done");
  EXPECT_FALSE(lists("sigma"));
  EXPECT_TRUE(lists("sigma_new") && lists("mine") && lists("police"));
  EXPECT_EQ(bring({}, "cua-toi"), "done");
  EXPECT_FALSE(lists("mine") || lists("mine_two"));
  EXPECT_TRUE(lists("sigma_new") && lists("police"));
  EXPECT_EQ(bring({}, "cua-toi"), package_unknown.name);
  for (const char* name : {"Cua-Toi", "a b", "../x", "@x", "đ"}) {
    EXPECT_EQ(bring({rule("x", "low", "x")}, name), package_name.name) << name;
  }
  EXPECT_EQ(bring({rule("x", "low", "x")}, std::string(41, 'a')), package_name.name);
}

TEST_F(RuleBookTest, AnActNamesWhatItTakesAwayWhenItIsCarriedOut) {
  const auto turn = [&](const std::string& id, bool on) {
    ASSERT_TRUE(book->set_enabled(id, {on, "thử", "Lan", clock.now()}));
  };
  import({rule("a", "high", "a"), rule("off", "high", "off")});
  turn("off", false);
  const auto staged = book->stage(package({rule("a", "medium", "a")}));
  ASSERT_TRUE(staged);
  const boost::json::object taken{{"package", staged->package}, {"name", ""}, {"bytes", 1}, {"gone", 1}, {"by", "Lan"}};
  EXPECT_EQ(said_by(rule_import_act, taken), R"(["a"])");
  turn("off", true);
  EXPECT_EQ(said_by(rule_import_act, taken), R"(["a","off"])") << "it came to be on since";
  turn("off", false);
  EXPECT_EQ(said_by(rule_import_act, taken), R"(["a"])");

  save(rule("mine", "high", "x") + "---\n" + rule("second", "high", "y"));
  turn("second", false);
  const std::string newer = rule("mine", "low", "x");
  const boost::json::object saved{{"rule", "mine"}, {"level", "low"}, {"yaml", newer}, {"by", "Lan"}};
  const boost::json::object deleted{{"rule", "mine"}, {"by", "Lan"}};
  EXPECT_EQ(said_by(rule_save_act, saved), R"(["mine"])");
  EXPECT_EQ(said_by(rule_delete_act, deleted), R"(["mine"])");
  turn("second", true);
  EXPECT_EQ(said_by(rule_save_act, saved), R"(["mine","second"])");
  EXPECT_EQ(said_by(rule_delete_act, deleted), R"(["mine","second"])");
}

TEST_F(RuleBookTest, NoActIsTriedOverRulesThatAreNotReadYet) {
  const auto switched = records.database->write([&](records::Connection& c) {
    return book->switch_in(c, "own_high", {false, "thử", "Lan", clock.now()});
  });
  ASSERT_TRUE(switched);
  const auto check = [&] {
    return records.database->write([&](records::Connection& c) { return book->check_current_in(c); });
  };
  EXPECT_TRUE(check().error().is(rules_changed));
  ASSERT_TRUE(book->refresh());
  EXPECT_TRUE(check());
}

TEST_F(RuleBookTest, APackageIsTakenOnlyOverTheRulesItWasComparedWith) {
  const auto staged = book->stage(package({rule("a", "high", "a")}));
  ASSERT_TRUE(staged);
  save(rule("mine", "high", "x"));
  EXPECT_TRUE(book->adopt(*staged, "Lan").error().is(rules_changed));
  EXPECT_FALSE(lists("a"));
  // One that was kept makes room for the next one.
  import({rule("b", "high", "b")});
  const auto late =
      records.database->write([&](records::Connection& c) { return book->adopt_in(c, staged->package, "Lan"); });
  EXPECT_TRUE(late.error().is(rules_changed));
  std::size_t kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(records.folder / "packages")) {
    kept += entry.path().extension() == ".tar" ? 1 : 0;
  }
  EXPECT_EQ(kept, 1U);
}

}  // namespace
}  // namespace luy::finding
