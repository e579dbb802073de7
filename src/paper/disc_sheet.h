// A sheet of A4 for an optical disc: what is on it, to lie in its case, with a QR code that says so to a machine; and
// the round label that goes onto it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "paper/pdf.h"

namespace luy::paper {

inline constexpr std::size_t disc_facts_max = 12;

struct DiscSheet {
  std::string issuer;  // Small, at the top: whose disc it is.
  std::string title;
  std::string name;  // Large, on the label too: the volume's label.
  std::string span;  // On the label: "22/11/2026 – 30/11/2026".
  // In the table of the sheet, in this order. An empty value is a dotted line to write on.
  struct Fact {
    std::string name;
    std::string value;
  };
  std::vector<Fact> facts;
  std::string code;                // What the QR code says, at most qr_bytes_max bytes (document.h).
  std::vector<std::string> notes;  // Under the table: how to check the disc.
  std::string foot;                // On the label, at its lower rim.
  Time created{};                  // Written into the file's properties.
};

// One page: the sheet above, the label of 118 mm (ECMA-130: a disc of 120 mm, clamping area up to 33 mm) below. The
// same sheet gives the same bytes. Errors: over_limit (too many facts, a code too long, text that does not fit),
// glyph_missing, font_missing, render_failed.
Result<std::string> render_disc_sheet(const DiscSheet& sheet,
                                      const std::filesystem::path& font_folder = font_folder_default);

}  // namespace luy::paper
