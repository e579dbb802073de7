// A small drawing to be laid over a page: pictures and lines of text in the font of official documents. Signatures get
// their appearance from it (F-7.18 to F-7.20).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "paper/pdf.h"

namespace luy::paper {

inline constexpr std::size_t stamp_pictures_max = 4;
inline constexpr std::size_t stamp_lines_max = 12;

// The picture keeps its proportions and stands in the middle of its rectangle; millimetres from the top left corner.
struct StampPicture {
  std::string png;
  double x_mm = 0;
  double y_mm = 0;
  double width_mm = 0;
  double height_mm = 0;
};

struct Stamp {
  double width_mm = 0;
  double height_mm = 0;
  std::vector<StampPicture> pictures{};
  std::vector<std::string> lines{};  // Set below one another from the top, black and upright.
  double text_pt = 10;               // F-7.20.
  Align align = Align::left;
};

// The stamp as a PDF of one page of its size. Lines are made smaller together, to half their size at most, until they
// fit. Errors: over_limit (sides not above 0 or larger than a page, too many parts, text that does not fit),
// glyph_missing, bad_image, render_failed.
Result<std::string> render_stamp(const PdfRenderer& renderer, const Stamp& stamp);

enum class Ink : std::uint8_t { blue, red, other };

// What a picture of a signature or a seal is drawn in, by the most of its visible pixels, and whether the paper shows
// through. Errors: bad_image.
struct InkOf {
  Ink ink = Ink::other;
  bool transparent = false;
};
Result<InkOf> ink_of(std::string_view png);

}  // namespace luy::paper
