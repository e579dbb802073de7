// Which desks the running hub has.
#include "hub/search_desk.h"
#include "hub/state.h"

namespace luy::hub {

Result<void> Hub::State::open_desks() {
  SearchDesk::Dependencies of_searches{core->database(),
                                       clock,
                                       random,
                                       core->store(),
                                       core->directory(),
                                       core->agencies(),
                                       [this](std::span<const finding::Report> reports, finding::Progress progress) {
                                         return findings->report(reports, progress);
                                       },
                                       std::nullopt,
                                       [this] { return finding_api(); },
                                       [this]() -> const EvidenceApi& { return *evidence_api; }};
  LUY_TRY(of_searches.next_seq, findings->next_seq(SearchReader::reader));
  LUY_TRY(auto searches, SearchDesk::open(std::move(of_searches)));
  saved_searches = &searches->book();
  desks.push_back(std::move(searches));
  return {};
}

std::vector<api::Route> Hub::State::desk_routes() {
  std::vector<api::Route> all;
  for (const auto& one : desks) {
    std::vector<api::Route> some = one->routes();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace luy::hub
