// What a PNG says of its own size, read before anything decodes it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace luy::paper {

struct PngSize {
  std::uint32_t width = 0;  // Pixels, at least 1.
  std::uint32_t height = 0;
};

// From the IHDR chunk (PNG specification 11.2.2); nullopt when `png` does not begin as a PNG does or a side is 0.
std::optional<PngSize> png_size(std::string_view png);

}  // namespace luy::paper
