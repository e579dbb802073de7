#include "hub/audit_select.h"

#include <algorithm>

#include "evidence/archive.h"

namespace luy::hub {
namespace {

using directory::Action;
using evidence::Visit;

constexpr std::string_view audit_source = "hub/audit";

// Of the records that are kept: the index still knows what retention deleted since the hub began.
std::uint64_t first_kept(const evidence::Store& store) {
  const evidence::Archive* archive = store.archive();
  const auto all = archive != nullptr ? archive->list() : std::vector<std::shared_ptr<evidence::ArchiveDay>>();
  return all.empty() ? 0 : all.front()->first_seq;
}

}  // namespace

AuditSelection::AuditSelection(const EvidenceApi& evidence, const AuditIndex& index, AuditFilter filter,
                               const directory::Actor& actor, std::vector<Action> actions)
    : evidence_(evidence), index_(index), filter_(std::move(filter)), actor_(actor), actions_(std::move(actions)) {
  const auto is_wide = [&](Action action) { return !evidence_.agencies.visible(actor_, action).empty(); };
  // Of whose roles reach nobody else only their own are looked for.
  if (!std::all_of(actions_.begin(), actions_.end(), is_wide)) filter_.about = actor_.account;
}

void AuditSelection::set_budget(std::size_t rows_max, std::function<bool()> enough) {
  rows_max_ = rows_max;
  enough_ = std::move(enough);
}

bool AuditSelection::is_visible(const AuditPlace& place) {
  const auto may_all = [&](const directory::Object& object) {
    return std::all_of(actions_.begin(), actions_.end(),
                       [&](Action action) { return directory::may(actor_, action, object).allowed; });
  };
  const auto [known, is_new] = visible_.try_emplace(place.agency, false);
  if (is_new) {
    known->second = may_all(place.agency ? evidence_.agencies.object(*place.agency) : evidence_.agencies.hub_object());
  }
  if (known->second) return true;
  const std::string id = actor_.account.text();
  const bool is_own = place.account == id || place.object == "account:" + id;
  return is_own && may_all({{}, actor_.account, false});
}

Result<bool> AuditSelection::offer(const AuditPlace& place, const Take& take) {
  ++looked_at_;
  next_ = place.seq;
  if (!is_visible(place)) return !is_enough();
  LUY_TRY(const Visit said, take(place));
  return said != Visit::stop && !is_enough();
}

Result<bool> AuditSelection::read_newest(std::uint64_t before, std::uint64_t known, std::stop_token gone,
                                         const Take& take) {
  evidence::SearchQuery query;
  query.before_seq = before;
  query.limit = SIZE_MAX;
  query.enough = [this] { return is_enough(); };
  query.source_prefixes.emplace_back(audit_source);
  for (const directory::Agency& one : evidence_.agencies.all()) {
    query.source_prefixes.push_back(one.id.text() + "/" + std::string(audit_source));
  }
  Result<bool> goes_on = true;
  bool is_known = false;
  LUY_TRY(const evidence::SearchStats stats, evidence_.store.search(query, gone, [&](const evidence::Record& record) {
    if (record.seq < known) {
      is_known = true;
      return Visit::stop;
    }
    const auto place = audit_place(record);
    if (!place || !matches(filter_, *place)) return Visit::skip;
    goes_on = offer(*place, take);
    return goes_on && *goes_on ? Visit::keep : Visit::stop;
  }));
  if (!goes_on || !*goes_on) return goes_on;
  if (is_known || stats.complete) return true;
  next_ = stats.reached;
  return false;
}

Result<std::optional<std::uint64_t>> AuditSelection::run(std::uint64_t before, std::stop_token gone, const Take& take) {
  next_ = before;
  const std::uint64_t known = index_.next_seq();
  if (before > known && evidence_.store.size() > known) {
    LUY_TRY(const bool goes_on, read_newest(before, known, gone, take));
    if (!goes_on) return Next(next_);
  }
  const std::uint64_t oldest = first_kept(evidence_.store);
  for (std::uint64_t from = std::min(before, known); !gone.stop_requested();) {
    LUY_TRY(const std::vector<AuditPlace> found, index_.find(filter_, from));
    for (const AuditPlace& place : found) {
      if (place.seq < oldest) return Next();
      LUY_TRY(const bool goes_on, offer(place, take));
      if (!goes_on) return Next(next_);
    }
    if (found.size() < audit_rows_at_once) return Next();
    from = found.back().seq;
  }
  return Next(next_);
}

}  // namespace luy::hub
