// Workbooks for tests: put together part by part, whatever nonsense they hold.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace luy::sheet {

using Parts = std::vector<std::pair<std::string, std::string>>;  // By name.

std::string zip_of(const Parts& parts);
// The parts of a workbook whose first sheet holds this between <worksheet> and </worksheet>.
Parts parts_with(const std::string& sheet);
// The same with this content of one part instead; it is added when there is none.
Parts with_part(Parts parts, const std::string& name, const std::string& content);
std::string book_with(const std::string& sheet);

}  // namespace luy::sheet
