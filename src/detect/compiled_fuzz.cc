// A cache whose bytes somebody changed and then gave the right checksum: refused, or an engine that stays within its
// memory. The input is a list of changes to a real one, five bytes each: where (four), and what is added to the byte.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "detect/compiled.h"
#include "detect/correlate.h"

namespace {

constexpr const char* rules = R"(title: t
id: one
logsource: {product: p, category: c}
detection:
  a: {A: x, B|startswith: y, C|endswith: [z, zz, yz], D|contains: [w, 'ế'], E|contains|windash: ' -q'}
  b: {A|re: 'a+b', C|cidr: '10.0.0.0/8', D|gte: 5, F: null}
  c: {G|exists: true, H|fieldref|endswith: A}
  d: [keyword, 'two*words']
  condition: a and (b or not c) or 1 of d*
---
title: many
id: many
correlation: {type: event_count, rules: [one], group-by: [A], timespan: 1h, condition: {gte: 1}}
)";
constexpr std::size_t head = 72;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::detect;
  static const std::vector<RuleSource> sources{{"r.yml", rules}};
  static const luy::Hash key = compile_key(sources, Routing());
  static const std::string good = load_engine(sources, Routing(), "").value().to_keep;
  std::string bytes = good;
  for (; size >= 5; data += 5, size -= 5) {
    std::uint32_t at = 0;
    std::memcpy(&at, data, 4);
    char& byte = bytes[head + at % (bytes.size() - head)];
    byte = static_cast<char>(byte + data[4]);
  }
  if (size > 0) bytes.resize(head + data[0]);
  const luy::Hash sum = luy::sha256(std::string_view(bytes).substr(head));
  std::memcpy(bytes.data() + head - sum.size(), sum.data(), sum.size());
  const auto engine = decode_compiled(bytes, key, Routing());
  if (!engine) return 0;
  for (const bool prefilter : {true, false}) {
    Matcher matcher(*engine, {true, prefilter, true});
    Correlator correlator(*engine, {});
    for (const char* event : {R"({"A":"x","B":"yy","C":"xyz","D":"w 5","E":"b -q","G":1,"H":"ax"})",
                              R"({"A":"aab","C":"10.0.0.1","D":"ế","H":["keyword","two or words"]})"}) {
      const auto found = matcher.match(event);
      if (!found) std::abort();
      correlator.add(matcher, *found, 1);
    }
  }
  return 0;
}
