// A sheet of A4 to hang on a wall: large words and a QR code that opens an address.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "paper/pdf.h"

namespace luy::paper {

inline constexpr std::size_t poster_lines_max = 8;

struct Poster {
  std::string issuer;              // Small, at the top: whose sheet it is.
  std::string title;               // Large.
  std::vector<std::string> lines;  // Under the title: when to use it.
  std::string address;             // What the code opens; printed below it, too. At most qr_bytes_max bytes.
  std::vector<std::string> notes;  // Small, under the address: what one must know to open it, whom to call.
  std::string foot;                // Smaller, at the bottom.
  Time created{};                  // Written into the file's properties.
};

// One page. The same poster gives the same bytes. Errors: over_limit (too many lines or notes, an address too long for
// a code, text that does not fit on the page), glyph_missing, font_missing, render_failed.
Result<std::string> render_poster(const Poster& poster, const std::filesystem::path& font_folder = font_folder_default);

}  // namespace luy::paper
