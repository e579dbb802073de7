// Goal: whatever the records hold, their columns give back every byte, the tokens are the records' own, and damaged
// columns are an error or other records, never more.
// Method: hand-picked records at the edges of every kind of column; generated lines of many forms; flipped bytes and
// cuts behind zstd; a day that an older version wrote.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/random.h"
#include "base/source_dir.h"
#include "base/vietnamese.h"
#include "evidence/archive.h"
#include "evidence/error.h"
#include "evidence/matcher.h"
#include "evidence/open_day.h"
#include "evidence/segment.h"
#include "evidence/verify.h"

namespace luy::evidence {
namespace {

const Time start = from_micros(1'790'000'000'123'456);

struct Encoded {
  SegmentHead head;
  std::string plain;
  std::string body;
  std::string tokens;
};

Encoded encode(const std::vector<std::string>& lines) {
  SegmentBuilder builder;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    builder.add(start + Duration(static_cast<std::int64_t>(i)), i % 3 == 0 ? "a" : "b", 1, lines[i]);
  }
  ColumnEncoder columns;
  Compressor zstd;
  Encoded out;
  std::vector<std::size_t> cuts;
  std::string_view tokens;
  out.head = builder.encode_columns(7, columns, out.plain, cuts, tokens);
  out.tokens = tokens;
  out.body = zstd.compress(out.plain, cuts, Level::block);
  return out;
}

std::vector<std::string> decoded(const Encoded& block) {
  Decompressor zstd;
  const auto segment = Segment::decode(block.head, block.body, zstd);
  EXPECT_TRUE(segment) << segment.error().text();
  std::vector<std::string> out;
  if (!segment) return out;
  for (std::uint64_t seq = 7; seq < (*segment)->end_seq(); ++seq) out.emplace_back((*segment)->at(seq).raw);
  return out;
}

std::vector<std::uint64_t> tokens_of(std::string_view text) {
  Tokenizer tokenizer;
  TokenSet set;
  tokenizer.add_tokens(text, set);
  auto out = set.values();
  std::ranges::sort(out);
  return out;
}

void expect_round_trip(const std::vector<std::string>& lines, std::string_view what) {
  const Encoded block = encode(lines);
  ASSERT_EQ(decoded(block), lines) << what;
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  ASSERT_EQ(tokens_of(block.tokens), tokens_of(all)) << what;
}

// The same line `count` times with "%" replaced by what `value` makes of the line's number.
template <class Value>
std::vector<std::string> lines_with(std::size_t count, std::string_view form, Value value) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string line;
    for (const char c : form) c == '%' ? line += value(i) : line += c;
    out.push_back(std::move(line));
  }
  return out;
}

TEST(Columns, GiveBackEveryKindOfValue) {
  SeededRandom random(4);
  const auto number = [&](std::uint64_t below) { return std::to_string(random.next() % below); };
  const struct {
    std::string_view what;
    std::function<std::string(std::size_t)> value;
  } table[] = {
      {"small numbers", [&](std::size_t) { return number(10); }},
      {"two planes", [&](std::size_t) { return number(60'000); }},
      {"rising", [&](std::size_t i) { return std::to_string(1'790'000'000'000 + i * 3); }},
      {"falling and rising", [&](std::size_t i) { return std::to_string(i % 2 == 0 ? 999'999'999'999'999 - i : i); }},
      {"fifteen digits", [&](std::size_t) { return number(1'000'000'000'000'000); }},
      {"sixteen digits", [&](std::size_t) { return std::to_string(1'000'000'000'000'000 + random.next() % 1000); }},
      {"leading zeros, one width",
       [&](std::size_t i) { return i % 60 < 10 ? "0" + std::to_string(i % 60) : std::to_string(i % 60); }},
      {"leading zeros, many widths", [&](std::size_t i) { return std::string(i % 5, '0') + std::to_string(i); }},
      {"zero", [&](std::size_t i) { return i % 2 == 0 ? "0" : "00"; }},
      {"one to six digits, zeros in front",
       [&](std::size_t i) {
         const std::string digits = std::to_string(1'000'000 + random.next() % 30 * 3'703);
         return digits.substr(digits.size() - 1 - i % 6);
       }},
      {"patterns",
       [&](std::size_t i) { return "2026-09-" + std::to_string(10 + i % 20) + "T" + std::to_string(10 + i % 14); }},
      {"decimal fractions",
       [&](std::size_t i) { return std::to_string(1'790'000'000 + i) + "." + std::to_string(100 + i % 900); }},
      {"few words",
       [&](std::size_t i) {
         return std::vector<std::string>{"a1", "b2", "c3"}[i % 3];
       }},
      {"addresses", [&](std::size_t) { return "10." + number(3) + "." + number(200) + "." + number(250); }},
      {"hexadecimal of one width",
       [&](std::size_t) {
         return "f" + std::to_string(1'000'000'000'000'000'000 + random.next() % 8'000'000'000'000'000'000);
       }},
      {"texts of many widths", [&](std::size_t i) { return std::string(i % 50 + 1, 'x') + number(1'000'000'000); }},
      {"constant", [&](std::size_t) { return "same1"; }},
      {"nothing", [&](std::size_t) { return ""; }},
      {"bytes of other scripts", [&](std::size_t i) { return "Bỉm-Sơn" + std::to_string(i % 7) + "\xff\x80"; }},
  };
  for (const auto& row : table) {
    for (const std::string_view form :
         {"%", "at % done", "a=% b=%:%", "{\"k\":\"%\",\"n\":%,\"s\":\"x y %\"}", "[%]\n%\0tail"}) {
      for (const std::size_t count : {1, 2, 3, 300}) expect_round_trip(lines_with(count, form, row.value), row.what);
    }
  }
}

TEST(Columns, GiveBackBytesOfAnyKind) {
  expect_round_trip({"", "", ""}, "empty records");
  expect_round_trip({std::string(3, '\0'), "\n", "\n\n", "1\n2", "\"", "=\"", ":\"x", "a=", std::string(1, '\0')},
                    "separators");
  expect_round_trip({std::string(record_bytes_max, '1'), std::string(record_bytes_max, ' '), "x1"}, "long records");
  std::vector<std::string> many;
  for (int i = 0; i < 5; ++i) {
    std::string line;
    for (int k = 0; k < 3000; ++k) line += "k" + std::to_string(k) + "=" + std::to_string(k * i) + " ";
    many.push_back(line);
  }
  expect_round_trip(many, "more values than columns");
  SeededRandom random(8);
  std::vector<std::string> noise;
  for (int i = 0; i < 2000; ++i) {
    std::string line;
    for (std::uint64_t k = random.next() % 60; k > 0; --k) {
      line += "ab1 2=\":.-\n\0@\xc3\xa9/"[random.next() % 16];
    }
    noise.push_back(std::move(line));
  }
  expect_round_trip(noise, "noise");
}

// Template numbers in two planes, dictionaries with more than 256 entries, and a column for each of them.
TEST(Columns, GiveBackManyTemplatesAndLargeDictionaries) {
  std::vector<std::string> lines;
  SeededRandom random(6);
  for (int i = 0; i < 6000; ++i) {
    std::string line = "host" + std::to_string(i % 5) + " app a b c d ";
    line += std::string(static_cast<std::size_t>(i % 400 + 1), '*');
    line += " user" + std::to_string(random.next() % 700) + "x from 10.0.0." + std::to_string(random.next() % 250);
    lines.push_back(std::move(line));
  }
  expect_round_trip(lines, "400 templates");
  const Encoded block = encode(lines);
  EXPECT_LT(block.plain.size() * 2, block.head.raw_bytes);
}

TEST(Columns, RecordsOfNoCommonFormCostLittleMoreThanTheirBytes) {
  std::vector<std::string> lines;
  SeededRandom random(9);
  for (int i = 0; i < 500; ++i) {
    std::string line;
    for (int k = 0; k < 30; ++k)
      line += static_cast<char>('a' + random.next() % 26) + std::string(random.next() % 3, ' ');
    lines.push_back(std::move(line));
  }
  const Encoded block = encode(lines);
  EXPECT_EQ(decoded(block), lines);
  EXPECT_LT(block.plain.size(), block.head.raw_bytes + lines.size() * 12);
}

TEST(Columns, DamageIsAnErrorOrOtherRecordsNeverMore) {
  std::vector<std::string> lines;
  for (int i = 0; i < 200; ++i) {
    lines.push_back("Sep 21 10:00:0" + std::to_string(i % 10) + " pc" + std::to_string(i % 7) + " sshd[" +
                    std::to_string(i * 31 % 977) + "]: Failed for nv" + std::to_string(i % 13) + "x" +
                    (i % 50 == 49 ? " only once " + std::string(static_cast<std::size_t>(i), 'z') : ""));
  }
  const Encoded good = encode(lines);
  Compressor compressor;
  Decompressor zstd;
  int refused = 0;
  for (std::size_t at = 0; at < good.plain.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xff}) {
      std::string bad = good.plain;
      bad[at] = static_cast<char>(bad[at] ^ mask);
      const auto segment = Segment::decode(good.head, compressor.compress(bad, Level::tail), zstd);
      if (!segment) {
        ++refused;
        EXPECT_TRUE(segment.error().is(store_corrupt));
        continue;
      }
      std::size_t bytes = 0;
      for (std::uint64_t seq = 7; seq < (*segment)->end_seq(); ++seq) bytes += (*segment)->at(seq).raw.size();
      EXPECT_EQ(bytes, good.head.raw_bytes) << at;
    }
  }
  EXPECT_GT(refused, 100);
  for (std::size_t cut = 0; cut < good.plain.size(); ++cut) {
    SegmentHead head = good.head;
    head.plain_bytes = cut;
    const std::string_view part = std::string_view(good.plain).substr(0, cut);
    EXPECT_FALSE(Segment::decode(head, compressor.compress(part, Level::tail), zstd)) << cut;
  }
  SegmentHead head = good.head;
  head.raw_bytes = ~std::uint64_t{0};
  EXPECT_TRUE(Segment::decode(head, good.body, zstd).error().is(store_corrupt));
}

// Written by the first version, whose blocks are all of kind 1.
TEST(Columns, ADayOfTheFirstVersionIsReadAndVerified) {
  const std::filesystem::path file =
      std::filesystem::path(source_dir()) / "src/evidence/testdata/kind1/2026-09-21.sqlite";
  const auto archive = Archive::open(file);
  ASSERT_TRUE(archive) << archive.error().text();
  ASSERT_EQ((*archive)->size(), 2461U);
  EXPECT_NE((*archive)->read(0)->raw.find("bimson.local"), std::string::npos);
  std::size_t hits = 0;
  ASSERT_TRUE(
      (*archive)->search({.words = {"sshd"}, .limit = 10'000}, {}, [&](const Record&) { return ++hits, Visit::keep; }));
  EXPECT_GT(hits, 100U);
  const std::string key = *read_file(file.parent_path() / "vkey", 4096);
  VerifyOptions options{.keys = {*VerifierKey::parse(key.substr(0, key.find('\n')))}};
  options.report = [](const Finding& finding) { EXPECT_FALSE(finding.is_fault) << finding.error.text(); };
  const auto summary = verify_path(file, options);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->records, 2461U);
  EXPECT_EQ(summary->faults, 0U);
}

// What a search looks for may be in any part of a block: nothing of it may be passed over.
TEST(Columns, WithANeedleNoRecordThatHoldsItIsLeftOut) {
  SeededRandom random(23);
  SegmentBuilder builder;
  std::vector<std::string> lines;
  for (int i = 0; i < 4000; ++i) {
    const std::uint64_t n = random.next() % 97;
    const std::string number = std::to_string(random.next() % 5000);
    std::string line = "Nov 22 10:00:" + std::to_string(10 + i % 50) + " pc-" + std::to_string(n % 7) + " app" +
                       std::to_string(n % 3) + "[" + number + "]: ";
    if (n % 5 == 0) line += "user=svc_bkp_" + number + " from 10.1." + std::to_string(n) + ".7:" + number;
    if (n % 5 == 1)
      line += "Đăng nhập thất bại: Nguyễn" + std::to_string(n) + " MAC 00-1A-2b-" + std::to_string(10 + n);
    if (n % 5 == 2) line += "took " + std::to_string(n * 1000) + R"( ms, "agent":"Mozilla )" + number + R"(" ok)";
    if (n % 5 == 3) line += std::string(n % 4, '.') + "odd" + std::to_string(random.next());
    if (n == 4) line = std::string("\0\n\xff", 3) + number + "@host";
    lines.push_back(line);
    builder.add(from_micros(i), "agency/device/file", 1, line);
  }
  Workshop workshop;
  const DayWriter::Block block = seal_block(builder, 0, workshop);
  ASSERT_EQ(block.head.kind, segment_kind_columns);
  Decompressor zstd;
  Segment whole;
  Segment part;
  ASSERT_TRUE(whole.assign(block.head, block.body, zstd));
  std::size_t left_out = 0;
  const std::vector<std::string> words = {"svc_bkp_77", "svc_bkp",  "10.1.35.7", "10.1.35", "nguyễn6",     "Nguyen6",
                                          "2b-20",      "00-1a-2b", "12",        "33000",   "mozilla",     "host",
                                          "odd1",       "nhap",     "failed",    "77",      "svc bkp",     "...odd",
                                          "1@host",     "[77]",     "user=svc",  "thất",    "took 5000 ms"};
  for (const std::string& word : words) {
    const std::string folded = fold_vietnamese(word);
    for (const SearchQuery& query :
         {SearchQuery{.words = {word}}, SearchQuery{.substrings = {word}}, SearchQuery{.folded_words = {folded}}}) {
      auto matcher = Matcher::compile(query);
      ASSERT_TRUE(matcher);
      ASSERT_TRUE(part.assign(block.head, block.body, zstd, matcher->needle()));
      const auto want = matcher->matches(whole, 0, lines.size());
      EXPECT_EQ(matcher->matches(part, 0, lines.size()), want) << word;
      for (const std::uint64_t seq : want) EXPECT_EQ(part.at(seq).raw, lines[seq]);
      left_out += whole.all_raw().size() - part.all_raw().size();
    }
  }
  EXPECT_GT(left_out, whole.all_raw().size() * words.size());
}

}  // namespace
}  // namespace luy::evidence
