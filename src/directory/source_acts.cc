// Acts about sign-in sources that take two people: a source set up, changed or removed; an identity tied to an account.
#include "directory/directory.h"
#include "directory/stored/account.h"
#include "directory/stored/rights.h"
#include "directory/stored/source.h"

namespace luy::directory {
namespace {

using boost::json::object;
using records::Connection;

// Bodies are written by this file's proposals only, so a member that is missing is a bug of ours.
std::string text_of(const object& body, std::string_view name) {
  return std::string(body.at(name).as_string());
}
SourceId source_in(const object& body) {
  return SourceId::trusted(text_of(body, "source"));
}

// Where a source stands, and where it will.
Result<std::vector<AgencyId>> places_of_source(Connection& c, const object& body) {
  std::vector<AgencyId> out;
  const auto before = load_source(c, source_in(body));
  if (before) out.push_back(before->settings.agency);
  if (const auto* wanted = body.if_contains("settings")) {
    LUY_TRY(const SourceSettings settings, source_from_json(*wanted));
    out.push_back(settings.agency);
  }
  return out;
}

// Who agrees must hold their right wherever the account reaches, and over the source.
Result<std::vector<AgencyId>> places_of_identity(Connection& c, const object& body) {
  LUY_TRY(const StoredAccount stored, load_account(c, AccountId::trusted(text_of(body, "account"))));
  LUY_TRY(auto out, places_of(c, stored.account));
  LUY_TRY(const SignSource source, load_source(c, source_in(body)));
  out.push_back(source.settings.agency);
  return out;
}

}  // namespace

void Directory::register_source_acts() {
  using Run = decltype(ActKind::run);
  const Run create = [this](Connection& c, const Caller& caller, const object& body,
                            AuditEntry& entry) -> Result<object> {
    LUY_TRY(const SourceSettings settings, source_from_json(body.at("settings")));
    LUY_TRY_VOID(federation_.create_in(c, caller, source_in(body), settings, entry));
    return object();
  };
  const Run change = [this](Connection& c, const Caller& caller, const object& body,
                            AuditEntry& entry) -> Result<object> {
    LUY_TRY(const SourceSettings settings, source_from_json(body.at("settings")));
    LUY_TRY_VOID(federation_.change_in(c, caller, source_in(body), settings, entry));
    return object();
  };
  const Run remove = [this](Connection& c, const Caller& caller, const object& body,
                            AuditEntry& entry) -> Result<object> {
    LUY_TRY_VOID(federation_.remove_in(c, caller, source_in(body), entry));
    return object();
  };
  const Run link = [this](Connection& c, const Caller& caller, const object& body,
                          AuditEntry& entry) -> Result<object> {
    FederatedIdentity wanted;
    wanted.source = source_in(body);
    wanted.subject = text_of(body, "subject");
    wanted.account = AccountId::trusted(text_of(body, "account"));
    LUY_TRY_VOID(federation_.link_in(c, caller, wanted, entry));
    return object();
  };
  acts_.add_kind("source_create", {Action::source_manage, create, places_of_source});
  acts_.add_kind("source_change", {Action::source_manage, change, places_of_source});
  acts_.add_kind("source_remove", {Action::source_manage, remove, places_of_source});
  acts_.add_kind("identity_link", {Action::source_manage, link, places_of_identity});
}

Result<Directory::ProposedSource> Directory::propose_source(const Caller& caller, const SourceSettings& settings) {
  const SourceId id = SourceId::make(clock_.now(), random_);
  LUY_TRY(Proposed proposed, acts_.propose(caller, "source_create",
                                           {{"source", id.text()}, {"settings", to_json(settings)}}, settings.agency));
  return ProposedSource{std::move(proposed), id};
}

Result<Directory::ProposedSource> Directory::propose_source_change(const Caller& caller, const SourceId& id,
                                                                   const SourceSettings& settings) {
  LUY_TRY(const SignSource source, federation_.find(id));
  SourceSettings off = source.settings;
  off.enabled = false;
  if (settings == off) {
    LUY_TRY_VOID(federation_.switch_off(caller, id));
    return ProposedSource{{true, std::nullopt, {}}, id};
  }
  LUY_TRY(Proposed proposed,
          acts_.propose(caller, "source_change", {{"source", id.text()}, {"settings", to_json(settings)}},
                        source.settings.agency));
  return ProposedSource{std::move(proposed), id};
}

Result<Proposed> Directory::propose_source_removal(const Caller& caller, const SourceId& id) {
  LUY_TRY(const SignSource source, federation_.find(id));
  return acts_.propose(caller, "source_remove", {{"source", id.text()}}, source.settings.agency);
}

Result<Proposed> Directory::propose_identity(const Caller& caller, const AccountId& account, const SourceId& id,
                                             std::string_view subject) {
  LUY_TRY(const SignSource source, federation_.find(id));
  return acts_.propose(caller, "identity_link",
                       {{"account", account.text()}, {"source", id.text()}, {"subject", subject}},
                       source.settings.agency);
}

}  // namespace luy::directory
