// What an update did to a document, object by object: only further signatures, time-stamps and the store of their
// certificates (DSS) pass. The update's own bytes must hold nothing but the objects its table names.
#pragma once

#include <optional>
#include <string>

#include "signature/pdf/document.h"
#include "signature/pdf/raw.h"

namespace luy::signature {

// What is forbidden about it, in technical English; nullopt when nothing is. Also allowed: the dates and producer among
// the file's properties, which programs that sign tend to renew.
std::optional<std::string> forbidden_change(Document& before, Document& after, const Increment& increment);

}  // namespace luy::signature
