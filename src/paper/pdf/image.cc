#include "paper/pdf/image.h"

#include <cstring>

#include "paper/pdf.h"
#include "paper/png.h"

namespace luy::paper {
namespace {

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};

cairo_status_t read_png(void* closure, unsigned char* out, unsigned size) {
  auto* rest = static_cast<std::string_view*>(closure);
  if (size > rest->size()) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(out, rest->data(), size);
  rest->remove_prefix(size);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<std::shared_ptr<cairo_surface_t>> decode_png(std::string_view png) {
  const auto size = png_size(png);
  if (!size) return Error(bad_image, "PNG");
  if (png.size() > image_bytes_max || std::uint64_t{size->width} * size->height > image_pixels_max) {
    return Error(bad_image, std::to_string(size->width) + " × " + std::to_string(size->height));
  }
  std::string_view rest = png;
  std::shared_ptr<cairo_surface_t> picture(cairo_image_surface_create_from_png_stream(read_png, &rest),
                                           DestroySurface());
  const cairo_status_t status = cairo_surface_status(picture.get());
  if (status != CAIRO_STATUS_SUCCESS) return Error(bad_image, cairo_status_to_string(status));
  return picture;
}

}  // namespace luy::paper
