// Whatever stands in a text, reading it ends with atoms in normal form that can stand in a CSV list as they are.
#include "indicator/free_text.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::indicator;
  const auto found = find_in_text({reinterpret_cast<const char*>(data), size});
  if (!found) return 0;
  LUY_CHECK(found->atoms.size() <= free_text_atoms_max && found->refused.size() <= free_text_refused_max);
  for (const Atom& one : found->atoms) {
    LUY_CHECK(make_atom(one.type, one.value) == one);
    LUY_CHECK(one.value.find_first_of(",\"\n") == std::string::npos);
  }
  return 0;
}
