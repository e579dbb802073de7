#include "intake/gzip.h"

#include <zlib.h>

#include <array>

namespace luy::intake {
namespace {

constexpr std::size_t buffer_bytes = 64 << 10;
constexpr int gzip_only = 16 + MAX_WBITS;

// Ends what zlib allocated.
struct Inflation {
  z_stream stream{};
  bool open = false;
  ~Inflation() {
    if (open) inflateEnd(&stream);
  }
};

}  // namespace

Result<std::string> gunzip(std::string_view packed, std::size_t bytes_max) {
  Inflation inflation;
  z_stream& z = inflation.stream;
  if (inflateInit2(&z, gzip_only) != Z_OK) return Error(body_gzip, "zlib");
  inflation.open = true;
  // zlib reads through a pointer to what it does not change.
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  std::array<char, buffer_bytes> buffer;  // NOLINT: filled by inflate().
  std::string out;
  for (;;) {
    z.next_out = reinterpret_cast<Bytef*>(buffer.data());
    z.avail_out = static_cast<uInt>(buffer.size());
    const int result = inflate(&z, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - z.avail_out);
    if (out.size() > bytes_max) return Error(body_too_large, std::to_string(bytes_max));
    if (result == Z_STREAM_END) {
      if (z.avail_in == 0) return out;
      // Members may follow one another (RFC 1952 2.2).
      if (inflateReset(&z) != Z_OK) return Error(body_gzip, "zlib");
      continue;
    }
    if (result != Z_OK) return Error(body_gzip, z.msg != nullptr ? z.msg : "it ends too early");
  }
}

}  // namespace luy::intake
