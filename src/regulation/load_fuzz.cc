// Any bytes as the three files of a pack: refused with a place, or read into a pack all of whose parts can be used.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "regulation/load.h"
#include "regulation/pack_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::regulation;
  // The files stand one after the other, with a line "%%%" between them.
  constexpr std::string_view divider = "\n%%%\n";
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  PackFiles files;
  files.folder = "good";
  for (std::string* file : {&files.pack, &files.articles, &files.obligations}) {
    const std::size_t at = rest.find(divider);
    *file = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + divider.size());
  }
  const luy::Result<Pack> pack = parse_pack(files);
  if (!pack) {
    if (!pack.error().detail().starts_with("good/")) std::abort();
    return 0;
  }
  if (pack->due_share() < 0 || pack->due_share() > 1) std::abort();
  if (pack->fact_fresh() < Duration::zero()) std::abort();
  for (const Obligation& one : pack->obligations) {
    if (pack->article(one.article) == nullptr || one.sources.empty()) std::abort();
    for (const Parameter& parameter : one.parameters.all()) {
      if (!check_override(parameter, parameter.value)) std::abort();
    }
  }
  if (boost::json::serialize(to_json(*pack)).empty()) std::abort();
  return 0;
}
