// Pictures and QR codes on a page.
#pragma once

#include "paper/document.h"
#include "paper/pdf/page.h"

namespace luy::paper {

// A PNG with its caption, no taller than a page. Errors: bad_image, glyph_missing.
Result<void> set_picture(Page& page, const Image& image, std::size_t block, bool glue_end);

// Draws the modules of a QR code, quiet zone included, into a square.
void draw_qr(cairo_t* cairo, const struct QrCode& code, double x, double y, double size);

}  // namespace luy::paper
