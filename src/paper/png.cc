#include "paper/png.h"

#include "base/encoding.h"

namespace luy::paper {

std::optional<PngSize> png_size(std::string_view png) {
  constexpr std::string_view signature("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  if (!png.starts_with(signature)) return std::nullopt;
  ByteReader reader(png.substr(signature.size()));
  const PngSize size{reader.u32(), reader.u32()};
  if (!reader.ok() || size.width == 0 || size.height == 0) return std::nullopt;
  return size;
}

}  // namespace luy::paper
