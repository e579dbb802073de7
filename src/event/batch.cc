#include "event/batch.h"

#include <algorithm>

#include "base/check.h"
#include "base/encoding.h"
#include "base/utf8.h"

namespace luy::event {
namespace {

constexpr std::string_view magic = "LUYB";
constexpr std::uint8_t format_version = 1;
constexpr std::size_t record_header_bytes = 1 + 2 + 4;  // With an empty stream and no raw bytes.

bool is_stream(std::string_view name) {
  const auto control = [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F; };
  return !name.empty() && name.size() <= stream_bytes_max && std::none_of(name.begin(), name.end(), control) &&
         is_utf8(name);
}

// Reads a batch front to back and knows where it is, so that each error names its byte.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes), reader_(bytes) {}

  Result<Batch> batch() {
    if (bytes_.size() > batch_bytes_max) {
      return Error(batch_too_large,
                   std::to_string(bytes_.size()) + " bytes, allowed " + std::to_string(batch_bytes_max));
    }
    Batch out;
    LUY_TRY(const std::uint32_t count, head(out));
    out.records.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      LUY_TRY(BatchRecord record, one(i));
      out.records.push_back(std::move(record));
    }
    if (!reader_.done()) return malformed("bytes after the last record", offset());
    return out;
  }

 private:
  Result<std::uint32_t> head(Batch& out) {
    if (!bytes_.starts_with(magic)) return malformed("no \"LUYB\" at the start", 0);
    reader_.bytes(magic.size());
    const std::size_t version_at = offset();
    const std::uint8_t version = reader_.u8();
    if (reader_.ok() && version != format_version) {
      return malformed("unknown version " + std::to_string(version), version_at);
    }
    out.spool_id = reader_.u64();
    const std::size_t number_at = offset();
    out.number = reader_.u64();
    out.dropped = reader_.u32();
    const std::size_t count_at = offset();
    const std::uint32_t count = reader_.u32();
    if (!reader_.ok()) return malformed("cut off in the head", bytes_.size());
    if (out.number == 0) return malformed("batch number 0", number_at);
    if (count > batch_records_max) {
      return Error(batch_too_large, std::to_string(count) + " records, allowed " + std::to_string(batch_records_max));
    }
    // Before anything is reserved: the count must be able to fit in what follows.
    if (count > reader_.rest().size() / record_header_bytes) {
      return malformed("more records announced than there are bytes for", count_at);
    }
    return count;
  }

  Result<BatchRecord> one(std::uint32_t index) {
    const std::string name = "record " + std::to_string(index) + ": ";
    BatchRecord out;
    const std::size_t transport_at = offset();
    const std::uint8_t transport = reader_.u8();
    if (reader_.ok() && !is_transport(transport)) {
      return malformed(name + "unknown transport " + std::to_string(transport), transport_at);
    }
    out.transport = static_cast<Transport>(transport);
    const std::size_t stream_at = offset();
    out.stream = reader_.bytes(reader_.u16());
    if (reader_.ok() && !is_stream(out.stream)) {
      return malformed(name + "stream name is not 1 to 255 bytes of printable UTF-8", stream_at);
    }
    const std::uint32_t size = reader_.u32();
    if (reader_.ok() && size > record_bytes_max) {
      return Error(batch_too_large,
                   name + std::to_string(size) + " bytes, allowed " + std::to_string(record_bytes_max));
    }
    out.raw = reader_.bytes(size);
    if (!reader_.ok()) return malformed(name + "cut off", bytes_.size());
    return out;
  }

  std::size_t offset() const { return bytes_.size() - reader_.rest().size(); }
  static Error malformed(const std::string& what, std::size_t at) {
    return Error(batch_malformed, what + ", byte " + std::to_string(at));
  }

  std::string_view bytes_;
  ByteReader reader_;
};

}  // namespace

bool is_transport(std::uint8_t number) {
  return number >= static_cast<std::uint8_t>(Transport::journal) && number <= static_cast<std::uint8_t>(Transport::hub);
}

std::string encode_batch(const Batch& batch) {
  LUY_CHECK(batch.number > 0 && batch.records.size() <= batch_records_max);
  std::string out(magic);
  out += static_cast<char>(format_version);
  put_u64(out, batch.spool_id);
  put_u64(out, batch.number);
  put_u32(out, batch.dropped);
  put_u32(out, static_cast<std::uint32_t>(batch.records.size()));
  for (const BatchRecord& record : batch.records) {
    LUY_CHECK(is_transport(static_cast<std::uint8_t>(record.transport)));
    LUY_CHECK(is_stream(record.stream) && record.raw.size() <= record_bytes_max);
    out += static_cast<char>(record.transport);
    put_u16(out, static_cast<std::uint16_t>(record.stream.size()));
    out += record.stream;
    put_u32(out, static_cast<std::uint32_t>(record.raw.size()));
    out += record.raw;
    LUY_CHECK(out.size() <= batch_bytes_max);
  }
  return out;
}

Result<Batch> decode_batch(std::string_view bytes) {
  return Decoder(bytes).batch();
}

}  // namespace luy::event
