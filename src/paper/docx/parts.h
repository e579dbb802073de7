// The parts of a DOCX that hold the document's text.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "paper/document.h"

namespace luy::paper::docx {

// Pictures in the order of their relationships: "rIdP1" is media/image1.png, and so on.
using Media = std::vector<std::string>;

// What stands between <w:body> and <w:sectPr>. Adds the pictures it needs to `media`.
Result<std::string> body_of(const Document& document, Media& media);
std::string blocks_of(const std::vector<Block>& blocks, Media& media);
// The header part with the page number, and the footer part of page 1 with the address line.
std::string header_part();
std::string footer_part(const Document& document);
// An inline picture; sizes in millimetres.
std::string picture(std::size_t number, double width_mm, double height_mm);

}  // namespace luy::paper::docx
