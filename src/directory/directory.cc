#include "directory/directory.h"

#include "directory/stored/account.h"
#include "directory/stored/person.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

// The account that was made first, if there is any.
Result<std::optional<Account>> load_first(Connection& c) {
  std::optional<AccountId> id;
  LUY_TRY_VOID(c.query("SELECT id FROM account ORDER BY created_at, id LIMIT 1", {},
                       [&](const Row& row) { id = AccountId::trusted(row.text(0)); }));
  if (!id) return std::optional<Account>();
  LUY_TRY(StoredAccount stored, load_account(c, *id));
  return std::optional<Account>(std::move(stored.account));
}

constexpr ErrorKind set_up_already{"directory.set_up_already", ErrorClass::conflict, "Hệ thống đã được thiết lập.",
                                   "The system is set up already."};

}  // namespace

Directory::Directory(records::Database& database, AuditSink& sink, const Clock& clock, Random& random,
                     const Options& options)
    : database_(database),
      clock_(clock),
      random_(random),
      hasher_(options.passwords),
      audit_(database, sink, clock),
      agencies_(database, audit_, clock, random),
      accounts_(database, audit_, clock, random, hasher_),
      factors_(database, audit_, clock, random),
      sessions_(database, audit_, clock, random, hasher_, factors_, options.sessions),
      federation_(database, audit_, clock, sessions_),
      tokens_(database, audit_, clock, random),
      roles_(database, audit_, clock, random),
      people_(database, audit_, clock, random),
      profiles_(database, audit_, clock),
      network_plans_(database, audit_, clock),
      sheets_(database, audit_, clock, random, agencies_),
      person_sheets_(database, audit_, clock, random),
      acts_(database, audit_, clock, random) {
  register_acts();
}

Result<std::unique_ptr<Directory>> Directory::open(records::Database& database, AuditSink& sink, const Clock& clock,
                                                   Random& random, Options options) {
  std::unique_ptr<Directory> directory(new Directory(database, sink, clock, random, options));
  LUY_TRY_VOID(directory->agencies_.load_lineages());
  return directory;
}

Result<Actor> Directory::authenticate(std::string_view token, Touch touch, std::string_view address) {
  if (token.starts_with(token_prefix)) return tokens_.authenticate(token, address);
  LUY_TRY(Session session, sessions_.authenticate(token, touch, address));
  return std::move(session.actor);
}

Result<FirstAdministrator> Directory::set_up(const FirstSetup& wanted) {
  LUY_TRY(auto first, database_.read(load_first));
  if (!first) {
    auto created = create_first(wanted);
    if (created) LUY_TRY_VOID(agencies_.load_lineages());
    if (created || !created.error().is(set_up_already)) return created;
    LUY_TRY(first, database_.read(load_first));
  }
  FirstAdministrator answer{first->agency, first->id, first->username, std::nullopt};
  if (wanted.reissue == Reissue::if_unused && first->must_change_password) {
    LUY_TRY(answer.one_time_password, accounts_.issue_password(server_operator(), first->id));
  }
  return answer;
}

Result<FirstAdministrator> Directory::create_first(const FirstSetup& wanted) {
  const std::string password = make_one_time_password(random_);
  LUY_TRY(const std::string hash, hasher_.hash(password));
  AuditEntry entry{"set_up", "", Outcome::done, "", {}, {}};
  return audit_.perform(
      server_operator(), std::move(entry), [&](Connection& c, AuditEntry& done) -> Result<FirstAdministrator> {
        LUY_TRY(const auto first, load_first(c));
        if (first) return Error(set_up_already);
        const Time now = clock_.now();
        Agency agency;
        agency.id = AgencyId::make(now, random_);
        LUY_TRY(agency.code, checked_text("agency_code", wanted.agency_code, agency_code_bytes_max));
        LUY_TRY(agency.name, checked_text("agency_name", wanted.agency_name, name_bytes_max));
        LUY_TRY(agency.header_name,
                checked_text("agency_header_name",
                             wanted.agency_header_name.empty() ? wanted.agency_name : wanted.agency_header_name,
                             name_bytes_max));
        agency.kind = wanted.agency_kind;
        agency.valid_from = day_of(now);
        LUY_TRY_VOID(insert_agency(c, agency));
        LUY_TRY(StoredAccount stored,
                new_account({agency.id,
                             wanted.person_name,
                             wanted.username,
                             {{Role::system_admin, agency.id}, {Role::security_officer, agency.id}}},
                            hash, now, random_));
        Person person{stored.account.person, agency.id, stored.account.display_name};
        person.since = day_of(now);
        LUY_TRY_VOID(insert_person(c, person));
        LUY_TRY_VOID(insert_account(c, stored));
        done.object = "account:" + stored.account.id.text();
        done.after = as_json(stored.account);
        return FirstAdministrator{agency.id, stored.account.id, stored.account.username, password};
      });
}

}  // namespace luy::directory
