// What stands around the body by decree 30: the header of state and issuer, the title, the addressees, signatures with
// "Nơi nhận", the head of an annex.
#pragma once

#include "paper/document.h"
#include "paper/pdf/page.h"

namespace luy::paper {

// Errors of all: glyph_missing; of set_signatures() also over_limit when the block is taller than a page.
Result<void> set_header(Page& page, const Document& document);
Result<void> set_title(Page& page, const Document& document);
Result<void> set_recipients(Page& page, const Document& document);
Result<void> set_signatures(Page& page, const Document& document);
Result<void> set_notes(Page& page, const Document& document);
Result<void> set_annex_head(Page& page, const Document& document, std::size_t annex);
// The address line of a letter above the bottom margin of page 1. Drawn at once; contact_height() is kept free for it.
Result<void> draw_contact(Page& page, const Document& document);
double contact_height();

}  // namespace luy::paper
