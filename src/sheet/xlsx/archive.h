// The ZIP around a workbook: parts by their names, unpacked within bounds.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct zip;

namespace luy::sheet::xlsx {

class Archive {
 public:
  // Borrows `bytes`. Errors: not_xlsx, xlsx_too_large.
  static Result<Archive> open(std::string_view bytes);

  bool has(const std::string& part) const;
  // Errors: not_xlsx (no such part, damaged, encrypted), xlsx_too_large.
  Result<std::string> read(const std::string& part);

 private:
  struct Discard {
    void operator()(zip* archive) const;
  };
  explicit Archive(zip* archive) : archive_(archive) {}
  std::unique_ptr<zip, Discard> archive_;
  std::size_t unpacked_ = 0;
};

}  // namespace luy::sheet::xlsx
