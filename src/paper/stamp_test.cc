// Goal: a stamp holds its pictures and its text, in its size, and what does not fit is refused.
// Method: render stamps and look into the bytes; the text is read back by the tests of the signature module.
#include "paper/stamp.h"

#include <cairo.h>
#include <gtest/gtest.h>

namespace luy::paper {
namespace {

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned size) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

std::string ring(double red, double green, double blue, bool white_paper) {
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 100, 100);
  cairo_t* cairo = cairo_create(surface);
  if (white_paper) {
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
  }
  cairo_set_source_rgb(cairo, red, green, blue);
  cairo_set_line_width(cairo, 8);
  cairo_arc(cairo, 50, 50, 40, 0, 6.3);
  cairo_stroke(cairo);
  std::string out;
  cairo_surface_write_to_png_stream(surface, append, &out);
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return out;
}

TEST(Stamp, HasItsSizeAndTheSameBytesEachTime) {
  const Result<PdfRenderer> opened = PdfRenderer::open();
  const PdfRenderer& renderer = opened.value();
  const Stamp stamp{50.8, 25.4, {{ring(0, 0, 1, false), 0, 0, 20, 20}}, {"Nguyễn Văn Ước"}, 10, Align::left};
  const std::string bytes = render_stamp(renderer, stamp).value();
  EXPECT_NE(bytes.find("/MediaBox [ 0 0 144 72 ]"), std::string::npos);
  EXPECT_NE(bytes.find("Tinos"), std::string::npos);
  EXPECT_EQ(render_stamp(renderer, stamp).value(), bytes);
}

TEST(Stamp, RefusesWhatDoesNotFit) {
  const Result<PdfRenderer> opened = PdfRenderer::open();
  const PdfRenderer& renderer = opened.value();
  EXPECT_TRUE(render_stamp(renderer, {0, 10}).error().is(over_limit));
  EXPECT_TRUE(render_stamp(renderer, {10, 300}).error().is(over_limit));
  EXPECT_TRUE(render_stamp(renderer, {10, 3, {}, {"một", "hai", "ba"}}).error().is(over_limit));
  EXPECT_TRUE(render_stamp(renderer, {10, 10, {}, {"漢"}}).error().is(glyph_missing));
  EXPECT_TRUE(render_stamp(renderer, {10, 10, {{"not a picture", 0, 0, 5, 5}}}).error().is(bad_image));
}

TEST(Stamp, TellsTheInkOfAPicture) {
  const struct {
    const char* name;
    std::string png;
    Ink ink;
    bool transparent;
  } table[] = {
      {"a signature", ring(0.1, 0.2, 0.8, false), Ink::blue, true},
      {"a seal", ring(0.8, 0.1, 0.1, false), Ink::red, true},
      {"black", ring(0, 0, 0, false), Ink::other, true},
      {"scanned on white", ring(0, 0, 1, true), Ink::other, false},
  };
  for (const auto& [name, png, ink, transparent] : table) {
    const InkOf found = ink_of(png).value();
    EXPECT_EQ(found.ink, ink) << name;
    EXPECT_EQ(found.transparent, transparent) << name;
  }
  EXPECT_TRUE(ink_of("").error().is(bad_image));
}

}  // namespace
}  // namespace luy::paper
