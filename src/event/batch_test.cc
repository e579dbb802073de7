// Goal: decode_batch() returns exactly what encode_batch() wrote, and refuses everything else whole, naming the byte.
// Method: round trip; a table of single changes with the offset the error must name; a cut at every length.
#include "event/batch.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/encoding.h"

namespace luy::event {
namespace {

Batch sample() {
  return {.spool_id = 0x0102030405060708,
          .number = 42,
          .dropped = 3,
          .records = {{Transport::file, "/var/log/auth.log", "sshd[1]: nghỉ"},
                      {Transport::journal, "journal", std::string("MESSAGE=a\0b\n\xff", 13)},
                      {Transport::fact, "fact/updates", ""}}};
}

TEST(Batch, ReadsBackWhatWasWritten) {
  const Batch empty{.spool_id = 0, .number = 1};
  for (const Batch& batch : {sample(), empty}) EXPECT_EQ(*decode_batch(encode_batch(batch)), batch);
}

TEST(Batch, BytesAreThoseOfTheFormatDocument) {
  const Batch batch{.spool_id = 0xA1, .number = 2, .dropped = 3, .records = {{Transport::file, "s", "raw"}}};
  EXPECT_EQ(to_hex(as_bytes(encode_batch(batch))),
            "4c555942"
            "01"
            "00000000000000a1"
            "0000000000000002"
            "00000003"
            "00000001"
            "02"
            "000173"
            "00000003726177");
}

TEST(Batch, DamageIsRefusedAtItsByte) {
  const auto byte = [](std::size_t at, int value) {
    return [=](std::string& bytes) { bytes[at] = static_cast<char>(value); };
  };
  const struct {
    const char* what;
    std::function<void(std::string&)> change;
    const ErrorKind& kind;
    std::string place;  // What the detail ends in, or "".
  } table[] = {
      {"magic", byte(0, 'X'), batch_malformed, "byte 0"},
      {"version", byte(4, 2), batch_malformed, "byte 4"},
      {"batch number 0", byte(20, 0), batch_malformed, "byte 13"},
      {"count over the limit", byte(25, 1), batch_too_large, ""},
      {"count over the bytes", byte(27, 0x40), batch_malformed, "byte 25"},
      {"count one too low", byte(28, 2), batch_malformed, "byte 95"},
      {"count one too high", byte(28, 4), batch_malformed, "byte 114"},
      {"transport 0", byte(29, 0), batch_malformed, "byte 29"},
      {"transport 7", byte(29, 7), batch_malformed, "byte 29"},
      {"stream empty", byte(31, 0), batch_malformed, "byte 30"},
      {"stream over 255 bytes", [](std::string& b) { b.replace(30, 19, "\x01\x01" + std::string(257, 's')); },
       batch_malformed, "byte 30"},
      {"stream with a line break", byte(32, '\n'), batch_malformed, "byte 30"},
      {"stream with a zero byte", byte(32, 0), batch_malformed, "byte 30"},
      {"stream not UTF-8", byte(32, 0xFF), batch_malformed, "byte 30"},
      {"record over the limit", byte(49, 1), batch_too_large, ""},
      {"record longer than the rest", byte(51, 1), batch_malformed, "byte 114"},
      {"bytes after the end", [](std::string& b) { b += 'x'; }, batch_malformed, "byte 114"},
  };
  ASSERT_EQ(encode_batch(sample()).size(), 114U);
  for (const auto& [what, change, kind, place] : table) {
    std::string bytes = encode_batch(sample());
    change(bytes);
    const auto got = decode_batch(bytes);
    ASSERT_FALSE(got.has_value()) << what;
    EXPECT_TRUE(got.error().is(kind)) << what << ": " << got.error().text();
    EXPECT_TRUE(got.error().detail().ends_with(place)) << what << ": " << got.error().detail();
  }
}

TEST(Batch, EveryTruncationIsRefused) {
  const std::string good = encode_batch(sample());
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto got = decode_batch(std::string_view(good).substr(0, size));
    ASSERT_FALSE(got.has_value()) << size;
    EXPECT_TRUE(got.error().is(batch_malformed)) << size;
  }
}

TEST(Batch, TheLargestBatchPassesAndOneByteMoreDoesNot) {
  Batch batch{.spool_id = 1, .number = 1};
  for (std::size_t i = 0; i + 1 < batch_bytes_max / record_bytes_max; ++i) {
    batch.records.push_back({Transport::file, "s", std::string(record_bytes_max, 'a')});
  }
  const std::size_t room = batch_bytes_max - encode_batch(batch).size() - 8;
  batch.records.push_back({Transport::file, "s", std::string(room, 'b')});
  std::string bytes = encode_batch(batch);
  ASSERT_EQ(bytes.size(), batch_bytes_max);
  EXPECT_EQ(*decode_batch(bytes), batch);
  bytes += 'x';
  EXPECT_TRUE(decode_batch(bytes).error().is(batch_too_large));
}

TEST(BatchDeathTest, EncodingOutsideTheLimitsIsABug) {
  Batch batch = sample();
  batch.number = 0;
  EXPECT_DEATH(encode_batch(batch), "number");
  batch = sample();
  batch.records[0].stream.clear();
  EXPECT_DEATH(encode_batch(batch), "stream");
  batch = sample();
  batch.records[0].raw.resize(record_bytes_max + 1);
  EXPECT_DEATH(encode_batch(batch), "raw");
}

}  // namespace
}  // namespace luy::event
