// Goal: a frame reads back as it was written, every flipped bit is seen, and no bytes make the decoders read too far.
// Method: round trips, a flip at every place, cuts at every length.
#include "agent/spool_frame.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace luy::agent {
namespace {

const RecordsPayload records_example{3,
                                     {{"file/a", "10"}, {"journal", "c"}},
                                     {{event::Transport::file, "/var/log/a.log", std::string("raw\0bytes", 9)},
                                      {event::Transport::fact, "fact/os", ""}}};

TEST(SpoolFrame, ReadsBack) {
  const std::string bytes = encode_frame(77, FrameType::cut, "payload");
  const auto header = decode_frame_header(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->sequence, 77U);
  EXPECT_EQ(header->type, FrameType::cut);
  EXPECT_EQ(header->size, 7U);
  EXPECT_TRUE(frame_is_sound(bytes.substr(0, frame_header_bytes), *header, "payload"));
}

TEST(SpoolFrame, TheExampleOfTheFormatsDocumentIsTrue) {
  RecordsPayload payload;
  payload.positions = {{"file//#7", "4 4 1330728542 /a"}};
  payload.records = {{event::Transport::file, "/a", "raw"}};
  const std::string bytes = encode_frame(2, FrameType::records, encode_records(payload));
  EXPECT_EQ(to_hex(as_bytes(bytes)),
            "4c55594694a7f6e400000037000000000000000201"
            "0000000000000001000866696c652f2f2337000000113420342031333330373238353432202f61"
            "000000010200022f6100000003726177");
}

TEST(SpoolFrame, EveryFlippedBitIsSeen) {
  const std::string good = encode_frame(77, FrameType::cut, "payload");
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      const auto header = decode_frame_header(bytes);
      const bool sound =
          header && frame_is_sound(bytes.substr(0, frame_header_bytes), *header, bytes.substr(frame_header_bytes));
      EXPECT_FALSE(sound) << at << '.' << bit;
    }
  }
}

TEST(SpoolFrame, PayloadsReadBackAndAreRefusedWhenCutOrLengthened) {
  const std::string records = encode_records(records_example);
  const auto decoded = decode_records(records);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->dropped, 3U);
  EXPECT_EQ(decoded->positions, records_example.positions);
  EXPECT_EQ(decoded->records, records_example.records);
  const SpoolState state_example{9, 4, 40, {{5, 40, 44, 7}, {6, 44, 45, 1}}, {{"k", "v"}}};
  const std::string state = encode_state(state_example);
  const auto state_decoded = decode_state(state);
  ASSERT_TRUE(state_decoded);
  EXPECT_EQ(state_decoded->spool_id, 9U);
  EXPECT_EQ(state_decoded->acked_number, 4U);
  EXPECT_EQ(state_decoded->acked_end, 40U);
  EXPECT_EQ(state_decoded->cuts, state_example.cuts);
  EXPECT_EQ(state_decoded->positions, state_example.positions);
  const std::string cut = encode_cut({5, 40, 44, 7});
  EXPECT_EQ(decode_cut(cut), (Cut{5, 40, 44, 7}));
  for (std::size_t size = 0; size < records.size(); ++size) EXPECT_FALSE(decode_records(records.substr(0, size)));
  for (std::size_t size = 0; size < state.size(); ++size) EXPECT_FALSE(decode_state(state.substr(0, size)));
  for (std::size_t size = 0; size < cut.size(); ++size) EXPECT_FALSE(decode_cut(cut.substr(0, size)));
  EXPECT_FALSE(decode_records(records + "x"));
  EXPECT_FALSE(decode_state(state + "x"));
  EXPECT_FALSE(decode_cut(cut + "x"));
  EXPECT_FALSE(decode_cut(encode_cut({5, 44, 40, 7}))) << "ends before it begins";
  EXPECT_FALSE(decode_cut(encode_cut({0, 40, 44, 7}))) << "numbers begin at 1";
}

}  // namespace
}  // namespace luy::agent
