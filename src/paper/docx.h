// The same documents as DOCX (ECMA-376, WordprocessingML), for those who still have to edit them. What is signed is the
// PDF. The same document gives the same bytes; line and page breaks are the office suite's.
#pragma once

#include <string>

#include "base/result.h"
#include "paper/document.h"

namespace luy::paper {

inline constexpr ErrorKind docx_failed{"paper.docx_failed", ErrorClass::internal,
                                       "Không tạo được tệp DOCX: {}. Hãy báo người phụ trách phần mềm.",
                                       "The DOCX file could not be made: {}. Tell the maintainers."};

// The file's bytes. Errors: over_limit, bad_document (document.h), docx_failed.
Result<std::string> to_docx(const Document& document);

}  // namespace luy::paper
