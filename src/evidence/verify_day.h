// Verification of one day file; verify.h puts days together.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evidence/certificate.h"
#include "evidence/day_file.h"
#include "evidence/hub_note.h"
#include "evidence/open_day.h"
#include "evidence/verify.h"

namespace luy::evidence {

// How far a day must have come. A file alone must be closed; of a folder the newest day may be open, and the one before
// it may have its last record and wait to be closed.
enum class Allowed { closed, finished, open };

// A day that a `retention` record says was deleted, and where it says so.
struct WithheldRange {
  SeqRange records;
  std::uint64_t seq = 0;  // Of the record that says so.
};
struct Deletion {
  DeletedDay day;
  std::uint64_t seq = 0;
  Time received;
};

class DayVerifier {
 public:
  DayVerifier(std::filesystem::path file, const VerifyOptions& options, const ExpectedRoots& expected);

  // False: the file cannot be read further; the findings say why.
  bool open();
  // Needs open().
  void verify(Allowed allowed);

  const DayMeta& meta() const { return meta_; }
  const DayHead& head() const { return head_; }
  const Frontier& end() const { return frontier_; }  // As recomputed.
  bool complete() const { return complete_; }        // Every record was read.
  std::size_t faults() const { return faults_; }
  std::uint64_t raw_bytes() const { return raw_bytes_; }
  std::uint64_t checkpoints() const { return checkpoints_; }
  // The largest checkpoint of this file whose signature is valid.
  std::optional<std::uint64_t> signed_size() const;
  // Of the first record that no checkpoint of this file covers, and of the last record.
  std::optional<Time> unsigned_since() const { return unsigned_since_; }
  Time received_last() const { return received_; }
  const std::vector<Deletion>& deletions() const { return deletions_; }
  // What records of this day say was withheld, of any day; and what is withheld in this day, adjacent ones as one.
  const std::vector<WithheldRange>& explained() const { return explained_; }
  const std::vector<SeqRange>& withheld() const { return withheld_; }
  // The trusted keys, or the file's own, with what its certificates add.
  const KeyRing& ring() const { return ring_; }
  const std::vector<std::string>& certificates() const { return certificates_; }

 private:
  void fault(const ErrorKind& kind, const std::string& detail = {});
  void remark(const ErrorKind& kind, const std::string& detail = {});
  void check_digest();
  bool check_schema();
  void check_structure();
  void check_notes();
  bool read_keys();
  bool check_segment(const SegmentRow& row);
  void check_index(const SegmentRow& row);
  void check_roots();
  void check_head();
  void check_state(Allowed allowed);
  void look_at(const RecordView& record);
  void pass_withheld(const WithheldNode& node, std::string& nodes);
  void check_withheld();
  void check_day_end();
  bool segments_add_up();

  const std::filesystem::path file_;
  const VerifyOptions& options_;
  const ExpectedRoots& expected_;
  std::unique_ptr<DayReader> reader_;
  DayMeta meta_;
  DayHead head_;
  Workshop workshop_;
  Segment segment_;  // The one at hand.
  Frontier frontier_;
  KeyRing ring_{{}};
  std::vector<std::string> certificates_;
  std::map<std::uint64_t, Hash> roots_;  // Signed sizes of this file.
  std::optional<std::uint64_t> closing_;
  Time received_;
  std::optional<Time> unsigned_since_;
  std::vector<Deletion> deletions_;
  std::vector<WithheldRange> explained_;
  std::vector<SeqRange> withheld_;
  Time received_file_last_;
  std::string last_record_;
  std::uint64_t segments_ = 0;
  std::uint64_t raw_bytes_ = 0;
  std::uint64_t checkpoints_ = 0;
  std::size_t faults_ = 0;
  bool complete_ = false;
};

}  // namespace luy::evidence
