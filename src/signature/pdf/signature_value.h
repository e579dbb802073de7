// The values of a PDF's signature fields, read from the raw bytes and held to the one shape that leaves no room for
// forgery: the byte range is everything but the signature itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "signature/pdf/document.h"

namespace luy::signature {

struct SignatureValue {
  std::string field;
  int object = 0;     // Of the signature dictionary.
  std::string fault;  // Why it is no proper signature; the rest is then void but for `field`.
  bool is_timestamp = false;
  std::string sub_filter;  // Without "/".
  std::size_t room_begin = 0;
  std::size_t room_end = 0;
  std::size_t end = 0;  // Of what it covers.
  std::string cms;      // With the padding behind it.
  std::optional<Time> claimed;
};

// The signed fields, by what they cover, smallest first; faulty ones last. Errors: bad_pdf.
Result<std::vector<SignatureValue>> signature_values(std::string_view bytes, Document& document);

// The number an object holds, for lengths of streams.
std::optional<std::size_t> length_in(Document& document, unsigned number);

}  // namespace luy::signature
