// Goal: segments, histograms, sources, filters and leaves read back what was written and refuse everything else.
// Method: round trips on edge values; every cut and many flipped bits of an encoding.
#include "evidence/segment.h"

#include <gtest/gtest.h>

#include <set>

#include <algorithm>
#include <functional>

#include "base/random.h"
#include "evidence/error.h"
#include "evidence/filter.h"
#include "evidence/open_day.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;

const Time start = from_micros(1'790'000'000'123'456);

SegmentBuilder sample() {
  SegmentBuilder builder;
  builder.add(start, "a/b/journal", 1, "hello");
  builder.add(start, "a/b/journal", 1, "");
  builder.add(start + 5s, "a/c//var/log/auth.log", 2, std::string("\0\n\xff", 3));
  builder.add(start + 90s, "a/b/journal", 255, std::string(record_bytes_max, 'x'));
  return builder;
}

// Sealing deletes the tail: an encoder's error must not destroy what was acknowledged.
TEST(Segment, ABlockThatDoesNotReadBackIsStoredWithoutColumns) {
  SegmentBuilder builder;
  for (int i = 0; i < 2000; ++i) {
    builder.add(start + i * 1s, i % 3 == 0 ? "a/b/auth" : "a/c/auth", 2, "sshd: Failed password " + std::to_string(i));
  }
  const auto sealed = [&](const std::function<void(std::string&)>& spoil) {
    Workshop workshop;
    const DayWriter::Block block = seal_block(builder, 7, workshop, spoil);
    Decompressor zstd;
    const auto segment = Segment::decode(block.head, block.body, zstd);
    EXPECT_TRUE(segment && builder.is_same_as(**segment));
    EXPECT_FALSE(block.filter.empty());
    return block.head.kind;
  };
  EXPECT_EQ(sealed({}), segment_kind_columns);
  SeededRandom random(3);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(sealed([&](std::string& plain) { plain[random.next() % plain.size()] ^= 1; }), segment_kind_raw);
  }
  SegmentBuilder other;
  other.add(start, "a/b/auth", 2, "another");
  Workshop workshop;
  EXPECT_EQ(seal_block(other, 7, workshop).head.count, 1U);
  EXPECT_FALSE(builder.is_same_as(workshop.read_back));
}

TEST(Segment, ReadsBackWhatWasAdded) {
  SegmentBuilder builder = sample();
  Compressor compressor;
  Decompressor zstd;
  std::string plain;
  const SegmentHead head = builder.encode_raw(100, {}, plain);
  const auto segment = Segment::decode(head, compressor.compress(plain, Level::block), zstd);
  ASSERT_TRUE(segment) << segment.error().text();
  const Segment& s = **segment;
  EXPECT_EQ(s.end_seq(), 104U);
  EXPECT_EQ(to_record(s.at(100)), (Record{100, start, "a/b/journal", 1, "hello"}));
  EXPECT_EQ(to_record(s.at(101)), (Record{101, start, "a/b/journal", 1, ""}));
  EXPECT_EQ(to_record(s.at(102)), (Record{102, start + 5s, "a/c//var/log/auth.log", 2, std::string("\0\n\xff", 3)}));
  EXPECT_EQ(s.at(103).raw.size(), record_bytes_max);
  EXPECT_EQ(s.at(103).transport, 255);
  EXPECT_EQ(s.seq_at(0), 100U);
  EXPECT_EQ(s.seq_at(5), 100U) << "its LF";
  EXPECT_EQ(s.seq_at(6), 101U) << "the empty record's LF";
  EXPECT_EQ(s.seq_at(7), 102U);
}

TEST(Segment, HistogramCountsBySourceAndMinute) {
  const auto histogram = decode_histogram(sample().histogram(), 2);
  ASSERT_TRUE(histogram);
  EXPECT_EQ(histogram->resolution, 60s);
  const Time minute = std::chrono::floor<std::chrono::minutes>(start);
  ASSERT_EQ(histogram->entries.size(), 3U);
  EXPECT_EQ(histogram->entries[0].count, 2U);
  EXPECT_EQ(histogram->entries[0].begin, minute);
  EXPECT_EQ(histogram->entries[1].source, 1U);
  EXPECT_EQ(histogram->entries[2].count, 1U);
  EXPECT_FALSE(decode_histogram(sample().histogram(), 1)) << "a source that is not there";
  EXPECT_FALSE(decode_histogram("", 2));
}

TEST(Segment, HistogramGrowsCoarserInsteadOfLonger) {
  SegmentBuilder builder;
  for (int i = 0; i < 3000; ++i) builder.add(start + i * 1min, "s", 1, "x");
  const auto histogram = decode_histogram(builder.histogram(), 1);
  ASSERT_TRUE(histogram);
  EXPECT_EQ(histogram->resolution, 600s);
  EXPECT_LE(histogram->entries.size(), histogram_entries_max);
}

// A row of the tail is what came since the one before.
TEST(Segment, APartOfABlockStandsForItself) {
  const std::vector<std::string> sources = {"a", "b", "c", "b", "d", "c", "c", "a"};
  for (std::size_t cut = 0; cut < sources.size(); ++cut) {
    SegmentBuilder builder;
    SegmentBuilder::Mark mark;
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (i == cut) mark = builder.mark();
      builder.add(start + static_cast<int>(i / 2) * 1s, sources[i], 1, "line " + std::to_string(i));
    }
    std::string plain;
    const SegmentHead head = builder.encode_raw(100 + cut, mark, plain);
    Compressor compressor;
    Decompressor zstd;
    const auto part = Segment::decode(head, compressor.compress(plain, Level::tail), zstd);
    ASSERT_TRUE(part) << part.error().text();
    ASSERT_EQ((*part)->head().count, sources.size() - cut);
    for (std::size_t i = cut; i < sources.size(); ++i) {
      const RecordView record = (*part)->at(100 + i);
      EXPECT_EQ(record.received, start + static_cast<int>(i / 2) * 1s);
      EXPECT_EQ(record.source, sources[i]);
      EXPECT_EQ(record.raw, "line " + std::to_string(i));
    }
    const std::set<std::string> used(sources.begin() + static_cast<std::ptrdiff_t>(cut), sources.end());
    EXPECT_EQ((*part)->sources().size(), used.size()) << "no more than it needs";
  }
}

TEST(Segment, DamageIsRefused) {
  SegmentBuilder builder;
  for (int i = 0; i < 300; ++i) builder.add(start + i * 1s, i % 3 == 0 ? "a" : "b", 1, "line " + std::to_string(i));
  Compressor compressor;
  Decompressor zstd;
  std::string plain;
  const SegmentHead head = builder.encode_raw(0, {}, plain);
  const std::string body(compressor.compress(plain, Level::block));
  for (std::size_t cut = 0; cut < body.size(); cut += 7) {
    EXPECT_TRUE(Segment::decode(head, body.substr(0, cut), zstd).error().is(store_corrupt)) << cut;
  }
  SeededRandom random(3);
  for (int i = 0; i < 500; ++i) {
    std::string bad = body;
    const std::size_t at = random.next() % bad.size();
    bad[at] = static_cast<char>(bad[at] ^ (1 << random.next() % 8));
    EXPECT_FALSE(Segment::decode(head, bad, zstd)) << at << ": zstd's checksum";
  }
  // Behind zstd's checksum: columns that do not fit the head or each other.
  for (std::size_t at = 0; at < 1200; ++at) {
    std::string bad = plain;
    bad[at] = static_cast<char>(bad[at] ^ 0x85);
    const auto segment = Segment::decode(head, compressor.compress(bad, Level::tail), zstd);
    if (segment) {
      EXPECT_NE((*segment)->all_raw().data(), nullptr);
    }
  }
  for (const auto change :
       {+[](SegmentHead& h) { h.count = 0; }, +[](SegmentHead& h) { h.count += 1; },
        +[](SegmentHead& h) { h.count -= 1; }, +[](SegmentHead& h) { h.raw_bytes += 1; },
        +[](SegmentHead& h) { h.plain_bytes -= 1; }, +[](SegmentHead& h) { h.plain_bytes = ~std::uint64_t{0}; },
        +[](SegmentHead& h) { h.received_last += 1s; }, +[](SegmentHead& h) { h.sources.pop_back(); },
        +[](SegmentHead& h) { h.sources.clear(); }}) {
    SegmentHead bad = head;
    change(bad);
    EXPECT_TRUE(Segment::decode(bad, body, zstd).error().is(store_corrupt));
  }
  SegmentHead newer = head;
  newer.kind = 4;
  EXPECT_TRUE(Segment::decode(newer, body, zstd).error().is(store_newer));
}

TEST(Leaf, DataReadsBackAndIsExact) {
  const Record record{1, start, "a/b/c", 2, std::string("raw\0bytes", 9)};
  const std::string data = leaf_data(record);
  EXPECT_EQ(data.size(), 1U + 8 + 8 + 2 + 5 + 1 + 4 + 9);
  EXPECT_EQ(*parse_leaf_data(data), record);
  for (std::size_t cut = 0; cut < data.size(); ++cut) EXPECT_FALSE(parse_leaf_data(data.substr(0, cut))) << cut;
  EXPECT_FALSE(parse_leaf_data(data + "x"));
  EXPECT_EQ(LeafHasher().hash(to_view(record)), sha256(std::string(1, '\0') + data));
}

std::vector<std::uint64_t> tokens_of(std::string_view text) {
  Tokenizer tokenizer;
  TokenSet set;
  tokenizer.add_tokens(text, set);
  auto out = set.values();
  std::ranges::sort(out);
  return out;
}
std::vector<std::uint64_t> hashes(std::initializer_list<std::string_view> tokens) {
  std::vector<std::uint64_t> out;
  for (const std::string_view token : tokens) out.push_back(token_hash(token));
  std::ranges::sort(out);
  return out;
}

TEST(Token, WordsAndCompounds) {
  EXPECT_EQ(tokens_of("Failed password"), hashes({"failed", "password"}));
  EXPECT_EQ(tokens_of("from 10.20.30.40."), hashes({"from", "10", "20", "30", "40", "10.20.30.40"}));
  EXPECT_EQ(tokens_of("a=b -rf x"), hashes({"rf"}));
  EXPECT_EQ(tokens_of("admin@xa.vn"), hashes({"admin", "xa", "vn", "admin@xa.vn"}));
  EXPECT_EQ(tokens_of("1.2"), hashes({"1.2"}));
  EXPECT_EQ(tokens_of("..--.."), hashes({}));
  EXPECT_EQ(tokens_of("Bỉm Sơn"), hashes({"bỉm", "sơn"}));
  EXPECT_EQ(tokens_of(""), hashes({}));
}

TEST(Token, FoundAtEveryOffsetAndLength) {
  for (std::size_t length = 2; length < 140; ++length) {
    const std::string word(length, 'Q');
    const std::string lower(length, 'q');
    for (std::size_t offset = 0; offset < 70; ++offset) {
      const std::string text = std::string(offset, ' ') + word + (offset % 2 == 0 ? " " : "");
      EXPECT_EQ(tokens_of(text), hashes({lower})) << offset << " " << length;
    }
  }
}

TEST(Token, SearchIgnoresAsciiCaseAtEveryOffset) {
  for (std::size_t offset = 0; offset < 70; ++offset) {
    const std::string text = std::string(offset, 'n') + "NeedlE" + std::string(offset % 20, 'e');
    EXPECT_EQ(find_ignoring_case(text, "needle"), offset);
    EXPECT_EQ(find_ignoring_case(text, "needlex"), std::string_view::npos);
  }
  EXPECT_EQ(find_ignoring_case("[@]", "`"), std::string_view::npos) << "only letters have two cases";
}

TEST(Filter, HasNoFalseNegativesAndFewFalsePositives) {
  SeededRandom random(5);
  std::vector<std::uint64_t> in(50'000);
  for (auto& hash : in) hash = random.next();
  const std::string filter = make_filter(in);
  EXPECT_EQ(filter.size() % filter_block_bytes, 0U);
  for (const std::uint64_t hash : in) ASSERT_TRUE(filter_may_have(filter, hash));
  int passed = 0;
  for (int i = 0; i < 100'000; ++i) passed += filter_may_have(filter, random.next()) ? 1 : 0;
  EXPECT_LT(passed, 1000);
  EXPECT_FALSE(filter_may_have(make_filter({}), 1));
  EXPECT_TRUE(filter_may_have("", 1)) << "no filter excludes nothing";
}

}  // namespace
}  // namespace luy::evidence
