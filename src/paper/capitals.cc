#include <glib.h>

#include "paper/document.h"

namespace luy::paper {

std::string capitals(std::string_view text) {
  const std::string clean = clean_text(text);  // glib takes well-formed text only.
  gchar* upper = g_utf8_strup(clean.data(), static_cast<gssize>(clean.size()));
  std::string out(upper);
  g_free(upper);
  return out;
}

}  // namespace luy::paper
