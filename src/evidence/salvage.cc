#include "evidence/salvage.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "evidence/certificate.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"
#include "evidence/leaf_stream.h"
#include "evidence/package_files.h"
#include "evidence/raw_day.h"
#include "evidence/salvage_proof.h"
#include "evidence/witness_file.h"

namespace luy::evidence {
namespace {

namespace fs = std::filesystem;

constexpr mode_t file_mode = 0600;

// The day files beside this one.
struct Beside {
  std::optional<fs::path> before;
  std::optional<fs::path> after;
};
Beside beside(const fs::path& file) {
  Beside out;
  const auto own = day_of_path(file);
  if (!own) return out;
  std::map<Day, fs::path> days;
  std::error_code error;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (const auto day = day_of_path(entry->path())) days.emplace(*day, entry->path());
  }
  const auto next = days.upper_bound(*own);
  if (next != days.end()) out.after = next->second;
  const auto at = days.lower_bound(*own);
  if (at != days.begin()) out.before = std::prev(at)->second;
  return out;
}

// What of the first is not in the second; both ascending.
std::vector<SeqRange> without(const std::vector<SeqRange>& first, const std::vector<SeqRange>& second) {
  std::vector<SeqRange> out;
  for (const SeqRange& one : first) {
    std::uint64_t at = one.first;
    for (const SeqRange& gone : second) {
      if (gone.end() <= at || gone.first >= one.end()) continue;
      if (gone.first > at) out.push_back({at, gone.first - at});
      at = std::max(at, gone.end());
    }
    if (at < one.end()) out.push_back({at, one.end() - at});
  }
  return out;
}

// A checkpoint that somebody signed who may.
struct Signed {
  Checkpoint checkpoint;
  std::size_t lines = 0;  // Of signatures: more where witnesses cosigned it.
};

class Salvager {
 public:
  Salvager(const fs::path& file, RawDay raw, const SalvageOptions& options)
      : file_(file), raw_(std::move(raw)), options_(options) {
    out_.file = file;
    out_.file_bytes = raw_.bytes();
    out_.is_cut = raw_.is_cut();
  }

  Result<Salvage> run(const fs::path& folder) {
    LUY_TRY_VOID(find_place());
    LUY_TRY_VOID(find_checkpoints());
    find_end();
    read_leaves_of_parts();
    choose();
    list_lost();
    LUY_TRY_VOID(write(folder));
    return out_;
  }

 private:
  // Where in the tree the day is: its own word, else what the day before ended with.
  Result<void> find_place() {
    out_.day = day_of_path(file_);
    vkey_ = raw_.root();
    certificates_ = raw_.certificates();
    const Beside files = beside(file_);
    if (raw_.meta()) {
      out_.day = raw_.meta()->day;
      out_.origin = raw_.meta()->origin;
      before_ = raw_.meta()->before;
    } else if (files.before) {
      const auto day = RawDay::open(*files.before);
      if (day && day->meta() && day->head()) {
        out_.origin = day->meta()->origin;
        before_ = day->head()->frontier;
        if (vkey_.empty()) vkey_ = day->root();
      }
    }
    if (files.after && (!raw_.head() || !raw_.meta())) {
      const auto day = RawDay::open(*files.after);
      if (day && day->meta()) {
        after_ = day->meta()->before;
        if (out_.origin.empty()) out_.origin = day->meta()->origin;
        if (vkey_.empty()) vkey_ = day->root();
      }
    }
    out_.first = before_ ? before_->size() : raw_.parts().empty() ? 0 : raw_.parts().front().head.first_seq;
    if (!before_) {
      for (const RawDay::Part& part : raw_.parts()) out_.first = std::min(out_.first, part.head.first_seq);
    }
    return {};
  }

  Result<void> find_checkpoints() {
    std::vector<VerifierKey> roots = options_.keys;
    if (roots.empty() && !vkey_.empty()) {
      out_.own_key = true;
      if (auto own = VerifierKey::parse(vkey_)) roots.push_back(*std::move(own));
    }
    KeyRing ring(roots);
    ring.add(certificates_);
    std::vector<std::string> notes;
    for (const NoteRow& row : raw_.notes()) notes.push_back(row.text);
    if (const auto cosigned = read_cosigned(file_)) notes.insert(notes.end(), cosigned->begin(), cosigned->end());
    for (const std::string& note : options_.notes) {
      LUY_TRY_VOID(parse_body(note));
      notes.push_back(note);
    }
    std::map<std::uint64_t, Signed> by_size;
    for (const std::string& note : notes) {
      const auto body = parse_body(note);
      const auto signer = body ? ring.verify(note) : Result<KeyRing::Signer>(body.error());
      if (!signer || signer->key.name != body->origin || (!out_.origin.empty() && body->origin != out_.origin))
        continue;
      ++out_.checkpoints;
      const auto lines = static_cast<std::size_t>(std::ranges::count(note, '\n'));
      Signed& known = by_size[body->size];
      if (known.checkpoint.note.empty() || lines > known.lines) {
        known = {{body->size, body->root, note, certificates_}, lines};
        root_key_[body->size] = signer->root.vkey();
      }
    }
    for (auto& [size, one] : by_size) checkpoints_.push_back(std::move(one.checkpoint));
    return {};
  }

  // The head of the file is believed only as far as something else reaches: one bit of it can say anything.
  void find_end() {
    out_.end = out_.first;
    for (const RawDay::Part& part : raw_.parts()) {
      out_.end = std::max(out_.end, part.head.first_seq + part.head.count);
    }
    for (const NoteRow& row : raw_.notes()) {
      const auto signed_one = std::ranges::find(checkpoints_, row.size, &Checkpoint::size);
      if (signed_one != checkpoints_.end()) out_.end = std::max(out_.end, row.size);
    }
    if (after_) out_.end = std::max(out_.end, after_->size());
    if (raw_.head() && day_of(raw_.head()->received) == out_.day) out_.end = std::max(out_.end, raw_.head()->size);
  }

  // Which part gives which records; where several do, the one that reaches farthest.
  struct Piece {
    SeqRange records;
    const RawDay::Part* part = nullptr;
  };
  template <class Visit>
  void each_record(const Visit& visit) const {
    Decompressor zstd;
    for (const Piece& piece : pieces_) {
      const auto body = raw_.body(*piece.part);
      const auto segment = body ? Segment::decode(piece.part->head, *body, zstd)
                                : Result<std::shared_ptr<const Segment>>(Error(store_corrupt, file_.string()));
      if (!segment) continue;
      for (std::uint64_t seq = piece.records.first; seq < piece.records.end(); ++seq) {
        if (!(*segment)->is_withheld(seq)) visit((*segment)->at(seq));
      }
    }
  }

  void read_leaves_of_parts() {
    std::vector<const RawDay::Part*> order;
    for (const RawDay::Part& part : raw_.parts()) {
      if (part.head.first_seq + part.head.count > out_.first) order.push_back(&part);
    }
    std::ranges::sort(order, [](const RawDay::Part* a, const RawDay::Part* b) {
      const auto end = [](const RawDay::Part* one) { return one->head.first_seq + one->head.count; };
      return std::pair(a->head.first_seq, end(b)) < std::pair(b->head.first_seq, end(a));
    });
    Decompressor zstd;
    LeafHasher hasher;
    std::uint64_t at = out_.first;
    for (const RawDay::Part* part : order) {
      const std::uint64_t end = part->head.first_seq + part->head.count;
      const auto body = end > at ? raw_.body(*part) : std::nullopt;
      const auto segment = body ? Segment::decode(part->head, *body, zstd)
                                : Result<std::shared_ptr<const Segment>>(Error(store_corrupt, file_.string()));
      if (!segment) {
        if (end > at) broken_.push_back(part);
        continue;
      }
      const std::uint64_t from = std::max(at, part->head.first_seq);
      for (const WithheldNode& node : (*segment)->withheld()) {
        tree_.add_node({node.level, node.first >> node.level, node.hash});
        if (!withheld_.empty() && withheld_.back().end() == node.first) {
          withheld_.back().count += node.end() - node.first;
        } else {
          withheld_.push_back({node.first, node.end() - node.first});
        }
      }
      for (std::uint64_t seq = from; seq < end; ++seq) {
        if (!(*segment)->is_withheld(seq)) tree_.add_leaf(seq, hasher.hash((*segment)->at(seq)));
      }
      tree_.add_stored(part->head.first_seq, end, part->nodes);
      pieces_.push_back({{from, end - from}, part});
      at = end;
    }
    // What is left of broken ones stands behind what good ones say.
    for (const RawDay::Part* part : broken_) {
      tree_.add_stored(part->head.first_seq, part->head.first_seq + part->head.count, part->nodes);
    }
    if (before_) tree_.add_frontier(*before_);
    if (after_) tree_.add_frontier(*after_);
    if (raw_.head()) tree_.add_frontier(raw_.head()->frontier);
  }

  // Takes the newest checkpoint of a size above `from` and up to `until` whose root comes out, if it vouches for
  // anything that no other does.
  bool take_proof(std::uint64_t from, std::uint64_t until) {
    for (auto one = checkpoints_.rbegin(); one != checkpoints_.rend(); ++one) {
      if (one->size <= from) return false;
      if (one->size > until || !tried_.insert(one->size).second) continue;
      for (const auto prefer : {PartialTree::Prefer::records, PartialTree::Prefer::nodes}) {
        tree_.prefer(prefer);
        if (tree_.root(one->size) != one->root) continue;
        PartialTree::Covered covered = tree_.covered(one->size);
        const std::vector<SeqRange> all = joined(out_.proved_ranges, covered.leaves);
        if (count_of(all) == count_of(out_.proved_ranges)) break;
        out_.proved_ranges = all;
        out_.proofs.push_back(*one);
        nodes_.push_back(std::move(covered.nodes));
        return true;
      }
    }
    return false;
  }

  // The checkpoint of the day's end vouches for most, but not for records whose group of 256 has a lost one: those
  // before a gap have an older checkpoint.
  void choose() {
    take_proof(out_.first, std::numeric_limits<std::uint64_t>::max());
    for (bool more = true; more && out_.proofs.size() < salvage_proofs_max;) {
      more = false;
      std::vector<SeqRange> left = without(tree_.leaves(), out_.proved_ranges);
      std::ranges::reverse(left);
      for (const SeqRange& range : left) {
        more = take_proof(range.first, range.end());
        if (more) break;
      }
    }
    out_.proved = count_of(out_.proved_ranges);
  }

  void lose(SeqRange range) {
    LostRange lost{range, LossCause::absent, {}, {}};
    const auto inside = [&](const SeqRange& other) { return other.first <= range.first && range.end() <= other.end(); };
    if (std::ranges::any_of(withheld_, inside)) lost.cause = LossCause::withheld;
    const Day day = out_.day.value_or(Day());
    lost.from = out_.day ? day_begin(day) : Time();
    lost.until = out_.day ? day_begin(day + std::chrono::days(1)) : Time();
    for (const Piece& piece : pieces_) {
      if (piece.records.end() <= range.first) lost.from = piece.part->head.received_last;
      if (piece.records.first >= range.end()) {
        lost.until = piece.part->head.received_first;
        break;
      }
    }
    for (const RawDay::Part* part : broken_) {
      const SeqRange of_part{part->head.first_seq, part->head.count};
      if (!inside(of_part) || lost.cause == LossCause::withheld) continue;
      lost.cause = LossCause::damaged;
      // Of a damaged row: only what fits between what is whole.
      lost.from = std::clamp(part->head.received_first, lost.from, std::max(lost.from, lost.until));
      lost.until = std::clamp(part->head.received_last, lost.from, std::max(lost.from, lost.until));
      break;
    }
    if (lost.cause != LossCause::withheld) out_.lost += range.count;
    out_.lost_ranges.push_back(lost);
  }

  // What lies between the pieces, cut where broken parts and what was withheld begin and end.
  void list_lost() {
    std::vector<SeqRange> there;
    for (const Piece& piece : pieces_) there.push_back(piece.records);
    there.push_back({out_.end, 0});
    std::uint64_t at = out_.first;
    for (const SeqRange& piece : there) {
      while (at < piece.first) {
        std::uint64_t end = piece.first;
        for (const RawDay::Part* part : broken_) {
          for (const std::uint64_t edge : {part->head.first_seq, part->head.first_seq + part->head.count}) {
            if (edge > at) end = std::min(end, edge);
          }
        }
        lose({at, end - at});
        at = end;
      }
      at = std::max(at, piece.end());
    }
    for (const SeqRange& range : withheld_) {
      if (range.first >= out_.first) lose(range);
    }
    std::ranges::sort(out_.lost_ranges, {}, [](const LostRange& one) { return one.records.first; });
  }

  Result<void> write(const fs::path& folder) {
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
      return Error(file_failed, folder.string() + ": không trống / not empty");
    }
    fs::create_directories(folder, error);
    if (error) return file_error(folder.string(), error.value());
    LUY_TRY_VOID(write_records(folder));
    for (std::size_t i = 0; i < out_.proofs.size(); ++i) {
      LUY_TRY_VOID(put(folder, salvage_proof_name(i + 1), format_salvage_proof({nodes_[i], out_.proofs[i].note})));
    }
    if (!out_.proofs.empty()) {
      const std::string key = root_key_.at(out_.proofs.front().size) + "\n";
      LUY_TRY_VOID(put(folder, std::string(package_keys), key));
      if (!certificates_.empty()) {
        LUY_TRY_VOID(put(folder, std::string(package_certificates), join_certificates(certificates_)));
      }
    }
    std::string lost;
    for (const LostRange& one : out_.lost_ranges) {
      lost += std::to_string(one.records.first) + '\t' + std::to_string(one.records.end() - 1) + '\t' +
              std::to_string(one.records.count) + '\t' + to_rfc3339(one.from) + '\t' + to_rfc3339(one.until) + '\t' +
              std::string(name_of(one.cause)) + '\n';
    }
    LUY_TRY_VOID(put(folder, std::string(salvage_lost), lost));
    LUY_TRY_VOID(put(folder, std::string(salvage_report), salvage_text(out_)));
    std::ranges::sort(written_);
    std::string sums;
    for (const std::string& name : written_) {
      LUY_TRY(const std::string digest, file_sha256(folder / name));
      sums += digest_line(digest, folder / name);
    }
    return write_file_durably(folder / package_sums, sums, file_mode);
  }

  Result<void> put(const fs::path& folder, const std::string& name, const std::string& bytes) {
    written_.push_back(name);
    return write_file_durably(folder / name, bytes, file_mode);
  }

  Result<void> write_records(const fs::path& folder) {
    LUY_TRY(LeafWriter proved, LeafWriter::create(folder / salvage_proved));
    LUY_TRY(LeafWriter readable, LeafWriter::create(folder / salvage_readable));
    std::ofstream list(folder / salvage_readable_list, std::ios::binary);
    std::ofstream all;
    if (options_.with_list) all.open(folder / salvage_proved_list, std::ios::binary);
    Result<void> done;
    auto range = out_.proved_ranges.begin();
    each_record([&](const RecordView& view) {
      if (!done) return;
      while (range != out_.proved_ranges.end() && range->end() <= view.seq) ++range;
      const bool is_proved = range != out_.proved_ranges.end() && range->first <= view.seq;
      Record record{view.seq, view.received, std::string(view.source), view.transport, std::string(view.raw)};
      done = (is_proved ? proved : readable).add(leaf_data(view));
      if (!is_proved) ++out_.readable;
      if (!is_proved) list << record_line(record);
      if (is_proved && options_.with_list) all << record_line(record);
    });
    LUY_TRY_VOID(done);
    LUY_TRY_VOID(proved.finish());
    LUY_TRY_VOID(readable.finish());
    if (!list.flush()) return file_error((folder / salvage_readable_list).string(), errno);
    written_ = {std::string(salvage_proved), std::string(salvage_readable), std::string(salvage_readable_list)};
    if (!options_.with_list) return {};
    if (!all.flush()) return file_error((folder / salvage_proved_list).string(), errno);
    written_.emplace_back(salvage_proved_list);
    return {};
  }

  const fs::path file_;
  const RawDay raw_;
  const SalvageOptions& options_;
  Salvage out_;
  std::string vkey_;
  std::vector<std::string> certificates_;
  std::optional<Frontier> before_;
  std::optional<Frontier> after_;
  std::vector<Checkpoint> checkpoints_;  // By size.
  std::map<std::uint64_t, std::string> root_key_;
  std::vector<Piece> pieces_;
  std::vector<const RawDay::Part*> broken_;
  std::vector<SeqRange> withheld_;
  PartialTree tree_;
  std::set<std::uint64_t> tried_;             // Sizes of checkpoints.
  std::vector<std::vector<TreeNode>> nodes_;  // Of each proof.
  std::vector<std::string> written_;
};

}  // namespace

std::string_view name_of(LossCause cause) {
  switch (cause) {
    case LossCause::damaged:
      return "damaged";
    case LossCause::withheld:
      return "withheld";
    case LossCause::absent:
      break;
  }
  return "absent";
}

std::string salvage_proof_name(std::size_t number) {
  return std::string(salvage_proof) + (number == 1 ? "" : "-" + std::to_string(number));
}

Result<Salvage> salvage(const fs::path& file, const fs::path& folder, const SalvageOptions& options) {
  LUY_TRY(RawDay raw, RawDay::open(file));
  return Salvager(file, std::move(raw), options).run(folder);
}

}  // namespace luy::evidence
