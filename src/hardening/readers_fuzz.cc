// One text in the place of every file that checks read: nothing may crash or hang, whatever it says.
#include <cstddef>
#include <cstdint>
#include <string>

#include "hardening/judge.h"
#include "hardening/load.h"

namespace {

class OneText final : public luy::hardening::Source {
 public:
  explicit OneText(std::string text) : text_(std::move(text)) {}
  luy::Result<std::optional<std::string>> file(const std::string&) const override { return std::optional(text_); }
  luy::Result<std::optional<std::vector<std::string>>> folder(const std::string&) const override {
    return std::optional(std::vector<std::string>{"a.conf", "b"});
  }
  luy::Result<std::optional<luy::hardening::FileState>> state(const std::string&) const override {
    return std::optional(luy::hardening::FileState{0644, 0, 0, false});
  }
  luy::Result<std::optional<std::string>> link(const std::string&) const override {
    return std::optional<std::string>();
  }

 private:
  const std::string text_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const OneText source(std::string(reinterpret_cast<const char*>(data), size));
  luy::hardening::run_checks(luy::hardening::builtin_checks(), source, luy::Time{});
  return 0;
}
