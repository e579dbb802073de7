// For tests only: random rules over few fields and a small alphabet, so that they often match, and events for them.
#pragma once

#include <initializer_list>
#include <random>
#include <string>

namespace luy::detect {

class RandomRules {
 public:
  explicit RandomRules(unsigned seed) : random_(seed) {}

  std::string rule(int number) {
    std::string out = "title: t\nid: r" + std::to_string(number) + "\nlogsource: {product: " + pick({"p", "q"}) +
                      pick({"", ", category: c", ", category: d"}) + "}\ndetection:\n";
    const int selections = below(3) + 1;
    for (int i = 0; i < selections; ++i) out += "  s" + std::to_string(i) + ":\n" + selection();
    std::string condition = term(selections);
    for (int i = below(3); i > 0; --i) condition += pick({" and ", " or "}) + term(selections);
    return out + "  condition: " + condition + "\n";
  }

  std::string event(bool nested) {
    std::string inner;
    for (const char* field : {"A", "B", "C"}) {
      if (below(4) == 0) continue;
      if (!inner.empty()) inner += ',';
      inner += std::string("\"") + field + "\":" + value();
    }
    const std::string labels =
        std::string(R"("product":")") + pick({"p", "q", "P"}) + R"(","category":")" + pick({"c", "d", "e"}) + "\"";
    if (nested) return R"({"Event":{"EventData":{)" + inner + "}}," + labels + "}";
    return "{" + inner + (inner.empty() ? "" : ",") + labels + "}";
  }

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  std::string pick(std::initializer_list<const char*> some) {
    return *(some.begin() + below(static_cast<int>(some.size())));
  }

  std::string word(int length_max) {
    std::string out;
    for (int i = below(length_max + 1); i > 0; --i)
      out += pick({"a", "b", "A", "-", "/", "1", "ế", "Ế", " ", "\\\\", "ab"});
    return out;
  }
  std::string pattern() {
    std::string out = word(3);
    if (below(3) == 0) out += pick({"*", "?", "*b", "?a*"}) + word(2);
    return "'" + out + "'";
  }
  std::string item() {
    const std::string field = pick({"A", "B", "C"});
    switch (below(12)) {
      case 0:
        return field + ": null";
      case 1:
        return field + "|exists: " + pick({"true", "false"});
      case 2:
        return field + "|re: '" + pick({"a+b", "^a", "[ab]1?", "a.b", "b-?a", "(a|b)1"}) + "'";
      case 3:
        return field + "|gte: " + pick({"0", "1", "11"});
      case 4:
        return field + "|fieldref" + pick({"", "|contains", "|endswith"}) + ": " + pick({"A", "B"});
      case 5:
        return field + "|neq: " + pattern();
      case 6:
        return field + "|cidr: " + pick({"10.0.0.0/8", "'::1/64'"});
      default:
        break;
    }
    const std::string modifiers = pick({"", "", "|contains", "|contains", "|startswith", "|endswith",
                                        "|contains|windash", "|contains|cased", "|cased"});
    if (below(3) != 0) return field + modifiers + ": " + pattern();
    return field + modifiers + pick({"", "|all"}) + ": [" + pattern() + ", " + pattern() + ", " + pattern() + "]";
  }
  std::string selection() {
    if (below(8) == 0) return "    - " + pattern() + "\n    - 'a1'\n";
    if (below(4) == 0) return "    - " + item() + "\n    - " + item() + "\n";
    std::string first = item();
    std::string second = item();
    const auto key = [](const std::string& text) { return text.substr(0, text.find(':')); };
    return "    " + first + "\n" + (key(first) == key(second) ? "" : "    " + second + "\n");
  }
  std::string term(int selections) {
    const std::string name = "s" + std::to_string(below(selections));
    return pick({"", "", "not "}) + (below(4) == 0 ? pick({"1 of s*", "all of s*"}) : name);
  }
  std::string text() {
    std::string out;
    for (int i = below(6); i > 0; --i) out += pick({"a", "b", "A", "-", "/", "1", "ế", "Ế", " ", "\\\\", "ab", "–"});
    return "\"" + out + "\"";
  }
  std::string value() {
    switch (below(8)) {
      case 0:
        return pick({"1", "11", "1.0", "true", "null"});
      case 1:
        return "[" + text() + "," + text() + "]";
      case 2:
        return pick({R"("10.1.1.1")", R"("::1")", R"("11")"});
      default:
        return text();
    }
  }

  std::mt19937 random_;
};

}  // namespace luy::detect
