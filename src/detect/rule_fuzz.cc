// Any bytes as a rule file: refused with a reason, or rules that the engine compiles and that then agree with the plain
// matcher on one event.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "detect/engine.h"
#include "detect/plain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::detect;
  constexpr std::string_view event = R"({"A":"a-b","B":["x",1,null],"C":{"d":"10.0.0.1"},"product":"p"})";
  const RuleSet set = make_rule_set({{"f.yml", {reinterpret_cast<const char*>(data), size}}}, {{"x", {"a*"}}});
  for (const Refusal& one : set.refused) {
    if (one.error.vi().empty()) std::abort();
  }
  if (set.rules.empty()) return 0;
  const auto engine = Engine::make(set, Routing());
  if (!engine) return 0;
  Matcher matcher(*engine, {true, true, true});
  const auto found = matcher.match(event);
  if (!found) std::abort();
  const FlatEvent flat = flatten(Routing().shape, event).value();
  for (std::uint32_t i = 0; i < set.rules.size(); ++i) {
    // RE2 and Vectorscan differ in corners of regular expressions; the rest must agree.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (text.find("|re") != std::string_view::npos) break;
    const bool engine_says = std::find(found->begin(), found->end(), i) != found->end();
    if (engine_says != matches_plainly(set.rules[i], flat, {}, true)) std::abort();
  }
  return 0;
}
