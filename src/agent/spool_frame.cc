#include "agent/spool_frame.h"

#include "base/check.h"
#include "base/encoding.h"

namespace luy::agent {
namespace {

constexpr std::uint8_t state_version = 1;
constexpr std::size_t cuts_max = 1 << 16;

void put_u8(std::string& out, std::uint8_t value) {
  out += static_cast<char>(value);
}

void put_positions(std::string& out, const Positions& positions) {
  put_u32(out, static_cast<std::uint32_t>(positions.size()));
  for (const auto& [key, value] : positions) {
    LUY_CHECK(key.size() <= 0xffff);
    put_u16(out, static_cast<std::uint16_t>(key.size()));
    out += key;
    put_u32(out, static_cast<std::uint32_t>(value.size()));
    out += value;
  }
}

// What is missing shows in reader.ok(), so no count can make this loop longer than the bytes there are.
Positions take_positions(ByteReader& reader) {
  Positions positions;
  const std::uint32_t count = reader.u32();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    std::string key(reader.bytes(reader.u16()));
    positions[std::move(key)] = std::string(reader.bytes(reader.u32()));
  }
  return positions;
}

void put_cut(std::string& out, const Cut& cut) {
  put_u64(out, cut.number);
  put_u64(out, cut.first);
  put_u64(out, cut.end);
  put_u32(out, cut.records);
}

Cut take_cut(ByteReader& reader) {
  Cut cut;
  cut.number = reader.u64();
  cut.first = reader.u64();
  cut.end = reader.u64();
  cut.records = reader.u32();
  return cut;
}

bool is_frame_type(std::uint8_t number) {
  return number >= static_cast<std::uint8_t>(FrameType::records) &&
         number <= static_cast<std::uint8_t>(FrameType::acknowledged);
}

}  // namespace

std::string encode_frame(std::uint64_t sequence, FrameType type, std::string_view payload) {
  LUY_CHECK(payload.size() <= frame_payload_max);
  std::string checked;
  checked.reserve(payload.size() + frame_header_bytes);
  put_u32(checked, static_cast<std::uint32_t>(payload.size()));
  put_u64(checked, sequence);
  put_u8(checked, static_cast<std::uint8_t>(type));
  checked += payload;
  std::string out;
  out.reserve(checked.size() + 8);
  out += frame_magic;
  put_u32(out, crc32c(checked));
  out += checked;
  return out;
}

std::optional<FrameHeader> decode_frame_header(std::string_view bytes) {
  ByteReader reader(bytes.substr(0, frame_header_bytes));
  if (reader.bytes(frame_magic.size()) != frame_magic) return std::nullopt;
  FrameHeader header;
  header.checksum = reader.u32();
  header.size = reader.u32();
  header.sequence = reader.u64();
  const std::uint8_t type = reader.u8();
  if (!reader.done() || header.size > frame_payload_max || !is_frame_type(type)) return std::nullopt;
  header.type = static_cast<FrameType>(type);
  return header;
}

bool frame_is_sound(std::string_view header_bytes, const FrameHeader& header, std::string_view payload) {
  return payload.size() == header.size && crc32c(payload, crc32c(header_bytes.substr(8, 13))) == header.checksum;
}

std::string encode_records(const RecordsPayload& payload) {
  std::string out;
  put_u32(out, payload.dropped);
  put_positions(out, payload.positions);
  put_u32(out, static_cast<std::uint32_t>(payload.records.size()));
  for (const event::BatchRecord& record : payload.records) {
    put_u8(out, static_cast<std::uint8_t>(record.transport));
    put_u16(out, static_cast<std::uint16_t>(record.stream.size()));
    out += record.stream;
    put_u32(out, static_cast<std::uint32_t>(record.raw.size()));
    out += record.raw;
  }
  return out;
}

std::optional<RecordsPayload> decode_records(std::string_view payload) {
  ByteReader reader(payload);
  RecordsPayload out;
  out.dropped = reader.u32();
  out.positions = take_positions(reader);
  const std::uint32_t count = reader.u32();
  if (count <= event::batch_records_max) out.records.reserve(count);
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    event::BatchRecord record;
    record.transport = static_cast<event::Transport>(reader.u8());
    record.stream = std::string(reader.bytes(reader.u16()));
    record.raw = std::string(reader.bytes(reader.u32()));
    out.records.push_back(std::move(record));
  }
  if (!reader.done()) return std::nullopt;
  return out;
}

std::string encode_cut(const Cut& cut) {
  std::string out;
  put_cut(out, cut);
  return out;
}

std::optional<Cut> decode_cut(std::string_view payload) {
  ByteReader reader(payload);
  const Cut cut = take_cut(reader);
  if (!reader.done() || cut.number == 0 || cut.end < cut.first) return std::nullopt;
  return cut;
}

std::string encode_state(const SpoolState& state) {
  std::string out;
  put_u8(out, state_version);
  put_u64(out, state.spool_id);
  put_u64(out, state.acked_number);
  put_u64(out, state.acked_end);
  put_u32(out, static_cast<std::uint32_t>(state.cuts.size()));
  for (const Cut& cut : state.cuts) put_cut(out, cut);
  put_positions(out, state.positions);
  return out;
}

std::optional<SpoolState> decode_state(std::string_view payload) {
  ByteReader reader(payload);
  if (reader.u8() != state_version) return std::nullopt;
  SpoolState state;
  state.spool_id = reader.u64();
  state.acked_number = reader.u64();
  state.acked_end = reader.u64();
  const std::uint32_t cuts = reader.u32();
  if (cuts > cuts_max) return std::nullopt;
  for (std::uint32_t i = 0; i < cuts && reader.ok(); ++i) state.cuts.push_back(take_cut(reader));
  state.positions = take_positions(reader);
  if (!reader.done()) return std::nullopt;
  return state;
}

}  // namespace luy::agent
