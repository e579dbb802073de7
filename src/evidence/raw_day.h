// A day file read page by page, without SQLite: for one that is damaged, cut short or torn, where SQLite would refuse
// the whole for a part. Rows are told by their form; nothing found here is to be believed before it was compared with
// what was signed (evidence/salvage.h). Changes nothing, not even a file beside the day's.
//
// SQLite's file format (sqlite.org/fileformat2.html): pages of 4096 bytes, leaves of tables (0x0d) and of indexes
// (0x0a, 0x02: tables WITHOUT ROWID), overflow chains; of the write-ahead log the frames up to the last commit whose
// checksums hold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "evidence/day_file.h"

namespace luy::evidence {

class RawDay {
 public:
  // Errors: file errors; store_corrupt when nothing of a day of evidence is in the file.
  static Result<RawDay> open(const std::filesystem::path& file);

  // A block or a row of the tail whose head could be read.
  struct Part {
    SegmentHead head;
    std::string nodes;  // Empty where they could not be read.
    bool in_tail = false;
    std::uint32_t page = 0;  // Where its row begins,
    std::uint32_t cell = 0;  // and at which byte of the page.
  };
  // What was found of the tables; each row once, in the order of pages.
  const std::vector<Part>& parts() const { return parts_; }
  const std::vector<NoteRow>& notes() const { return notes_; }
  const std::vector<std::string>& certificates() const { return certificates_; }
  // Those members of DayMeta that were found: all, or none.
  const std::optional<DayMeta>& meta() const { return meta_; }
  const std::string& root() const { return root_; }             // As DayMeta::root; empty when it was not found.
  const std::optional<DayHead>& head() const { return head_; }  // The largest.

  // The part's body, whole; nothing where a page of it is absent.
  std::optional<std::string> body(const Part& part) const;

  std::uint64_t bytes() const { return bytes_; }  // Of the file.
  std::uint64_t pages() const { return pages_; }  // Of file and log.
  bool is_cut() const { return bytes_ % 4096 != 0 || pages_ < stated_pages_; }
  std::uint64_t stated_pages() const { return stated_pages_; }  // As the file's head has it; 0 when that is not there.

 private:
  struct Row;
  RawDay() = default;
  void read_log(const std::filesystem::path& file);
  void look_at(std::uint32_t number);
  void take(const Row& row);
  bool take_part(const Row& row);
  void settle_meta();
  std::optional<std::string> page(std::uint32_t number) const;
  // A row that begins at `cell` of `page`; up to `wanted` bytes of it.
  std::optional<Row> row_at(const std::string& page, std::uint32_t number, std::size_t cell, std::uint8_t type) const;
  std::string payload(const Row& row, std::uint64_t bytes) const;

  UniqueFd file_;
  UniqueFd log_;
  std::uint64_t bytes_ = 0;
  std::uint64_t pages_ = 0;
  std::uint64_t stated_pages_ = 0;
  std::unordered_map<std::uint32_t, std::uint64_t> logged_;  // Where the newest form of a page stands in the log.
  std::vector<Part> parts_;
  std::vector<NoteRow> notes_;
  std::vector<std::string> certificates_;
  std::map<std::string, std::string> named_;  // Table meta.
  std::optional<DayMeta> meta_;
  std::string root_;
  std::optional<DayHead> head_;
};

}  // namespace luy::evidence
