// A PDF of one page of A4 that is no official document: a poster, a sheet to lie with a disc. No PDF/A, no signature
// field.
#pragma once

#include <pango/pangocairo.h>

#include <filesystem>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace luy::paper {

// `draw` gets a page in points; what it draws beyond the edges is lost. `title` and `created` are the file's own words
// about itself: the same input gives the same bytes. Errors: font_missing, render_failed (pdf.h), those of `draw`.
Result<std::string> single_page(const std::filesystem::path& font_folder, const std::string& title, Time created,
                                const std::function<Result<void>(PangoContext* context, cairo_t* cairo)>& draw);

}  // namespace luy::paper
