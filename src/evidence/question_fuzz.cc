// A question and a record, both from outside: an error or an answer, in bounded time.
#include <cstdint>
#include <string>

#include "evidence/question.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::evidence;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(bytes.find('\n'), bytes.size());
  const auto question = Question::parse(bytes.substr(0, cut));
  if (!question) return 0;
  Record record;
  record.source = "a/b/c";
  record.transport = 2;
  record.raw = bytes.substr(std::min(cut + 1, bytes.size()));
  SearchQuery query;
  question->narrow(query);
  static_cast<void>(question->matches(record));
  return 0;
}
