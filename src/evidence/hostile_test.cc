// Goal: a block that somebody made to harm its reader is refused before it costs much memory, and what our own writer
// makes of the worst lines stays within the same bounds.
// Method: bodies written by hand; the process's high-water mark before and after.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "evidence/archive.h"
#include "evidence/error.h"
#include "evidence/segment.h"
#include "evidence/sqlite.h"
#include "evidence/test_store.h"
#include "evidence/varint.h"
#include "evidence/verify.h"

namespace luy::evidence {
namespace {

std::int64_t high_water_kib() {
  struct rusage used {};
  EXPECT_EQ(::getrusage(RUSAGE_SELF, &used), 0);
  return used.ru_maxrss;
}

struct Hostile {
  SegmentHead head;
  std::string plain;
  Result<std::shared_ptr<const Segment>> decode() {
    head.plain_bytes = plain.size();
    Compressor compressor;
    Decompressor zstd;
    return Segment::decode(head, compressor.compress(plain, Level::tail), zstd);
  }
};

// No loose records, then `templates` of `records` records with `columns` text columns each.
Hostile many_columns(std::uint64_t templates, std::uint64_t records, std::uint64_t columns) {
  Hostile out;
  out.head.kind = segment_kind_columns;
  out.head.count = std::max<std::uint64_t>(templates * records, 1);
  out.head.raw_bytes = 1;
  out.head.sources = std::string("\0\1a", 3);
  put_varint(out.plain, 0);
  put_varint(out.plain, templates);
  for (std::uint64_t t = 0; t < templates; ++t) {
    put_varint(out.plain, records);
    put_varint(out.plain, columns);
    out.plain.append(columns * 2, '\0');  // Text of no bytes.
    out.plain.append(columns + 1, '\0');  // Literals of no bytes.
  }
  return out;
}

TEST(HostileBlock, ManyColumnsAreRefusedBeforeTheyAreHeld) {
  for (const std::uint64_t records : {0, 1}) {
    Hostile block = many_columns(15'000, records, template_columns_max);
    ASSERT_LT(block.plain.size(), plain_bytes_max);
    const std::int64_t before = high_water_kib();
    EXPECT_TRUE(block.decode().error().is(store_corrupt));
    EXPECT_LT(high_water_kib() - before, 700 << 10) << records;
  }
}

TEST(HostileBlock, ADictionaryLargerThanItsColumnIsRefused) {
  for (const bool larger : {false, true}) {
    Hostile block;
    block.head.kind = segment_kind_columns;
    block.head.count = 1;
    block.head.raw_bytes = 1;
    block.head.sources = std::string("\0\1a", 3);
    for (const std::uint64_t n : {0, 1, 1, 1}) put_varint(block.plain, n);  // One template: one record, one column.
    block.plain += '\2';
    put_varint(block.plain, larger ? 2 : 1);
    put_varint(block.plain, larger ? 4 : 2);
    block.plain.append(2, '\0');  // Literals.
    block.plain += larger ? "a\nb\n" : "a\n";
    block.plain += std::string("\0\0\1", 3);  // Time, source, transport.
    block.plain += std::string("\1\0", 2);    // Planes.
    EXPECT_EQ(block.decode().has_value(), !larger);
  }
}

TEST(HostileBlock, SourcesWithoutANameAreRefused) {
  EXPECT_TRUE(decode_sources(std::string(2'000'000, '\0')).error().is(store_corrupt));
  EXPECT_EQ(decode_sources(std::string("\0\1a", 3))->size(), 1U);
}

// Lines made to give as many columns as lines can: what is too much stays as it is.
TEST(HostileBlock, OurOwnWriterKeepsToTheBounds) {
  SegmentBuilder builder;
  constexpr int forms = 2200;
  for (int form = 0; form < forms; ++form) {
    for (int record = 0; record < 3; ++record) {
      std::string line;
      for (int value = 0; value < static_cast<int>(template_columns_max); ++value) {
        line += static_cast<char>('0' + (value + record) % 10);
        line += value >= 6 && value < 18 && (form >> (value - 6) & 1) != 0 ? ',' : ' ';
      }
      builder.add(from_micros(1), "a", 1, line);
    }
  }
  ASSERT_GT(std::size_t{forms} * template_columns_max, block_columns_max);
  ColumnEncoder encoder;
  Compressor zstd;
  Hostile block;
  std::vector<std::size_t> cuts;
  std::string_view tokens;
  block.head = builder.encode_columns(0, encoder, block.plain, cuts, tokens);
  const auto segment = block.decode();
  ASSERT_TRUE(segment) << segment.error().text();
  EXPECT_TRUE(builder.is_same_as(**segment));
}

// In the place of a table, something that never ends or says too much: a reader must come back.
TEST(HostileDay, AnotherSchemaIsRefusedBeforeAnythingOfItRuns) {
  TestStore kept;
  kept.open();
  ASSERT_TRUE(kept.add({"a record"}));
  ASSERT_TRUE(kept.store->checkpoint());
  kept.clock.advance(std::chrono::hours(24));
  ASSERT_TRUE(kept.store->close_days_before(day_of(kept.clock.now())));
  ASSERT_TRUE(kept.add({"the next day"}));
  ASSERT_TRUE(kept.store->checkpoint());
  kept.store.reset();
  const auto day = day_path(kept.store_folder(), *day_from_iso("2026-11-22"));
  std::filesystem::permissions(day, std::filesystem::perms(0600));
  std::filesystem::copy(day, kept.folder.path() / "good");
  const std::string endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x";
  for (const std::string table : {"meta", "head", "block", "tail", "note"}) {
    for (const std::string& sql :
         {"ALTER TABLE " + table + " RENAME TO hidden; CREATE VIEW " + table + " AS " + endless + " AS name FROM n",
          "CREATE TRIGGER more AFTER INSERT ON " + table + " BEGIN SELECT 1; END",
          std::string("CREATE TABLE more(x)")}) {
      std::filesystem::copy(kept.folder.path() / "good", day, std::filesystem::copy_options::overwrite_existing);
      {
        auto connection = Connection::open(day, Connection::Mode::write);
        ASSERT_TRUE(connection);
        ASSERT_TRUE(connection->run(sql.c_str())) << sql;
      }
      std::size_t faults = 0;
      VerifyOptions options;
      options.report = [&](const Finding& finding) { faults += finding.is_fault ? 1 : 0; };
      ASSERT_TRUE(verify_path(day, options));
      EXPECT_GT(faults, 0U) << sql;
      const auto archive = Archive::open(kept.store_folder());
      ASSERT_TRUE(archive) << archive.error().text();
      EXPECT_TRUE((*archive)->days()->front().damaged) << sql;
      EXPECT_FALSE(Archive::open(day)) << sql;
    }
  }
}

}  // namespace
}  // namespace luy::evidence
