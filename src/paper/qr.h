// QR codes (ISO/IEC 18004) as a grid of modules, through libqrencode: the same text gives the same grid. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::paper {

struct QrCode {
  unsigned side = 0;
  std::vector<bool> modules;  // Row by row; true is dark.
  bool is_dark(unsigned row, unsigned column) const { return modules[row * side + column]; }
};

// Level M, so that 15 % of it may be soiled. `text` holds at most qr_bytes_max bytes (document.h) and no NUL.
// Errors: over_limit (document.h).
Result<QrCode> qr_code(std::string_view text);

}  // namespace luy::paper
