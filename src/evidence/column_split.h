// Cuts records into a template and values, so that records of one form share a template (evidence/columns.h). Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "evidence/byte_hash.h"

namespace luy::evidence {

// A run of bytes of the block's raw bytes.
struct Stretch {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
};

// Keeps its buffers: for many blocks. Not thread-safe.
class ColumnSplitter {
 public:
  static constexpr std::uint32_t no_form = 0;

  struct Form {
    std::uint32_t example = 0;  // The first record of this form.
    std::uint32_t records = 0;
  };

  // As ColumnEncoder::encode().
  void split(std::string_view all_raw, std::span<const std::uint32_t> begins);

  const std::vector<Form>& forms() const { return forms_; }               // [0] is no form.
  const std::vector<std::uint32_t>& form_of() const { return form_of_; }  // Per record.
  // The values of record i, in the order of its bytes. Each is a longest run of word and joiner bytes.
  std::span<const Stretch> values(std::size_t record) const {
    return std::span(values_).subspan(first_value_[record], first_value_[record + 1] - first_value_[record]);
  }

 private:
  struct Cutter;
  void classify(std::string_view all_raw);
  std::uint32_t find_form(std::size_t record, std::uint64_t hash);
  bool same_form(std::size_t a, std::size_t b) const;
  void grow();

  SlotKey key_;
  const char* raw_ = nullptr;
  std::span<const std::uint32_t> begins_;
  std::vector<std::uint64_t> tokens_;  // One bit per byte, low bit first.
  std::vector<std::uint64_t> digits_;  // Likewise.

  std::vector<Form> forms_;
  std::vector<std::uint64_t> form_hashes_;
  std::vector<std::uint32_t> slots_;  // Open addressing; 0 is empty.
  std::vector<std::uint32_t> form_of_;
  std::vector<std::uint32_t> first_value_;
  std::vector<Stretch> values_;
};

}  // namespace luy::evidence
