// Searches of the logs that people keep, some with a count that is watched. Kept in the records; what they find, a
// reader of the evidence does (search_window.h counts for it).
//
// Threads: every function from any thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "finding/book.h"

namespace luy::finding {

inline constexpr ErrorKind search_unknown{"finding.search_unknown", ErrorClass::not_found,
                                          "Không tìm thấy tìm kiếm đã lưu này.", "There is no such saved search."};
inline constexpr ErrorKind search_changed{"finding.search_changed", ErrorClass::conflict,
                                          "Tìm kiếm này đã được sửa ở nơi khác. Hãy xem lại rồi làm tiếp.",
                                          "This search was changed elsewhere meanwhile. Look at it, then do it again."};
inline constexpr ErrorKind bad_search{"finding.bad_search", ErrorClass::invalid, "Tìm kiếm đã lưu không hợp lệ: {}.",
                                      "The saved search is not valid: {}."};
inline constexpr ErrorKind too_many_searches{
    "finding.too_many_searches", ErrorClass::conflict,
    "Đã có quá nhiều tìm kiếm đã lưu hoặc cảnh báo: {}. Hãy xóa bớt những tìm kiếm không còn dùng.",
    "There are too many saved searches or alerts: {}. Remove those that are no longer used."};

inline constexpr std::size_t searches_per_owner_max = 100;
inline constexpr std::size_t searches_max = 5'000;
// Every record that comes is held against each of them.
inline constexpr std::size_t search_alerts_max = 50;
inline constexpr std::size_t search_name_bytes_max = 200;
inline constexpr std::uint64_t alert_over_max = 10'000;
inline constexpr std::chrono::seconds alert_window_min{60};
inline constexpr std::chrono::seconds alert_window_max{86'400};

using SearchId = Id<struct SavedSearchTag>;

// More than `over` answers received within `window`, in one agency, and of one value of the field `by` where it is set.
struct SearchAlert {
  std::uint64_t over = 0;
  std::chrono::seconds window{};
  std::string by{};
  Severity severity = Severity::medium;
  bool operator==(const SearchAlert&) const = default;
};

struct SavedSearch {
  SearchId id;
  std::string name;
  std::string query;               // In the language of evidence/question.h.
  std::optional<AgencyId> agency;  // None: every agency in which its owner may search.
  AccountId owner;
  std::string owner_name;
  bool shared = false;
  std::optional<SearchAlert> alert;
  std::int64_t version = 1;
  std::optional<Time> last_alert_at;
};
// Shared: readers keep what they looked at while a newer one takes its place.
using SearchPointer = std::shared_ptr<const SavedSearch>;

class SearchBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<SearchBook>> open(Dependencies dependencies);

  // `also` gets the search as it is stored.
  using Also = std::function<Result<void>(records::Connection&, const SavedSearch&)>;
  // Names it. Errors: bad_search, evidence.question_invalid, too_many_searches, those of `also` and of the database.
  Result<SearchPointer> add(SavedSearch wanted, const Also& also = {});
  // Everything but id and owner. Errors: as add(); search_unknown, search_changed (`wanted.version` is the one that was
  // looked at).
  Result<SearchPointer> change(SavedSearch wanted, const Also& also = {});
  // Errors: search_unknown, those of `also` and of the database.
  Result<void> remove(const SearchId& id, const Also& also = {});
  // Errors: those of the database.
  Result<void> note_alert(const SearchId& id, Time at);

  SearchPointer find(const SearchId& id) const;  // nullptr when there is none.
  std::vector<SearchPointer> all() const;        // By name.
  std::uint64_t revision() const;                // Grows with every change but note_alert().

 private:
  explicit SearchBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  Result<void> check(const SavedSearch& wanted) const;
  Result<SearchPointer> store(SavedSearch wanted, const Also& also);

  const Dependencies d_;
  std::mutex writing_;        // One change at a time; held across the transaction. Not taken by readers.
  mutable std::mutex mutex_;  // Guards everything below.
  std::map<SearchId, SearchPointer> searches_;
  std::uint64_t revision_ = 1;
};

}  // namespace luy::finding
