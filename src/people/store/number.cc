#include "people/store/number.h"

namespace luy::people::store {

Result<std::string> next_number(records::Connection& c, std::string_view of, Day today) {
  constexpr std::size_t digits_min = 3;
  const std::string series = std::string(of) + "-" + to_iso(today).substr(0, 4);
  LUY_TRY_VOID(
      c.run("INSERT INTO people_number (series, last) VALUES ($1, 1) "
            "ON CONFLICT (series) DO UPDATE SET last = people_number.last + 1",
            {std::string_view(series)}));
  std::int64_t last = 0;
  LUY_TRY_VOID(c.query("SELECT last FROM people_number WHERE series = $1", {std::string_view(series)},
                       [&](const records::Row& row) { last = row.integer(0); }));
  std::string serial = std::to_string(last);
  if (serial.size() < digits_min) serial.insert(0, digits_min - serial.size(), '0');
  return series + "-" + serial;
}

}  // namespace luy::people::store
