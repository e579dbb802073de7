// The people a directory knows brought in line with ours: first as a preview that names what each entry would do, then
// exactly that, or nothing. Entries are known by their key alone, never by name or address. A sync gives no role, moves
// nobody, and brings nobody back who left; whoever is gone there begins to leave here.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "directory/directory.h"

namespace luy::directory {

inline constexpr ErrorKind sync_outdated{
    "directory.sync_outdated", ErrorClass::conflict,
    "Bản xem trước không còn đúng: dữ liệu đã thay đổi hoặc đã quá một giờ. Hãy xem trước lại.",
    "The preview is outdated: something has changed, or an hour has passed. Make another."};
inline constexpr ErrorKind sync_empty{
    "directory.sync_empty", ErrorClass::conflict,
    "Nguồn đăng nhập không trả về người nào. Hãy kiểm tra nút gốc (base) và bộ lọc (filter).",
    "The sign-in source names nobody. Check its base and its filter."};
inline constexpr ErrorKind sync_too_large{
    "directory.sync_too_large", ErrorClass::too_large,
    "Quá nhiều thay đổi để một người xem hết: {}. Hãy bỏ bớt và làm nhiều lần.",
    "These are more changes than one person can read: {}. Leave some out and do it in parts."};

inline constexpr std::size_t sync_entries_max = 5'000;
inline constexpr std::size_t sync_agreed_max = 500;  // Changes in one act of two people, who see each of them.
inline constexpr std::size_t previews_max = 8;
inline constexpr std::chrono::hours preview_lifetime{1};
inline constexpr std::size_t leave_share = 5;  // One in so many people leaving at once takes two people.

// One person as a directory has them; texts that it does not tell are empty.
struct SyncEntry {
  std::string subject;
  std::string username;
  std::string name;
  std::string mail{};
  std::string position{};
  std::string department{};
};

enum class SyncDoes : std::uint8_t {
  create,   // A person and an account without any role.
  change,   // Name, mail or position.
  leave,    // Not there any more: access ends.
  link,     // An account of the same user name is there: tied to the entry, which takes two people.
  nothing,  // As it should be.
  refuse,   // Cannot be brought in line; `vi` and `en` say why.
};
std::string_view name_of(SyncDoes does);

struct SyncItem {
  std::string subject;
  SyncDoes does = SyncDoes::nothing;
  std::optional<PersonId> person{};
  std::optional<AccountId> account{};  // Of a link.
  std::string name;
  AgencyId agency{};       // Where they work, or will.
  bool decides = false;    // They decide for two.
  std::string vi{}, en{};  // What is worth saying.
  SyncEntry entry{};       // Empty of who leaves.
};

struct SyncPlan {
  std::vector<SyncItem> items;  // By name.
  std::size_t known = 0;        // People of the source, as things stand.
  // Without the entries in `skip`: whether it takes two people.
  bool takes_two(const std::set<std::string>& skip) const;
  std::size_t count(SyncDoes does) const;
  std::size_t deciders() const;  // Who decide for two and would leave, change or be tied.
};

struct SyncPreview {
  std::string id;
  SyncPlan plan;
};

// Registers the act "source_sync" with the directory's acts. Thread-safe.
class Syncs {
 public:
  struct Dependencies {
    records::Database& database;
    Directory& directory;
    const Clock& clock;
    Random& random;
    PasswordCost passwords{};
    std::function<void()> applied{};  // After a sync is on disk: who began to leave has no case yet.
  };
  explicit Syncs(Dependencies dependencies);

  // What the entries, which are all that the source has, would do. Needs source_manage on the source's agency. Errors:
  // the policy's, source_unknown, source_invalid (no directory), sync_empty, sync_too_large.
  Result<SyncPreview> preview(const Caller& caller, const SourceId& source, std::vector<SyncEntry> entries);
  // Exactly what was previewed, but for the subjects in `skip`; at once, or for two people. Needs person_manage,
  // account_manage and leave_manage where the people concerned work. Errors: the policy's, source_unknown,
  // sync_outdated, sync_too_large, passwords_busy, those of link_in(), create() and begin_leave().
  Result<Proposed> apply(const Caller& caller, const SourceId& source, std::string_view preview,
                         const std::set<std::string>& skip);

 private:
  struct Kept {
    SourceId source;
    std::vector<SyncEntry> entries;
    std::string digest;
    Time at;
  };
  Result<boost::json::object> run(records::Connection& connection, const Caller& caller,
                                  const boost::json::object& body, AuditEntry& entry);

  const Dependencies d_;
  PasswordHasher hasher_;
  std::mutex mutex_;
  std::map<std::string, Kept> previews_;
};

// The plan as this transaction sees things. Errors: those of the database.
Result<SyncPlan> plan_sync(records::Connection& connection, const SignSource& source,
                           const std::vector<SyncEntry>& entries, Day today);

}  // namespace luy::directory
