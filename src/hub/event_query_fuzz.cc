// Whatever is typed as a search: parse() ends, and a query it accepts can be asked of any record.
#include <cstdint>

#include "event/batch.h"
#include "hub/event_query.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = bytes.find('\n');
  const auto query = luy::hub::EventQuery::parse(bytes.substr(0, cut));
  if (!query) return 0;
  luy::evidence::Record record;
  record.source = "a/b/c";
  record.transport = static_cast<std::uint8_t>(luy::event::Transport::file);
  record.raw = cut == std::string_view::npos ? std::string_view() : bytes.substr(cut + 1);
  static_cast<void>(query->matches(record));
  luy::evidence::SearchQuery narrowed;
  query->narrow(narrowed);
  return 0;
}
