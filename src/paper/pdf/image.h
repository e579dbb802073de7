// A PNG as a cairo surface.
#pragma once

#include <cairo.h>

#include <memory>
#include <string_view>

#include "base/result.h"

namespace luy::paper {

// Errors: bad_image, also for more than image_bytes_max bytes or image_pixels_max pixels (document.h).
Result<std::shared_ptr<cairo_surface_t>> decode_png(std::string_view png);

}  // namespace luy::paper
