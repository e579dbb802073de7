// Goal: from_json() gives back exactly what to_json() was given, and refuses every other document, naming the place.
// Method: one full and one bare fact of every kind go round; a table of single damages with the path the error must
// name; the limits from both sides; the generated document against the tables.
#include "fact/fact.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <limits>

#include "base/file.h"
#include "base/source_dir.h"
#include "base/utf8.h"
#include "fact/describe.h"

namespace luy::fact {
namespace {

Time at(std::string_view text) {
  return from_rfc3339(text).value();
}

const Time t1 = at("2026-11-22T03:04:05.000001Z");
const Time t2 = at("2026-01-02T00:00:00Z");

// Every member away from its default, every optional present.
std::vector<Body> full_bodies() {
  return {
      Identity{std::string(64, 'a'), "may-tinh-01", "may-tinh-01.bimson.example"},
      Os{"debian", "12", "Debian GNU/Linux 12 (bookworm)", "6.1.0-27-amd64", "x86_64", t1},
      Hardware{"Dell", "Vostro \"3910\"", "desktop", "i5-12400", 12, 8'000'000'000, true},
      Packages{
          "dpkg",
          {{"libssl3", "3.0.15-1~deb12u1", "amd64", t1, "an", "openssl", "3.0.15-1"}, {"tzdata", "2024b", "all", t2}}},
      Updates{true,
              t1,
              t2,
              {{"openssl", "3.0.14-1", "3.0.15-1", "bookworm-security", t2}},
              7,
              true,
              "no answer",
              PatchWindow{"failed", "dpkg", t1, t2, 3, "planned", t2}},
      Antivirus{{{"ClamAV", "1.0.7", true, t1, t2, 3, false}},
                AntivirusScan{"waiting", "clamd", t1, t2, t2, 7, 8, 1, 2},
                {{{"01jd0", "/home/an/x", "ab", "Eicar", "an", 68, t1}}}},
      Accounts{true, {{"nguyễn", 1000, "/bin/bash", true, "set", "yescrypt", t1, 90, true, t2, true, 2}}},
      Listening{{{"tcp6", "::", 22, "sshd"}, {"udp", "0.0.0.0", 68, "dhclient"}}},
      Firewall{"nftables", true, 12},
      Disks{{{"/", "/dev/mapper/root", "ext4", 500'000'000'000, 1, true, true}}},
      Interfaces{{{"eth0", "ethernet", "02:00:00:00:00:01", true, {"192.0.2.2/24", "2001:db8::2/64"}}},
                 {{"0.0.0.0/0", "192.0.2.1", "eth0"}}},
      Wifi{true,
           {{"UBND", "wlan0", "wpa2", true, "ab12", t1, "02:00:00:00:00:0a"}},
           {{{"", "02:00:00:00:00:0b", "open", -70}}}},
      Domain{"active-directory", "bimson.example"},
      Shares{true, {{"samba", "chung", "/srv/chung", true, true}}},
      TimeSync{true, "chrony"},
      Agent{"0.1.0", t1, 60, 0.1 + 0.2, 20'000'000, true, 4096, 1 << 30, 5, "ab", "rolled_back", "0.2.0", "silent"},
      Hardening{"0123456789abcdef",
                {{"ssh-root-login", "wrong", "yes", "/etc/ssh/sshd_config", 57, "unreadable"}},
                "no helper"},
      SoftwareGate{"refuse", "audit", "kernel", 90'000, {{"execute", "/tmp/x", "1", "ab", "an", true, 2, t1}}},
      Removable{"watch", {{"4C53", "SanDisk", "Ultra", 32'000'000'000, true, "refused", t1}}},
      Backup{"restic 0.14.0",
             {{"van-ban", "files", "medium", "m1", "failed", "full", 7, t1, t2, t1, t2, "abcd", 8, 9, 10, t1, t2}},
             {{"van-ban", "medium", "m1", "abcd", t1, t2, true, "gone", 1, 2, 3, 4, 5, "ef"}}},
      Neighbours{{{"192.0.2.9", "02:00:00:00:00:09", "may-in", "mdns", "eth0", "_ipp._tcp", t1}}},
  };
}

std::vector<Body> bare_bodies() {
  return {Identity{},  Os{},       Hardware{},  Packages{},     Updates{},   Antivirus{}, Accounts{},
          Listening{}, Firewall{}, Disks{},     Interfaces{},   Wifi{},      Domain{},    Shares{},
          TimeSync{},  Agent{},    Hardening{}, SoftwareGate{}, Removable{}, Backup{},    Neighbours{}};
}

TEST(Fact, EveryKindReadsBack) {
  ASSERT_EQ(full_bodies().size(), kind_count);
  for (const auto& bodies : {full_bodies(), bare_bodies()}) {
    for (const Body& body : bodies) {
      const Fact fact{t1, "phép thử", body};
      const auto again = from_json(to_json(fact));
      ASSERT_TRUE(again.has_value()) << to_json(fact) << '\n' << again.error().text();
      EXPECT_EQ(*again, fact) << to_json(fact);
    }
  }
}

TEST(Fact, BytesAreThoseOfTheFormatDocument) {
  EXPECT_EQ(to_json({at("2026-11-22T03:04:05Z"), "timedatectl", TimeSync{true, "chrony"}}),
            R"({"fact":"time_sync","version":1,"collected_at":"2026-11-22T03:04:05.000000Z","method":"timedatectl",)"
            R"("body":{"synchronised":true,"service":"chrony"}})");
  EXPECT_EQ(body_to_json(Antivirus{{{"ClamAV", "1", false, t1, std::nullopt, 0}, {}}}),
            R"({"products":[{"name":"ClamAV","version":"1","running":false,)"
            R"("signatures_date":"2026-11-22T03:04:05.000001Z","last_scan_infected":0},)"
            R"({"name":"","version":"","running":false}]})");
}

TEST(Fact, NamesAreThoseOfTheKinds) {
  for (std::size_t i = 0; i < kind_count; ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_EQ(kinds()[i].kind, kind);
    EXPECT_EQ(kind_from_name(name_of(kind)), kind);
    EXPECT_EQ((Fact{t1, "", full_bodies()[i]}).kind(), kind);
  }
  EXPECT_EQ(name_of(Kind::time_sync), "time_sync");
  EXPECT_EQ(kind_from_name("Updates"), std::nullopt);
  EXPECT_EQ(kind_from_name(""), std::nullopt);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto where = text.find(from);
  EXPECT_NE(where, std::string::npos) << from;
  return where == std::string::npos ? text : text.replace(where, from.size(), to);
}

TEST(Fact, DamageIsRefusedAtItsPlace) {
  const struct {
    const char* what;
    std::string_view from;  // In the fact below, once.
    std::string_view to;
    std::string_view place;  // How the detail begins.
  } table[] = {
      {"no JSON", "{\"fact\"", "fact", "not JSON"},
      {"not an object", "{\"fact\"", "[{\"fact\"", "not JSON"},
      {"two documents", "true}}", "true}} {}", "not JSON"},
      {"bad UTF-8", "libapt-pkg", "lib\xff", "not JSON"},
      {"half a surrogate pair", "libapt-pkg", "\\ud800", "not JSON"},
      {"control character in a text", "libapt-pkg", "lib\n", "not JSON"},
      {"unknown kind", "\"updates\"", "\"upgrades\"", "fact: "},
      {"kind of another body", "\"updates\"", "\"wifi\"", "body.lists_present: "},
      {"kind as a number", "\"updates\"", "5", "fact: "},
      {"version 2", "\"version\":1", "\"version\":2", "version: "},
      {"version as text", "\"version\":1", "\"version\":\"1\"", "version: "},
      {"version with a fraction", "\"version\":1", "\"version\":1.0", "version: "},
      {"no version", "\"version\":1,", "", "version: "},
      {"unknown key outside", "\"version\":1", "\"version\":1,\"note\":1", "note: "},
      {"key twice outside", "\"version\":1", "\"version\":1,\"version\":1", "version: "},
      {"bad time", "2026-11-22T03:04:05.000001Z", "22/11/2026", "collected_at: "},
      {"time out of the years", "2026-11-22T03:04:05.000001Z", "0000-01-01T00:00:00+23:59", "collected_at: "},
      {"time as a number", "\"2026-11-22T03:04:05.000001Z\"", "1764000000", "collected_at: "},
      {"optional time as a number", "\"2026-01-02T00:00:00.000000Z\"", "0", "body.lists_date: "},
      {"missing in the body", "\"other_count\":7,", "", "body.other_count: "},
      {"unknown key in the body", "\"other_count\":7", "\"other_count\":7,\"x\":{}", "body.x: "},
      {"integer too large", "\"other_count\":7", "\"other_count\":9223372036854775808", "body.other_count: "},
      {"boolean as text", "\"restart_required\":true", "\"restart_required\":\"true\"", "body.restart_required: "},
      {"null where required", "\"restart_required\":true", "\"restart_required\":null", "body.restart_required: "},
      {"list as an object", "\"security\":[", "\"security\":{},\"x\":[", "body.security: "},
      {"missing in an item", ",\"offered\":\"1.1\"", "", "body.security[1].offered: "},
      {"unknown key in an item", "\"offered\":\"1.1\"", "\"offered\":\"1.1\",\"off\":1", "body.security[1].off: "},
      {"key twice in an item", "\"offered\":\"1.1\"", "\"offered\":\"1\",\"offered\":\"1\"",
       "body.security[1].offered: "},
      {"item of the wrong type", "{\"package\":\"zlib1g\"", "1,{\"package\":\"zlib1g\"", "body.security[1]: "},
      {"body as a list", "\"body\":{", "\"body\":[],\"b\":{", "b: "},
  };
  const std::string good =
      to_json({t1, "libapt-pkg",
               Updates{true,
                       t2,
                       std::nullopt,
                       {{"openssl", "3", "3.1", "s", t1 + days(1)}, {"zlib1g", "1", "1.1", "s", t1 + days(1)}},
                       7,
                       true}});
  ASSERT_TRUE(from_json(good).has_value());
  for (const auto& [what, from, to, place] : table) {
    const auto got = from_json(replaced(good, from, to));
    ASSERT_FALSE(got.has_value()) << what;
    EXPECT_TRUE(got.error().is(malformed)) << what;
    EXPECT_TRUE(got.error().detail().starts_with(place)) << what << ": " << got.error().detail();
  }
}

TEST(Fact, EveryTruncationIsRefused) {
  for (const Body& body : full_bodies()) {
    const std::string good = to_json({t1, "m", body});
    for (std::size_t size = 0; size < good.size(); ++size) {
      EXPECT_FALSE(from_json(std::string_view(good).substr(0, size)).has_value()) << size;
    }
  }
}

TEST(Fact, KeysMayComeInAnyOrderAndOptionalOnesAsNull) {
  const auto os = from_json(
      R"({"body":{"booted_at":null,"architecture":"","kernel":"k","pretty_name":"","version_id":"","id":""},
          "method":"","collected_at":"2026-11-22T10:04:05.000001+07:00","version":1,"fact":"os"})");
  ASSERT_TRUE(os.has_value()) << os.error().text();
  EXPECT_EQ(*os, (Fact{t1, "", Os{"", "", "", "k", "", std::nullopt}}));
}

TEST(Fact, TextsOfAnOutsiderDoNotReachTheMessageAsTheyAre) {
  const std::string json = R"({"fa\nct":1})";
  EXPECT_EQ(from_json(json).error().detail(), "fa?ct: unknown key");
  const std::string long_key = "{\"" + std::string(5000, 'k') + "\":1}";
  EXPECT_LT(from_json(long_key).error().detail().size(), 100U);
}

TEST(Fact, LimitsHoldFromBothSides) {
  const auto with_text = [](std::size_t bytes) { return Fact{t1, std::string(bytes, 'm'), TimeSync{}}; };
  EXPECT_EQ(*from_json(to_json(with_text(text_bytes_max))), with_text(text_bytes_max));
  EXPECT_EQ(*from_json(to_json(with_text(text_bytes_max + 1))), with_text(text_bytes_max)) << "writing cuts";
  const std::string good = to_json(with_text(text_bytes_max));
  EXPECT_TRUE(from_json(replaced(good, "mm", "mmm")).error().detail().starts_with("method: "));

  const auto with_items = [](std::size_t items) {
    return Fact{t1, "", Interfaces{{{"e", "", "", true, std::vector<std::string>(items, "a")}}, {}}};
  };
  EXPECT_EQ(*from_json(to_json(with_items(items_max))), with_items(items_max));
  EXPECT_TRUE(
      from_json(to_json(with_items(items_max + 1))).error().detail().starts_with("body.interfaces[0].addresses"));

  std::string padded = to_json(with_text(1));
  padded.resize(document_bytes_max, ' ');
  EXPECT_TRUE(from_json(padded).has_value());
  padded += ' ';
  EXPECT_TRUE(from_json(padded).error().is(malformed));
}

TEST(Fact, DeepNestingIsRefused) {
  for (const std::size_t depth : {20U, 2000U, 500'000U}) {
    const std::string json = R"({"body":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    EXPECT_TRUE(from_json(json).error().detail().starts_with("not JSON")) << depth;
  }
}

TEST(Fact, WritingGivesValidJsonWhateverTheBytes) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name{'<', static_cast<char>(byte), '"', '\\', '>'};
    const auto got = from_json(to_json({t1, "", Domain{"none", name}}));
    ASSERT_TRUE(got.has_value()) << byte << got.error().text();
    EXPECT_EQ(std::get<Domain>(got->body).name, to_utf8(name)) << byte;
  }
  for (const double odd : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Agent agent;
    agent.cpu_percent = odd;
    EXPECT_EQ(std::get<Agent>(from_json(to_json({t1, "", agent}))->body).cpu_percent, 0.0);
  }
}

TEST(FactDocument, IsTheOneTheTablesGive) {
  const std::string path = source_dir() + "/docs/format/facts.md";
  if (std::getenv("LUY_UPDATE") != nullptr) std::ofstream(path) << facts_markdown();
  const auto file = read_file(path, 1 << 20);
  ASSERT_TRUE(file.has_value()) << file.error().text();
  EXPECT_EQ(*file, facts_markdown()) << "run this test once with LUY_UPDATE=1 in the environment";
}

}  // namespace
}  // namespace luy::fact
