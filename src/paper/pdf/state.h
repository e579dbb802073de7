// What a PdfRenderer holds.
#pragma once

#include "paper/pdf.h"
#include "paper/pdf/fonts.h"

namespace luy::paper {

struct PdfRenderer::State {
  Fonts fonts;
};

}  // namespace luy::paper
