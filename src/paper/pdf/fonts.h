// Tinos and nothing else: a font configuration of our own, so that no other font of the machine can slip in and the
// same document looks alike everywhere.
#pragma once

#include <pango/pangocairo.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "base/result.h"

namespace luy::paper {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using GPtr = std::unique_ptr<T, Unref>;

class Fonts {
 public:
  // The four styles of Tinos in `folder`. Errors: font_missing (pdf.h).
  static Result<Fonts> open(const std::filesystem::path& folder);
  Fonts(Fonts&&) noexcept = default;
  Fonts& operator=(Fonts&&) = delete;
  ~Fonts();

  // 72 dpi, so that Pango's points are the PDF's; no hinting and no rounding, so that positions do not depend on a
  // screen.
  PangoContext* context() const { return context_.get(); }

 private:
  Fonts(GPtr<PangoFontMap> map, GPtr<PangoContext> context) : map_(std::move(map)), context_(std::move(context)) {}

  GPtr<PangoFontMap> map_;
  GPtr<PangoContext> context_;
};

}  // namespace luy::paper
