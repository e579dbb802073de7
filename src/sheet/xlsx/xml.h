// One part of a workbook as XML, told piece by piece. No document type, no entities but XML's own five, UTF-8 only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace luy::sheet::xlsx {

// Names are local ones: prefixes are left out.
using Attributes = std::vector<std::pair<std::string_view, std::string>>;
// Empty where there is none.
std::string_view find(const Attributes& attributes, std::string_view name);

class Listener {
 public:
  virtual ~Listener() = default;
  // What fails ends the reading.
  virtual Result<void> start(std::string_view name, const Attributes& attributes) = 0;
  virtual Result<void> end(std::string_view name) = 0;
  virtual void text(std::string_view bytes) = 0;  // Perhaps a part of a text only.
};

// `part` is what the file is called in messages. Errors: not_xlsx, those of the listener.
Result<void> read_xml(std::string_view bytes, std::string_view part, Listener& listener);

}  // namespace luy::sheet::xlsx
