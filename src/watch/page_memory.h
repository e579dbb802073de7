// What a page is known to show, and how a new visit differs from it. Parts that differ between ordinary visits are
// learnt and from then on masked; what people said is right becomes the page to compare with. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "watch/page.h"
#include "watch/words.h"

namespace luy::watch {

// A page is learnt for a day, so that what changes with the hour is seen, and from this many visits at least.
inline constexpr Duration learning_time = std::chrono::hours(24);
inline constexpr int learning_visits = 12;
inline constexpr std::size_t changes_max = 200;  // Listed of one visit.
// A place whose change was accepted this often is one that people change: masked from then on.
inline constexpr int accepted_to_mask = 2;

enum class ChangeKind : std::uint8_t { added, removed, changed };
std::string_view name_of(ChangeKind kind);

struct Change {
  PartKind part = PartKind::text;
  ChangeKind kind = ChangeKind::changed;
  std::string where;  // The part's path.
  std::string before;
  std::string after;
  bool operator==(const Change&) const = default;
};

struct Difference {
  std::vector<Change> changes;  // Without masked places; the first changes_max.
  std::size_t more = 0;         // How many are not listed.
  Words::Found words;           // Defacement words that were not there.
  bool grave = false;  // The title, or a script, frame, form or jump to a host not seen before, or most text is gone.
  bool any() const { return !changes.empty() || words.alarming(); }
};

class PageMemory {
 public:
  // Compares with what is known, and learns while learning() lasts. The first page is what is known from then on.
  // While learning only signs that no ordinary visit explains are told: words, hosts.
  Difference visit(const Page& page, const Words& words, Time at, Duration learn_for = learning_time);

  bool known() const { return began_.has_value(); }
  bool learning() const { return !learnt_; }
  std::size_t masked() const { return masked_.size() + masked_trees_.size(); }

  // What `page` shows is right. Places that were accepted before are masked. Words it holds are known.
  void accept(const Page& page, const Words& words, Time at);
  // An announced change is going on: what is shown is compared with from here. Words are no part of what was announced
  // and stay as unknown as they were.
  void follow(const Page& page, Time at);
  // Of what accept() would take for right: equal for two visits between which nothing changed that anybody would be
  // told of. 64 hexadecimal digits.
  std::string fingerprint(const Page& page, const Words& words) const;

  const Page& page() const { return page_; }
  // Grows with every change of what is known, so that it need not be written otherwise.
  std::uint64_t revision() const { return revision_; }

  // JSON; restored() of a damaged text is a memory that knows nothing.
  std::string saved() const;
  static PageMemory restored(std::string_view text);

 private:
  using Key = std::pair<PartKind, std::string>;
  using Values = std::map<Key, std::vector<std::string>>;
  static Values values_of(const Page& page);
  bool is_masked(const Key& key) const;
  Difference compare(const Page& page, const Words& words, bool whole) const;
  void learn(const Page& page);
  void mask_tree(const std::string& path, const std::set<std::string>& other);
  void remember(const Page& page, const Words& words);

  Page page_;
  std::set<Key> masked_;
  std::set<std::string> masked_trees_;   // Paths with everything below them.
  std::map<std::string, int> accepted_;  // By path: how often a change there was accepted.
  std::set<std::string> hosts_;          // From which scripts and frames came and to which forms went.
  Words::Found words_;
  std::optional<Time> began_;
  int visits_ = 0;
  std::uint64_t revision_ = 0;
  bool learnt_ = false;
};

// The page as JSON: [[kind, path, value], …].
std::string to_json(const Page& page);

}  // namespace luy::watch
