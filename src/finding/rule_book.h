// Which detection rules the hub has, which of them are on, and where they do not count. Rules come from three places:
// those that came with the hub, packages that somebody imported, and those written here. Everything that people change
// is kept in the records, with who and why.
//
// Threads: every function from any thread; readers never wait for the disk. arm() takes seconds with thousands of
// rules.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "detect/engine.h"
#include "finding/book.h"
#include "finding/library.h"
#include "finding/source_book.h"
#include "records/database.h"

namespace luy::finding {

inline constexpr ErrorKind rule_unknown{"finding.rule_unknown", ErrorClass::not_found,
                                        "Không tìm thấy luật phát hiện {}.", "There is no detection rule {}."};
inline constexpr ErrorKind exception_unknown{"finding.exception_unknown", ErrorClass::not_found,
                                             "Không tìm thấy ngoại lệ này.", "There is no such exception."};
inline constexpr ErrorKind rule_not_local{
    "finding.rule_not_local", ErrorClass::conflict,
    "Mã luật {} thuộc về luật đi kèm hoặc luật nhập. Hãy đặt mã khác cho luật của đơn vị.",
    "The rule id {} belongs to a rule that came with the hub or was imported. Give your rule another id."};
inline constexpr ErrorKind rule_kept{
    "finding.rule_kept", ErrorClass::conflict,
    "Chỉ xóa được luật do đơn vị soạn. Luật {} đi kèm hoặc được nhập: hãy tắt luật.",
    "Only rules written here can be deleted. {} came with the hub or was imported: switch it off."};
inline constexpr ErrorKind rule_filters{"finding.rule_filters", ErrorClass::invalid,
                                        "Luật của đơn vị không được chứa bộ lọc (filter), vì bộ lọc có thể làm im lặng "
                                        "luật khác. Hãy thêm ngoại lệ ở trang của luật cần lọc.",
                                        "A rule written here may hold no filter, since a filter can silence other "
                                        "rules. Add an exception on the page of the rule it is meant for."};
inline constexpr ErrorKind rule_name_taken{
    "finding.rule_name_taken", ErrorClass::conflict,
    "Tên {} đã là mã hoặc tên của một luật khác. Hãy đặt tên (name) khác trong luật của đơn vị.",
    "Another rule has {} for its id or name. Choose another name in your rule."};
inline constexpr ErrorKind rules_changed{"finding.rules_changed", ErrorClass::conflict,
                                         "Các luật đã thay đổi trong lúc thực hiện. Hãy xem lại rồi làm lại.",
                                         "The rules have changed in the meantime. Look at them, then do it again."};
inline constexpr ErrorKind import_busy{"finding.import_busy", ErrorClass::conflict,
                                       "Đang nhập một gói luật khác. Hãy đợi xong rồi nhập lại.",
                                       "Another package of rules is being imported. Wait for it, then import again."};
inline constexpr ErrorKind bad_exception{"finding.bad_exception", ErrorClass::invalid, "Ngoại lệ không hợp lệ: {}.",
                                         "The exception is not valid: {}."};
inline constexpr ErrorKind too_many_rules{
    "finding.too_many_rules", ErrorClass::too_large,
    "Đã có quá nhiều luật hoặc ngoại lệ của đơn vị: {}. Hãy bớt những mục không dùng.",
    "There are too many local rules or exceptions: {}. Remove unused ones."};

inline constexpr std::size_t exceptions_max = 500;
inline constexpr std::size_t exception_bytes_max = 4000;
inline constexpr std::size_t local_rules_max = 1000;
inline constexpr std::size_t local_rule_bytes_max = 64 << 10;
inline constexpr ErrorKind package_name{
    "finding.package_name", ErrorClass::invalid,
    "Tên gói luật không hợp lệ: {}. Chỉ dùng a-z, 0-9, dấu -, tối đa 40 ký tự.",
    "The name of the rule package is not valid: {}. Use a-z, 0-9 and -, at most 40 characters."};
inline constexpr ErrorKind package_unknown{"finding.package_unknown", ErrorClass::not_found,
                                           "Không có gói luật mang tên {}.", "There is no rule package named {}."};

// Of a rule package as it is sent, packed.
inline constexpr std::size_t rule_package_bytes_max = 32 << 20;

// The fields in which every event says whose it is: the agency with its superiors, and the device.
inline constexpr std::string_view agency_field = "luy.agency";
inline constexpr std::string_view device_field = "luy.device";

using ExceptionId = Id<struct ExceptionTag>;

// Events that a rule leaves alone. Of a correlation, its parts leave them alone.
struct RuleException {
  ExceptionId id;
  std::string rule;
  std::optional<AgencyId> agency;  // And those below it; nullopt: everywhere.
  std::string filter;              // YAML of a Sigma selection.
  std::string reason;
  std::string by;
  Time at;
  Time expires_at;
};

struct Switched {
  bool enabled = true;
  std::string reason;
  std::string by;
  Time at;
};

// The rules that are on, compiled.
struct Armed {
  std::shared_ptr<const detect::Engine> engine;
  LibraryPointer library;
  std::vector<const RuleInfo*> of_rule;         // By index of the engine's rules; nullptr: reports nothing.
  std::vector<const RuleInfo*> of_correlation;  // As above.
  Duration longest{};                           // Timespan of any correlation.
  std::uint64_t revision = 0;
  std::optional<Time> until;  // Then an exception ends.
};
using ArmedPointer = std::shared_ptr<const Armed>;

class RuleBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    std::vector<detect::RuleFile> own;  // Named relative to their folder.
    std::filesystem::path folder;       // For imported packages; made when needed.
    detect::Routing routing;            // The pipelines that feed them.
    // After a change, on the thread that made it. May be empty.
    std::function<void()> changed;
    const SourceBook* sources = nullptr;  // Without it no source has been seen.
  };
  // Errors: those of the database; bad_package for a damaged package.
  static Result<std::unique_ptr<RuleBook>> open(Dependencies dependencies);

  LibraryPointer library() const;
  bool enabled(const RuleInfo& rule) const;
  // Whether its source comes; of a correlation, the sources of all its parts.
  Fed fed(const RuleInfo& rule) const;
  std::optional<Switched> switched(const std::string& rule) const;  // By hand.
  std::vector<RuleException> exceptions(const std::string& rule) const;
  std::size_t exception_count(const std::string& rule) const;
  std::optional<RuleException> exception(const ExceptionId& id) const;
  std::uint64_t version(const std::string& rule) const;  // Of a local rule; 0 of others.
  std::string package() const;                           // Imported; empty: none.
  std::uint64_t revision() const;                        // Grows with every change.

  // The rules of the file in which a local rule stands. Errors: rule_unknown, rule_kept.
  Result<std::vector<const RuleInfo*>> local_rules_with(const Library& library, const std::string& rule) const;
  // Whether switching it off takes two people.
  static bool takes_two(const RuleInfo& rule) { return rule.severity > Severity::medium; }
  // Whether an exception of it does: it, or a rule that is on and reads events through the same parts, is above medium.
  bool exception_takes_two(const RuleInfo& rule) const;
  // Rules that are on and above medium, and would be gone, off, lower or of another condition. One person may not do
  // that.
  using Lessened = std::vector<std::string>;
  // What saving a text would do. Errors: those of save_local().
  struct Saving {
    std::string id;
    Severity severity = Severity::medium;
    Lessened lessened;
  };
  Result<Saving> saving(const std::string& yaml) const;
  // Errors: those of remove_local().
  Result<Lessened> lessened_by_removing(const std::string& rule) const;

  // A package that stage() kept. Errors: rules_changed when it was not kept until now; as preview().
  Result<Lessened> lessened_by_adopting(const std::string& package) const;
  // Whether library() and what is said above are what the transaction sees. Error: rules_changed.
  Result<void> check_current_in(records::Connection& c) const;

  // In a transaction of the caller's; refresh() once it is committed. Error: rule_unknown.
  Result<void> switch_in(records::Connection& c, const std::string& rule, const Switched& wanted) const;
  // As switch_in(). Errors: those of add_exception().
  Result<RuleException> except_in(records::Connection& c, RuleException wanted) const;
  // As switch_in(): the file in which the local rule stands, with its exceptions and switches. Older versions are
  // kept; it can be saved again. Errors: rule_unknown, rule_kept.
  Result<void> remove_local_in(records::Connection& c, const std::string& rule, const std::string& by) const;
  // As switch_in(); answers the id. Errors: those of save_local().
  Result<std::string> save_local_in(records::Connection& c, const std::string& yaml, const std::string& by) const;
  // As switch_in(): a package that stage() kept. Error: rules_changed when it was not kept until now.
  Result<void> adopt_in(records::Connection& c, const std::string& package, const std::string& by) const;
  // Reads what the records hold, when that changed. Errors: those of the database.
  Result<void> refresh();

  // Each makes its change in one transaction with `also`, then refreshes.
  Result<void> set_enabled(const std::string& rule, const Switched& wanted, const InTransaction& also = {});
  // Errors: rule_unknown, bad_exception with the place, too_many_rules.
  Result<RuleException> add_exception(RuleException wanted, const InTransaction& also = {});
  Result<void> remove_exception(const ExceptionId& id, const InTransaction& also = {});
  Result<void> remove_local(const std::string& rule, const std::string& by, const InTransaction& also = {});
  // Answers the id of the rule. Errors: detect's, with the line; rule_not_local; rule_name_taken; too_many_rules;
  // rules_changed when the rules are no longer those of `revision`.
  Result<std::string> save_local(const std::string& yaml, const std::string& by, const InTransaction& also = {},
                                 std::optional<std::uint64_t> revision = std::nullopt);

  struct Imported {
    std::size_t files = 0;
    std::size_t rules = 0;    // Loadable, correlations included.
    std::size_t fresh = 0;    // Not there before.
    std::size_t gone = 0;     // Of the package before, no longer there.
    std::size_t on = 0;       // Would report.
    std::size_t unfed = 0;    // That no pipeline can feed.
    std::size_t waiting = 0;  // That one can, from a source that has not come of late.
    std::vector<detect::Refusal> refused;
    // Of those not there before, what would report and can be fed, by id: what a hunt back is for.
    std::vector<std::string> fresh_rules;
    Lessened lessened;  // Of the package before.
    struct Package {
      std::string name;  // Empty: the unnamed one.
      std::size_t files = 0;
    };
    std::vector<Package> packages;  // All there would be, by name.
  };
  // Several packages stand one beside another, each under its name (detect::is_package_name); one takes the place of
  // the one of the same name. No bytes: the one of that name goes. What it would bring. Errors: bad_package,
  // over_limit, package_name, package_unknown.
  Result<Imported> preview(std::string_view package, const std::string& name = {}) const;
  struct Staged {
    std::string package;  // For adopt().
    std::uint64_t revision = 0;
    Imported brings;
  };
  // As preview(); keeps all packages as they would be beside those in use, in place of others that were kept so; one at
  // a time. Also file errors, import_busy.
  Result<Staged> stage(std::string_view package, const std::string& name = {});
  // In place of the package before, if the rules are still those it was compared with. Error: rules_changed.
  Result<void> adopt(const Staged& staged, const std::string& by, const InTransaction& also = {});

  // Compiles what is on. Errors: bad_regex.
  Result<ArmedPointer> arm() const;
  // These rules and what they are made of, on or off, with their exceptions. Errors: rule_unknown, bad_regex.
  Result<ArmedPointer> arm_only(const std::vector<std::string>& rules) const;
  // One text alone, for the bench: the rules in it and nothing else. Errors: detect's, with the line.
  Result<ArmedPointer> arm_alone(const std::string& yaml) const;

 private:
  struct LocalRule {
    std::uint64_t version = 0;
    std::string yaml;
    bool operator==(const LocalRule&) const = default;
  };
  struct Snapshot {
    LibraryPointer library;
    std::map<std::string, Switched> switches;
    std::vector<RuleException> exceptions;
    std::map<std::string, LocalRule> local;
    std::string package;  // File in `folder`; empty: none.
    std::uint64_t revision = 0;
  };
  using SnapshotPointer = std::shared_ptr<const Snapshot>;

  struct Compared {
    std::string package;
    std::uint64_t revision = 0;
    Lessened lessened;
  };

  explicit RuleBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  SnapshotPointer snapshot() const;
  Result<std::vector<detect::RuleFile>> files(const std::map<std::string, LocalRule>& local,
                                              const std::vector<detect::RuleFile>& imported) const;
  Result<std::vector<detect::RuleFile>> imported_files(const std::string& package) const;
  Result<std::vector<detect::RuleFile>> files_to_arm(const Snapshot& now, std::optional<Time>& until) const;
  static bool enabled_in(const Snapshot& snapshot, const RuleInfo& rule);
  Result<void> change(const InTransaction& work, const InTransaction& also);
  Result<RuleException> checked(const Snapshot& now, RuleException wanted) const;
  Result<std::string> check_local(const Snapshot& now, const std::string& yaml) const;
  static std::string local_file(const std::string& rule) { return "local/" + rule + ".yml"; }
  Imported compare(const Snapshot& before, const Library& after, std::size_t files) const;
  struct Together {
    std::vector<detect::RuleFile> files;  // Of all packages as they would be.
    std::size_t brought = 0;              // Of them, of the package itself.
    std::vector<Imported::Package> packages;
  };
  Result<Together> together(const Snapshot& now, std::string_view package, const std::string& name) const;
  // Of the rules of these origins.
  static Lessened lessened(const Snapshot& before, const Library& after, const std::vector<Origin>& origins);
  Result<void> sweep_packages(const std::string& kept) const;
  Result<std::filesystem::path> kept_package(const std::string& package) const;

  const Dependencies d_;
  std::mutex refreshing_;
  std::mutex importing_;
  mutable std::mutex mutex_;  // Guards what follows.
  SnapshotPointer snapshot_;
  Compared compared_;  // The last: who asks for a package is answered by what it was just compared with.
};

// The filter document of an exception. Errors: bad_exception.
Result<std::string> filter_document(const RuleException& exception, const detect::Rule& rule);

}  // namespace luy::finding
