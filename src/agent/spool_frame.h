// The spool's bytes: one frame, and what it carries. Pure: no files, no clock. docs/format/spool.md.
//
//   at  field     type     meaning
//    0  magic     4 bytes  "LUYF": where to go on after damage
//    4  checksum  u32      CRC-32C of everything after this field
//    8  size      u32      bytes of payload, 0 .. frame_payload_max
//   12  sequence  u64      from 1, without holes over all frames of a spool
//   20  type      u8       FrameType
//   21  payload   size bytes
//
// All integers are big-endian.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/batch.h"

namespace luy::agent {

inline constexpr std::string_view frame_magic = "LUYF";
inline constexpr std::size_t frame_header_bytes = 21;
// One record of the largest size with its stream and positions, or the state of 10,000 sources.
inline constexpr std::size_t frame_payload_max = 4 << 20;

enum class FrameType : std::uint8_t {
  records = 1,       // Records, and the positions of their sources after them.
  state = 2,         // Everything a reader must know of the frames before; the first frame of a segment.
  cut = 3,           // A batch got its number.
  acknowledged = 4,  // The hub has a batch.
};

struct FrameHeader {
  std::uint32_t checksum = 0;
  std::uint32_t size = 0;
  std::uint64_t sequence = 0;
  FrameType type = FrameType::records;
};

std::string encode_frame(std::uint64_t sequence, FrameType type, std::string_view payload);
// nullopt unless magic, type and size are possible; the checksum is not looked at yet.
std::optional<FrameHeader> decode_frame_header(std::string_view bytes);
// Whether header and payload are what was written.
bool frame_is_sound(std::string_view header_bytes, const FrameHeader& header, std::string_view payload);

// Where reading goes on, per source: "file//var/log#1234" -> offset and so on. An empty value removes the key.
using Positions = std::map<std::string, std::string>;

struct RecordsPayload {
  std::uint32_t dropped = 0;  // Records lost before these: the spool was full.
  Positions positions;
  std::vector<event::BatchRecord> records;
};
std::string encode_records(const RecordsPayload& payload);
std::optional<RecordsPayload> decode_records(std::string_view payload);

// A batch is the records of the frames first <= sequence < end. Its number never names other frames.
struct Cut {
  std::uint64_t number = 0;
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::uint32_t records = 0;
  bool operator==(const Cut&) const = default;
};
std::string encode_cut(const Cut& cut);
std::optional<Cut> decode_cut(std::string_view payload);

struct SpoolState {
  std::uint64_t spool_id = 0;
  std::uint64_t acked_number = 0;  // 0: none yet.
  std::uint64_t acked_end = 0;     // Frames before this one are done with.
  std::vector<Cut> cuts;           // Numbered and not acknowledged, in order.
  Positions positions;
};
std::string encode_state(const SpoolState& state);
std::optional<SpoolState> decode_state(std::string_view payload);

}  // namespace luy::agent
