// Whatever stands in a list, reading it ends with indicators that are in normal form, or with a reason.
#include "indicator/matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  using namespace luy::indicator;
  auto list = read_list(Format::misp, {reinterpret_cast<const char*>(data), size});
  if (!list) return 0;
  LUY_CHECK(list->refused.size() <= refused_max && list->refused_count >= list->refused.size());
  std::string text;
  for (const Indicator& one : list->indicators) {
    LUY_CHECK(make_atom(one.atom.type, one.atom.value) == one.atom);
    for (const Atom& atom : one.also) LUY_CHECK(make_atom(atom.type, atom.value) == atom);
    if (text.size() < 4096) text += one.atom.value + " ";
  }
  static_cast<void>(Matcher(std::move(list->indicators)).match(text, Time{}));
  return 0;
}
