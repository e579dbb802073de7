#include "hub/search_desk.h"

#include <algorithm>

#include "evidence/tally.h"
#include "hub/search_scope.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

constexpr std::size_t preview_values_max = 100'000;  // Pairs of a window and a value.

}  // namespace

std::optional<directory::Actor> actor_of(const directory::Account& account, Day today) {
  if (!account.enabled || account.sealed) return std::nullopt;
  directory::Actor out;
  out.account = account.id;
  out.person = account.person;
  out.username = account.username;
  out.display_name = account.display_name;
  for (const directory::Grant& grant : account.grants) {
    if (grant.valid_on(today)) out.grants.push_back(grant);
  }
  return out;
}

Result<std::unique_ptr<SearchDesk>> SearchDesk::open(Dependencies dependencies) {
  std::unique_ptr<SearchDesk> desk(new SearchDesk(std::move(dependencies)));
  const Dependencies& d = desk->d_;
  LUY_TRY(desk->book_, finding::SearchBook::open({d.database, d.clock, d.random}));
  desk->reader_ = std::make_unique<SearchReader>(SearchReader::Dependencies{
      d.store, d.clock, *desk->book_,
      [self = desk.get()](const finding::SavedSearch& search) { return self->scope_of(search); }, d.report,
      d.next_seq});
  return desk;
}

std::set<AgencyId> SearchDesk::scope_of(const finding::SavedSearch& search) const {
  const auto account = std::as_const(d_.directory).accounts().find(search.owner);
  const auto owner = account ? actor_of(*account, day_of(d_.clock.now())) : std::nullopt;
  if (!owner) return {};
  const std::vector<AgencyId> visible = d_.agencies.visible(*owner, directory::Action::evidence_search);
  std::set<AgencyId> out(visible.begin(), visible.end());
  if (search.agency) {
    const bool may = out.contains(*search.agency);
    out.clear();
    if (may) out.insert(*search.agency);
  }
  return out;
}

std::vector<api::Route> SearchDesk::routes() {
  const EvidenceApi& evidence = d_.evidence();
  return finding::search_routes(
      {*book_, d_.findings(), [this] { return reader_->next_seq(); },
       [this](const finding::SavedSearch& one) -> std::optional<finding::Text> {
         if (!scope_of(one).empty()) return std::nullopt;
         return finding::Text{"Người lưu không còn quyền tra cứu nhật ký ở đó, nên ngưỡng không được theo dõi.",
                              "Its owner may not search there any more, so the limit is not watched."};
       },
       [&evidence](const api::Request& request, const std::string& query, const std::optional<AgencyId>& agency,
                   const finding::SearchAlert& alert) {
         return search_preview(evidence, request, query, agency, alert);
       }});
}

Result<json::object> search_preview(const EvidenceApi& d, const api::Request& request, const std::string& query,
                                    const std::optional<AgencyId>& agency, const finding::SearchAlert& alert) {
  if (alert.window < finding::alert_window_min || alert.window > finding::alert_window_max) {
    return Error(finding::bad_search, "window_seconds");
  }
  const Time until = d.clock.now();
  const Time from = until - std::chrono::hours(24);
  api::Request asked = request;
  asked.query = {{"query", query}, {"from", to_rfc3339(from)}, {"until", to_rfc3339(until)}};
  if (agency) asked.query["agency"] = agency->text();
  LUY_TRY(SearchScope scope, search_scope(d, asked));
  const SearchTurn turn(d);
  if (!turn.held()) return Error(search_busy);
  scope.end_after_budget(d.clock, d.clock.monotonic());
  const Duration width = alert.window;
  const auto windows = static_cast<std::size_t>((until - from + width - Duration(1)) / width);
  std::vector<std::uint64_t> most(windows, 0);
  std::optional<evidence::FieldValues> by;
  if (!alert.by.empty()) by.emplace(alert.by);
  std::map<std::pair<std::size_t, std::string>, std::uint64_t> counts;
  bool all_counted = true;
  const auto visit = [&](const evidence::Record& record) {
    if (scope.query.enough()) return evidence::Visit::stop;
    if (!scope.matches(record)) return evidence::Visit::skip;
    const auto at = std::min(windows - 1, static_cast<std::size_t>((record.received - from) / width));
    if (!by) {
      ++most[at];
      return evidence::Visit::skip;
    }
    for (std::string& value : by->of(record)) {
      auto key = std::pair(at, std::move(value));
      if (counts.size() >= preview_values_max && !counts.contains(key)) {
        all_counted = false;
        continue;
      }
      most[at] = std::max(most[at], ++counts[std::move(key)]);
    }
    return evidence::Visit::skip;
  };
  LUY_TRY(const evidence::SearchStats stats, d.store.search(scope.query, request.gone, visit));
  request.authorised = asked.authorised;
  d.searched(asked);
  json::object out;
  out["from"] = to_rfc3339(from);
  out["window_seconds"] = alert.window.count();
  out["matches_per_window"] = json::array(most.begin(), most.end());
  out["complete"] = stats.complete && all_counted;
  out["damaged"] = stats.damaged.records;
  return out;
}

}  // namespace luy::hub
