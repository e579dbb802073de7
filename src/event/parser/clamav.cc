// ClamAV: what was found, and when its signatures changed.
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {

bool clamav(std::string_view message, Event& event) {
  // "/home/an/eicar.com: Eicar-Test-Signature FOUND"; the path may hold ": ".
  std::string_view found = message;
  if (take_suffix(found, " FOUND")) {
    const auto at = found.rfind(": ");
    if (at == std::string_view::npos) return false;
    event.set(Field::file_path, found.substr(0, at));
    event.set_label("malware", found.substr(at + 2));
    set_meaning(event, {"malware", "info", "malware_found", "success"});
    return true;
  }
  // "daily.cld updated (version: 27462, sigs: 2066123, f-level: 90, builder: raynman)".
  Scanner in(message);
  const auto database = in.until(" updated (version: ");
  if (!database) return false;
  event.set(Field::file_path, *database);
  event.set_label("signatures_version", in.until(",").value_or(std::string_view()));
  set_meaning(event, {"malware", "change", "antivirus_signatures_updated", "success"});
  return true;
}

}  // namespace luy::event::parser
