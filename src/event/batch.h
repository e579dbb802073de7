// What travels from an agent to the hub: a numbered batch of records. The same bytes lie in the agent's spool.
// Pure: no sockets, no files, no clock. docs/format/batch.md.
//
//   head    "LUYB" | u8 version = 1 | u64 spool id | u64 batch number, from 1 | u32 records dropped before this batch
//           | u32 count
//   record  u8 transport | u16 length + stream name | u32 length + raw bytes; `count` times, nothing after the last
//   All integers are big-endian.
//
// The spool id is random, made with the spool: (device, spool id, batch number) names a batch for ever, so that one
// sent twice is stored once and one that never came is seen as a gap.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::event {

inline constexpr ErrorKind batch_malformed{
    "event.batch_malformed", ErrorClass::invalid,
    "Lô bản ghi sai khuôn dạng: {}. Lô bị từ chối, không ghi nhận phần nào.",
    "The batch is malformed: {}. It was refused whole; nothing of it was stored."};
inline constexpr ErrorKind batch_too_large{"event.batch_too_large", ErrorClass::too_large,
                                           "Lô bản ghi vượt giới hạn: {}.", "The batch exceeds a limit: {}."};

inline constexpr std::size_t batch_bytes_max = 4 << 20;
inline constexpr std::size_t batch_records_max = 20'000;
inline constexpr std::size_t record_bytes_max = 1 << 20;
inline constexpr std::size_t stream_bytes_max = 255;

// How a record reached us; stored in the evidence leaf, so numbers are never reused.
enum class Transport : std::uint8_t {
  journal = 1,  // systemd journal, export form: KEY=value lines (raw holds one entry).
  file = 2,     // One line of a log file, without its newline.
  fact = 3,     // A fact document (fact/fact.h); the stream is "fact/<kind>".
  syslog = 4,   // A datagram or frame from the network, RFC 3164 or RFC 5424.
  agent = 5,    // A note of the agent about its own work (JSON): start, stop, rotation, loss.
  hub = 6,      // A note of the hub (JSON): audit trail, gaps, day close.
};
bool is_transport(std::uint8_t number);

struct BatchRecord {
  Transport transport = Transport::file;
  std::string stream{};  // 1 to 255 bytes of printable UTF-8: "journal", "/var/log/auth.log", "fact/updates".
  std::string raw{};     // As read, byte for byte; may be empty, may be any bytes.
  bool operator==(const BatchRecord&) const = default;
};

struct Batch {
  std::uint64_t spool_id = 0;
  std::uint64_t number = 0;
  std::uint32_t dropped = 0;  // Records lost on the agent between the batch before and this one (its spool was full).
  std::vector<BatchRecord> records{};
  bool operator==(const Batch&) const = default;
};

// A batch outside the limits above is a bug of the caller: aborts.
std::string encode_batch(const Batch& batch);

// Errors: batch_malformed (with the byte offset), batch_too_large.
Result<Batch> decode_batch(std::string_view bytes);

}  // namespace luy::event
